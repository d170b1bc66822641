// Rows from catalogues: those that the documentation shows, those that nobody has seen before, and those that are wrong.

import assert from 'node:assert/strict';
import { type Client, checkTable, createClient, type ImageProvider, type ModelCapabilities } from '@anyimage/core';
import type { Emulator, EmulatorFactory } from '@anyimage/testkit';
import { cases } from '@anyimage/testkit/conformance';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listOf, withCatalogue } from '../test/with-catalogue.ts';
import { type Catalogue, type EndpointRecord, emulatorOf, listed, service, usual } from './emulator.ts';
import { openrouter } from './index.ts';

const spends = ({ method }: { readonly method: string }) => method === 'POST';

/** Runs with a client over the rows of the factory's catalogue. */
async function withClient<T>(
  factory: EmulatorFactory,
  use: (client: Client, service: Emulator, provider: ImageProvider) => Promise<T>,
): Promise<T> {
  const provider = await withCatalogue(factory);
  const emulator = await factory.start();
  const instance = provider({ apiKey: emulator.key, baseURL: emulator.baseURL });
  const client = createClient({ providers: [instance], env: {} });
  try {
    return await use(client, emulator, instance);
  } finally {
    await client.close();
    await emulator.close();
  }
}

async function rowsOf(catalogue: Catalogue): Promise<Record<string, ModelCapabilities | undefined>> {
  const list = await listOf(emulatorOf(catalogue));
  return Object.fromEntries(list.map(({ id, row }) => [id, row]));
}

const one = (record: Partial<EndpointRecord>) => ({ services: { 'maker/one': [service('maker', record)] } });
const rowOf = async (record: Partial<EndpointRecord>) => (await rowsOf(one(record)))['maker/one']!;

describe('a row of the catalogue', () => {
  test('has what the record says, by our words', async () => {
    const row = (await rowsOf(usual))['maker/by-resolution']!;
    expect(row).toMatchObject({
      label: 'Model maker/by-resolution',
      source: expect.stringMatching(/\/images\/models\/maker\/by-resolution\/endpoints$/),
      checked: new Date().toISOString().slice(0, 10),
      size: { ratios: ['1:1', '2:3', '3:2'], tiers: ['512', '1K', '2K'], default: 'auto' },
      perCall: 4,
      seed: { max: 2_147_483_647, within: 'same' },
      quality: false,
      background: false,
      outputFormat: false,
      outputCompression: [],
      partials: 0,
      options: {
        guidance_scale: { type: 'number', min: 1, max: 20 },
        scheduler: { type: 'string', values: ['euler', 'heun'] },
        safety: { type: 'json' },
        steps: { type: 'json' },
      },
      wire: { passthrough: { safety: ['maker'], steps: ['maker'] } },
      operations: {
        generate: {
          prices: [
            { amount: 0.02, currency: 'USD', per: 'image', when: { tier: '512' } },
            { amount: 0.03, currency: 'USD', per: 'image', when: { tier: '1K' } },
            { amount: 0.06, currency: 'USD', per: 'image', when: { tier: '2K' } },
            // Which resolution is made where none is asked for, the catalogue does not say.
            { amount: 0.06, currency: 'USD', per: 'image', unsure: true },
          ],
        },
      },
    });
    expect(row).not.toHaveProperty('open');
    expect(Object.keys(row.operations)).toEqual(['generate']);
  });

  test('takes pictures in pixels where they are listed, and references where it takes them', async () => {
    const { 'openai/gpt-image-2': gpt, 'maker/by-pixels': pixels } = await rowsOf(usual);
    expect(gpt).toMatchObject({
      size: { presets: ['1024x1024', '1536x1024', '1024x1536'], default: 'auto' },
      outputCompression: ['jpeg', 'webp'],
      partials: 1,
      operations: { edit: { images: { count: [1, 4], as: ['url', 'bytes'] } } },
    });
    expect(gpt!.operations.generate!.prices).toEqual([
      { amount: 30, currency: 'USD', per: '1M image out' },
      { amount: 5, currency: 'USD', per: '1M text in' },
    ]);
    expect(pixels!.operations.edit!.prices).toEqual([
      {
        ...{ amount: 0.03, per: 'megapixel', currency: 'USD', when: { size: '512x512' } },
        inputs: { amount: 0.002, per: 'image' },
      },
      {
        ...{ amount: 0.03, per: 'megapixel', currency: 'USD', when: { size: '1024x768' } },
        inputs: { amount: 0.002, per: 'image' },
      },
    ]);
  });

  test('has no option that says anew what the price follows from', async () => {
    const row = await rowOf({
      supported_parameters: { quality: { type: 'enum', values: ['low', 'high'] } },
      allowed_passthrough_parameters: ['quality', 'resolution', 'n', 'steps'],
    });
    expect(row.wire).toEqual({ passthrough: { resolution: ['maker'], steps: ['maker'] } });
    expect(Object.keys(row.options!)).toEqual(expect.arrayContaining(['resolution', 'steps']));
    expect(row.options).not.toHaveProperty('quality');
    expect(row.options).not.toHaveProperty('n');
  });

  test('of a parameter in a form of tomorrow is open for its word, and for no other', async () => {
    const later = { type: 'pattern', like: '^[a-z]+$' } as never;
    const { quality, background, open, mask } = await rowOf({ supported_parameters: { quality: later } });
    expect({ quality, background, open, mask }).toEqual({
      quality: undefined,
      background: false,
      open: true,
      mask: false,
    });
    const own = await rowOf({ supported_parameters: { mood: later } });
    expect(own.options).toMatchObject({ mood: { type: 'json' } });
    expect(own.open).toBeUndefined();
  });

  test('of several services has what one of them takes, as many pictures as all of them make, and the dearest price', async () => {
    const row = (await rowsOf(usual))['maker/two-services']!;
    expect(row).toMatchObject({ perCall: 2, partials: 1, size: { tiers: ['1K', '2K'], ratios: ['1:1', '16:9'] } });
    expect(row.operations.generate!.prices).toEqual([{ amount: 0.05, currency: 'USD', per: 'image', unsure: true }]);
  });

  test('is made of the list alone where the services cannot be read, and has no price then', async () => {
    const { services } = usual;
    const rows = await rowsOf({ services, records: { 'maker/by-resolution': null } });
    const row = rows['maker/by-resolution']!;
    expect(row.size).toMatchObject({ tiers: ['512', '1K', '2K'] });
    expect(row.operations).toEqual({ generate: {} });
    expect(rows['maker/by-quality']!.operations.generate!.prices).toHaveLength(3);
  });
});

