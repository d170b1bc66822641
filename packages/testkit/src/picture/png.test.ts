import { deflateSync, inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePng, pngSize, readPng } from './png.ts';
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

/** Writes red, green, blue and opacity with a filter for each line, by the words of the specification. */
function encodeFiltered(width: number, values: readonly number[], filters: readonly number[]): Uint8Array {
  const line = width * 4;
  const at = (x: number, y: number) => (x < 0 || y < 0 ? 0 : values[y * line + x]!);
  const predicted = [
    () => 0,
    (x: number, y: number) => at(x - 4, y),
    (x: number, y: number) => at(x, y - 1),
    (x: number, y: number) => Math.floor((at(x - 4, y) + at(x, y - 1)) / 2),
    (x: number, y: number) => {
      const [a, b, c] = [at(x - 4, y), at(x, y - 1), at(x - 4, y - 1)];
      const nearest = [a, b, c].map((one) => Math.abs(a + b - c - one));
      return [a, b, c][nearest.indexOf(Math.min(...nearest))]!;
    },
  ];
  const data = filters.flatMap((filter, y) => [
    filter,
    ...Array.from({ length: line }, (_, x) => (at(x, y) - predicted[filter]!(x, y)) & 255),
  ]);
  const chunk = (type: string, content: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    return Buffer.concat([length, Buffer.from(type, 'latin1'), content, Buffer.alloc(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(filters.length, 4);
  head.set([8, 6], 8);
  const compressed = deflateSync(Uint8Array.from(data));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', compressed.subarray(0, 9)),
    chunk('IDAT', compressed.subarray(9)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

describe('a PNG is read', () => {
  it('by palette, with what is clear', () => {
    const palette = [[10, 20, 30] as const, [250, 240, 230] as const];
    const row = (y: number) => Uint8Array.from([y % 2, 0, 1]);
    const pixels = readPng(encodePng({ width: 3, height: 3, palette, opacity: [0], row }))!;
    expect(pixels).toMatchObject({ width: 3, height: 3 });
    expect(pixels.at(0, 0)).toEqual([10, 20, 30, 0]);
    expect(pixels.at(0, 1)).toEqual([250, 240, 230, 255]);
    expect(pixels.at(2, 2)).toEqual([250, 240, 230, 255]);
  });

  it('whatever filter a line has', () => {
    const width = 3;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 6 }),
        fc.integer(),
        (filters, seed) => {
          const values = Array.from(
            { length: filters.length * width * 4 },
            (_, index) => Math.imul(seed ^ index, 2654435761) >>> 24,
          );
          const pixels = readPng(encodeFiltered(width, values, filters))!;
          const read = filters.flatMap((_, y) => Array.from({ length: width }, (_, x) => pixels.at(x, y)).flat());
          expect(read).toEqual(values);
        },
      ),
    );
  });

  it('not where it is none', () => {
    expect(readPng(Buffer.from('GIF89a'))).toBeUndefined();
  });
});
