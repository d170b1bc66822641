// The last touch: corners a little darker, and the grain of paper.

import { crc32, deflateSync } from 'node:zlib';
import { Random } from './brush/random.ts';
import { rectangle } from './brush/svg.ts';
import type { Stage } from './stage.ts';

/** Pixels on each side of the tile of grain. */
const tile = 128;

/** Darker corners; they lead the eye inwards. */
export function vignette({ width, height, palette, definitions }: Stage): string {
  const fill = definitions.radial([
    [0, palette.shade, 0],
    [0.62, palette.shade, 0],
    [1, palette.shade, 0.3],
  ]);
  return rectangle(-width * 0.22, -height * 0.22, width * 1.44, height * 1.44, { fill });
}

/** Grain over everything. `pixel` is the size of one pixel in units, so that the tile is never resampled. */
export function grain({ width, height, definitions }: Stage, pixel: number): string {
  return rectangle(0, 0, width, height, { fill: definitions.pattern(tile * pixel, grainTile()) });
}

let made: string | undefined;

/** Black and white specks as a `data:` URL; the same on every run. Few and equal, because noise is what PNG cannot compress. */
function grainTile(): string {
  made ??= `data:image/png;base64,${greyAlphaPng(tile, noise()).toString('base64')}`;
  return made;
}

function noise(): Buffer {
  const random = new Random(7);
  const rows = Buffer.alloc(tile * (1 + tile * 2));
  for (let y = 0; y < tile; y++) {
    for (let x = 0; x < tile; x++) {
      const at = y * (1 + tile * 2) + 1 + x * 2;
      const value = random.between(-1, 1) ** 3;
      rows[at] = value > 0 ? 255 : 0;
      rows[at + 1] = Math.abs(value) > 0.65 ? 7 : 0;
    }
  }
  return rows;
}

/** A PNG of grey with alpha from rows that each begin with their filter byte. */
function greyAlphaPng(side: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 4, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
