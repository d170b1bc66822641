// JSON whose pictures never exist as text: long base64 strings are decoded while the body arrives, and take their place in
// the parsed value as bytes. Everything else is kept as text and left to JSON.parse.

import { randomUUID } from 'node:crypto';
import { ImageError } from '../../contract/errors.ts';
import { quoted } from '../../foreign/foreign.ts';
import type { AnswerMemory } from './answer-memory.ts';
import { Base64Decoder } from './base64-decoder.ts';
import { type Documents, documentsIn } from './documents.ts';
import { type Arrival, beginArrival } from './memory-weight.ts';
import { beginsAsPicture } from './picture-head.ts';

export interface JsonOptions {
  /** Longest body, bytes; default {@link longestBody}. */
  readonly maxBytes?: number;
  /** Longest text besides the decoded strings, bytes; default 16 MiB. */
  readonly maxText?: number;
  /** How long the body is announced to be, bytes. */
  readonly announced?: number | undefined;
  /** Where strings are decoded to; default: memory like any other. A body that is not here yet waits for it. */
  readonly memory?: AnswerMemory | undefined;
  /** Ends the wait for memory. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Told of a body that is no whole JSON, before it is refused: the body as it came if it does not even begin as JSON, else the
   * documents that it holds or, if there is none, the strings that were decoded and the text without them. Such a body is read to its
   * end, and so is one that is nested too deep; of one that is too long it is told what came until then.
   */
  readonly onBroken?: (body: Uint8Array | Documents | readonly (Uint8Array | string)[]) => void;
}

/** Strings from this length on are decoded, characters without a `data:` prefix. */
export const longString = 4096;

const mebibyte = 2 ** 20;
/** Longest body that is read, bytes: twice the longest picture, in base64. */
export const longestBody = 176 * mebibyte;
const longestText = 16 * mebibyte;
/** No service nests as deep; what parses and walks a value needs its stack. */
const deepest = 512;
/** More objects and lists are none of an answer: each takes several times the memory of its text. */
const mostContainers = 500_000;
const utf8 = new TextDecoder();
const [quote, backslash, slash, colon, comma] = [0x22, 0x5c, 0x2f, 0x3a, 0x2c];
const [openObject, closeObject, openList, closeList] = [0x7b, 0x7d, 0x5b, 0x5d];
const dataPrefix = /^data:[\w.+-]+\/[\w.+-]+(?:;[\w.+-]+=[\w.+-]+)*;base64,$/i;
const longestPrefix = 128;

/**
 * Parses a JSON body. String values of at least {@link longString} characters that are base64 or base64url, also as a
 * `data:…;base64,` URI and with `\/` for `/`, become `Uint8Array`; all others stay text, and so do keys.
 * Throws `bad-response` if the body is too long or no JSON.
 */
export async function parseJsonStream(body: AsyncIterable<Uint8Array>, options: JsonOptions = {}): Promise<unknown> {
  const { maxBytes = longestBody, maxText = longestText, announced, memory, signal } = options;
  const start: Uint8Array[] = [];
  let long: { readonly skeleton: Skeleton; readonly weight: Arrival } | undefined;
  let length = 0;
  let isOther = false;
  try {
    for await (const chunk of body) {
      if (length === 0) isOther = options.onBroken !== undefined && !beginsAsJson(chunk);
      length += chunk.length;
      if (length > maxBytes) {
        long?.skeleton.giveUp();
        throw tooLong('the answer', maxBytes);
      }
      start.push(chunk);
      if (isOther && length > maxText && !isPacked(start[0]!)) break; // a page, a log: its beginning says what it is
      // Most answers are too short for a string that would be decoded, and stay as they are until the end.
      if (length <= longString || isOther) continue;
      if (!long) {
        long = { skeleton: new Skeleton(options), weight: beginArrival() };
        await memory?.wait(announced, signal);
      }
      long.weight.add(chunk.length);
      for (const held of start.splice(0)) long.skeleton.feed(held);
    }
  } finally {
    long?.weight.end();
  }
  return long ? long.skeleton.parse() : parseJson(start.length === 1 ? start[0]! : Buffer.concat(start), options);
}

/** The same for a body that is here as a whole. */
export function parseJson(body: Uint8Array, options: JsonOptions = {}): unknown {
  const { maxBytes = longestBody, maxText = longestText, onBroken } = options;
  if (body.length > maxBytes) throw tooLong('the answer', maxBytes);
  // So short a text is nested no deeper than what walks it bears.
  const plain = body.length <= Math.min(longString, maxText) ? parsePlain(body) : undefined;
  if (plain) return plain.value;
  if (onBroken && !beginsAsJson(body)) {
    onBroken(body);
    throw notJson(utf8.decode(body.subarray(0, 200)), false);
  }
  const skeleton = new Skeleton({ ...options, announced: body.length });
  skeleton.feed(body);
  return skeleton.parse();
}

