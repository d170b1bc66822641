import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ModelCapabilities, ModelTable, OwnModels } from '../contract/capabilities.ts';
import { limitsOf } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { checkRow } from './check-table.ts';
import { mergePatch } from './merge-patch.ts';
import { ownRow, withOwnModels } from './own-models.ts';
import { tableOf } from './table-of.ts';

const facts = {
  label: 'Paint',
  source: 'https://paint.example',
  checked: '2026-11-20',
  delivery: { as: 'bytes' },
} as const;
const models = {
  'paint-4': {
    ...facts,
    aliases: ['paint-latest'],
    deprecated: '2026-01-01',
    retires: '2027-01-01',
    successor: 'paint-5',
    dated: true,
    regions: { east: { id: 'paint-4-east', retires: '2026-12-01' } },
    quality: { values: ['low', 'high'], default: 'low' },
    size: { presets: ['512x512'], default: '512x512' },
    options: { steps: { type: 'integer', max: 50 } },
    prices: [{ amount: 0.04, currency: 'USD', per: 'image' }],
    wire: { route: 'images', speed: 1 },
    operations: {
      generate: {},
      edit: {
        size: { tiers: ['1K'], ratios: ['1:1'], default: { tier: '1K' } },
        prices: [{ amount: 0.08, currency: 'USD', per: 'image' }],
        options: { look: { type: 'string', values: ['soft', 'hard'] } },
        seed: { max: 9, within: 'same' },
      },
      upscale: { size: false, quality: false },
    },
  },
  'paint-5': { ...facts, operations: { generate: {} } },
} as const satisfies ModelTable;
const paint: ProviderDefinition = {
  id: 'paint',
  label: 'Paint',
  models,
  regions: { main: { baseURL: 'https://paint.example' } },
  keys: [],
};
const rowOf = (own: unknown): ModelCapabilities => ownRow(paint, { mine: own } as OwnModels, 'mine');
const refusal = (own: unknown, id = 'mine'): ImageError => {
  try {
    withOwnModels(paint, own as OwnModels).models[id];
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('a row that is like another', () => {
  test('is that one, without what is said of one model alone', () => {
    const { aliases: _, deprecated: __, retires: ___, successor: ____, dated: _____, ...rest } = models['paint-4'];
    expect(rowOf({ like: 'paint-4' })).toEqual({ ...rest, label: 'mine', regions: { east: {} }, origin: 'own' });
  });

  test('may be like another name of a model, or one of its days', () => {
    expect(rowOf({ like: 'paint-latest' }).quality).toEqual(models['paint-4'].quality);
    expect(rowOf({ like: 'paint-4-2026-01-01' }).quality).toEqual(models['paint-4'].quality);
  });

  test('is changed word by word; lists are replaced, and null takes a word away', () => {
    const row = rowOf({
      like: 'paint-4',
      label: 'Mine',
      quality: { values: ['low', 'high', 'ultra'] },
      wire: { speed: null, mode: 'x' },
      prices: null,
      regions: null,
    });
    expect(row).toMatchObject({ label: 'Mine', quality: { values: ['low', 'high', 'ultra'], default: 'low' } });
    expect(row.wire).toEqual({ route: 'images', mode: 'x' });
    expect(row).not.toHaveProperty('prices');
    expect(row).not.toHaveProperty('regions');
  });

  test('has a word in each operation that says it itself, too', () => {
    const prices = [{ amount: 1, currency: 'USD', per: 'image' }];
    const row = rowOf({ like: 'paint-4', prices, size: { tiers: ['1K', '2K'] } });
    for (const operation of ['generate', 'edit', 'upscale']) expect(limitsOf(row, operation)?.prices).toEqual(prices);
    expect(limitsOf(row, 'edit')?.size).toEqual({ tiers: ['1K', '2K'], ratios: ['1:1'], default: { tier: '1K' } });
    expect(limitsOf(row, 'generate')?.size).toMatchObject({ presets: ['512x512'], tiers: ['1K', '2K'] });
    expect(limitsOf(rowOf({ like: 'paint-4', prices: null }), 'edit')?.prices).toBeUndefined();
  });

  test('gets nothing by a part of it in an operation that has none of it', () => {
    expect(limitsOf(rowOf({ like: 'paint-4', size: { tiers: ['1K'] } }), 'upscale')?.size).toBe(false);
    const size = { presets: ['64x64'], default: '64x64' } as const;
    expect(limitsOf(rowOf({ like: 'paint-4', operations: { upscale: { size } } }), 'upscale')?.size).toEqual(size);
  });

  test('changes a part of what operations alone say there', () => {
    const row = rowOf({
      like: 'paint-4',
      seed: { max: 99 },
      options: { look: { values: ['soft'] }, steps: { max: 9 } },
    });
    expect(row).not.toHaveProperty('seed');
    expect(limitsOf(row, 'edit')?.seed).toEqual({ max: 99, within: 'same' });
    expect(limitsOf(row, 'edit')?.options).toEqual({
      steps: { type: 'integer', max: 9 },
      look: { type: 'string', values: ['soft'] },
    });
    expect(limitsOf(row, 'generate')?.options).toEqual({ steps: { type: 'integer', max: 9 } });
    const more = rowOf({ like: 'paint-4', options: { look: { values: ['a'] }, hue: { type: 'number' } } });
    expect(Object.keys(limitsOf(more, 'generate')?.options ?? {})).toEqual(['steps', 'hue']);
  });

  test('may have operations more, or fewer', () => {
    expect(Object.keys(rowOf({ like: 'paint-4', operations: { edit: null, inpaint: {} } }).operations)).toEqual([
      'generate',
      'upscale',
      'inpaint',
    ]);
  });

  test('is the same model if it is like its own id', () => {
    const { models: table } = withOwnModels(paint, { 'paint-4': { like: 'paint-4', perCall: 2 } });
    expect(table['paint-4']).toEqual({ ...models['paint-4'], perCall: 2, origin: 'own' });
  });

  test('is like itself as a request finds it, where no table has it', () => {
    const any = models['paint-5'];
    const row = { ...any, label: 'Studio', open: true } as const;
    const families = { option: 'kind', rows: { chat: { ids: '^talk', row } } };
    const open = { ...paint, unlisted: { ...any, label: 'Paint', families } };
    const rows = withOwnModels(open, { 'talk-2': { like: 'talk-2', perCall: 2 }, other: { like: 'other' } }).models;
    expect(rows['talk-2']).toEqual({ ...row, label: 'talk-2', perCall: 2, origin: 'own' });
    expect(rows.other).toEqual({ ...any, label: 'other', origin: 'own' });
    expect(() => withOwnModels(open, { mine: { like: 'other-2' } }).models).toThrow(/other-2/);
    expect(() => withOwnModels(paint, { other: { like: 'other' } }).models).toThrow(/other/);
  });

  test('may take the place of the row that it is like, or be like another one of one’s own', () => {
    const own = { 'paint-4': { like: 'paint-4', wording: 'brief' }, mine: { like: 'paint-4' } } as const;
    const { models } = withOwnModels(paint, own);
    expect(models).toMatchObject({
      'paint-4': { wording: 'brief', quality: { default: 'low' } },
      mine: { wording: 'brief' },
      'paint-5': { label: 'Paint' },
    });
    expect(models['paint-5']).not.toHaveProperty('origin');
  });
});

test('a whole row stands as it is, named by its id where it has no label', () => {
  const { label: _, ...row } = models['paint-5'];
  expect(rowOf(row)).toEqual({ ...row, label: 'mine', origin: 'own' });
});

test('rows of a catalogue can be given', () => {
  const list = { models: [{ id: 'a/b', row: models['paint-5'] }, { id: 'without' }] };
  expect(tableOf(list)).toEqual({ 'a/b': { ...models['paint-5'], origin: 'catalogue' } });
  expect(withOwnModels(paint, tableOf(list)).models['a/b']).toEqual({ ...models['paint-5'], origin: 'own' });
});

test('words of a later version in rows of a catalogue are no mistake, and in one’s own they are', () => {
  const later = { ...models['paint-5'], glow: 3, operations: { generate: { '': { '': 1 } } } } as ModelCapabilities;
  const given = tableOf({ models: [{ id: 'a/b', row: later }] });
  expect(withOwnModels(paint, given).models['a/b']).toEqual({ ...later, origin: 'own' });
  expect(() => withOwnModels(paint, { 'a/b': later }).models).toThrow('is no word of a table here');
});

test('a table is put together when it is looked at, once', () => {
  let looked = 0;
  const lazy = {
    ...paint,
    get models() {
      looked++;
      return models;
    },
  };
  const own = withOwnModels(lazy, { mine: { like: 'paint-4' } });
  expect(own).toMatchObject({ id: 'paint', label: 'Paint' });
  looked = 0;
  const table = own.models;
  expect(Object.keys(table)).toEqual(['paint-4', 'paint-5', 'mine']);
  expect(own.models).toBe(table);
  expect(looked).toBeGreaterThan(0);
  expect(withOwnModels(lazy, undefined)).toBe(lazy);
});

test.each<[what: string, own: unknown, message: string, hint?: string]>([
  ['no object', 5, 'the own models of paint must be an object'],
  ['a row that is none', { mine: null }, 'the own model paint/mine must be an object'],
  ['a row that is a list', { mine: [] }, 'the own model paint/mine must be an object'],
  ['a half row', { mine: { label: 'Mine' } }, 'the own model paint/mine: '],
  [
    'a model it is like that there is not',
    { mine: { like: 'paint-6' } },
    'mine: like names paint-6, and paint has no such model',
    'Did you mean',
  ],
  ['a like that is none', { mine: { like: 4 } }, 'paint/mine: like must be the id of a model'],
  ['one that is like itself', { mine: { like: 'mine' } }, 'mine: like names mine, and paint has no such model'],
  [
    'two that are like each other',
    { mine: { like: 'b' }, b: { like: 'mine' } },
    'like names mine, which is like this one',
  ],
  [
    'a typo',
    { mine: { like: 'paint-4', qualty: false } },
    'mine: qualty is no word of a table here: did you mean quality?',
  ],
  [
    'a typo within',
    { mine: { like: 'paint-4', size: { tirs: ['1K'] } } },
    'mine: size.tirs is no word of a table here: did you mean tiers?',
  ],
  [
    'a typo for an operation',
    { mine: { like: 'paint-4', seed: { maks: 1 } } },
    'mine: seed.maks is no word of a table here',
  ],
  [
    'a price without currency',
    { mine: { like: 'paint-4', prices: [{ amount: 1, per: 'image' }] } },
    'mine: prices.0.currency must be USD, CNY or EUR',
  ],
  [
    'a default that goes with a change',
    { mine: { like: 'paint-4', quality: { values: ['a'] } } },
    'mine: quality.default must be one of the values',
  ],
  ['no operations', { mine: { like: 'paint-4', operations: null } }, 'mine: operations must be an object'],
  ['an id of two lines', { 'a\nb': { like: 'paint-4' } }, 'has an id that must be characters that can be seen'],
  ['a prototype', JSON.parse('{ "__proto__": { "like": "paint-4" } }'), 'has an id that is no name for a model'],
  [
    'a prototype within',
    { mine: JSON.parse('{ "like": "paint-4", "__proto__": { "a": 1 } }') },
    'must not name anything __proto__',
  ],
  ['a prototype it is like', { mine: { like: '__proto__' } }, 'like names __proto__, and paint has no such model'],
])('%s is one line', (_, own, message, hint = '') => {
  const error = refusal(own);
  expect(error).toMatchObject({ code: 'config', message: expect.stringContaining(message) });
  expect(error.hint ?? '').toContain(hint);
  expect(error.message).not.toMatch(/\n/);
});

test('rows that are like ever more others are one line, too', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`m${at}`, { like: `m${at + 1}` }]));
  expect(refusal(many, 'm0').message).toMatch(/^the own model paint\/m20: like names m21, which is like ever more$/);
});

