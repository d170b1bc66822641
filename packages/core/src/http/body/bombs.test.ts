// Answers that are made to fill memory are refused while they are read, and what came of them is told, as far as bounds allow.

import { expect, test } from 'vitest';
import { ImageError } from '../../contract/errors.ts';
import { type JsonOptions, parseJsonStream } from './json-stream.ts';

const mebibyte = 2 ** 20;

/** Pieces of a body, each so many times; counts the bytes that were taken. */
async function* bodyOf(parts: readonly (readonly [text: string, times: number])[], taken: { bytes: number }) {
  for (const [text, times] of parts) {
    const perChunk = Math.max(1, Math.floor(65_536 / text.length));
    for (let left = times; left > 0; left -= perChunk) {
      const chunk = Buffer.from(text.repeat(Math.min(left, perChunk)));
      taken.bytes += chunk.length;
      yield chunk;
    }
  }
}

async function read(parts: Parameters<typeof bodyOf>[0], options: JsonOptions = {}) {
  const taken = { bytes: 0 };
  const told: unknown[] = [];
  const onBroken: JsonOptions['onBroken'] = (broken) => told.push(broken);
  const error = await parseJsonStream(bodyOf(parts, taken), { onBroken, ...options }).catch(
    (reason: unknown) => reason,
  );
  return { taken: taken.bytes, told, error: ImageError.isInstance(error) ? error : undefined, value: error };
}

const many = 100_000;

test.each<[name: string, parts: [string, number][]]>([
  [
    'lists',
    [
      ['[', many],
      [']', many],
    ],
  ],
  ['lists that never end', [['[', many]]],
  [
    'objects',
    [
      ['{"a":', many],
      ['1', 1],
      ['}', many],
    ],
  ],
  [
    'both',
    [
      ['[{"a":', many],
      ['1', 1],
      ['}]', many],
    ],
  ],
])('%s nested too deep are refused, and kept as they came', async (_, parts) => {
  const { error, told } = await read(parts);
  expect(error).toMatchObject({ code: 'bad-response', details: { problem: 'too-large' } });
  expect(error?.message).toContain('512 levels');
  expect(told).toEqual([[parts.map(([text, times]) => text.repeat(times)).join('')]]);
});

test('so are more objects and lists than an answer has', async () => {
  const { error, told } = await read([
    ['[', 1],
    ['{},', 600_000],
    ['1]', 1],
  ]);
  expect(error?.message).toContain('500000 objects and lists');
  expect(told).toHaveLength(1);
});

test('what is nested as deep as is allowed is read', async () => {
  const { value } = await read([
    ['[', 512],
    ['"x"', 1],
    [' ', 5000],
    [']', 512],
  ]);
  expect(JSON.stringify(value)).toBe(`${'['.repeat(512)}"x"${']'.repeat(512)}`);
});

test.each<[name: string, parts: [string, number][]]>([
  [
    'text',
    [
      ['{"a":"', 1],
      ['x y ', 12 * mebibyte],
      ['"}', 1],
    ],
  ],
  [
    'numbers',
    [
      ['[', 1],
      ['1,', 24 * mebibyte],
      ['1]', 1],
    ],
  ],
  [
    'space',
    [
      ['[', 1],
      [' ', 48 * mebibyte],
      [']', 1],
    ],
  ],
  [
    'a page',
    [
      ['<html>', 1],
      ['<p>', 16 * mebibyte],
    ],
  ],
])('%s without end is refused at 16 MiB, and its beginning is kept', async (_, parts) => {
  const { error, taken, told } = await read(parts);
  expect(error).toMatchObject({ code: 'bad-response' });
  expect(taken).toBeLessThan(17 * mebibyte);
  const [kept] = told.flat();
  expect(String(kept).slice(0, 5)).toBe((parts[0]![0] + parts[1]![0].repeat(5)).slice(0, 5));
  expect((kept as Uint8Array | string).length).toBeGreaterThan(15 * mebibyte);
});

test('base64 without end is refused at the limit of a body, and what was read before is kept', async () => {
  const picture = 'A'.repeat(8000);
  const parts: [string, number][] = [
    [`{"a":"${picture}","b":"`, 1],
    ['AAAA', 4 * mebibyte],
    ['"}', 1],
  ];
  const { error, taken, told } = await read(parts, { maxBytes: 8 * mebibyte });
  expect(error).toMatchObject({ code: 'bad-response', details: { problem: 'too-large' } });
  expect(taken).toBeLessThan(9 * mebibyte);
  expect((told[0] as readonly unknown[])[0]).toEqual(new Uint8Array(6000));
});
