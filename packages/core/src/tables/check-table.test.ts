import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import { checkRow, checkTable } from './check-table.ts';

const row = {
  label: 'Paint',
  source: 'https://paint.example',
  checked: '2026-11-20',
  prompt: { max: 1000, unit: 'tokens', languages: ['en'] },
  quality: { values: ['low', 'high'], default: 'low' },
  outputFormat: { values: ['png', 'jpeg'], default: 'png' },
  outputCompression: ['jpeg'],
  size: {
    presets: ['1024x1024'],
    rules: [{ side: [512, 2048], multiple: 16, aspect: 4 }],
    tiers: ['1K', '2K'],
    ratios: ['1:1'],
    default: '1024x1024',
  },
  seed: { max: 100, within: 'step' },
  options: {
    steps: { type: 'integer', min: 1, max: 50, default: 20 },
    look: { type: 'string', values: ['soft', 'hard'], default: 'soft' },
  },
  prices: [
    { amount: 0.04, currency: 'USD', per: 'image', when: { quality: 'low' }, inputs: { amount: 0, per: 'image' } },
  ],
  operations: { generate: {}, edit: { images: { count: [1, 4], types: ['image/png'], as: ['bytes'] } } },
  delivery: { as: 'bytes' },
} as const satisfies ModelCapabilities;

const without = (...words: readonly string[]) =>
  Object.fromEntries(Object.entries(row).filter(([word]) => !words.includes(word)));
const price = row.prices[0];
const deep = (levels: number) => Array.from({ length: levels }).reduce((more) => ({ more }), 1);

