import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LazyProvider, ModelCapabilities } from '@anyimage/core';
import { keepListed, keepUpdated, loadSettings } from '@anyimage/host';
import { expect, test } from 'vitest';
import { checkTables } from './tables.ts';

const baseURL = 'https://paint.example/v1';
const row = (checked: ModelCapabilities['checked']): ModelCapabilities => ({
  label: 'Paint',
  source: 'https://paint.example/docs',
  checked,
  operations: { generate: {} },
  delivery: { as: 'bytes' },
});
const paint: LazyProvider = {
  definition: {
    // Of a package that comes with anyimage: the table of a newer one counts.
    id: 'cogview',
    label: 'Paint',
    models: { one: row('2026-11-01'), two: row('2026-11-20') },
    catalogue: true,
    regions: { world: { baseURL } },
    keys: [{ env: 'PAINT_API_KEY' }],
  },
  load: () => Promise.reject(new Error('tables need no code')),
};
const now = Date.parse('2026-11-29T12:00:00Z');

async function settingsOf(home: string, env = {}) {
  return loadSettings({
    env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ...env },
    folder: home,
    providers: [paint],
  });
}
const newHome = () => mkdtemp(join(tmpdir(), 'anyimage-home-'));

test('says how old each part of the tables is', async () => {
  const home = await newHome();
  const listed = { baseURL, at: now, models: [{ id: 'three', row: row('2026-11-29') }] };
  await keepListed(home, 'cogview', listed);
  const table = { integrity: 'sha512-x', at: now, models: { two: row('2026-11-25') } };
  await keepUpdated(home, 'cogview', () => ({ package: '@anyimage/provider-cogview', version: '2.0.0', ...table }));
  expect(checkTables(await settingsOf(home, { PAINT_API_KEY: 'test-key' }), now)).toEqual([
    {
      name: 'tables',
      state: 'ok',
      message:
        'written with the code: checked 2026-11-01; cogview: of @anyimage/provider-cogview@2.0.0, fetched 2026-11-29; cogview: 1 model of its catalogue, asked 2026-11-29',
    },
  ]);
  await keepUpdated(home, 'cogview', () => ({ package: '@anyimage/provider-cogview', version: '0.0.0', ...table }));
  const [overtaken] = checkTables(await settingsOf(home), now);
  expect(overtaken?.message).not.toContain('fetched');
});

test('says which catalogue was never asked, if it could be', async () => {
  const home = await newHome();
  expect(checkTables(await settingsOf(home), now)).toHaveLength(1);
  const [, never] = checkTables(await settingsOf(home, { PAINT_API_KEY: 'test-key' }), now);
  expect(never).toMatchObject({ state: 'note', message: 'cogview has a catalogue, and was not asked for it yet' });
});

test('what was checked long ago is worth a look', async () => {
  const [line] = checkTables(await settingsOf(await newHome()), Date.parse('2027-03-01'));
  expect(line).toMatchObject({ state: 'note', hint: expect.stringContaining('models update') });
});
