// Bytes as lines, in linear time whatever their length, and bounded: of a line that is too long only its ends are kept.

/** Both ends of a line that was too long. */
export interface LongLine {
  readonly start: string;
  readonly end: string;
  /** Of the whole line. */
  readonly bytes: number;
}

export interface LineListener {
  /** Without its line break. */
  readonly onLine: (line: Buffer) => void;
  readonly onLongLine: (line: LongLine) => void;
}

/** Of each end of a line that was too long, bytes. */
const keptBytes = 4096;
const lineFeed = 0x0a;

/** Collects chunks until a line ends. `mostBytes`: of one line. */
export class LineSplitter {
  readonly #mostBytes: number;
  readonly #listener: LineListener;
  #parts: Buffer[] = [];
  #length = 0;
  /** Present while the line is too long. */
  #start: Buffer | undefined;
  #end: Buffer = Buffer.alloc(0);

  constructor(mostBytes: number, listener: LineListener) {
    this.#mostBytes = mostBytes;
    this.#listener = listener;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
      this.#add(chunk.subarray(from, at));
      from = at + 1;
      this.#finish();
    }
    if (from < chunk.length) this.#add(chunk.subarray(from));
  }

  #add(part: Buffer): void {
    this.#length += part.length;
    if (this.#length <= this.#mostBytes) {
      this.#parts.push(part);
      return;
    }
    if (!this.#start) {
      const whole = Buffer.concat(this.#parts.splice(0));
      // Copies: what is kept holds no large block.
      this.#start = Buffer.from(Buffer.concat([whole.subarray(0, keptBytes), part.subarray(0, keptBytes)]));
      this.#end = Buffer.from(whole.subarray(-keptBytes));
    }
    const end = Buffer.concat([this.#end, part.subarray(-keptBytes)]);
    this.#end = Buffer.from(end.subarray(-keptBytes));
  }

  #finish(): void {
    const [start, bytes] = [this.#start, this.#length];
    const line = start ? undefined : Buffer.concat(this.#parts);
    const end = this.#end;
    this.#parts = [];
    this.#length = 0;
    this.#start = undefined;
    this.#end = Buffer.alloc(0);
    if (line) this.#listener.onLine(line);
    else this.#listener.onLongLine({ start: start!.toString(), end: end.toString(), bytes });
  }
}
