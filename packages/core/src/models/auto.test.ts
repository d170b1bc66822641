import { describe, expect, onTestFinished, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelTable } from '../contract/capabilities.ts';
import type { ClientOptions, Rates, Route } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { ProviderCall } from '../contract/provider.ts';
import { createClient } from '../create-client.ts';

const shared = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
} as const;

function provider(id: string, models: ModelTable, keys = [{ env: 'KEY' }]) {
  return defineProvider({
    id,
    label: id,
    models,
    regions: { only: { baseURL: 'https://service.example' } },
    keys,
    sign: () => ({}),
    generate: async (_: ProviderCall) => ({ outputs: [] }),
  })();
}
const per = (amount: number, currency: 'USD' | 'CNY' = 'USD') => [{ amount, currency, per: 'image' }] as const;

const providers = [
  provider('paint', {
    cheap: { ...shared, prices: per(0.01), latencyMs: [9000, 9000], prompt: { languages: ['en'] } },
    fine: { ...shared, prices: per(0.2), latencyMs: [20_000, 30_000], background: { values: ['transparent'] } },
    old: { ...shared, retires: '2020-01-01' },
  }),
  provider('ink', { quick: { ...shared, prices: per(0.05), latencyMs: [1000, 2000] }, odd: { ...shared } }),
  provider('nokey', { free: { ...shared, prices: per(0) } }, [{ env: 'OTHER_KEY' }]),
  provider(
    'local',
    { rules: { ...shared, prices: per(0), procedural: true, background: { values: ['transparent'] } } },
    [],
  ),
];
const client = createClient({
  providers,
  env: { KEY: 'test-key' },
  clock: { now: () => Date.parse('2026-11-20'), sleep: async () => {} },
});
const chosen = async (request: object) => (await client.plan({ model: 'auto', prompt: 'a boat', ...request })).model;

test.each([
  ['nothing said: the cheapest', {}, 'paint/cheap'],
  ['price', { route: { prefer: 'price' } }, 'paint/cheap'],
  ['speed', { route: { prefer: 'speed' } }, 'ink/quick'],
  ['quality', { route: { prefer: 'quality' } }, 'paint/fine'],
  ['what the request needs decides first', { background: 'transparent', route: { prefer: 'price' } }, 'paint/fine'],
  [
    'a ceiling leaves out the dear and the unknown',
    { route: { maxCost: { amount: 0.06, currency: 'USD' }, prefer: 'quality' } },
    'ink/quick',
  ],
  [
    'the ceiling is for all pictures',
    { n: 4, route: { maxCost: { amount: 0.06, currency: 'USD' }, prefer: 'quality' } },
    'paint/cheap',
  ],
  ['a model that understands the prompt comes first', { prompt: '一只猫', route: { prefer: 'price' } }, 'ink/quick'],
])('%s', async (_, request, model) => {
  expect(await chosen(request)).toBe(model);
});

test('a procedural model is taken only when no other fits', async () => {
  expect(await chosen({ background: 'transparent', route: { maxCost: { amount: 0.1, currency: 'USD' } } })).toBe(
    'local/rules',
  );
});

test('a table that cannot be worked with ends nothing for the others, and is told by its name', async () => {
  const price = { ...per(0.01)[0], when: null as never };
  const broken = provider('broken', { odd: { ...shared, prices: [price] } });
  const other = createClient({ providers: [broken, ...providers], env: { KEY: 'test-key' } });
  onTestFinished(() => other.close());
  expect((await other.plan({ model: 'auto', prompt: 'a boat' })).model).toBe('paint/cheap');
  await expect(other.plan({ model: 'broken/odd', prompt: 'a boat' })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('the table of broken/odd cannot be worked with'),
  });
});

test('the choice is told, with its reason', async () => {
  const { applied } = await client.plan({ model: 'auto', prompt: 'a boat', route: { prefer: 'speed' } });
  expect(applied).toEqual([
    {
      option: 'model',
      asked: 'auto',
      sent: 'ink/quick',
      because: 'chosen for its speed among 5 models that take the request as it is',
    },
  ]);
});

test('if no model fits, that is said before anything is sent', async () => {
  await expect(chosen({ background: 'plaid' })).rejects.toMatchObject({
    code: 'unsupported',
    details: { option: 'model' },
    message: expect.stringContaining('mostly because'),
    hint: expect.stringContaining('background'),
  });
});

test('a detector that fails leaves the choice to the rest', async () => {
  const detect = () => Promise.reject(new Error('no dictionary'));
  const other = createClient({ providers, env: { KEY: 'test-key' }, prompts: { detect } });
  onTestFinished(() => other.close());
  expect((await other.plan({ model: 'auto', prompt: '一只猫' })).model).toBe('paint/cheap');
});

