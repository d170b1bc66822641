import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plain } from './paint.ts';
import { tableText } from './table.ts';
import { width } from './wrap.ts';

const lines = (rows: readonly (readonly string[])[], columns = Infinity) => tableText(rows, plain, columns).split('\n');

test('columns are as wide as their widest cell, also in scripts of double width', () => {
  const rows = [
    ['ID', 'PROMPT', 'STATE'],
    ['t-1', '帆船', 'made'],
    ['t-22', 'boats', ''],
  ];
  expect(lines(rows)).toEqual(['ID    PROMPT  STATE', 't-1   帆船    made', 't-22  boats']);
});

const models = [
  ['MODEL', 'PRICE', 'OPERATIONS'],
  ['paint/paint-1', '0.134–0.24 USD', 'generate, edit, inpaint, outpaint'],
];

test('on a terminal a long cell goes on in its column', () => {
  expect(lines(models, 52)).toEqual([
    'MODEL          PRICE           OPERATIONS',
    'paint/paint-1  0.134–0.24 USD  generate, edit,',
    '                               inpaint, outpaint',
  ]);
});

test('on a narrow one each row takes several lines', () => {
  expect(lines(models, 40)).toEqual([
    'MODEL          PRICE',
    '  OPERATIONS',
    'paint/paint-1  0.134–0.24 USD',
    '  generate, edit, inpaint, outpaint',
  ]);
});

test('without a terminal a row is a line, whatever is in it', () => {
  const row = fc.tuple(fc.string(), fc.string({ unit: 'binary' }), fc.string());
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      expect(lines(rows)).toHaveLength(rows.length);
    }),
  );
});

test('a table of words fits any terminal that its longest word fits, and breaks none', () => {
  const words = fc.array(fc.stringMatching(/^[a-z0-9]{1,10}$/), { minLength: 1, maxLength: 6 });
  const cells = fc.tuple(
    fc.stringMatching(/^[a-z]{1,10}$/),
    ...Array.from({ length: 3 }, () => words.map((all) => all.join(' '))),
  );
  fc.assert(
    fc.property(fc.array(cells, { minLength: 1 }), fc.integer({ min: 24, max: 150 }), (rows, columns) => {
      const shown = lines(rows, columns);
      for (const line of shown) expect(width(line)).toBeLessThanOrEqual(columns);
      const sorted = (text: string) => text.split(/\s+/).filter(Boolean).sort();
      expect(sorted(shown.join(' '))).toEqual(sorted(rows.flat().join(' ')));
    }),
  );
});

test('a word that is wider than the terminal makes no other row so', () => {
  const shown = lines(
    [
      ['NAME', 'ABOUT'],
      ['one', 'a'.repeat(50)],
      ['two', 'some words that would fit on two lines'],
    ],
    30,
  );
  expect(shown.filter((line) => width(line) > 30)).toEqual([`  ${'a'.repeat(50)}`]);
});
