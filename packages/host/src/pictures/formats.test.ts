import { expect, test } from 'vitest';
import { endingOf, formatOfMediaType, formatOfPath, knownEndings, mediaTypeOf } from './formats.ts';

test.each([
  ['boat.png', 'png'],
  ['boat.JPG', 'jpeg'],
  ['boat.jpeg', 'jpeg'],
  ['a.b/boat.webp', 'webp'],
  ['logo.svg', 'svg'],
  ['boat.txt', undefined],
  ['boat', undefined],
  ['.png', undefined],
])('%s asks for %s', (path, format) => {
  expect(formatOfPath(path)).toBe(format);
});

test('every ending that we give leads back to its media type', () => {
  for (const ending of knownEndings) {
    const format = formatOfPath(`boat${ending}`)!;
    expect(endingOf(mediaTypeOf(format))).toBe(ending);
    expect(formatOfMediaType(mediaTypeOf(format))).toBe(format);
  }
});

test('an unknown media type gets an ending that claims nothing', () => {
  expect(endingOf('image/bmp')).toBe('.img');
});
