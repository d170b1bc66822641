import { expect, test } from 'vitest';
import { readLoosely } from './loose.ts';

const read = (text: string) => readLoosely(Buffer.from(text));

test.each([
  ['{"a":1}', { a: 1 }],
  ['\ufeff{"a":1}', { a: 1 }],
  ['data: {"a":1}\n\ndata: [DONE]\n\n', { messages: [{ a: 1 }] }],
  [': ping\n\nevent: done\ndata: {"a":1}', { messages: [{ a: 1 }] }],
  ['data: words', { messages: ['words'] }],
  ['{"a":1}\n{"b":2}\n', { messages: [{ a: 1 }, { b: 2 }] }],
  ['just words', 'just words'],
  ['', ''],
  ['  <!DOCTYPE html><p>', undefined],
  ['<html lang="en">', undefined],
])('%j', async (text, value) => {
  expect(await read(text)).toEqual(value);
});

test.each([
  ['PNG', [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]],
  ['JPEG', [0xff, 0xd8, 0xff, 0xe0]],
  ['WebP', [...Buffer.from('RIFF1234WEBP')]],
  ['GIF', [...Buffer.from('GIF89a')]],
  ['AVIF', [0, 0, 0, 28, ...Buffer.from('ftypavif')]],
])('the bytes of a %s', async (_, head) => {
  const bytes = Uint8Array.from([...head, 1, 2, 3]);
  expect(await readLoosely(bytes)).toBe(bytes);
});