test('a row that is right is right, strictly too', () => {
  expect([checkRow(row), checkRow(row, { strict: true }), checkTable({ 'paint-1': row })]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test.each<[what: string, row: unknown, text: string]>([
  ['no object', [], 'the row must be an object'],
  ['nothing', null, 'the row must be an object'],
  ['a program', () => {}, 'the row must be plain data'],
  ['no operations', without('operations'), 'operations must be an object of names and values'],
  ['an empty list of operations', { ...row, operations: {} }, 'operations must name one or more'],
  ['a wrong list', { ...row, size: { ...row.size, tiers: '2K' } }, 'size.tiers must be a list'],
  [
    'a wrong entry',
    { ...row, size: { ...row.size, presets: ['big'] } },
    'size.presets.0 must be a size such as 1024x768',
  ],
  [
    'a range that ends before it begins',
    { ...row, size: { ...row.size, rules: [{ side: [9, 8] }] } },
    'size.rules.0.side must begin before it ends',
  ],
  [
    'a side without end',
    { ...row, size: { ...row.size, rules: [{ side: [1, 1e12] }] } },
    'size.rules.0.side.1 must be at most 100000',
  ],
  [
    'a default size that is none',
    { ...row, size: { ...row.size, default: '1x1' } },
    'size.default must be a size that is allowed: ',
  ],
  [
    'a default tier that is none',
    { ...row, size: { ...row.size, default: { tier: '9K' } } },
    'size.default must have one of the tiers',
  ],
  [
    'a default ratio that is none',
    { ...row, size: { ...row.size, default: { ratio: '9:1' } } },
    'size.default must have one of the ratios',
  ],
  ['a size that is true', { ...row, size: true }, 'size must be false or an object'],
  [
    'a default not among the values',
    { ...row, quality: { values: ['a'], default: 'b' } },
    'quality.default must be one of the values',
  ],
  ['a value twice', { ...row, quality: { values: ['a', 'a'] } }, 'quality.values must not name a value twice'],
  ['no values', { ...row, quality: { values: [] } }, 'quality.values must not be empty'],
  ['a negative price', { ...row, prices: [{ ...price, amount: -1 }] }, 'prices.0.amount must not be negative'],
  [
    'an endless price',
    { ...row, prices: [{ ...price, amount: Number.POSITIVE_INFINITY }] },
    'prices.0.amount must be a number',
  ],
  ['a price that is none', { ...row, prices: [{ ...price, amount: Number.NaN }] }, 'prices.0.amount must be a number'],
  ['a price as text', { ...row, prices: [{ ...price, amount: '0.04' }] }, 'prices.0.amount must be a number'],
  [
    'a price without currency',
    { ...row, prices: [{ amount: 1, per: 'image' }] },
    'prices.0.currency must be USD, CNY or EUR',
  ],
  [
    'inputs of a negative price',
    { ...row, prices: [{ ...price, inputs: { amount: -1, per: 'image' } }] },
    'prices.0.inputs.amount must not be negative',
  ],
  ['a day that is none', { ...row, checked: '2026-02-31' }, 'checked must be a day such as 2026-11-20'],
  ['a source that is none', { ...row, source: 'the internet' }, 'source must be an http(s) URL'],
  [
    'an unknown type',
    { ...row, options: { steps: { type: 'date' } } },
    'options.steps.type must be a type of an option',
  ],
  ['an option that is none', { ...row, options: { steps: 5 } }, 'options.steps must be'],
  [
    'a default out of range',
    { ...row, options: { steps: { type: 'integer', max: 5, default: 9 } } },
    'options.steps.default must be from min to max',
  ],
  [
    'a default that is not whole',
    { ...row, options: { steps: { type: 'integer', default: 0.5 } } },
    'options.steps.default must be a whole number',
  ],
  [
    'min above max',
    { ...row, options: { steps: { type: 'number', min: 5, max: 1 } } },
    'options.steps.max must not be below min',
  ],
  [
    'an option whose default is none',
    { ...row, options: { look: { type: 'string', values: ['a'], default: 'b' } } },
    'options.look.default must be one of the values',
  ],
  [
    'an operation of its own that is wrong',
    { ...row, operations: { edit: { perCall: 0 } } },
    'operations.edit.perCall must be 1 or more',
  ],
  ['half a picture', { ...row, perCall: 1.5 }, 'perCall must be a whole number'],
  ['a delivery that is none', { ...row, delivery: { as: 'url' } }, 'delivery.livesSeconds must be a number'],
  [
    'a delivery that ends at no time that there is',
    { ...row, delivery: { as: 'url', livesSeconds: 1e300 } },
    'delivery.livesSeconds must be at most 1000000000',
  ],
  ['parts of seeds', { ...row, seed: { max: 0.5, within: 'step' } }, 'seed.max must be a whole number'],
  [
    'a format that is none',
    { ...row, outputCompression: ['webp'] },
    'outputCompression must not name webp, which is no output format of generate',
  ],
  ['families', { ...row, families: { option: 'kind', rows: {} } }, 'families is for the row of ids in no table'],
  [
    'a prototype',
    { ...row, options: JSON.parse('{"__proto__": {"type": "json"}}') },
    'options must not name anything __proto__',
  ],
  ['a constructor', { ...row, operations: { constructor: {} } }, 'operations must not name anything constructor'],
  ['an escape', { ...row, label: 'Paint\u001b[2J' }, 'label must have no characters that cannot be seen'],
  ['a label of two lines', { ...row, label: 'Paint\nPot' }, 'label must be one line'],
  [
    'a name that turns the text',
    { ...row, options: { 'a\u202eb': { type: 'json' } } },
    'options must have names of one line each',
  ],
  [
    'an endless number in what is the provider’s own',
    { ...row, wire: { a: [Number.NaN] } },
    'wire.a.0 must be a number',
  ],
  ['a date', { ...row, wire: { at: new Date(0) } }, 'wire.at must be plain data'],
  ['a deep one', { ...row, wire: deep(100_000) }, 'nested too deep'],
  ['a long one', { ...row, wire: { text: 'x'.repeat(1_000_000) } }, 'the row is too long'],
  ['a wide one', { ...row, wire: { list: Array.from({ length: 100_000 }, () => 0) } }, 'the row is too long'],
])('%s is told in one line', (_, value, text) => {
  const said = checkRow(value)?.text;
  expect(said).toContain(text);
  expect(said).not.toMatch(/\n/);
});

test.each<[id: string, text: string]>([
  ['', '“” must not be empty'],
  ['two words', '“two words” must be characters that can be seen, without spaces'],
  ['line\nbreak', 'without spaces'],
  ['red\u001b[31m', 'without spaces'],
  ['zero\u200bwidth', 'without spaces'],
  ['constructor', 'constructor is no name for a model'],
  ['__proto__', '__proto__ is no name for a model'],
  ['x'.repeat(201), 'must have at most 200 characters'],
])('the id %j is refused', (id, text) => {
  expect(checkTable(JSON.parse(`{${JSON.stringify(id)}: ${JSON.stringify(row)}}`))?.text).toContain(text);
});

test('what is wrong in a table is told with its place', () => {
  expect(checkTable({ right: row, 'paint-1.5': { ...row, size: { default: 5 } } })).toEqual({
    path: ['paint-1.5', 'size', 'default'],
    problem: expect.stringMatching(/^must be a size/),
    text: expect.stringMatching(/^paint-1\.5\.size\.default must be a size/),
  });
  expect(checkTable([])?.text).toBe('the table must be an object of ids and rows');
});

const later = { ...row, hues: 3, size: { ...row.size, grid: 8 }, prices: [{ ...price, per: 'second', from: 2 }] };

test('what a later version adds is no mistake, unless every word must be known', () => {
  expect(checkRow(later)).toBeUndefined();
  expect(checkRow({ ...row, hues: 3 }, { strict: true })?.text).toBe('hues is no word of a table here');
  expect(checkRow({ ...row, prices: [{ ...price, per: 'picture' }] }, { strict: true })?.text).toBe(
    'prices.0.per must be image or megapixel or call or 1M text in or 1M image in or 1M text out or 1M image out',
  );
  expect(checkRow({ ...row, qualty: false }, { strict: true })).toEqual({
    path: ['qualty'],
    problem: 'is no word of a table here: did you mean quality?',
    text: 'qualty is no word of a table here: did you mean quality?',
  });
  const { size } = row;
  expect(checkRow({ ...row, size: { defualt: '1024x1024' } }, { strict: true })?.text).toBe(
    'size.defualt is no word of a table here: did you mean default?',
  );
  expect(checkRow({ ...row, operations: { edit: { size: { ...size, tirs: ['1K'] } } } }, { strict: true })?.text).toBe(
    'operations.edit.size.tirs is no word of a table here: did you mean tiers?',
  );
});

test('families are for the row of ids in no table, and their patterns are patterns', () => {
  const families = (ids: string) => ({ ...row, families: { option: 'kind', rows: { a: { ids, row } } } });
  expect(checkRow(families('^a'), { unlisted: true })).toBeUndefined();
  expect(checkRow(families('('), { unlisted: true })?.text).toBe('families.rows.a.ids must be a regular expression');
});

/** Any JSON at any place of a row: what hurts is that something throws, hangs, or is let through with what is not JSON. */
test('whatever stands in a row, the answer is one line', () => {
  const words = Object.keys(row) as (keyof typeof row)[];
  const anything = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, maxDepth: 4 }),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...words), anything, fc.boolean(), (word, value, strict) => {
      const problem = checkRow({ ...row, [word]: value }, { strict });
      if (problem) expect(problem.text).toMatch(/^[^\n\p{Cc}]{1,1000}$/u);
      else if (value !== undefined) expect(JSON.parse(JSON.stringify(value))).toEqual(plain(value));
    }),
  );
});

/** Without entries that are undefined, which JSON leaves out, and with zeros as JSON writes them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value === 0 ? 0 : value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => [name, plain(one)]),
  );
}
