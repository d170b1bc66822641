import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readPrompt } from './make.ts';

test('words are one prompt', async () => {
  expect(await readPrompt(['a', 'red boat'])).toBe('a red boat');
  expect(await readPrompt([])).toBe('');
});

test('a dash stands for stdin, without its last line break', async () => {
  const stdin = Readable.from([Buffer.from('a boat\nat da'), Buffer.from('wn \u65e5\r\n')]);
  expect(await readPrompt(['-'], stdin)).toBe('a boat\nat dawn \u65e5');
});

test('a dash among words is a word', async () => {
  expect(await readPrompt(['a', '-', 'b'])).toBe('a - b');
});
