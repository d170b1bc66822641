import { gzipSync } from 'node:zlib';
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
  ['<b>Warning</b>: no "size"\n{"a":1}', { messages: [{ a: 1 }, '<b>Warning</b>: no "size"\n'] }],
  ['{"a":NaN}', { messages: [{ a: null }] }],
  ['data:image/png;base64,iVBORw0K', 'data:image/png;base64,iVBORw0K'],
  ['data:image/svg+xml,%3Csvg/%3E', 'data:image/svg+xml,%3Csvg/%3E'],
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

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 10, 45, 45]);

test.each(['--part7--\r\n', ''])('the parts of a multipart body that ends in %j', async (end) => {
  const head = 'content-disposition: attachment; filename="0.png"\r\ncontent-type: image/png\r\n\r\n';
  const body = Buffer.concat([
    Buffer.from('--part7\r\ncontent-type: application/json\r\n\r\n{"seed":7}\r\n'),
    Buffer.from(`--part7\r\n${head}`),
    png,
    Buffer.from(end && `\r\n${end}`),
  ]);
  expect(await readLoosely(body)).toEqual({ messages: [{ seed: 7 }, Buffer.from(png)] });
});

test('what is packed is unpacked, and what only begins so is text', async () => {
  expect(await readLoosely(gzipSync('{"a":1}'))).toEqual({ a: 1 });
  expect(await readLoosely(gzipSync(png))).toEqual(Buffer.from(png));
  expect(await readLoosely(Uint8Array.of(0x1f, 0x8b, 1, 2))).toEqual(expect.any(String));
});
