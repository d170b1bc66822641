import { expect, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import { createRegistry } from './registry.ts';

const row: ModelCapabilities = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
};
const paint = defineProvider({
  id: 'paint',
  label: 'Paint',
  models: {
    'oil-2': { ...row, aliases: ['oil-2-latest'] },
    'oil-2-mini': { ...row, regions: { home: {}, abroad: { id: 'oil-2-small' } } },
    'hub/owner/name': row,
    'water-1': { ...row, dated: true },
  },
  regions: { home: { baseURL: 'https://paint.example' }, abroad: { baseURL: 'https://paint.invalid' } },
  keys: [{ env: 'PAINT_KEY' }],
  sign: () => ({}),
});
const open = defineProvider({ ...paint(), id: 'open', models: {}, unlisted: row, keys: [] });
const registry = createRegistry({
  providers: [paint(), open()],
  aliases: { draw: ['paint/oil-2-mini', 'open/x'], mine: 'paint' },
});
const names = (model?: string | string[]) =>
  registry.resolve(model).map(({ entry, id }) => `${entry.definition.id} ${id}`);

test('a bare provider means its default model, no name the first provider', () => {
  expect(names('paint')).toEqual(['paint oil-2']);
  expect(names(undefined)).toEqual(['paint oil-2']);
});

test('the name is split at the first slash', () => {
  expect(names('paint/hub/owner/name')).toEqual(['paint hub/owner/name']);
});

test('aliases of the person come first, lists keep their order', () => {
  expect(names('draw')).toEqual(['paint oil-2-mini', 'open x']);
  expect(names(['mine', 'draw'])).toEqual(['paint oil-2', 'paint oil-2-mini', 'open x']);
});

test.each([
  [{ loop: 'loop' }, 'loop', 'the alias "loop" names itself'],
  [{ loop: ['paint', 'loop'] }, 'loop', 'the alias "loop" names itself'],
  [{ a: 'b', b: 'paint' }, 'a', 'the alias "a" names "b", which is an alias, too'],
])('an alias that names an alias is refused as such: %j', (aliases, name, message) => {
  expect(() => createRegistry({ providers: [paint()], aliases }).resolve(name)).toThrow(
    expect.objectContaining({
      code: 'config',
      message,
      details: expect.objectContaining({ option: 'model' }),
      hint: 'Let it name a provider or one of its models, as PROVIDER/MODEL. Providers: paint.',
    }),
  );
});

test('an alias may have the name of a provider, and mean it', () => {
  const { resolve } = createRegistry({ providers: [paint(), open()], aliases: { paint: ['paint', 'open/x'] } });
  expect(resolve('paint').map(({ entry }) => entry.definition.id)).toEqual(['paint', 'open']);
});

test.each([
  ['oil-2-latest', 'oil-2'],
  ['oil-2-small', 'oil-2-mini'],
])('another id of a row, also that of a region, is resolved and reported: %s', (name, id) => {
  const [entry] = registry.resolve(`paint/${name}`);
  expect(entry).toMatchObject({ id, applied: [{ option: 'model', asked: `paint/${name}`, sent: `paint/${id}` }] });
});

test('an id with a day behind it has the row of the model, and stays as it is', () => {
  const [entry] = registry.resolve('paint/water-1-2026-01-09');
  expect(entry).toMatchObject({ id: 'water-1-2026-01-09', row: { dated: true }, applied: [], warnings: [] });
});

test.each(['oil-2-2026-01-09', 'water-1-2026-01', 'water-1-2026-01-09-2026-01-09', 'water-12026-01-09', '-2026-01-09'])(
  '%s is no id of a model with days',
  (name) => {
    expect(() => registry.resolve(`paint/${name}`)).toThrow(expect.objectContaining({ code: 'not-found' }));
  },
);

test('an id that no table can list is passed on with a warning', () => {
  expect(registry.resolve('open/whatever')[0]).toMatchObject({ id: 'whatever', warnings: [{ code: 'unlisted' }] });
});

