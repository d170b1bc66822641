import { inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePng, pngSize } from './png.ts';
import { drawTestCard } from './test-card.ts';

/** Reads an indexed PNG back to palette entries, with code of its own. */
function decode(bytes: Uint8Array): { width: number; height: number; pixels: number[][] } {
  const png = Buffer.from(bytes);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const width = chunks.get('IHDR')!.readUInt32BE(0);
  const height = chunks.get('IHDR')!.readUInt32BE(4);
  const data = inflateSync(chunks.get('IDAT')!);
  expect(data.length).toBe(height * (width + 1));
  const pixels: number[][] = [];
  for (let y = 0; y < height; y++) {
    const line = [...data.subarray(y * (width + 1), (y + 1) * (width + 1))];
    const filter = line.shift();
    pixels.push(filter === 2 ? line.map((value, x) => value + pixels[y - 1]![x]!) : line);
  }
  return { width, height, pixels };
}

describe('encodePng', () => {
  it('keeps every pixel, whether or not rows repeat', () => {
    const rows = fc.array(fc.constantFrom([0, 1, 2], [2, 2, 2], [1, 0, 1]), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rows, (wanted) => {
        const arrays = new Map(wanted.map((row) => [row.join(), Uint8Array.from(row)]));
        const palette = [[0, 0, 0] as const, [255, 0, 0] as const, [0, 0, 255] as const];
        const row = (y: number) => arrays.get(wanted[y]!.join())!;
        const png = encodePng({ width: 3, height: wanted.length, palette, row });
        expect(decode(png).pixels).toEqual(wanted);
      }),
    );
  });
});

describe('drawTestCard', () => {
  it('has exactly the size asked for', () => {
    const side = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(side, side, fc.string(), (width, height, prompt) => {
        const card = drawTestCard({ prompt, width, height });
        expect(pngSize(card)).toEqual({ width, height });
        expect(
          decode(card)
            .pixels.flat()
            .every((entry) => entry < 130),
        ).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the same bytes for the same card and others for another prompt, seed or size', () => {
    const card = { prompt: 'a paper boat', width: 64, height: 48 };
    const first = Buffer.from(drawTestCard(card));
    expect(first.equals(drawTestCard(card))).toBe(true);
    for (const other of [{ prompt: 'a paper hat' }, { seed: 7 }, { width: 65 }]) {
      expect(first.equals(drawTestCard({ ...card, ...other }))).toBe(false);
    }
  });
});

describe('pngSize', () => {
  it('is undefined for what is no PNG', () => {
    expect(pngSize(Buffer.from('<!doctype html><html>'.repeat(3)))).toBeUndefined();
    expect(pngSize(new Uint8Array(3))).toBeUndefined();
  });
});