describe('what is free comes first', () => {
  const tables = {
    dear: { one: { ...shared, prices: per(0.01) } },
    free: { small: { ...shared, prices: per(0), prompt: { languages: ['zh'] }, deprecated: '2026-01-01' } },
    rules: { one: { ...shared, prices: per(0), procedural: true } },
  } as const;
  const choose = async (words: object, ids: readonly (keyof typeof tables)[] = ['dear', 'free', 'rules']) => {
    const other = createClient({ providers: ids.map((id) => provider(id, tables[id], [])), env: {} });
    onTestFinished(() => other.close());
    const { model, applied } = await other.plan({ prompt: 'a boat', model: 'auto', ...words });
    return [model, applied.find(({ option }) => option === 'model')?.because];
  };

  test.each([
    ['nothing said', {}, 'free/small', 'free, and the first of 3 models that take the request as it is'],
    [
      'price',
      { route: { prefer: 'price' } },
      'free/small',
      'chosen for its price among 3 models that take the request as it is',
    ],
    [
      'a prompt to be translated',
      { prompt: '船' },
      'free/small',
      'free, and the first of 3 models that take the request as it is',
    ],
    ['quality is what costs', { route: { prefer: 'quality' } }, 'dear/one', undefined],
  ])('%s', async (_, words, model, because) => {
    const [chosen, reason] = await choose(words);
    expect(chosen).toBe(model);
    if (because) expect(reason).toBe(because);
  });

  test('before what draws by rules comes what costs something', async () => {
    expect(await choose({}, ['rules', 'dear'])).toEqual([
      'dear/one',
      'the cheapest of 2 models that take the request as it is',
    ]);
  });
});

test('a model that says the same in words of its own takes the request as it is', async () => {
  const table = {
    size: { presets: ['1024x1024', '1344x768'], default: '1024x1024' },
    quality: { values: ['standard', 'hd'], default: 'standard' },
    prices: per(0),
  } as const;
  const other = createClient({ providers: [provider('one', { a: { ...shared, ...table } }, [])], env: {} });
  onTestFinished(() => other.close());
  for (const words of [{ aspectRatio: '7:4' }, { quality: 'HD' }, { quality: 'Auto' }] as const) {
    expect((await other.plan({ prompt: 'a boat', model: 'auto', ...words })).model).toBe('one/a');
  }
});

describe('prices in several currencies', () => {
  const mixed = [
    provider('yuan', { dear: { ...shared, prices: per(0.5, 'CNY') }, free: { ...shared, prices: per(0, 'CNY') } }),
    provider('dollar', { fine: { ...shared, prices: per(0.13) } }),
  ];
  const choose = async (route: Route, rates?: Rates) => {
    const other = createClient({ providers: mixed, env: { KEY: 'test-key' }, ...(rates && { rates }) });
    onTestFinished(() => other.close());
    return other.plan({ model: 'auto', prompt: 'a boat', route });
  };

  test('are compared where rates are known', async () => {
    const { model, applied } = await choose({ prefer: 'quality' }, { USD: 1, CNY: 0.14 });
    expect(model).toBe('dollar/fine');
    expect(applied[0]!.because).toBe(
      'chosen as the dearest, taken for the best, among 3 models that take the request as it is',
    );
  });

  test('stay apart where they are not, and the reason says so', async () => {
    const { model, applied } = await choose({ prefer: 'quality' });
    expect(model).toBe('yuan/dear');
    expect(applied[0]!.because).toContain('; no known rate compares CNY with USD');
  });

  test('and what is the cheapest is so in its own currency', async () => {
    const two = [
      provider('yuan', { one: { ...shared, prices: per(0.5, 'CNY') } }),
      provider('dollar', { one: { ...shared, prices: per(0.01) } }),
    ];
    const because = async (rates?: Rates) => {
      const other = createClient({ providers: two, env: { KEY: 'test-key' }, ...(rates && { rates }) });
      onTestFinished(() => other.close());
      const { model, applied } = await other.plan({ model: 'auto', prompt: 'a boat' });
      return [model, applied[0]!.because];
    };
    const models = '2 models that take the request as it is';
    expect(await because()).toEqual([
      'yuan/one',
      `the cheapest in CNY of ${models}; no known rate compares CNY with USD`,
    ]);
    expect(await because({ USD: 1, CNY: 0.14 })).toEqual(['dollar/one', `the cheapest of ${models}`]);
  });

  test('what is free is within any ceiling, and the ceiling is in the reason', async () => {
    const { model, applied } = await choose({ maxCost: { amount: 0.05, currency: 'USD' } });
    expect(model).toBe('yuan/free');
    expect(applied[0]!.because).toBe('the only model at hand that takes the request as it is for at most 0.05 USD');
  });
});

test('a model that may refuse comes after those that certainly take it', async () => {
  const size = { default: '1024x1024', rules: [{ side: [64, 2048], unsure: true }] } as const;
  const sure = { default: '1024x1024', rules: [{ side: [64, 2048] }] } as const;
  const unsure = provider('one', { maybe: { ...shared, size }, surely: { ...shared, size: sure } });
  const other = createClient({ providers: [unsure], env: { KEY: 'test-key' } });
  onTestFinished(() => other.close());
  expect((await other.plan({ model: 'auto', prompt: 'a boat', size: '512x512' })).model).toBe('one/surely');
});

