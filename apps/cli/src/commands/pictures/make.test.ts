import { Readable } from 'node:stream';
import type { Limits } from '@anyimage/core';
import { expect, test } from 'vitest';
import { promptOf } from './make.ts';

const stdin = (...bytes: readonly Uint8Array[]) => Readable.from(bytes) as unknown as typeof process.stdin;
const silent = () => {};
const plain = { words: {} };

test('words are one prompt', async () => {
  expect(await promptOf(['a', 'red boat'], plain)).toBe('a red boat');
});

test('a dash stands for stdin, without its last line break', async () => {
  const piped = stdin(Buffer.from('a boat\nat da'), Buffer.from('wn \u65e5\r\n'));
  expect(await promptOf(['-'], plain, piped, silent)).toBe('a boat\nat dawn \u65e5');
});

test('a dash among words is a word', async () => {
  expect(await promptOf(['a', '-', 'b'], plain)).toBe('a - b');
});

test.each([
  ['a picture on stdin', { images: ['-'] }],
  ['a mask on stdin', { images: ['a.png'], mask: '/dev/stdin' }],
])('stdin cannot be the prompt beside %s', async (_, words) => {
  await expect(promptOf(['-'], { words }, stdin(), silent)).rejects.toMatchObject({ code: 'invalid-request' });
  expect(await promptOf([], { words }, stdin(Buffer.from('x')), silent)).toBe('');
});

test('where no prompt is needed, none is waited for', async () => {
  const limits = { prompt: { optional: true } } satisfies Limits;
  expect(await promptOf([], { words: {}, limits }, stdin(Buffer.from('x')), silent)).toBe('');
});