describe('what is wrong in a catalogue', () => {
  const { services } = usual;
  const good = Object.entries(services).map(([id, all]) => listed(id, all));
  const ids = good.map(({ id }) => id);

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'maker/text'],
    ['a list', [1, 2]],
    ['no id', { name: 'x' }],
    ['an id that is a number', { ...good[0], id: 7 }],
    ['a model of words', { ...good[0], id: 'maker/words', architecture: { output_modalities: ['text'] } }],
  ])('%s among the models leaves the others', async (_, entry) => {
    const list = await listOf(emulatorOf({ services, list: { data: [entry, ...good] } }));
    expect(list.map(({ id }) => id)).toEqual(ids);
    expect(list.every(({ row }) => row)).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ['parameters that are none', { supported_parameters: 7 }],
    ['no parameters', { supported_parameters: undefined }],
    ['a name with control characters', { name: 'a\u0007\nb' }],
    ['a name that is a list', { name: ['a'] }],
    ['an architecture that is none', { architecture: null }],
  ])('%s leaves the model and its record', async (_, wrong) => {
    const list = { data: [{ ...good[2], ...wrong }, ...good.slice(3)] };
    const rows = await rowsOf({ services, list });
    expect(Object.keys(rows)).toEqual(ids.slice(2));
    expect(checkTable(rows, { strict: true })).toBeUndefined();
  });

  const hostile = JSON.parse(
    '{"__proto__":{"type":"boolean"},"constructor":{"type":"enum","values":["x"]},"toString":{"type":"boolean"},"a b":{"type":"boolean"},"quality":{"type":"enum","values":["low","__proto__","\\u0007",7,null,"low"]},"resolution":{"type":"enum","values":[]},"seed":{"type":"range","min":9,"max":1},"n":{"type":"range","min":1,"max":1e300},"aspect_ratio":{"type":"enum","values":["0:1","1:1","1:0","16:9","wide","auto","2:2"]}}',
  );

  test('names that every object has, values that cannot be seen and ranges without an end cost no more than themselves', async () => {
    const row = await rowOf({
      supported_parameters: hostile,
      allowed_passthrough_parameters: ['__proto__', 'hasOwnProperty', 'ok'],
    });
    expect(checkTable({ row }, { strict: true })).toBeUndefined();
    expect(row).toMatchObject({ quality: { values: ['low', '__proto__'] }, perCall: 10, seed: false, open: true });
    expect(Object.keys(row.options!)).not.toEqual(expect.arrayContaining(['constructor']));
    expect(Object.keys(row.options!)).toContain('ok');
    expect(row.wire).toEqual({ passthrough: { ok: ['maker'] } });
    expect(row.size).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['null', 0],
    ['a text', 'gone'],
    ['no services', { id: 'x', endpoints: [] }],
    ['services that are none', { id: 'x', endpoints: [null, 7, {}] }],
    ['a web page as JSON', ['<html>']],
  ])('%s in place of a record leaves the list and the other records', async (_, wrong) => {
    const rows = await rowsOf({ services, records: { 'maker/by-quality': wrong } });
    expect(rows['maker/by-quality']).toMatchObject({ quality: { values: ['low', 'high'] } });
    expect(rows['maker/by-quality']!.operations.generate).toEqual({});
    expect(rows['maker/by-resolution']!.operations.generate!.prices).toHaveLength(4);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a price that is negative', { billable: 'output_image', unit: 'image', cost_usd: -1 }],
    ['a price that is a text', { billable: 'output_image', unit: 'image', cost_usd: '0.04' }],
    ['a price of nothing known', { billable: 'output_dream', unit: 'image', cost_usd: 1 }],
    ['a unit that is not known', { billable: 'output_image', unit: 'acre', cost_usd: 1 }],
    ['a price without an amount', { billable: 'output_image', unit: 'image' }],
  ])('%s makes the price unknown, not lower', async (_, wrong) => {
    const right = { billable: 'output_image', unit: 'image', cost_usd: 0.01 };
    const row = await rowOf({ pricing: [right, wrong as never] });
    expect(row.operations.generate).toEqual({});
  });

  test('a service that cannot be read beside one that can makes the price unknown, too', async () => {
    const right = service('maker', { pricing: [{ billable: 'output_image', unit: 'image', cost_usd: 0.01 }] });
    const rows = await rowsOf({
      services: { 'maker/one': [right] },
      records: { 'maker/one': { id: 'maker/one', endpoints: [right, { provider_slug: 7 }] } },
    });
    expect(rows['maker/one']!.operations.generate).toEqual({});
  });

  test('ids that lead elsewhere are not asked for', async () => {
    const bad = ['../keys', 'maker/../../keys', 'maker/a?b', 'maker//x', 'maker/\u0007', 'maker/a b', './.'];
    const factory = emulatorOf({ services: {}, list: { data: bad.map((id) => ({ ...good[0], id })) } });
    const emulator = await factory.start();
    const client = createClient({ providers: [openrouter()], env: emulator.env });
    await client.discover('openrouter');
    expect(emulator.requests.map(({ path }) => path)).toEqual(['/api/v1/images/models']);
    await client.close();
    await emulator.close();
  });

  test.each<[string, unknown]>([
    ['null', 0],
    ['a list in another form', { models: [] }],
    ['a text', 'no'],
  ])('%s in place of the list is a bad response', async (_, list) => {
    await expect(listOf(emulatorOf({ services, list }))).rejects.toMatchObject({ code: 'bad-response' });
  });
});

