// Pictures in other formats than PNG: one colour, a JPEG one grey, made from the prompt, in few bytes and complete files.

import { createHash } from 'node:crypto';

/** What is drawn: whole px, 1 to 16383. */
export interface Plain {
  readonly prompt: string;
  readonly width: number;
  readonly height: number;
}

/** Draws in `jpeg`, `webp`, `gif` (`frames` of `frameMs` ms) or `svg`. */
export function drawPlain(format: string, picture: Plain, frames = 1, frameMs = 200): Uint8Array | undefined {
  const colour = createHash('sha256').update(picture.prompt).digest();
  if (format === 'jpeg') return jpeg(picture, colour);
  if (format === 'webp') return webp(picture, colour);
  if (format === 'gif') return gif(picture, colour, frames, frameMs);
  return format === 'svg' ? svg(picture, colour) : undefined;
}

/** Baseline, one component. All blocks are equal: after the first, each is the two codes "no difference" and "end of block". */
function jpeg({ width, height }: Plain, [shade = 0]: Buffer): Uint8Array {
  // The first block: category 7 (code 1 of the DC table), then the 7 bits of a difference from 64 to 127, then end of block.
  const level = 64 + (shade % 64);
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const bits = `10${level.toString(2).padStart(7, '0')}0${'00'.repeat(blocks - 1)}`;
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const scan = Uint8Array.from(padded.match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    segment(0xdb, [0, ...Array<number>(64).fill(8)]),
    segment(0xc0, [8, ...word(height), ...word(width), 1, 1, 0x11, 0]),
    // Codes 0 and 10: categories 0 and 7.
    segment(0xc4, [0x00, 1, 1, ...Array<number>(14).fill(0), 0, 7]),
    // Code 0: end of block.
    segment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0]),
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
    scan,
    Buffer.from('ffd9', 'hex'),
  ]);
}

function segment(marker: number, body: readonly number[]): Buffer {
  return Buffer.from([0xff, marker, ...word(body.length + 2), ...body]);
}

function word(value: number): [number, number] {
  return [value >> 8, value & 255];
}

/** Lossless: five prefix codes of one symbol each, so that a pixel takes no bits at all. */
function webp({ width, height }: Plain, colour: Buffer): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let at = 0; at < length; at++) bits.push((value >> at) & 1);
  };
  put(0x2f, 8);
  put(width - 1, 14);
  put(height - 1, 14);
  put(0, 1 + 3 + 1 + 1 + 1); // no alpha, version 0; no transform, no colour cache, one group of codes
  for (const symbol of [colour[1]!, colour[0]!, colour[2]!, 255, 0]) {
    put(1, 1); // a simple code
    put(0, 1); // of one symbol
    put(1, 1); // of 8 bits
    put(symbol, 8);
  }
  const data = Buffer.alloc(Math.ceil(bits.length / 16) * 2);
  for (const [at, bit] of bits.entries()) data[at >> 3]! |= bit << (at & 7);
  const head = Buffer.alloc(20);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(data.length + 12, 4);
  head.write('WEBPVP8L', 8, 'latin1');
  head.writeUInt32LE(data.length, 16);
  return Buffer.concat([head, data]);
}

/** Each frame paints the top left pixel; the rest is the background. */
function gif({ width, height }: Plain, colour: Buffer, frames: number, frameMs: number): Uint8Array {
  const side = (length: number) => [length & 255, length >> 8];
  const wait = side(Math.round(frameMs / 10));
  const frame = [...[0x21, 0xf9, 4, 0, ...wait, 0, 0], ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0], ...[2, 2, 0x44, 0x01, 0]];
  return Buffer.from([
    ...Buffer.from('GIF89a'),
    ...[...side(width), ...side(height), 0x80, 0, 0],
    ...colour.subarray(0, 6),
    ...[0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, 0, 0, 0],
    ...Array.from({ length: frames }, () => frame).flat(),
    0x3b,
  ]);
}

function svg({ width, height }: Plain, colour: Buffer): Uint8Array {
  const fill = `#${colour.toString('hex', 0, 3)}`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><path fill="${fill}" d="M0 0h${width}v${height}H0z"/></svg>`,
  );
}
