import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelCapabilities } from '@anyimage/core';
import { describe, expect, test } from 'vitest';
import { findDrift } from './drift.ts';
import { readKnown, sortByKnown } from './known.ts';
import { reportLines } from './report.ts';
import { type Check, type Sdk, sdks } from './sdks.ts';
import type { Table } from './tables.ts';

const pinned = async (name: string) => join(import.meta.dirname, '..', 'node_modules', name);

test('the tables have what the pinned SDKs have, but for what known.json explains', async () => {
  const drift = await findDrift(sdks, pinned);
  const { unknown, stale } = sortByKnown(drift, readKnown());
  expect({ unknown, stale, failures: drift.failures }).toEqual({ unknown: [], stale: [], failures: [] });
  expect(drift.versions).toHaveLength(sdks.length);
});

describe('of an SDK that has changed', () => {
  const openai = sdks.find(({ name }) => name === 'openai')!;

  /** What is found if the types of the pinned `openai` read otherwise. */
  async function foundIf(was: RegExp, is: string) {
    const folder = mkdtempSync(join(tmpdir(), 'anyimage-drift-'));
    const file = 'resources/images.d.ts';
    const source = await pinned('openai');
    for (const path of ['package.json', file]) cpSync(join(source, path), join(folder, path));
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).toMatch(was);
    writeFileSync(join(folder, file), text.replace(was, is));
    const drift = await findDrift([openai], async () => folder);
    const known = readKnown().filter(({ sdk }) => sdk === 'openai');
    const { unknown, stale } = sortByKnown(drift, known);
    return { unknown, stale, failures: drift.failures.map(({ line }) => line) };
  }
  const one = { sdk: 'openai', what: 'models' };

  test('a model that was added is seen', async () => {
    expect(await foundIf(/(?<=type ImageModel = )/, "'gpt-image-3' | ")).toEqual({
      unknown: [{ ...one, lacks: 'table', value: 'gpt-image-3' }],
      stale: [],
      failures: [],
    });
  });

  test('a model that is gone is seen, unless the table says that it ends', async () => {
    const { unknown } = await foundIf(/ \| 'gpt-image-2.6-flare' \| 'gpt-image-1'/, '');
    expect(unknown).toEqual([{ ...one, lacks: 'sdk', value: 'gpt-image-2.6-flare' }]);
  });

  test('a value that was added is seen, and one that is gone', async () => {
    const { unknown } = await foundIf(/(?<=complexity\?: )'low'/, "'none'");
    expect(unknown).toEqual([
      { sdk: 'openai', what: 'complexity of edits', lacks: 'table', value: 'none' },
      { sdk: 'openai', what: 'complexity of edits', lacks: 'sdk', value: 'low' },
    ]);
  });

  test('a parameter that was added is seen, and one that is gone', async () => {
    const { unknown } = await foundIf(/markup\?/, 'overlay_picture?');
    expect(unknown).toEqual([
      { sdk: 'openai', what: 'parameters of edits', lacks: 'table', value: 'overlay_picture' },
      { sdk: 'openai', what: 'parameters of edits', lacks: 'sdk', value: 'markup' },
    ]);
  });

  test('a difference that is none any more is stale', async () => {
    const { unknown, stale } = await foundIf(/ \| 'standard'(?= \| null)/, '');
    expect({ unknown, stale }).toEqual({
      unknown: [],
      stale: [{ sdk: 'openai', what: 'quality of edits', lacks: 'table', value: 'standard' }],
    });
  });

  test('a type that is not found is a failure, and what is known of it is not stale', async () => {
    const { unknown, stale, failures } = await foundIf(/interface ImageEditParamsBase/, 'interface ImageAlterParams');
    expect({ unknown, stale }).toEqual({ unknown: [], stale: [] });
    expect(failures).toHaveLength(8);
    expect(failures[0]).toMatch(
      /^openai [\d.]+, parameters of edits: resources\/images.d.ts takes ImageEditParamsBase/,
    );
  });
});

