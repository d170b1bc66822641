import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsOf, cut, longestPiece, width, wrap, wrapLines } from './wrap.ts';

test.each([
  ['generate, edit, inpaint', 14, ['generate,', 'edit, inpaint']],
  ['0.134–0.24 USD', 12, ['0.134–0.24', 'USD']],
  ['0.0336–0.1134 USD ~', 18, ['0.0336–0.1134', 'USD ~']],
  ['see https://a.example/long-way now', 10, ['see', 'https://a.example/long-way', 'now']],
  ['一只小猫，在海边。', 8, ['一只小', '猫，在海', '边。']],
  ['boat 帆船 boat', 9, ['boat 帆船', 'boat']],
  ['', 9, ['']],
])('%s in %i columns', (text, columns, lines) => {
  expect(wrap(text, columns)).toEqual(lines);
});

test('what goes on is indented, and a text without a terminal is one line', () => {
  expect(wrap('one two three', 9, '  ')).toEqual(['one two', '  three']);
  expect(wrapLines('a list\n  of some words', 9)).toBe('a list\n  of some\n    words');
  expect(wrap('one two three', columnsOf({}))).toEqual(['one two three']);
  expect([columnsOf({ isTTY: true, columns: 80 }), columnsOf({ isTTY: true, columns: 0 })]).toEqual([80, Infinity]);
});

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', ' ', '猫', '，', '7', '~') }),
);

test('of any text nothing is lost, and only what cannot be broken is longer than a line', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (any, columns) => {
      const lines = wrap(any, columns);
      expect(lines.join('').replaceAll(' ', '')).toBe(any.replaceAll(' ', ''));
      const most = Math.max(columns, longestPiece(any) + (/^ */.exec(any)?.[0].length ?? 0));
      for (const line of lines) expect(width(line)).toBeLessThanOrEqual(most);
    }),
  );
});

test('no word of a script with spaces is broken', () => {
  const sentence = fc.array(fc.stringMatching(/^[!-~]{1,12}$/)).map((all) => all.join(' '));
  fc.assert(
    fc.property(sentence, fc.integer({ min: 1, max: 30 }), (any, columns) => {
      expect(wrap(any, columns).join(' ')).toBe(any);
    }),
  );
});

test('a text that is too long ends in …', () => {
  expect([cut('a red boat', 10), cut('a red boat', 7), cut('小猫小猫', 6)]).toEqual(['a red boat', 'a red…', '小猫…']);
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (any, columns) => {
      expect(width(cut(any, columns))).toBeLessThanOrEqual(columns);
    }),
  );
});

test('a text of plain signs is measured and broken as with a sign that has no width', () => {
  const plainSigns = fc.string({ unit: fc.constantFrom(...' ab-~*…—“é¿'), minLength: 1 });
  const joiner = '\u2060';
  fc.assert(
    fc.property(plainSigns, fc.integer({ min: 1, max: 30 }), (text, columns) => {
      const plain = `${text}.`;
      expect(width(plain + joiner)).toBe(width(plain));
      expect(longestPiece(plain + joiner)).toBe(longestPiece(plain));
      expect(wrap(plain + joiner, columns)).toEqual(
        wrap(plain, columns).with(-1, wrap(plain, columns).at(-1) + joiner),
      );
    }),
  );
});

test.each([
  '/home/用户/图片/一只戴红围巾的小猫.png',
  './图片/小猫.png',
  '图片/一只戴红围巾的小猫.png',
  'C:\\用户\\图片\\小猫.png',
  'https://例子.example/图片?a=小猫',
])('%s is not broken, and what comes behind it is', (place) => {
  const text = `文件已经写入 ${place}，它的旁边还有一个说明它的文件`;
  const lines = wrap(text, 16);
  expect(lines.filter((line) => line.includes(place))).toHaveLength(1);
  expect(lines.filter((line) => width(line) > 16)).toHaveLength(width(`${place}，`) > 16 ? 1 : 0);
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
});
