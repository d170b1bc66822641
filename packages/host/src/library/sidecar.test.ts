import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../files/sqlite.ts';
import { addPictures, findPictures, prepareIndex, removePictures } from './picture-index.ts';
import { parseSidecar, readSidecar, writeSidecar } from './sidecar.ts';

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
  await writeFile(join(folder, 'boat.png.json'), text.padEnd(2 ** 20));
  await writeFile(join(folder, 'large.png.json'), text.padEnd(2 ** 20 + 1));
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
