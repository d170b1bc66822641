// The picture an emulator draws: plainly a test card, its size written in the corner, and different for every prompt.

import { createHash } from 'node:crypto';
import { encodePng } from './png.ts';

/** What a test card is made from. */
export interface Card {
  readonly prompt: string;
  /** px, 1 to 65535. */
  readonly width: number;
  /** px, 1 to 65535. */
  readonly height: number;
  readonly seed?: number;
}

const tiles = 8;
const shades = 64;
const paper = shades * 2;
const ink = paper + 1;

/** 3 by 5 dots for each character of a size. */
const glyphs: Readonly<Record<string, string>> = {
  0: '111101101101111',
  1: '010110010010111',
  2: '111001111100111',
  3: '111001111001111',
  4: '101101111001001',
  5: '111100111001111',
  6: '111100111101111',
  7: '111001001010010',
  8: '111101111101111',
  9: '111101111001111',
  x: '000101010101000',
};

/**
 * Draws the test card as a PNG file of exactly the given size: a gradient, a mirrored pattern of tiles and the size in
 * digits. The same card gives the same bytes; another prompt, seed or size gives others.
 */
export function drawTestCard({ prompt, width, height, seed }: Card): Uint8Array {
  const hash = createHash('sha256')
    .update(JSON.stringify([prompt, seed ?? null]))
    .digest();
  const label = drawLabel(`${width}x${height}`, width, height);
  let [lastShade, lastBand, lastLine]: (number | undefined)[] = [];
  let pixels: Uint8Array = new Uint8Array(width);
  return encodePng({
    width,
    height,
    palette: colours(hash),
    description: seed === undefined ? prompt : `${prompt} (seed ${seed})`,
    row(y) {
      const shade = Math.floor((y * shades) / height);
      const band = Math.floor((y * tiles) / height);
      const line = label.line(y);
      if (shade === lastShade && band === lastBand && line === lastLine) return pixels;
      [lastShade, lastBand, lastLine] = [shade, band, line];
      pixels = tileRow(hash[band]!, shade, width);
      if (line !== undefined) label.draw(pixels, line);
      return pixels;
    },
  });
}

/** The tiles of a band in a shade, lit where `bits` says so; the right half mirrors the left. */
function tileRow(bits: number, shade: number, width: number): Uint8Array {
  const row = new Uint8Array(width);
  const start = (column: number) => Math.ceil((column * width) / tiles);
  for (let column = 0; column < tiles; column++) {
    const on = (bits >> Math.min(column, tiles - 1 - column)) & 1;
    row.fill(shade + on * shades, start(column), start(column + 1));
  }
  return row;
}

/** Two gradients of {@link shades} steps, then paper and ink of the label. */
function colours(hash: Buffer): [number, number, number][] {
  const pick = (at: number, low: number) => [0, 1, 2].map((i) => low + (hash[at + i]! * 128) / 255);
  const blend = (from: number[], to: number[]) =>
    Array.from({ length: shades }, (_, step) =>
      from.map((value, i) => Math.round(value + ((to[i]! - value) * step) / (shades - 1))),
    );
  const ground = blend(pick(8, 127), pick(11, 96));
  const lit = blend(pick(14, 32), pick(17, 0));
  return [...ground, ...lit, [250, 250, 250], [20, 20, 20]] as [number, number, number][];
}

/** The size in digits, bottom left; nothing where the picture is too small for it. */
function drawLabel(text: string, width: number, height: number) {
  const dot = Math.floor(Math.min(width / 3 / (text.length * 4 + 1), height / 4 / 7));
  const rows = dot < 1 ? 0 : 7;
  const top = height - rows * dot;
  return {
    /** Which of the label's 7 rows of dots is at `y`. */
    line: (y: number): number | undefined => (rows > 0 && y >= top ? Math.floor((y - top) / dot) : undefined),
    draw(pixels: Uint8Array, line: number): void {
      const dots = [...text].map((character) => glyphs[character]!.slice((line - 1) * 3, line * 3).padEnd(3, '0'));
      const printed = line >= 1 && line <= 5 ? `0${dots.join('0')}0` : '0'.repeat(text.length * 4 + 1);
      for (const [i, on] of [...printed].entries()) pixels.fill(on === '1' ? ink : paper, i * dot, (i + 1) * dot);
    },
  };
}