describe('asking', () => {
  async function asked(faulty: (emulator: Emulator) => void, catalogue: Catalogue = usual) {
    const emulator = await emulatorOf(catalogue).start();
    faulty(emulator);
    const client = createClient({ providers: [openrouter()], env: emulator.env, maxRetries: 0 });
    try {
      return { emulator, list: await client.discover('openrouter') };
    } finally {
      await client.close();
      await emulator.close();
    }
  }

  const withoutPrice = (list: Awaited<ReturnType<typeof asked>>['list']) =>
    list.models.filter(({ row }) => !row?.operations.generate?.prices).length;

  test.each(['server', 'unavailable', 'timeout', 'cut'] as const)(
    'a record that does not come once (%s) is asked for again: its model would have no price until the next list',
    async (code) => {
      const { list } = await asked((emulator) =>
        emulator.fault({ on: 'record', times: 1, ...(code === 'cut' ? { kind: code } : { kind: 'failure', code }) }),
      );
      expect([list.models.length, withoutPrice(list)]).toEqual([Object.keys(usual.services).length, 0]);
    },
  );

  test('a record that never comes leaves the others', async () => {
    const catalogue = { ...usual, records: { 'maker/by-quality': null } };
    const { list } = await asked(() => {}, catalogue);
    expect([list.models.length, withoutPrice(list)]).toEqual([Object.keys(usual.services).length, 1]);
  });

  test('where no record comes, the catalogue is down: what was kept before is better', async () => {
    await expect(
      asked((emulator) => emulator.fault({ on: 'record', kind: 'failure', code: 'unavailable', times: 'always' })),
    ).rejects.toMatchObject({ code: 'unavailable' });
  });

  test.each(['rate-limit', 'auth'] as const)('a %s ends it: what was kept before is better', async (code) => {
    await expect(
      asked((emulator) => emulator.fault({ on: 'record', kind: 'failure', code, times: 99 })),
    ).rejects.toMatchObject({ code });
  });

  test('a list that is refused is what the service says', async () => {
    await expect(
      asked((emulator) => emulator.fault({ on: 'models', kind: 'failure', code: 'quota' })),
    ).rejects.toMatchObject({ code: 'quota', mayHaveBeenBilled: false });
  });

  test('nothing more is asked for after a refusal that concerns all', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => ({ ...listed(`maker/m-${i}`, [service('maker', {})]) }));
    const { promise: refused, resolve: refuse } = Promise.withResolvers<void>();
    let records = 0;
    const answer = (status: number, json: unknown) => ({ status, headers: new Headers(), json: async () => json });
    const context = {
      ...{ baseURL: 'https://hub.example', now: Date.now, signal: new AbortController().signal },
      http: {
        async send({ to }: { readonly to: string }) {
          if (to === 'images/models') return answer(200, { data: ids });
          records += 1;
          if (records === 1) return answer(429, { error: { code: 429, message: 'Rate limit exceeded' } });
          await refused;
          return answer(404, {});
        },
      },
    };
    await expect(openrouter().discover!(context as never)).rejects.toMatchObject({ code: 'rate-limit' });
    refuse();
    await new Promise(setImmediate);
    expect(records).toBe(8);
  });

  test('records are asked for a few at a time', async () => {
    const many = Array.from({ length: 40 }, (_, i) => [`maker/m-${i}`, [service('maker', {})]] as const);
    const emulator = await emulatorOf({ services: Object.fromEntries(many) }).start({ latencyMs: 2 });
    const provider = openrouter();
    let open = 0;
    let most = 0;
    const context = {
      ...{ baseURL: emulator.baseURL, now: Date.now, signal: new AbortController().signal },
      http: {
        async send({ to }: { readonly to: string }) {
          most = Math.max(most, ++open);
          const answer = await fetch(`${emulator.baseURL}/${to}`);
          open--;
          return { status: answer.status, headers: answer.headers, json: () => answer.json() };
        },
      },
    };
    const list = await provider.discover!(context as never);
    await emulator.close();
    expect([list.length, most]).toEqual([40, 8]);
  });

  test('another service with the same two routes is asked at its base URL, also for ids of one word', async () => {
    const factory = emulatorOf({
      services: { hidream: [service('nano', { supported_parameters: { n: { type: 'range', min: 1, max: 3 } } })] },
    });
    const emulator = await factory.start();
    const client = createClient({
      providers: [openrouter({ baseURL: emulator.baseURL, apiKey: emulator.key })],
      env: { OPENROUTER_BASE_URL: 'https://elsewhere.example/api/v1' },
    });
    const { baseURL, models } = await client.discover('openrouter');
    expect([baseURL, models.map(({ id }) => id)]).toEqual([emulator.baseURL, ['hidream']]);
    expect(emulator.requests.map(({ path }) => path)).toEqual([
      '/api/v1/images/models',
      '/api/v1/images/models/hidream/endpoints',
    ]);
    await client.close();
    await emulator.close();
  });
});

