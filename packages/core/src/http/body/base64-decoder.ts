// Base64 decoded as it arrives, in a buffer of fixed size, and given back as the exact text if it turns out to be none.

/** Characters held before they are decoded; a multiple of 4, so that every piece but the last is whole groups. */
const pieceLength = 48 * 1024;

const [neither, common, standard, url, padding] = [0, 1, 2, 3, 4];
const classOf = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
  classOf[character.charCodeAt(0)] = common;
}
for (const [characters, name] of [
  ['+/', standard],
  ['-_', url],
  ['=', padding],
] as const) {
  for (const character of characters) classOf[character.charCodeAt(0)] = name;
}

/** Takes the characters of one text as they come. */
export class Base64Decoder {
  /** Grows to its full length with the first long text: most answers have none. */
  #piece = Buffer.allocUnsafe(1024);
  readonly #decoded: Buffer[] = [];
  readonly #keepText: number;
  #held = 0;
  #alphabet = common;
  #pads = 0;
  /** Characters taken so far. */
  length = 0;

  /** @param keepText Nothing is decoded before the text is at least this long, at most 48 Ki. */
  constructor(keepText: number) {
    this.#keepText = keepText;
  }

  /** Forgets everything: ready for the next text. */
  reset(): void {
    this.#decoded.length = 0;
    this.#held = this.#pads = this.length = 0;
    this.#alphabet = common;
  }

  /** Takes a character (its byte). `false`, and it is not taken: with it the text is no base64. */
  take(byte: number): boolean {
    const name = classOf[byte]!;
    if (name === neither) return false;
    if (name === padding) {
      if (this.#pads === 2) return false;
      this.#pads += 1;
    } else if (this.#pads > 0) {
      return false;
    } else if (name !== common) {
      if (this.#alphabet !== common && this.#alphabet !== name) return false;
      this.#alphabet = name;
    }
    if (this.#held === this.#piece.length) this.#grow(1);
    this.#piece[this.#held++] = byte;
    this.length += 1;
    if (this.#held === pieceLength) this.#decode();
    return true;
  }

  /** Takes as many plain characters of `source` as it can in one go, from `from` on; returns how many, maybe none. */
  takeRun(source: Uint8Array, from: number): number {
    if (this.#pads > 0) return 0;
    const alphabet = this.#alphabet;
    const end = Math.min(source.length, from + pieceLength - this.#held);
    let at = from;
    for (; at < end; at++) {
      const name = classOf[source[at]!];
      if (name !== common && name !== alphabet) break;
    }
    if (this.#held + at - from > this.#piece.length) this.#grow(at - from);
    this.#piece.set(source.subarray(from, at), this.#held);
    this.#held += at - from;
    this.length += at - from;
    if (this.#held === pieceLength) this.#decode();
    return at - from;
  }

  /** The bytes, if the text was long enough and complete: whole groups, padded unless it is base64url. */
  finish(): Uint8Array | undefined {
    const rest = this.length % 4;
    const unpadded = this.#alphabet === url && this.#pads === 0 && rest !== 1;
    if (this.length < this.#keepText || (rest !== 0 && !unpadded)) return undefined;
    this.#decode();
    const bytes = this.#decoded.length === 1 ? this.#decoded[0]! : Buffer.concat(this.#decoded);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The text that was taken, as its bytes, in pieces. */
  *text(): Generator<Buffer> {
    const encoding = this.#alphabet === url ? 'base64url' : 'base64';
    for (const bytes of this.#decoded) yield Buffer.from(bytes.toString(encoding), 'latin1');
    yield this.#piece.subarray(0, this.#held);
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafe(this.#held + more > 4096 ? pieceLength : 4096);
    this.#piece.copy(larger, 0, 0, this.#held);
    this.#piece = larger;
  }

  #decode(): void {
    if (this.#held > 0) this.#decoded.push(Buffer.from(this.#piece.toString('latin1', 0, this.#held), 'base64'));
    this.#held = 0;
  }
}