test('the path to what is wrong leads through what was written', () => {
  expect(refusal({ mine: { like: 'paint-4', seed: { maks: 1 } } }).details).toEqual({
    option: 'models',
    model: 'paint/mine',
    path: ['seed', 'maks'],
  });
});

test('what a later version says in the row that it is like is no mistake of one’s own', () => {
  const later = { ...models['paint-5'], hues: 3, wording: 'rhymes', operations: { generate: { hues: 1 } } };
  const definition = { ...paint, models: { later } } as unknown as ProviderDefinition;
  expect(ownRow(definition, { mine: { like: 'later', perCall: 2 } }, 'mine')).toMatchObject({ hues: 3, perCall: 2 });
});

// As RFC 7396 writes it, in section 2.
function reference(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const start = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: Record<string, unknown> = Object.assign(Object.create(null), start);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = reference(result[name], value);
  }
  return result;
}
const json = fc.jsonValue({ maxDepth: 4 });

test('a change is a merge patch', () => {
  const plain = (value: unknown) => JSON.stringify(value);
  fc.assert(
    fc.property(json, json, (target, patch) => {
      expect(plain(mergePatch(target, patch))).toBe(plain(reference(target, patch)));
      expect(plain(mergePatch(mergePatch(target, patch), patch))).toBe(plain(mergePatch(target, patch)));
    }),
  );
  expect(Object.getPrototypeOf(mergePatch({}, JSON.parse('{"__proto__": {"polluted": 1}}')))).toBe(Object.prototype);
});