/** Whether a body that begins like this is a picture, or is packed and may be one: it may be long. */
function isPacked(start: Uint8Array): boolean {
  return beginsAsPicture(start) || (start[0] === 0x1f && start[1] === 0x8b);
}

/** Also for a chunk that is only space so far. */
function beginsAsJson(chunk: Uint8Array): boolean {
  const start = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, 64)).toString('latin1');
  return /^(?:\xef\xbb\xbf)?\s*(?:$|[[{"\d]|-(?:\d|$)|true|false|null)/.test(start);
}

/** Of a text that is too short for a string that would be decoded; `undefined` if it is no JSON: the skeleton says what is wrong. */
function parsePlain(body: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(utf8.decode(body)) };
  } catch {
    return undefined;
  }
}

/**
 * Where the reader is: `outside` strings; in a `plain` string, copied as it is; in a `candidate`, a value that may still be
 * base64; or in the `prefix` of a data URI.
 */
type Place = 'outside' | 'plain' | 'candidate' | 'prefix';

class Skeleton {
  readonly #text: GrowingText;
  readonly #found: Uint8Array[] = [];
  readonly #onBroken: JsonOptions['onBroken'];
  #marker = '';
  readonly #decoder: Base64Decoder;
  /** Bytes that are still to come, those of the chunk at hand among them. */
  #left: number | undefined;
  /** Open containers, innermost last; `true` = an object. */
  readonly #containers: boolean[] = [];
  #place: Place = 'outside';
  #escaped = false;
  #keyNext = false;
  #prefix = '';
  #count = 0;
  /** Why it is not parsed, although it may be JSON. */
  #isExcessive = false;

  constructor({ maxText = longestText, announced, memory, onBroken }: JsonOptions) {
    this.#onBroken = onBroken;
    this.#text = new GrowingText(maxText);
    this.#left = announced;
    const allocate = (bytes: number) => memory?.allocate(bytes) ?? Buffer.allocUnsafeSlow(bytes);
    this.#decoder = new Base64Decoder({ keepText: longString, left: () => this.#left, allocate });
  }

  feed(chunk: Uint8Array): void {
    try {
      this.#scan(chunk);
    } catch (error) {
      this.giveUp();
      throw error;
    }
    if (this.#left !== undefined) this.#left = Math.max(0, this.#left - chunk.length);
  }

  #scan(chunk: Uint8Array): void {
    // `from` is the start of what is to be copied as it is, in the places that copy.
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#place === 'outside') {
        if (byte === quote) {
          this.#text.add(chunk, from, at + 1);
          from = at + 1;
          this.#open();
        } else {
          this.#note(byte);
        }
      } else if (this.#place === 'plain') {
        if (this.#escaped) this.#escaped = false;
        else at = this.#passText(chunk, at);
      } else {
        const run = this.#place === 'candidate' && !this.#escaped ? this.#decoder.takeRun(chunk, at) : 0;
        if (run > 0) {
          at += run - 1;
          from = at + 1;
          continue;
        }
        const kept = this.#take(byte);
        from = kept ? at + 1 : at;
        // Taken back as text: this byte is looked at again as part of a plain string.
        if (!kept) at -= 1;
      }
    }
    if (this.#place === 'outside' || this.#place === 'plain') this.#text.add(chunk, from, chunk.length);
  }

  /** Tells of what came until now. */
  giveUp(): void {
    this.#onBroken?.([...this.#found, this.#text.decode()]);
  }

  parse(): unknown {
    if (this.#isExcessive) {
      this.giveUp();
      throw excessive();
    }
    const text = this.#text.decode();
    try {
      if (this.#place !== 'outside') throw new SyntaxError('a string has no end');
      return this.#found.length === 0 ? JSON.parse(text) : JSON.parse(text, (_, value) => this.#revive(value));
    } catch {
      const documents = this.#onBroken && documentsIn(text, (_, value) => this.#revive(value));
      this.#onBroken?.(documents ?? [...this.#found, text]);
      throw notJson(text, this.#place !== 'outside' || this.#containers.length > 0);
    }
  }

  #revive(value: unknown): unknown {
    if (typeof value !== 'string' || !this.#marker || !value.startsWith(this.#marker)) return value;
    return this.#found[Number(value.slice(this.#marker.length))];
  }

  /** Keeps track of which strings are keys. */
  #note(byte: number): void {
    if (byte === openObject || byte === openList) {
      this.#count += 1;
      this.#isExcessive ||= this.#containers.length >= deepest || this.#count > mostContainers;
      if (!this.#isExcessive) this.#containers.push(byte === openObject);
      this.#keyNext = byte === openObject;
    } else if (byte === closeObject || byte === closeList) {
      this.#containers.pop();
    } else if (byte === colon) {
      this.#keyNext = false;
    } else if (byte === comma) {
      this.#keyNext = this.#containers.at(-1) ?? false;
    }
  }

  /** Goes over a plain string's text to the byte that ends or escapes it, or to the end of the chunk. */
  #passText(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte !== quote && byte !== backslash) continue;
      if (byte === quote) this.#place = 'outside';
      else this.#escaped = true;
      return at;
    }
    return chunk.length;
  }

  #open(): void {
    this.#place = this.#keyNext ? 'plain' : 'candidate';
    this.#prefix = '';
    this.#decoder.reset();
  }

  /** Takes a byte of a candidate or prefix. `false`: not taken, what was taken is text and the string is a plain one. */
  #take(byte: number): boolean {
    if (this.#escaped) {
      if (byte === slash && this.#accept(slash)) {
        this.#escaped = false;
        return true;
      }
      this.#giveBack();
      this.#text.add(Buffer.of(backslash), 0, 1);
      return false; // still escaped, and now in the plain string
    }
    if (byte === backslash) {
      this.#escaped = true;
      return true;
    }
    if (byte === quote && this.#place === 'candidate') {
      const bytes = this.#decoder.finish();
      if (!bytes) {
        this.#giveBack();
        return false;
      }
      this.#marker ||= randomUUID();
      this.#text.write(`${this.#marker}${this.#found.push(bytes) - 1}"`);
      this.#place = 'outside';
      return true;
    }
    if (byte !== quote && this.#accept(byte)) return true;
    this.#giveBack();
    return false;
  }

  #accept(byte: number): boolean {
    if (this.#place === 'prefix') {
      if (byte <= 0x20 || byte > 0x7e || this.#prefix.length === longestPrefix) return false;
      const prefix = this.#prefix + String.fromCharCode(byte);
      if (byte === comma) {
        if (!dataPrefix.test(prefix)) return false;
        this.#place = 'candidate';
      }
      this.#prefix = prefix;
      return true;
    }
    if (this.#decoder.take(byte)) return true;
    if (byte !== colon || this.#decoder.length !== 4 || this.#prefix) return false;
    const scheme = Buffer.concat([...this.#decoder.text()]).toString('latin1');
    if (scheme.toLowerCase() !== 'data') return false;
    this.#place = 'prefix';
    this.#prefix = `${scheme}:`;
    this.#decoder.reset();
    return true;
  }

  #giveBack(): void {
    this.#text.write(this.#prefix);
    for (const piece of this.#decoder.text()) this.#text.add(piece, 0, piece.length);
    this.#place = 'plain';
  }
}

class GrowingText {
  readonly #limit: number;
  #bytes = Buffer.allocUnsafe(2048);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(source: Uint8Array, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > this.#limit) throw tooLong('the text of the answer', this.#limit);
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(source.subarray(from, to), this.#length);
    this.#length = length;
  }

  write(text: string): void {
    this.add(Buffer.from(text), 0, Buffer.byteLength(text));
  }

  decode(): string {
    return utf8.decode(this.#bytes.subarray(0, this.#length));
  }
}

function tooLong(what: string, limit: number): ImageError {
  return new ImageError('bad-response', `${what} is longer than ${limit} bytes`, {
    details: { problem: 'too-large', limit },
    hint: 'Check that the address is the one of the service.',
  });
}

function excessive(): ImageError {
  const message = `the answer is nested more than ${deepest} levels deep, or has more than ${mostContainers} objects and lists`;
  return new ImageError('bad-response', message, {
    details: { problem: 'too-large' },
    hint: 'Check that the address is the one of the service.',
  });
}

/** How much of what is no JSON is shown, characters. */
const mostShown = 100;

function notJson(text: string, unfinished: boolean): ImageError {
  // Only whole words: a half of a key would not be known as one.
  const start = text.trim();
  const shown = start.length > mostShown ? start.slice(0, mostShown).replace(/\S+$/, '…') : start;
  const message = !start
    ? 'the answer is empty, JSON was expected'
    : unfinished && /^[[{"]/.test(start)
      ? 'the answer ends in the middle of its JSON'
      : `the answer is not JSON; it starts with ${quoted(shown)}`;
  return new ImageError('bad-response', message, { hint: 'Check that the base URL is the one of the service.' });
}
