import type { Json, ModelCapabilities } from '@anyimage/core';
import { expect, test } from 'vitest';
import { anyOther, compareTables, type Tables } from './compare-tables.ts';

const paint: ModelCapabilities = {
  label: 'Paint 1',
  source: 'https://paint.example',
  checked: '2026-11-20',
  operations: { generate: { wire: { path: 'images', body: { form: true } } }, edit: { modes: ['job'] } },
  delivery: { as: 'bytes' },
  prices: [{ amount: 0.04, currency: 'USD', per: 'image' }],
  wire: { usd: { in: 2 }, parts: ['a', 'b'] },
};
const cheap = { prices: [{ amount: 0.02, currency: 'USD', per: 'image' }] } as const;
const installed: Tables = { models: { one: paint, two: { ...paint, label: 'Paint 2' } } };
const compare = (newer: Tables, kept?: Tables, acceptLower = false) =>
  compareTables({ installed, kept, newer, acceptLower });

test('new, changed and retired rows are told by their words, and only they are kept', () => {
  const one = { ...paint, checked: '2026-12-01', size: { presets: ['8x8'], default: '8x8' } } as const;
  const two = { ...installed.models.two!, retires: '2027-01-01', successor: 'three' } as const;
  const three = { ...paint, label: 'Paint 3' };
  const { rows, lower, leftOut, tables } = compare({ models: { one, two, three } });
  expect(rows).toEqual([
    {
      model: 'one',
      kind: 'changed',
      row: one,
      words: [
        { word: 'checked', before: '2026-11-20', after: '2026-12-01' },
        { word: 'size', before: undefined, after: one.size },
      ],
    },
    {
      model: 'two',
      kind: 'retired',
      row: two,
      words: [
        { word: 'retires', before: undefined, after: '2027-01-01' },
        { word: 'successor', before: undefined, after: 'three' },
      ],
    },
    { model: 'three', kind: 'new', row: three, words: [] },
  ]);
  expect({ lower, leftOut, tables }).toEqual({ lower: [], leftOut: [], tables: { models: { one, two, three } } });
});

test('a row that a newer table lacks stays; one that is again as the code says is not kept', () => {
  const kept = { models: { one: { ...paint, label: 'Other' }, four: paint } };
  expect(compare({ models: { one: paint } }, kept)).toMatchObject({
    rows: [{ model: 'one', kind: 'changed', words: [{ word: 'label', before: 'Other', after: 'Paint 1' }] }],
    tables: { models: { four: paint } },
  });
  expect(compare({ models: {} }, kept).tables).toEqual(kept);
  expect(compare({ models: kept.models }, kept)).toMatchObject({ rows: [], tables: kept });
});

test('a lower price is told and not taken, with all else of its row; accepted, it is', () => {
  const next = { models: { one: { ...paint, ...cheap, label: 'Better' } } };
  const held = compare(next);
  expect(held.lower).toEqual([
    { model: 'one', operation: 'generate', path: ['prices'], before: paint.prices, after: cheap.prices },
    { model: 'one', operation: 'edit', path: ['prices'], before: paint.prices, after: cheap.prices },
  ]);
  expect(held.tables.models).toEqual({ one: { ...paint, label: 'Better' } });
  expect(held.rows).toMatchObject([{ words: [{ word: 'label' }] }]);
  expect(compare(next, held.tables)).toMatchObject({ rows: [], lower: held.lower, tables: held.tables });
  expect(compare(next, held.tables, true)).toMatchObject({
    rows: [{ model: 'one', words: [{ word: 'prices' }] }],
    tables: next,
  });
});

test.each<[what: string, row: Partial<ModelCapabilities>, unknown: string | undefined]>([
  ['a number', { wire: { usd: { in: 99 } } }, undefined],
  ['what stands there in another row', { wire: { parts: ['b', 'b'] } }, undefined],
  ['another text', { wire: { parts: ['c'] } }, 'wire.parts[] "c"'],
  ['another key', { wire: { route: 'images' } }, 'wire.route "images"'],
  ['a known key elsewhere', { wire: { form: true } }, 'wire.form true'],
  ['another truth', { operations: { edit: { wire: { body: { form: false } } } } }, 'wire.body.form false'],
  ['a text in place of an object', { wire: { usd: 'free' } }, 'wire.usd "free"'],
  ['nothing in place of a text', { operations: { generate: { wire: { path: null } } } }, 'wire.path null'],
  [
    'a key that objects have',
    { wire: JSON.parse('{"__proto__": {"in": 1}}') as { [key: string]: Json } },
    'wire.__proto__',
  ],
  ['a known operation', { operations: { edit: {} } }, undefined],
  ['another operation', { operations: { animate: {} } }, 'operations "animate"'],
  ['jobs, which there are', { modes: ['job'] }, undefined],
])('a row of which the code %s', (_, changes, unknown) => {
  const row = { ...paint, ...changes };
  const { rows, leftOut, tables } = compare({ models: { next: row, one: row } }, { models: { one: paint } });
  if (unknown === undefined) expect([rows.map(({ model }) => model), leftOut]).toEqual([['next', 'one'], []]);
  else {
    expect([rows, leftOut]).toEqual([[], ['next', 'one'].map((model) => ({ model, unknown }))]);
    expect(tables).toEqual({ models: { one: paint } });
  }
});

test('jobs are left out where the code knows calls alone', () => {
  const calls = { models: { one: { ...paint, operations: { generate: {} } } } };
  const newer = { models: { two: { ...calls.models.one, modes: ['job'] } } } as const;
  expect(compareTables({ installed: calls, newer, acceptLower: false }).leftOut).toEqual([
    { model: 'two', unknown: 'modes "job"' },
  ]);
});

