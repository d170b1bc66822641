import { crc32, deflateSync } from 'node:zlib';

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
    chunk('IDAT', deflateSync(pixels, { level: 1 })),
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
