import { expect, test } from 'vitest';
import { entryLines } from './entries.ts';
import { plain } from './paint.ts';

const lines = (entries: readonly (readonly [string, string])[], columns: number) =>
  entryLines(entries, plain, undefined, columns);

test('text goes on in its column, and a title that comes again is shown once', () => {
  const entries = [
    ['--size', 'each side 16 to 3840 px, multiples of 16'],
    ['--size', 'default: auto'],
    ['-n', '4'],
  ] as const;
  expect(lines(entries, 36)).toEqual([
    '  --size  each side 16 to 3840 px,',
    '          multiples of 16',
    '          default: auto',
    '  -n      4',
  ]);
  expect(lines(entries, Number.POSITIVE_INFINITY)).toHaveLength(3);
});

test('a URL that is too long for the column is whole on a line of its own', () => {
  expect(lines([['source', 'https://paint.example/a/long/page/of/docs']], 44)).toEqual([
    '  source',
    '   https://paint.example/a/long/page/of/docs',
  ]);
});