test.each([
  ['pant', /Did you mean paint\?/],
  ['oil-2', /Did you mean paint\/oil-2\?/],
  ['oil-2-latest', /Did you mean paint\/oil-2\?/],
  ['pain/oil-2-mini', /paint\/oil-2-mini/],
  ['zzzzzzzz', /^Providers: paint, open\.$/],
  ['constructor', /Providers: paint, open\.$/],
])('the unknown name %s is refused with the nearest', (name, hint) => {
  expect(() => registry.resolve(name)).toThrow(
    expect.objectContaining({ code: 'not-found', hint: expect.stringMatching(hint) }),
  );
});

test('an unknown model is refused with the nearest of its provider', () => {
  expect(() => registry.resolve('paint/constructor')).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(() => registry.resolve('paint/oil-3')).toThrow(
    expect.objectContaining({ code: 'not-found', hint: expect.stringMatching(/^Did you mean paint\/oil-2/) }),
  );
});

test('code is loaded once, on first use', async () => {
  let loads = 0;
  const lazy = createRegistry({
    providers: [
      {
        definition: paint(),
        load: async () => {
          loads += 1;
          return paint;
        },
      },
    ],
  });
  const [model] = lazy.resolve('paint');
  expect(loads).toBe(0);
  await Promise.all([model!.entry.load(), model!.entry.load()]);
  expect(loads).toBe(1);
});

test('code that could not be loaded is loaded again the next time', async () => {
  let loads = 0;
  const flaky = createRegistry({
    providers: [
      {
        definition: paint(),
        load: async () => {
          loads += 1;
          if (loads === 1) throw new Error('the disk was away');
          return paint;
        },
      },
    ],
  });
  const { entry } = flaky.resolve('paint')[0]!;
  await expect(entry.load()).rejects.toThrow('the disk was away');
  expect((await entry.load()).id).toBe('paint');
  await entry.load();
  expect(loads).toBe(2);
});

test('a provider without a usual model asks for one', () => {
  expect(() => registry.resolve('open')).toThrow(
    expect.objectContaining({ code: 'invalid-request', hint: 'Name one of its models: open/MODEL.' }),
  );
});

test('configured are those whose key is set and those that need none', () => {
  expect(registry.configured({}).map(({ definition }) => definition.id)).toEqual(['open']);
  expect(registry.configured({ PAINT_KEY: 'test-key' }).map(({ definition }) => definition.id)).toEqual([
    'paint',
    'open',
  ]);
});

test.each([
  ['PAINT', 'paint oil-2'],
  ['Paint/Oil-2', 'paint oil-2'],
  ['paint/OIL-2-Latest', 'paint oil-2'],
  ['paint/Oil-2-Small', 'paint oil-2-mini'],
  ['Paint/HUB/Owner/Name', 'paint hub/owner/name'],
  ['paint/Water-1-2026-01-31', 'paint water-1-2026-01-31'],
  ['MINE', 'paint oil-2'],
  ['Open/Any-Model', 'open Any-Model'],
])('capitals tell no names apart: %s', (asked, meant) => {
  expect(names(asked)).toEqual([meant]);
  expect(registry.resolve(asked)[0]?.applied.filter(({ because }) => !because.includes('another name'))).toEqual([]);
});

test('where names differ in capitals alone, the one that is written so is meant', () => {
  const both = defineProvider({ ...paint(), id: 'both', models: { Oil: row, oil: row } });
  const other = createRegistry({
    providers: [both(), open()],
    aliases: { Both: 'open/a', quick: 'both/oil', Quick: 'both/Oil' },
  });
  const one = (name: string) => other.resolve(name).map(({ entry, id }) => `${entry.definition.id} ${id}`)[0];
  expect(['both/Oil', 'both/oil', 'both', 'Both', 'quick', 'Quick'].map(one)).toEqual([
    'both Oil',
    'both oil',
    'both Oil',
    'open a',
    'both oil',
    'both Oil',
  ]);
  expect(other.candidates('AUTO')).toEqual(['auto']);
});
