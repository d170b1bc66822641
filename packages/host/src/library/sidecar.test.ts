import { execFile } from 'node:child_process';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Json } from '@anyimage/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openPart } from '../files/part-file.ts';
import { openDatabase } from '../files/sqlite.ts';
import { addPictures, findPictures, prepareIndex, removePictures } from './picture-index.ts';
import { nameSidecar, parseSidecar, readSidecar, sidecarText, writeSidecar } from './sidecar.ts';

const least = { anyimage: 1, prompt: { original: 'a boat', sent: 'a boat' }, model: 'paint/paint-1' };
const parse = (facts: object) => parseSidecar(JSON.stringify({ ...least, ...facts }));

const whole = {
  ...least,
  revisedPrompt: 'a small boat',
  seed: 7,
  request: { prompt: 'a boat', size: '8x4' },
  applied: [{ option: 'size', asked: '9x4', sent: null, because: 'the nearest' }],
  warnings: [{ code: 'unsure', message: 'it may be larger' }],
  pictures: 1,
  cost: [{ amount: 0.06, currency: 'CNY', estimated: true }],
  callCost: [{ amount: 0.24, currency: 'CNY', estimated: true }],
  timings: { totalMs: 1500.5 },
  createdAt: '2026-11-20T00:00:00.000Z',
  sourceUrl: 'https://pictures.example/boat.png',
  expiresAt: '2026-11-21T00:00:00.000Z',
  width: 8,
  height: 4,
  mediaType: 'image/png',
  bytes: 100,
  sha256: 'hash',
  metadata: { anything: [1] },
};

test('all that a sidecar tells is read, also what another version added', () => {
  expect(parse(whole)).toEqual(whole);
  expect(parse({ cost: null })).toEqual({ ...least, cost: null });
});

test.each([
  ['seed', '8.5'],
  ['seed', '18446744073709551615'],
  ['seed', '"7"'],
  ['width', '128.5'],
  ['height', '-1'],
  ['bytes', 'null'],
  ['pictures', '[]'],
  ['createdAt', '12'],
  ['createdAt', '"yesterday"'],
  ['expiresAt', '1795219200000'],
  ['cost', '5'],
  ['cost', '[{"amount":"5"}]'],
  ['timings', '{}'],
  ['request', '["a boat"]'],
  ['applied', '[null]'],
  ['applied', '[{"option":"size"}]'],
  ['warnings', '["careful"]'],
  ['revisedPrompt', 'true'],
  ['sha256', '{}'],
])('%s: %s does not fit and is left out, the rest is kept', (name, value) => {
  expect(parseSidecar(JSON.stringify({ ...whole, [name]: 0 }).replace(`"${name}":0`, `"${name}":${value}`))).toEqual({
    ...whole,
    [name]: undefined,
  });
});

test.each([
  '',
  'null',
  '[]',
  '{"mine":true}',
  '{"anyimage":1}',
  '{"anyimage":1,"model":"paint/paint-1","prompt":"a boat"}',
  '{"anyimage":1,"prompt":{"original":"a boat","sent":"a boat"}}',
  '{"anyimage":"1","model":"paint/paint-1","prompt":{"original":"a boat","sent":"a boat"}}',
  '{"__proto__":{"anyimage":1,"model":"x","prompt":{"original":"","sent":""}}}',
])('%s is no sidecar', (text) => {
  expect(parseSidecar(text)).toBeUndefined();
});

test('a sidecar is read from a file of reasonable size, and from nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  const text = JSON.stringify(least);
  await writeFile(join(folder, 'boat.png.json'), text.padEnd(8 * 2 ** 20));
  await writeFile(join(folder, 'large.png.json'), text.padEnd(8 * 2 ** 20 + 1));
  expect(await readSidecar(join(folder, 'boat.png.json'))).toEqual(least);
  for (const name of ['large.png.json', 'none.png.json', ''])
    expect(await readSidecar(join(folder, name))).toBeUndefined();
});

