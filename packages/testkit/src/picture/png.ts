import { constants, crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** An image of palette entries, one byte for each pixel. */
export interface IndexedImage {
  /** px, 1 to 65535. */
  readonly width: number;
  /** px, 1 to 65535. */
  readonly height: number;
  /** Up to 256 colours, each red, green, blue from 0 to 255. */
  readonly palette: readonly (readonly [red: number, green: number, blue: number])[];
  /** How opaque each colour is, 0 to 255; default all fully. */
  readonly opacity?: readonly number[];
  /** The pixels of row `y`. The same array for two rows in turn means the same pixels, and costs nothing. */
  row(y: number): Uint8Array;
  /** Stored in the file as its description. */
  readonly description?: string;
}

/** Encodes a complete PNG file: palette colour, not interlaced. The same image gives the same bytes. */
export function encodePng({ width, height, palette, opacity, row, description }: IndexedImage): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bit, palette, deflate, standard filters, not interlaced
  const pixels = new Uint8Array(height * (width + 1));
  let previous: Uint8Array | undefined;
  for (let y = 0; y < height; y++) {
    const current = row(y);
    const at = y * (width + 1);
    // Filter 2 stores the difference from the row above: an equal row is all zeros and is left as allocated.
    if (current === previous) pixels[at] = 2;
    else pixels.set(current, at + 1);
    previous = current;
  }
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...(description === undefined ? [] : [chunk('iTXt', Buffer.from(`Description\0\0\0\0\0${description}`))]),
    chunk('PLTE', Uint8Array.from(palette.flat())),
    ...(opacity ? [chunk('tRNS', Uint8Array.from(opacity))] : []),
    // Runs are most of what is drawn: looking for anything else takes longer, and finds no more.
    chunk('IDAT', deflateSync(pixels, { level: 1, strategy: constants.Z_RLE })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** Width and height of a PNG file in px, or `undefined` if `bytes` does not begin like one. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 24 || !buffer.subarray(0, 8).equals(signature)) return undefined;
  return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) };
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A decoded picture. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity from 0 to 255. */
  at(x: number, y: number): readonly [red: number, green: number, blue: number, opacity: number];
}

/** Decodes a PNG of 8 bits without interlacing, which is what masks are. Undefined for anything else. */
export function readPng(bytes: Uint8Array): Pixels | undefined {
  const size = pngSize(bytes);
  if (!size) return undefined;
  const chunks = chunksOf(bytes);
  const [depth, colour, , , interlaced] = chunks.get('IHDR')!.subarray(8);
  const channels = colour === undefined ? undefined : { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour];
  const data = chunks.get('IDAT');
  if (depth !== 8 || interlaced !== 0 || !channels || !data) return undefined;
  const line = size.width * channels;
  const raw = unfiltered(inflateSync(data), line, channels);
  const [palette, opacity] = [chunks.get('PLTE'), chunks.get('tRNS')];
  return {
    ...size,
    at(x, y) {
      const values = [...raw.subarray(y * line + x * channels, y * line + (x + 1) * channels)] as number[];
      const [first = 0, second = 255, blue = 0, alpha = 255] = values;
      if (colour === 3) {
        const [r = 0, g = 0, b = 0] = palette?.subarray(first * 3) ?? [];
        return [r, g, b, opacity?.[first] ?? 255];
      }
      return channels <= 2 ? [first, first, first, second] : [first, second, blue, alpha];
    },
  };
}

function chunksOf(bytes: Uint8Array): Map<string, Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at + 8 <= buffer.length; ) {
    const length = buffer.readUInt32BE(at);
    const name = buffer.toString('latin1', at + 4, at + 8);
    const data = buffer.subarray(at + 8, at + 8 + length);
    chunks.set(name, Buffer.concat([chunks.get(name) ?? Buffer.alloc(0), data]));
    at += length + 12;
  }
  return chunks;
}

/** The five filters of PNG taken back, line by line. */
function unfiltered(filtered: Uint8Array, line: number, step: number): Uint8Array {
  const rows = Math.floor(filtered.length / (line + 1));
  const out = new Uint8Array(rows * line);
  for (let y = 0; y < rows; y++) {
    const filter = filtered[y * (line + 1)];
    for (let x = 0; x < line; x++) {
      const left = x >= step ? out[y * line + x - step]! : 0;
      const up = y > 0 ? out[(y - 1) * line + x]! : 0;
      const corner = x >= step && y > 0 ? out[(y - 1) * line + x - step]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      out[y * line + x] = filtered[y * (line + 1) + 1 + x]! + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