// Catalogues that nobody has seen before.

const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const oneOf = (values: readonly string[]) => some(values).map((list) => ({ type: 'enum' as const, values: list }));
const range = (min: number, max: number, least = Math.max(min, 1)) =>
  fc.integer({ min: least, max }).map((end) => ({ type: 'range' as const, min, max: end }));
const [tiers, qualities] = [
  ['512', '1K'],
  ['low', 'medium', 'high'],
];
const parameters = fc.record(
  {
    aspect_ratio: oneOf(['1:1', '3:2', '9:16', '21:9', '2.35:1', 'auto']),
    resolution: oneOf(tiers),
    size: oneOf(['512x512', '640x384', '96x128']),
    quality: oneOf(qualities),
    background: oneOf(['auto', 'transparent', 'opaque']),
    output_format: oneOf(['png', 'jpeg', 'webp']),
    output_compression: fc.constant({ type: 'range' as const, min: 0, max: 100 }),
    n: range(1, 12),
    seed: fc.oneof(range(0, 2 ** 31, 5000), fc.constant({ type: 'boolean' as const })),
    input_references: fc.oneof(range(0, 5), range(1, 5)),
    guidance_scale: range(1, 20, 2),
    sampler: oneOf(['euler', 'heun', 'ddim']),
    steps_2: range(4, 50, 5),
  },
  { requiredKeys: [] },
);
const cost = fc.integer({ min: 0, max: 200_000 }).map((micro) => micro / 1e6);
const line = fc.record({
  billable: fc.constantFrom(
    'output_image',
    'output_image',
    'output_image',
    'input_image',
    'input_reference',
    'input_text',
  ),
  unit: fc.constantFrom('image', 'image', 'megapixel', 'token', 'request'),
  cost_usd: cost,
});
const pricing = fc.oneof(
  fc.array(line, { maxLength: 4 }),
  fc
    .array(cost, { minLength: 2, maxLength: 2 })
    .map((costs) =>
      costs.map((cost_usd, i) => ({ billable: 'output_image', unit: 'image', cost_usd, variant: tiers[i]! })),
    ),
  fc
    .array(cost, { minLength: 3, maxLength: 3 })
    .map((costs) =>
      costs.map((cost_usd, i) => ({ billable: 'output_image', unit: 'image', cost_usd, variant: qualities[i]! })),
    ),
);
const endpoint = fc.record({
  supported_parameters: parameters as fc.Arbitrary<EndpointRecord['supported_parameters']>,
  allowed_passthrough_parameters: fc.subarray(['safety', 'steps', 'quality']),
  supports_streaming: fc.boolean(),
  pricing,
});
const catalogues: fc.Arbitrary<Catalogue> = fc
  .array(fc.array(endpoint, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 })
  .map((models) => ({
    services: Object.fromEntries(
      models.map((all, i) => [`maker-${i}/model-${i}`, all.map((record, j) => service(`slug-${j}`, record))]),
    ),
  }));