describe('with a named model', () => {
  test('a ceiling holds all the same, before anything is sent', async () => {
    const route = { maxCost: { amount: 0.1, currency: 'USD' } };
    for (const model of ['paint/fine', 'ink/odd']) {
      await expect(client.plan({ model, prompt: 'a boat', route })).rejects.toMatchObject({ code: 'budget' });
      const outcome = await client.run({ model, prompt: 'a boat', route });
      expect(outcome).toMatchObject({ sent: false, error: { code: 'budget', details: { option: 'route.maxCost' } } });
    }
    expect((await client.plan({ model: 'ink/quick', prompt: 'a boat', route })).model).toBe('ink/quick');
  });

  test('a ceiling in a currency that nothing compares with the price says so', async () => {
    const route = { maxCost: { amount: 10, currency: 'CNY' } };
    await expect(client.plan({ model: 'paint/fine', prompt: 'a boat', route })).rejects.toMatchObject({
      hint: expect.stringMatching(/^No known rate compares CNY with USD: allow 0\.2 USD\./),
    });
  });

  test('there is nothing to prefer', async () => {
    await expect(client.plan({ model: 'ink', prompt: 'a boat', route: { prefer: 'price' } })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('prefer (price)'),
    });
  });
});

test.each([
  [{ maxCost: 0.05 }, 'route.maxCost must be an amount of money'],
  [{ maxCost: { amount: -1, currency: 'USD' } }, 'route.maxCost.amount must be a number from 0'],
  [{ maxCost: { amount: 1, currency: 'dollars' } }, 'route.maxCost.currency must be a currency such as USD'],
  [{ prefer: 'best' }, 'route.prefer must be one of price, speed, quality'],
  [{ cheap: true }, 'route has no cheap'],
])('%j is refused', async (route, message) => {
  await expect(client.plan({ model: 'auto', prompt: 'a boat', route: route as Route })).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining(message),
  });
});

test('a key that is missing is that of the region', async () => {
  const keys = [
    { env: 'EAST_KEY', region: 'east' },
    { env: 'WEST_KEY', region: 'west' },
  ];
  const regional = defineProvider({
    id: 'two',
    label: 'Two',
    models: { one: shared },
    regions: { east: { baseURL: 'https://east.example' }, west: { baseURL: 'https://west.example' } },
    keys,
    sign: () => ({}),
  })({ region: 'west' });
  const other = createClient({ providers: [regional], env: {} });
  onTestFinished(() => other.close());
  expect((await other.plan({ prompt: 'a boat' })).warnings).toMatchObject([
    { message: expect.stringContaining('WEST_KEY') },
  ]);
});

describe('the choice is known wherever it may be named', () => {
  const aliases = { best: 'auto', either: ['ink/quick', 'auto'], twice: ['auto', 'auto', 'paint/cheap'] };
  const env = { KEY: 'test-key' };
  const clock = { now: () => Date.parse('2026-11-20'), sleep: async () => {} };
  /** Makes a client by whose answers every model is tried: none of the services is there. */
  const tried = async (options: Partial<ClientOptions>, request: object = {}) => {
    const busy = providers.map((one) => ({
      ...one,
      generate: () => Promise.reject(new ImageError('unavailable', 'busy')),
    }));
    const { attempts, error } = await createClient({
      providers: busy,
      env,
      clock,
      maxRetries: 0,
      aliases,
      ...options,
    }).run({
      prompt: 'a boat',
      ...request,
    });
    return attempts.length > 0 ? attempts.map(({ model }) => model) : error;
  };
  const choice = ['paint/cheap', 'ink/quick', 'paint/fine'];

  test.each<[where: string, options: Partial<ClientOptions>, request: object, models: readonly string[]]>([
    ['by its name', {}, { model: 'auto' }, choice],
    ['in an alias', {}, { model: 'best' }, choice],
    ['in an alias among others', {}, { model: 'either' }, ['ink/quick', 'paint/cheap', 'paint/fine']],
    ['in an alias more than once', {}, { model: 'twice' }, choice],
    ['in a list', {}, { model: ['local', 'auto'] }, ['local/rules', ...choice]],
    ['in a list, first', {}, { model: ['auto', 'local'] }, [...choice, 'local/rules']],
    ['in a list alone', {}, { model: ['auto'] }, choice],
    ['by an alias in a list', {}, { model: ['local', 'best'] }, ['local/rules', ...choice]],
    ['by default', { defaultModel: 'auto' }, {}, choice],
    ['by a default alias', { defaultModel: 'either' }, {}, ['ink/quick', 'paint/cheap', 'paint/fine']],
    ['unless it is an alias itself', { aliases: { auto: 'ink' } }, { model: 'auto' }, ['ink/quick']],
    ['unless none is left, where others are named', {}, { model: ['auto', 'ink'], seed: 1 }, ['ink/quick']],
  ])('%s', async (_, options, request, models) => {
    expect(await tried(options, request)).toEqual(models);
  });

  test('with what a choice goes by', async () => {
    expect(await tried({}, { model: 'best', route: { prefer: 'speed' } })).toEqual([
      'ink/quick',
      'paint/cheap',
      'paint/fine',
    ]);
    expect(await tried({}, { model: ['ink'], route: { prefer: 'speed' } })).toMatchObject({ code: 'invalid-request' });
  });
});