test('the row for models in no table is a row like others, and so are its families', () => {
  const family = (row: ModelCapabilities) => ({
    ...paint,
    families: { option: 'kind', rows: { image: { ids: '^image', row } } },
  });
  const before = { models: {}, unlisted: family(paint) };
  const unlisted = family({ ...paint, ...cheap, label: 'Family' });
  const held = compareTables({ installed: before, newer: { models: {}, unlisted }, acceptLower: false });
  expect(held).toMatchObject({ rows: [{ model: anyOther, kind: 'changed' }], lower: [{ model: anyOther }, {}] });
  expect(held.tables).toEqual({ models: {}, unlisted: family({ ...paint, label: 'Family' }) });
  const odd = family({ ...paint, wire: { path: 'else' } });
  expect(compareTables({ installed: before, newer: { models: {}, unlisted: odd }, acceptLower: true })).toMatchObject({
    rows: [],
    leftOut: [{ model: anyOther, unknown: 'wire.path "else"' }],
  });
});

test.each<[what: string, meant: Partial<ModelCapabilities>, id: string]>([
  ['another name', { aliases: ['latest'] }, 'latest'],
  ['a name with a day', { dated: true }, 'one-2026-01-09'],
  ['the id of a region', { regions: { there: { id: 'one-there' } } }, 'one-there'],
])('a new row under %s of one that costs more waits for a yes', (_, meant, id) => {
  const code = { models: { one: { ...paint, ...meant } } };
  const newer = { models: { [id]: { ...paint, ...cheap } } };
  const held = compareTables({ installed: code, newer, acceptLower: false });
  expect(held).toMatchObject({ rows: [], lower: [{ model: id, path: ['prices'] }, {}], tables: { models: {} } });
  const taken = compareTables({ installed: code, newer, acceptLower: true });
  expect(taken).toMatchObject({ rows: [{ model: id, kind: 'new' }], tables: newer });
  const dear = { models: { [id]: paint } };
  expect(compareTables({ installed: code, newer: dear, acceptLower: false })).toMatchObject({
    lower: [],
    tables: dear,
  });
});

test('a new row under an id that counted as any other model waits for a yes if it costs less', () => {
  const code = (unlisted: ModelCapabilities) => ({ models: {}, unlisted });
  const newer = { models: { next: { ...paint, ...cheap } } };
  const lower = (unlisted: ModelCapabilities) =>
    compareTables({ installed: code(unlisted), newer, acceptLower: false }).lower.length > 0;
  const { prices: _, ...unpriced } = paint;
  expect(lower(paint)).toBe(true);
  expect(lower(unpriced)).toBe(false);
  expect(lower({ ...unpriced, families: { option: 'kind', rows: { image: { ids: '^n', row: paint } } } })).toBe(true);
});

test('families to which other ids lead keep their ways where one of them costs less', () => {
  const { prices: _, ...unpriced } = paint;
  type Family = readonly [name: string, ids: string, row: ModelCapabilities];
  const table = (...families: readonly Family[]) => ({
    models: {},
    unlisted: {
      ...unpriced,
      families: { option: 'kind', rows: Object.fromEntries(families.map(([name, ids, row]) => [name, { ids, row }])) },
    },
  });
  const before = table(['image', '^image', paint]);
  const compareTo = (newer: Tables) => compareTables({ installed: before, newer, acceptLower: false });
  for (const newer of [
    table(['any', '.', { ...paint, ...cheap }], ['image', '^image', paint]),
    table(['image', '^image-1', paint], ['rest', '^image', { ...paint, ...cheap }]),
    table(['image', '^image-1', paint]),
  ]) {
    const { lower, tables } = compareTo(newer);
    expect(lower).toMatchObject([{ model: anyOther, path: ['families'] }]);
    expect(tables).toEqual({ models: {} });
  }
  const dearer = table(['image', '^image', paint], ['more', '^more', paint]);
  const free = { ...before, unlisted: table(['image', '^image', unpriced]).unlisted };
  expect(compareTables({ installed: free, newer: dearer, acceptLower: false })).toMatchObject({
    lower: [],
    tables: dearer,
  });
});

test('an option that goes out unasked must be one that goes out unasked by the code, with a text that it knows', () => {
  const sent = (name: string, initial: string | number) =>
    ({
      ...paint,
      options: {
        [name]: { type: typeof initial === 'string' ? 'string' : 'number', default: initial, send: 'always' },
      },
    }) as ModelCapabilities;
  const code = { models: { one: sent('mode', 'fast') } };
  const unknownIn = (row: ModelCapabilities) =>
    compareTables({ installed: code, newer: { models: { two: row } }, acceptLower: false }).leftOut[0]?.unknown;
  expect(unknownIn(sent('mode', 'fast'))).toBeUndefined();
  expect(unknownIn(sent('mode', 'slow'))).toBe('options.mode.default "slow"');
  expect(unknownIn(sent('n', 9))).toBe('options.n.default');
  expect(unknownIn({ ...paint, options: { n: { type: 'integer', default: 9 } } })).toBeUndefined();
});

test('a model of the name that stands for all others is none', () => {
  const code = { models: {}, unlisted: paint };
  const newer = { models: { [anyOther]: { ...paint, label: 'All' } } };
  expect(compareTables({ installed: code, newer, acceptLower: true })).toMatchObject({
    rows: [],
    tables: { models: {} },
  });
});
