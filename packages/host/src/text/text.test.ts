import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countText, pictureText, tally, valueText } from './text.ts';

test('one thing is told of in the singular', () => {
  expect([0, 1, 2].map((count) => countText(count, 'picture'))).toEqual(['0 pictures', '1 picture', '2 pictures']);
});

test('values are shown as one would say them', () => {
  expect(['hd', 7, true, null, { watermark: false }].map(valueText)).toEqual([
    'hd',
    '7',
    'true',
    'nothing',
    '{"watermark":false}',
  ]);
});

test('of a picture is told what is known', () => {
  expect(pictureText({ width: 8, height: 4, mediaType: 'image/png', bytes: 2000 })).toBe('8x4 png, 2 kB');
  expect(pictureText({ width: 8, height: 4, mediaType: 'image/png' })).toBe('8x4 png');
  expect(pictureText({ mediaType: 'image/webp', bytes: 0 })).toBe('webp, 0 B');
  expect(pictureText({})).toBe('');
});

test('texts are counted in their order, whatever they are', () => {
  expect([...tally(['b', '__proto__', 'b'])]).toEqual([
    ['b', 2],
    ['__proto__', 1],
  ]);
  fc.assert(
    fc.property(fc.array(fc.string()), (texts) => {
      const counts = tally(texts);
      expect([...counts.keys()]).toEqual([...new Set(texts)]);
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(texts.length);
    }),
  );
});