describe('a comparison', () => {
  const shared = {
    label: 'A',
    source: 'https://example.com',
    checked: '2026-11-29',
    delivery: { as: 'bytes' },
    operations: { generate: {}, edit: { quality: { values: ['low'] } } },
  } as const satisfies ModelCapabilities;
  const table = (models: Table['models'], rows: Table['rows'] = []): Table => {
    return { models, rows: [...Object.values(models), ...rows], provider: 'provider-cogview' };
  };

  async function differences(check: Partial<Check>, types: string, ours: Table, sdk: Partial<Sdk> = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'anyimage-drift-'));
    writeFileSync(join(folder, 'package.json'), '{"version":"1.2.3"}');
    writeFileSync(join(folder, 'index.d.ts'), types);
    const whole = { what: 'it', file: 'index.d.ts', type: 'T', table: 'openai', ...check } as Check;
    const drift = await findDrift([{ name: 'sdk', checks: [whole], ...sdk }], async () => folder, { openai: ours });
    return [
      ...drift.findings.map(({ lacks, value }) => `${lacks} lacks ${value}`),
      ...drift.failures.map(({ line }) => line),
    ];
  }

  const abroad = { ...shared, aliases: ['a-2'], regions: { china: {}, abroad: { id: 'a-3' } } };
  const ending = { ...shared, regions: { china: { retires: '2026-11-24' } } } as const;
  const open = { ...shared, open: true, operations: { generate: {} } } as const;
  const framed = { ...shared, user: [1, 64], options: { frames: { type: 'integer', min: 2, max: 16 } } } as const;
  test.each<[string, Partial<Check>, string, Table, Partial<Sdk>, string[]]>([
    ['each name of a model counts', { kind: 'models' }, `type T = 'a-3'`, table({ a: abroad }), {}, []],
    [
      'a model that ends somewhere is not missed',
      { kind: 'models' },
      `type T = 'a'`,
      table({ a: shared, b: ending }),
      {},
      [],
    ],
    [
      'other models do not count',
      { kind: 'models', only: '^x/(.+)' },
      `type T = 'x/a' | 'y/b'`,
      table({ a: shared }),
      {},
      [],
    ],
    [
      'what lags lacks nothing',
      { kind: 'models' },
      `type T = 'a'`,
      table({ a: shared, b: shared }),
      { lags: true },
      [],
    ],
    [
      'an operation has its values',
      { kind: 'values', word: 'quality', operations: ['edit'] },
      `type T = 'low' | 'high'`,
      table({ a: shared }),
      {},
      ['table lacks high'],
    ],
    [
      'another does not',
      { kind: 'values', word: 'quality', operations: ['generate'] },
      `type T = 'low'`,
      table({ a: shared }),
      {},
      ['table lacks low'],
    ],
    [
      'what rows pass on is not missed',
      { kind: 'values', word: 'quality' },
      `type T = 'low'`,
      table({}, [open]),
      {},
      [],
    ],
    [
      'capitals',
      { kind: 'values', word: 'quality', capitals: true },
      `enum T { A = 'LOW' }`,
      table({ a: shared }),
      {},
      [],
    ],
    [
      'ranges',
      { kind: 'range', word: 'options.frames' },
      'declare const T = z.number().min(2).max(64)',
      table({ a: framed }),
      {},
      ['table lacks 2–64', 'sdk lacks 2–16'],
    ],
    [
      'one end of a range',
      { kind: 'range', word: 'user' },
      'declare const T = z.string().max(64)',
      table({ a: framed }),
      {},
      [],
    ],
    [
      'names in either spelling',
      { kind: 'parameters' },
      `type T = { userId: string; watermark_enabled: true; n: 1 }`,
      table({ a: framed }),
      {},
      ['table lacks n'],
    ],
    [
      'options that are no parameter',
      { kind: 'options' },
      `type T = { user_id: string }`,
      table({ a: framed }),
      {},
      ['sdk lacks frames'],
    ],
  ])('%s', async (_, check, types, ours, sdk, found) => {
    expect(await differences(check, types, ours, sdk)).toEqual(found);
  });

  test.each<[string, Partial<Check>, string, string]>([
    [
      'text without values',
      { kind: 'values', word: 'quality' },
      'type T = string',
      'index.d.ts names no values of T that are looked for',
    ],
    [
      'none of those looked for',
      { kind: 'models', only: 'image' },
      `type T = 'b'`,
      'index.d.ts names no values of T that are looked for',
    ],
    ['no entries', { kind: 'parameters' }, 'type T = string', 'index.d.ts names no entries of T'],
    ['no range', { kind: 'range', word: 'user' }, 'type T = number', 'index.d.ts gives no range of T'],
    ['no type', { kind: 'models' }, 'type U = string', 'index.d.ts has no T'],
  ])('%s is a failure', async (_, check, types, line) => {
    expect(await differences(check, types, table({ a: shared }))).toEqual([
      `sdk 1.2.3, it: ${line}. What is read, packages/drift/src/sdks.ts says.`,
    ]);
  });
});

test('a package that cannot be had is one line, and the others are compared', async () => {
  const two = sdks.filter(({ name }) => name === 'together-ai' || name === '@ai-sdk/togetherai');
  const drift = await findDrift(two, async (name) => {
    if (name === 'together-ai') throw new Error('npm could not install it: 404 Not Found');
    return pinned(name);
  });
  const sorted = sortByKnown(
    drift,
    readKnown().filter(({ sdk }) => two.some(({ name }) => name === sdk)),
  );
  expect(sorted).toMatchObject({ unknown: [], stale: [], explained: [{ values: ['guidance'] }] });
  const lines = reportLines(drift, sorted).filter(Boolean);
  expect(lines.map((line) => line.replace(/ \d+\.\d+\.\d+\./, ' 3.0.0.'))).toEqual([
    'Compared with @ai-sdk/togetherai 3.0.0.',
    'Not read:',
    '  together-ai could not be read: npm could not install it: 404 Not Found',
    'Known:',
    expect.stringMatching(/^ {2}@ai-sdk\/togetherai, parameters: our table lacks guidance \(2026-11-29: The service's/),
    'Mend the table with source, date and a test, or explain it in packages/drift/known.json.',
  ]);
});

test.each([
  ['no list', '{}', /expected array/],
  [
    'a word of no meaning',
    JSON.stringify([
      { sdk: 'a', what: 'b', lacks: 'table', value: ['c'], reason: 'because it is', date: '2026-11-29' },
    ]),
    /value/,
  ],
  [
    'no reason',
    JSON.stringify([{ sdk: 'a', what: 'b', lacks: 'table', values: ['c'], reason: '', date: '2026-11-29' }]),
    /reason/,
  ],
  [
    'no day',
    JSON.stringify([{ sdk: 'a', what: 'b', lacks: 'table', values: ['c'], reason: 'because it is', date: 'today' }]),
    /date/,
  ],
])('known.json with %s is refused', (_, text, problem) => {
  const path = join(mkdtempSync(join(tmpdir(), 'anyimage-drift-')), 'known.json');
  writeFileSync(path, text);
  expect(() => readKnown(path)).toThrow(problem);
});
