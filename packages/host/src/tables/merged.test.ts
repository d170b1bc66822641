import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type LazyProvider,
  type ModelCapabilities,
  type OwnModels,
  type ProviderDefinition,
  withOwnModels,
} from '@anyimage/core';
import { expect, test } from 'vitest';
import { listModels } from '../services/model-facts.ts';
import type { Notice } from '../text/notice.ts';
import { type Kept, keptPath } from './kept.ts';
import { openTables } from './kept-tables.ts';
import { type TableSources, withTables } from './merged.ts';

const baseURL = 'https://paint.example/v1';
const row = (label: string, more: Partial<ModelCapabilities> = {}): ModelCapabilities => ({
  label,
  source: 'https://paint.example/docs',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
  ...more,
});
const paint: ProviderDefinition = {
  id: 'paint',
  label: 'Paint',
  models: { one: row('One'), two: row('Two'), three: row('Three', { origin: 'own' }), four: row('Four') },
  unlisted: row('Any', { open: true }),
  catalogue: true,
  regions: { world: { baseURL } },
  keys: [{ env: 'PAINT_API_KEY' }],
  baseURLs: [{ env: 'PAINT_BASE_URL' }],
};
const listed: Kept['listed'] = {
  baseURL,
  at: Date.parse('2026-11-29'),
  models: [{ id: 'two', row: row('Two of the catalogue') }, { id: 'five', row: row('Five') }, { id: 'six' }],
};
const updated: Kept['updated'] = {
  package: 'p',
  version: '1.1.0',
  integrity: 'sha512-x',
  at: 1,
  models: {
    one: row('One, newer'),
    two: row('Two, newer'),
    seven: row('Seven'),
  },
  unlisted: row('Any, newer', { open: true }),
};

/** A provider in a home where that is kept. `models`: what is written, as a getter if it is one. */
async function provide(text: string, sources: Partial<TableSources> = {}, definition = paint) {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-'));
  await mkdir(dirname(keptPath(home, 'paint')), { recursive: true });
  await writeFile(keptPath(home, 'paint'), text);
  const notices: Notice[] = [];
  const tables = openTables(home, (notice) => notices.push(notice));
  const load = () => Promise.reject(new Error('tables need no code'));
  const installed = { package: 'p', version: '1.0.0' };
  const provider = withTables({ definition, load }, { tables, env: {}, installed, ...sources });
  return { home, tables, notices, provider, path: keptPath(home, 'paint') };
}

const over = (own: OwnModels) => (definition: ProviderDefinition) => withOwnModels(definition, own);
const kept = (parts: Kept) => JSON.stringify({ version: 1, ...parts });
const shown = ({ definition: { models } }: LazyProvider) =>
  Object.entries(models).map(([id, { label, origin }]) => `${id}: ${label}${origin ? ` (${origin})` : ''}`);

test('own rows lie over the catalogue, that over a newer package, that over what came with the code', async () => {
  const own = { five: { like: 'two', label: 'Five of mine' }, eight: { like: 'seven' } };
  const { provider } = await provide(kept({ listed, updated }), { layOwn: over(own) });
  expect(shown(provider)).toEqual([
    'one: One, newer (updated)',
    'two: Two of the catalogue (catalogue)',
    'three: Three',
    'four: Four',
    'seven: Seven (updated)',
    'five: Five of mine (own)',
    'eight: eight (own)',
  ]);
  expect(provider.definition.unlisted).toMatchObject({ label: 'Any, newer' });
});

test('each model is told with where its row comes from, and of which day', async () => {
  const { provider, tables } = await provide(kept({ listed, updated }), { layOwn: over({ eight: { like: 'seven' } }) });
  const facts = listModels([provider], {}, tables, Date.parse('2026-11-30'));
  expect(facts.map(({ id, origin, checked }) => [id, origin, checked])).toEqual([
    ['one', 'updated', '2026-11-20'],
    ['two', 'catalogue', '2026-11-20'],
    ['three', 'written', '2026-11-20'],
    ['four', 'written', '2026-11-20'],
    ['seven', 'updated', '2026-11-20'],
    ['five', 'catalogue', '2026-11-20'],
    ['eight', 'own', '2026-11-20'],
    ['six', 'listed', '2026-11-29'],
  ]);
});

test.each([
  ['of that version', { package: 'p', version: '1.1.0' }],
  ['newer', { package: 'p', version: '2.0.0' }],
  ['of another package', { package: 'q', version: '1.0.0' }],
  ['of no package', undefined],
])('the table of a package does not count where the code is %s', async (_, installed) => {
  const { provider } = await provide(kept({ updated }), { installed });
  expect(shown(provider)).toEqual(['one: One', 'two: Two', 'three: Three', 'four: Four']);
  expect(provider.definition.unlisted).toBe(paint.unlisted);
});

test('code that knows no models but those of its table gets none for others', async () => {
  const { provider } = await provide(kept({ updated }), {}, { ...paint, unlisted: undefined });
  expect(provider.definition.unlisted).toBeUndefined();
});

test('what another server listed says nothing of this one', async () => {
  const { provider } = await provide(kept({ listed }), { env: { PAINT_BASE_URL: 'https://other.example' } });
  expect(shown(provider)).toEqual(['one: One', 'two: Two', 'three: Three', 'four: Four']);
});

test('what is kept is read when a table is looked at, once, and so is a table that is read then', async () => {
  let looked = 0;
  const lazy = Object.defineProperty({ ...paint }, 'models', {
    get() {
      looked += 1;
      return paint.models;
    },
    enumerable: true,
  });
  const { provider, path, notices } = await provide('damaged', {}, lazy);
  expect([provider.definition.id, looked]).toEqual(['paint', 0]);
  await writeFile(path, kept({ listed }));
  expect(shown(provider)).toContain('five: Five (catalogue)');
  await writeFile(path, 'damaged');
  expect(shown(provider)).toContain('five: Five (catalogue)');
  expect(provider.definition.models).toBe(provider.definition.models);
  expect(notices).toEqual([]);
});

test('a list that comes while the program runs counts at once, in a table of one’s own, too', async () => {
  const { provider, tables } = await provide(kept({}), { layOwn: over({ mine: { like: 'one' } }) });
  expect(Object.keys(provider.definition.models)).not.toContain('five');
  tables.take('paint', listed!);
  expect(Object.keys(provider.definition.models)).toEqual(['one', 'two', 'three', 'four', 'five', 'mine']);
});

test.each([
  ['damaged', 'is damaged'],
  ['{"version":9}', 'newer version'],
])('a file that cannot be used is told once, and what came with the code holds', async (text, reason) => {
  const { provider, path, notices } = await provide(text);
  expect([shown(provider), shown(provider)][1]).toEqual(['one: One', 'two: Two', 'three: Three', 'four: Four']);
  expect(notices).toEqual([{ kind: 'models-unread', path, reason: expect.stringContaining(reason) }]);
});