test.skipIf(process.platform === 'win32')(
  'a pipe of the name of a sidecar is kept, and keeps nobody waiting',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
    await promisify(execFile)('mkfifo', [join(folder, 'boat.png.json')]);
    expect(await readSidecar(join(folder, 'boat.png.json'))).toBeUndefined();
    expect(await writeSidecar(join(folder, 'boat.png'), '{}', false)).toContain('was not replaced');
  },
);

test('no sidecar keeps the index from holding it and its neighbour', async () => {
  const database = await openDatabase(':memory:');
  prepareIndex(database);
  const names = Object.keys(whole);
  const values = fc.oneof(
    fc.jsonValue(),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  );
  const text = fc
    .dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), values)
    .map((facts) => `{"anyimage":1,${JSON.stringify({ model: 'm/m', prompt: least.prompt, ...facts }).slice(1)}`);
  fc.assert(
    fc.property(text, fc.boolean(), (odd, isLone) => {
      const sidecar = parseSidecar(isLone ? odd.replace('a boat', '\\ud800') : odd);
      const pictures = [
        ...(sidecar ? [{ path: '/odd.png', sidecar }] : []),
        { path: '/whole.png', sidecar: parse(whole)! },
      ];
      expect(addPictures(database, pictures)).toEqual([]);
      expect(findPictures(database, {})).toHaveLength(sidecar ? 2 : 1);
      removePictures(database, ['/odd.png', '/whole.png']);
    }),
  );
  database.close();
});

describe('what is written is read again, however much there is to tell', () => {
  const facts = { mediaType: 'image/png', width: 8, height: 4, byteLength: 100 };
  const file = { mediaType: 'image/png', bytes: 100, sha256: 'hash' };
  const long = (length: number) => 'x'.repeat(length);
  const textOf = (prompt: string, metadata: Json, warning: string) =>
    sidecarText({
      id: 'id',
      facts,
      file,
      inputs: [],
      applied: [],
      now: 0,
      request: { prompt, size: '8x4' },
      record: {
        model: 'paint/one',
        prompt: { original: prompt, sent: prompt },
        applied: [],
        warnings: [{ code: 'provider', message: warning }],
        metadata,
        timings: { totalMs: 1 },
      },
    });

  test.each([
    ['usual', 10, 10, 10, ['metadata', 'request']],
    ['of a long prompt', 1_000_000, 10, 10, ['metadata', 'request']],
    ['of much metadata', 10, 9_000_000, 10, ['request']],
    ['of long warnings', 10, 10, 9_000_000, ['request']],
    ['of a very long prompt', 3_000_000, 10, 10, []],
  ] as const)('a record %s', async (_, prompt, metadata, warning, kept) => {
    const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
    const path = join(folder, 'boat.png');
    expect(
      await writeSidecar(path, textOf(long(prompt), { note: long(metadata) }, long(warning)), false),
    ).toBeUndefined();
    const sidecar = await readSidecar(`${path}.json`);
    expect(sidecar).toMatchObject({ prompt: { original: long(prompt) }, model: 'paint/one', sha256: 'hash' });
    expect(['metadata', 'request'].filter((field) => field in sidecar!)).toEqual(kept);
    const isWhole = kept.length === 2;
    const told = sidecar!.warnings!.filter(({ message }) => message.includes('left out'));
    expect(told).toHaveLength(isWhole ? 0 : 1);
  });

  test('a record that cannot be read again is not written, and that is said', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
    const text = textOf(long(5_000_000), null, '');
    expect(await writeSidecar(join(folder, 'boat.png'), text, false)).toContain('longer than 8 MiB');
    const part = await openPart(folder, { home: folder });
    await part.write(Buffer.from(text));
    expect(await nameSidecar(part, join(folder, 'boat.png'), true)).toContain('longer than 8 MiB');
    await part.discard();
    expect(await readdir(folder)).toEqual([]);
  });
});
