import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { flawOf } from './judge-mask.ts';

type Pixel = readonly [red: number, green: number, blue: number, opacity: number];

const white: Pixel = [255, 255, 255, 255];
const black: Pixel = [0, 0, 0, 255];
const hole: Pixel = [0, 0, 0, 0];
const blue: Pixel = [20, 60, 200, 255];
const grey = (shade: number, opacity = 255): Pixel => [shade, shade, shade, opacity];
const many = (count: number, pixel: Pixel) => Array<Pixel>(count).fill(pixel);
const flaw = (...pixels: readonly Pixel[]) => flawOf(Uint8Array.from(pixels.flat()));

test('black and white are a mask, with grey edges and gradients between them, however few are white', () => {
  expect(flaw(black, white)).toBeUndefined();
  expect(flaw(white, white)).toBeUndefined();
  expect(flaw(...Array.from({ length: 256 }, (_, shade) => grey(shade)))).toBeUndefined();
  expect(flaw(...many(9999, black), white)).toBeUndefined();
});

test('any mask of greys that is opaque and not all black is one', () => {
  const shades = fc.array(fc.nat(255), { maxLength: 50 });
  fc.assert(
    fc.property(shades, fc.integer({ min: 9, max: 255 }), (others, light) => {
      expect(flaw(...others.map((shade) => grey(shade)), grey(light))).toBeUndefined();
    }),
  );
});

test('transparency beside black and white is kept, like black', () => {
  expect(flaw(hole, black, white, grey(128))).toBeUndefined();
});

test('a hole in one colour is no mask, whatever the colour and however soft its edge', () => {
  const colour = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(colour, fc.integer({ min: 1, max: 30 }), fc.array(fc.nat(247)), (rgb, count, edge) => {
      const solid = many(count, [...rgb, 255]);
      const soft = edge.map((opacity) => grey(255 - opacity, opacity));
      expect(flaw(hole, ...solid, ...soft)).toBe('holes');
    }),
  );
});

test('a hole in a colour picture, and strokes of one colour on nothing, are no mask', () => {
  expect(flaw(hole, blue, white, [200, 30, 30, 255])).toBe('holes');
  expect(flaw(hole, hole, white)).toBe('holes');
  expect(flaw(hole, grey(255, 200))).toBe('holes');
  expect(flaw(hole)).toBe('holes');
});

test('a colour picture is no mask; a few coloured pixels do no harm, nor do tints', () => {
  expect(flaw(blue, white, black)).toBe('colour');
  expect(flaw(...many(90, black), ...many(11, blue))).toBe('colour');
  expect(flaw(...many(90, black), ...many(10, white), ...many(11, blue))).toBeUndefined();
  expect(flaw(black, [255, 240, 220, 255])).toBeUndefined();
});

test('all black, or as good as black, repaints nothing', () => {
  expect(flaw(black, black)).toBe('black');
  expect(flaw(grey(8), black)).toBe('black');
});

test('any pixels are judged', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const pixels = bytes.subarray(0, bytes.length - (bytes.length % 4));
      expect([undefined, 'holes', 'colour', 'black']).toContain(flawOf(pixels));
    }),
  );
});