test('a word that is given holds in every operation, however the other row says it', () => {
  const prices = fc.constantFrom(undefined, [{ amount: 2, currency: 'USD', per: 'image' }] as const);
  const operations = fc.dictionary(fc.constantFrom('generate', 'edit', 'upscale'), fc.record({ prices }), {
    minKeys: 1,
  });
  fc.assert(
    fc.property(prices, operations, fc.nat(100), (ofRow, said, amount) => {
      const row = JSON.parse(JSON.stringify({ ...facts, prices: ofRow, operations: said }));
      const definition = { ...paint, models: { other: row } };
      const given = [{ amount, currency: 'EUR', per: 'call' }] as const;
      const mine = ownRow(definition, { mine: { like: 'other', prices: given } }, 'mine');
      for (const operation of Object.keys(said)) expect(limitsOf(mine, operation)?.prices).toEqual(given);
    }),
  );
});

test('whatever is given, there is a row that is right, or one line', () => {
  const id = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('mine', '__proto__', 'constructor', 'paint-4'));
  const words = fc.dictionary(fc.constantFrom(...Object.keys(models['paint-4']), 'like'), json);
  const own = fc.oneof(
    json,
    words.map((change) => ({ like: 'paint-4', ...change })),
    fc.record({ like: fc.constantFrom('paint-4', 'mine', 'paint-5'), operations: fc.dictionary(fc.string(), words) }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(id, own), { maxLength: 3 }), (entries) => {
      const given = JSON.parse(
        `{${entries.map((entry) => entry.map((one) => JSON.stringify(one)).join(':')).join(',')}}`,
      );
      try {
        for (const row of Object.values(withOwnModels(paint, given).models)) expect(checkRow(row)).toBeUndefined();
      } catch (error) {
        if (!ImageError.isInstance(error)) throw error;
        expect(error.code).toBe('config');
        expect(error.message).toMatch(/^[^\n\p{Cc}]{1,1000}$/u);
      }
    }),
    { numRuns: 50 },
  );
});