const single: fc.Arbitrary<Catalogue> = endpoint.map((record) => one(record));

/** The promises of a table, which each catalogue's rows keep as a written table does. */
const promises = [
  ...[
    'table-rows-are-sane',
    'table-values-agree',
    'definition-is-json',
    'accepts-operations',
    'accepts-sizes',
    'accepts-choices',
  ],
  ...[
    'accepts-options',
    'accepts-pictures',
    'refuses-undeclared',
    'nothing-gets-lost',
    'arrives-n',
    'arrives-size',
    'arrives-aspect-ratio',
  ],
  ...[
    'arrives-resolution',
    'arrives-quality',
    'arrives-background',
    'arrives-output-format',
    'arrives-output-compression',
    'arrives-seed',
  ],
  ...['arrives-partials', 'arrives-user', 'arrives-pictures', 'arrives-picture-urls', 'per-call-fits', 'cost-is-told'],
];

describe('catalogues that nobody has seen before', () => {
  test('what a row declares is accepted and arrives; what it does not is refused before a request', async () => {
    const checked = cases.filter(({ id }) => promises.includes(id));
    expect(checked).toHaveLength(promises.length);
    await fc.assert(
      fc.asyncProperty(catalogues, async (catalogue) => {
        const emulator = emulatorOf(catalogue);
        const subject = { provider: (await withCatalogue(emulator)) as never, emulator };
        for (const each of checked) if (each.applies(subject) === true) await each.run(subject);
      }),
      { numRuns: 3 },
    );
  }, 120_000);

  test('a request costs at most what was said before, and exactly that where one service has a plain price', async () => {
    const asking = fc.record({
      n: fc.integer({ min: 1, max: 3 }),
      resolution: fc.option(fc.constantFrom(...tiers), { nil: undefined }),
      quality: fc.option(fc.constantFrom(...qualities), { nil: undefined }),
      partials: fc.constantFrom(0, 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(catalogues, single), asking, async (catalogue, words) => {
        await withClient(emulatorOf(catalogue), async (client, emulator, { models }) => {
          for (const [id, row] of Object.entries(models)) {
            const sizes = row.size ? row.size : undefined;
            const takes = (list: readonly string[] | undefined, value: string | undefined) =>
              value !== undefined && list?.includes(value);
            const request = {
              model: `openrouter/${id}`,
              prompt: 'a red kite',
              n: words.n,
              ...(takes(sizes?.tiers, words.resolution) && { resolution: words.resolution! }),
              ...(takes(row.quality ? row.quality.values : [], words.quality) && { quality: words.quality! }),
              partials: Math.min(words.partials, row.partials ?? 0),
            };
            emulator.reset();
            const planned = await client.plan(request).catch(() => undefined);
            // No service takes all of it: that is told before anything is sent.
            if (!planned) continue;
            const { cost } = await client.generate(request);
            const [said] = cost ?? [];
            assert.ok(
              said && Math.abs(said.amount - emulator.spent) < 1e-6,
              `${said?.amount} is told, ${emulator.spent} is charged`,
            );
            const { estimate } = planned;
            if (estimate === null) continue;
            const { prices = [] } = row.operations.generate!;
            // What the words of the prompt cost is a price of its own, in tokens.
            const perToken = (prices.find(({ per }) => per === '1M text in')?.amount ?? 0) / 1e6;
            const most = estimate.amount + emulator.submissions * request.prompt.length * perToken;
            assert.ok(emulator.spent <= most + 1e-6, `${most} was said, ${emulator.spent} is charged`);
            const isPlain = prices.every(({ unsure }) => !unsure);
            if (isPlain)
              assert.ok(Math.abs(emulator.spent - estimate.amount) < 1e-5, `${estimate.amount} is not exact`);
          }
        });
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  test('whatever JSON a catalogue is made of, its rows are whole, and the models that it spoils are not others', async () => {
    const known = one({ supported_parameters: { n: { type: 'range', min: 1, max: 2 } } }).services;
    const parts = fc.constantFrom(
      'supported_parameters',
      'pricing',
      'provider_slug',
      'provider_tag',
      'allowed_passthrough_parameters',
    );
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), parts, async (entry, part, name) => {
        const spoilt = { ...service('maker', {}), [name]: part };
        const services = { ...known, 'maker/spoilt': [spoilt as never] };
        const list = {
          data: [
            entry,
            ...Object.entries(services).map(([id, all]) => ({
              ...listed(id, all),
              ...(name === 'supported_parameters' && id === 'maker/spoilt' && { supported_parameters: part }),
            })),
          ],
        };
        const rows = await rowsOf({ services, list });
        assert.ok(rows['maker/one']?.perCall === 2);
        const table = Object.fromEntries(Object.entries(rows).filter(([, row]) => row !== undefined));
        assert.equal(checkTable(table, { strict: true })?.text, undefined);
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  test('a row without a parameter refuses its word with the nearest that there is', async () => {
    await withClient(emulatorOf(usual), async (client, emulator) => {
      const plan = client.plan({ model: 'openrouter/maker/by-resolution', prompt: 'x', resolution: '4K' });
      await expect(plan).rejects.toMatchObject({
        code: 'unsupported',
        details: { option: 'resolution', nearest: ['2K', '1K', '512'] },
      });
      expect(emulator.requests.filter(spends)).toEqual([]);
    });
  });
});
