// Base64 decoded as it arrives, to the place where it stays, and given back as the exact text if it turns out to be none.

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

/** Bytes of a place where it is not known how many characters come; a multiple of 3. */
const placeLength = 192 * 1024;
const nothing = Buffer.alloc(0);

export interface DecoderOptions {
  /** Nothing is decoded before a text is at least this long, characters; at most 48 Ki. */
  readonly keepText: number;
  /** How many characters may still come; undefined = unknown. */
  readonly left: () => number | undefined;
  readonly allocate: (bytes: number) => Buffer;
}

/** Takes the characters of one text as they come. */
export class Base64Decoder {
  /** Grows to its full length with the first long text: most answers have none. */
  #piece = Buffer.allocUnsafe(1024);
  /** What is decoded: full places, and the beginning of the present one. */
  #full: Buffer[] = [];
  #place: Buffer = nothing;
  #filled = 0;
  readonly #options: DecoderOptions;
  #held = 0;
  #alphabet = common;
  #pads = 0;
  /** Characters taken so far. */
  length = 0;

  constructor(options: DecoderOptions) {
    this.#options = options;
  }

  /** Forgets everything: ready for the next text. */
  reset(): void {
    this.#full = [];
    this.#filled = 0;
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
    if (this.length < this.#options.keepText || (rest !== 0 && !unpadded)) return undefined;
    this.#decode();
    const bytes = this.#takeDecoded();
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The text that was taken, as its bytes, in pieces. */
  *text(): Generator<Buffer> {
    const encoding = this.#alphabet === url ? 'base64url' : 'base64';
    for (const bytes of [...this.#full, this.#place.subarray(0, this.#filled)]) {
      yield Buffer.from(bytes.toString(encoding), 'latin1');
    }
    yield this.#piece.subarray(0, this.#held);
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafe(this.#held + more > 4096 ? pieceLength : 4096);
    this.#piece.copy(larger, 0, 0, this.#held);
    this.#piece = larger;
  }

  #decode(): void {
    if (this.#held === 0) return;
    const place = this.#placeFor(Math.ceil(this.#held / 4) * 3);
    this.#filled += place.write(this.#piece.toString('latin1', 0, this.#held), this.#filled, 'base64');
    this.#held = 0;
  }

  #placeFor(bytes: number): Buffer {
    if (this.#place.length - this.#filled >= bytes) return this.#place;
    if (this.#filled > 0) this.#full.push(this.#place.subarray(0, this.#filled));
    const { left, allocate } = this.#options;
    const characters = left();
    // Too much costs nothing: memory that is never written to is none.
    const all = characters === undefined ? placeLength : Math.ceil((this.#held + characters) / 4) * 3;
    this.#place = allocate(Math.max(bytes, all));
    this.#filled = 0;
    return this.#place;
  }

  /** The decoded bytes, where they are if they fill most of their place. Else they are copied, and the place serves the next text. */
  #takeDecoded(): Buffer {
    const last = this.#place.subarray(0, this.#filled);
    if (this.#full.length === 0 && 2 * last.length >= this.#place.length) {
      this.#place = nothing;
      this.#filled = 0;
      return last;
    }
    const parts = [...this.#full, last];
    const bytes = this.#options.allocate(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) at += part.copy(bytes, at);
    return bytes;
  }
}
