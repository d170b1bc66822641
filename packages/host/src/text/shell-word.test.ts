import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

test.each([
  ['boat.png', 'boat.png', 'boat.png'],
  ['图片/小猫.png', '图片/小猫.png', '图片/小猫.png'],
  ['a boat.png', '"a boat.png"', '"a boat.png"'],
  ["Jane's boat.png", `"Jane's boat.png"`, `"Jane's boat.png"`],
  ['a $5 "note"', `'a $5 "note"'`, '"a $5 \\"note\\""'],
  [`it's $5`, `'it'\\''s $5'`, `"it's $5"`],
  ['C:\\Users\\Jane Doe\\', `'C:\\Users\\Jane Doe\\'`, '"C:\\Users\\Jane Doe\\\\"'],
  ['C:\\Users\\小明\\猫.png', `'C:\\Users\\小明\\猫.png'`, 'C:\\Users\\小明\\猫.png'],
  ['a&b.png', '"a&b.png"', '"a&b.png"'],
  ['', '""', '""'],
])('%j is typed as %s, on Windows as %s', (text, posix, windows) => {
  expect(shellWord(text, 'linux')).toBe(posix);
  expect(shellWord(text, 'win32')).toBe(windows);
});

const words = fc.array(
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  { minLength: 1 },
);

test.skipIf(process.platform === 'win32')('a shell hands over any words as they are', () => {
  const some = fc.sample(words, 60).flat();
  const line = `printf '%s\\0' ${some.map((word) => shellWord(word, 'linux')).join(' ')}`;
  const told = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8', env: {} });
  expect(told.split('\0').slice(0, -1)).toEqual(some);
});

/** A word of a command line, as programs of Windows read it. */
function readOnWindows(line: string): string {
  const inside = /^"(.*)"$/s.exec(line)?.[1];
  if (inside === undefined) return line;
  return inside.replace(/(\\+)(?="|$)|"/g, (slashes) => slashes.slice(0, slashes.length / 2)).replaceAll('\\"', '"');
}

test('on Windows a path is read as it is', () => {
  const path = fc.string({ unit: fc.constantFrom('\\', ' ', 'a', '小', "'", '&', '.', '(') });
  fc.assert(
    fc.property(path, (text) => {
      expect(readOnWindows(shellWord(text, 'win32'))).toBe(text);
    }),
  );
});
