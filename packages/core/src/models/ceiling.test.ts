// What a request may cost: every way out that an error names works, and no choice costs more than it must.

import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import { memoryBudget } from '../contract/budget.ts';
import type { ModelCapabilities, ModelTable, Price } from '../contract/capabilities.ts';
import type { ClientOptions, ClientRequest, Plan } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import { omit } from '../contract/objects.ts';
import { createClient } from '../create-client.ts';

const shared = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
} as const satisfies ModelCapabilities;
const clock = { now: () => Date.parse('2026-11-20'), sleep: async () => {} };

function provider(id: string, models: ModelTable) {
  return defineProvider({
    id,
    label: id,
    models,
    regions: { only: { baseURL: 'https://service.example' } },
    keys: [],
    sign: () => ({}),
    generate: async () => ({ outputs: [] }),
  })();
}

function clientOf(tables: { readonly [provider: string]: ModelTable }, options: Partial<ClientOptions> = {}) {
  const providers = Object.entries(tables).map(([id, models]) => provider(id, models));
  return createClient({ providers, env: {}, clock, ...options });
}

async function planned(client: ReturnType<typeof clientOf>, request: ClientRequest): Promise<Plan | ImageError> {
  return client.plan(request).catch((error: unknown) => {
    if (ImageError.isInstance(error)) return error;
    throw error;
  });
}

const usd = (amount: number, when?: Price['when']): Price => ({
  amount,
  currency: 'USD',
  per: 'image',
  ...(when && { when }),
});
/** Left to itself such a model has no known price. */
const byTokens = {
  ...shared,
  size: { presets: ['1024x1024', '1536x1024'], default: 'auto' },
  quality: { values: ['low', 'medium', 'high', 'auto'], default: 'auto' },
  prices: [
    usd(0.006, { quality: 'low', size: '1024x1024' }),
    usd(0.05, { quality: 'medium', size: '1024x1024' }),
    usd(0.2, { quality: 'high', size: '1024x1024' }),
    { amount: 30, currency: 'USD', per: '1M image out' },
  ],
} as const satisfies ModelCapabilities;
const ceiling = (amount: number) => ({ route: { maxCost: { amount, currency: 'USD' } } });

describe('a model whose price hangs on quality and size', () => {
  const client = clientOf({ token: { one: byTokens } });
  const asked = { prompt: 'a boat', model: 'token/one' };

  test('says under a ceiling with which words it has a price, and the cheapest', async () => {
    expect(await planned(client, { ...asked, ...ceiling(0.1) })).toMatchObject({
      code: 'budget',
      message:
        'token/one has a known price only with quality (low, medium, high) and size (1024x1024), and at most 0.1 USD is allowed',
      hint: 'Use quality: "low" and size: "1024x1024": 0.006 USD.',
    });
  });

  test.each([
    ['the usual quality', 0.1, {}, { quality: 'medium', size: { width: 1024, height: 1024 } }, 0.05],
    ['a lower one, if that is what can be paid', 0.01, {}, { quality: 'low' }, 0.006],
    ['for all pictures together', 0.1, { n: 4 }, { quality: 'low' }, 0.024],
    ['beside what is said', 0.3, { quality: 'high' }, { quality: 'high', size: { width: 1024, height: 1024 } }, 0.2],
    ['“auto” says nothing', 0.1, { quality: 'auto', size: '1024x1024' }, { quality: 'medium' }, 0.05],
  ] as const)('is told words that were left open, under adapt: %s', async (_, amount, words, sent, cost) => {
    for (const model of ['token/one', 'auto']) {
      const plan = await client.plan({ ...asked, model, negotiation: 'adapt', ...words, ...ceiling(amount) });
      expect(plan.estimate).toMatchObject({ amount: cost });
      for (const call of plan.calls) expect(call).toMatchObject(sent);
      const told = plan.applied.filter(({ option }) => option !== 'model');
      expect(told.map(({ because }) => because)).toContain(
        `so that the price is known before, and low enough: ${cost} USD`,
      );
    }
  });

  test.each([
    ['of which no price is known', { size: '1536x1024' }, 0.1],
    ['which cost more', { quality: 'high' }, 0.1],
    ['of which too many are asked for', { n: 100, quality: 'low', size: '1024x1024' }, 0.3],
  ] as const)('is never told others than those that were said: %s', async (_, words, amount) => {
    const error = await planned(client, { ...asked, negotiation: 'adapt', ...words, ...ceiling(amount) });
    expect(error).toMatchObject({ code: 'budget' });
  });

  test('as many pictures as can be paid are named', async () => {
    const error = await planned(client, { ...asked, n: 9, quality: 'medium', size: '1024x1024', ...ceiling(0.3) });
    expect(error).toMatchObject({ hint: 'Use n: 6: 0.3 USD.' });
  });

  test('the currency of a ceiling that nothing compares with its prices is what is said of it first', async () => {
    const route = { maxCost: { amount: 0.3, currency: 'CNY' } };
    const message = 'token/one would cost 0.006 to 0.2 USD, by quality and size, and at most 0.3 CNY is allowed';
    expect(await planned(client, { ...asked, route })).toMatchObject({
      message,
      hint: 'No known rate compares CNY with USD: use quality: "low" and size: "1024x1024", and allow 0.006 USD.',
    });
    expect(await planned(client, { ...asked, route, negotiation: 'adapt' })).toMatchObject({
      message,
      hint: 'No known rate compares CNY with USD: allow 0.006 USD.',
    });
    const plan = await client.plan({ ...asked, negotiation: 'adapt', ...ceiling(0.006) });
    expect(plan.estimate).toMatchObject({ amount: 0.006 });
  });

  test('where a model at hand costs little enough in the currency of the ceiling, it is named besides', async () => {
    const both = clientOf({
      token: { one: byTokens },
      yuan: { one: { ...shared, prices: [{ ...usd(0.2), currency: 'CNY' }] } },
    });
    onTestFinished(() => both.close());
    const route = { maxCost: { amount: 0.3, currency: 'CNY' } };
    expect(await planned(both, { ...asked, route, negotiation: 'adapt' })).toMatchObject({
      hint: 'No known rate compares CNY with USD: allow 0.006 USD. Use model: "yuan/one": 0.2 CNY.',
    });
  });

  test('and a budget wants it known', async () => {
    const budget = memoryBudget({ currency: 'USD', perRun: 0.1 });
    const other = clientOf({ token: { one: byTokens } }, { budget });
    onTestFinished(() => other.close());
    expect(await planned(other, asked)).toMatchObject({
      code: 'budget',
      hint: expect.stringMatching(/^Use quality: "low" and size: "1024x1024": 0\.006 USD\. /),
    });
    expect((await other.run(asked)).error?.hint).toMatch(/^Use quality: "low" and size: "1024x1024": 0\.006 USD\. /);
    expect(await planned(other, { ...asked, negotiation: 'adapt' })).toMatchObject({
      calls: [{ quality: 'medium' }],
      estimate: { amount: 0.05 },
    });
  });
});

test('where all cost more, the choice names the cheapest and what it costs', async () => {
  const client = clientOf({
    token: { one: byTokens },
    paint: { fine: { ...shared, prices: [usd(0.01)] }, odd: shared },
  });
  onTestFinished(() => client.close());
  expect(await planned(client, { prompt: 'a boat', model: 'auto', ...ceiling(0.001) })).toMatchObject({
    code: 'budget',
    message:
      '3 of the 3 models at hand take the request, none is known to cost at most 0.001 USD; the cheapest is token/one with quality: "low" and size: "1024x1024", for 0.006 USD',
    hint: 'Use model: "token/one" and quality: "low" and size: "1024x1024", and allow 0.006 USD.',
  });
});

test('a choice takes no model that the budget refuses, if there is another', async () => {
  const tables = {
    paint: { odd: shared, fine: { ...shared, prices: [usd(0.4)] }, plain: { ...shared, prices: [usd(0.1)] } },
  };
  const client = clientOf(tables, { budget: memoryBudget({ currency: 'USD', perCall: 0.2 }) });
  onTestFinished(() => client.close());
  for (const prefer of [undefined, 'price', 'quality', 'speed'] as const) {
    const plan = await client.plan({ prompt: 'a boat', model: 'auto', ...(prefer && { route: { prefer } }) });
    expect([prefer, plan.model]).toEqual([prefer, 'paint/plain']);
  }
});

describe('whatever the tables', () => {
  const amounts = fc.constantFrom(0, 0.004, 0.01, 0.03, 0.2);
  const row = fc.oneof(
    fc.record({ prices: fc.tuple(amounts.map((amount) => usd(amount))), procedural: fc.boolean() }),
    fc.record({ prices: fc.constant([]) }),
    fc.constant(byTokens),
    fc.tuple(amounts, amounts).map(([low, high]) => ({
      quality: { values: ['standard', 'hd'], default: 'standard' },
      prices: [usd(low, { quality: 'standard' }), usd(high, { quality: 'hd' })],
    })),
  );
  const table = fc
    .dictionary(fc.constantFrom('a', 'b', 'c'), row, { minKeys: 1 })
    .map(
      (rows): ModelTable =>
        Object.fromEntries(Object.entries(rows).map(([id, own]) => [id, { ...shared, ...own } as ModelCapabilities])),
    );
  const request = fc.record(
    {
      n: fc.integer({ min: 1, max: 5 }),
      negotiation: fc.constantFrom('strict' as const, 'adapt' as const),
      quality: fc.constantFrom('low', 'standard', 'auto'),
      route: fc.record(
        {
          maxCost: fc.record({ amount: amounts, currency: fc.constantFrom('USD', 'USD', 'CNY') }),
          prefer: fc.constantFrom('price' as const, 'speed' as const, 'quality' as const),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  const world = fc.record({ tables: fc.record({ one: table, two: table }), asked: request });

  /** What each model by itself would come to. */
  async function each(client: ReturnType<typeof clientOf>, tables: Record<string, ModelTable>, asked: ClientRequest) {
    const { prefer: _, ...route } = asked.route ?? {};
    const strictly = { ...omit(asked, 'route'), negotiation: 'strict' as const };
    const models = Object.entries(tables).flatMap(([id, rows]) =>
      Object.entries(rows).map(([model, { procedural = false }]) => ({ model: `${id}/${model}`, procedural })),
    );
    const plans = await Promise.all(
      models.map(async ({ model, procedural }) => {
        const plan = await planned(client, { ...asked, route, model });
        const asItIs = !ImageError.isInstance(await planned(client, { ...strictly, model }));
        return { model, procedural, plan, asItIs };
      }),
    );
    // Who takes the request as it is comes before who takes it with changes, and is none of them cheap enough, nobody is chosen.
    const counts = plans.filter(({ asItIs }) => asItIs || plans.every((other) => !other.asItIs));
    return counts.flatMap(({ plan, ...one }) => (ImageError.isInstance(plan) ? [] : [{ ...one, cost: plan.estimate }]));
  }

  test('the choice is within the ceiling, free if it can be, and else the cheapest; rules draw last', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ tables, asked }) => {
        const client = clientOf(tables);
        const words = { prompt: 'a boat', negotiation: 'strict' as const, ...asked };
        const chosen = await planned(client, { ...words, model: 'auto' });
        const named = await each(client, tables, words);
        await client.close();
        if (ImageError.isInstance(chosen)) {
          expect(named).toEqual([]);
          return;
        }
        const most = asked.route?.maxCost?.amount;
        if (most !== undefined) expect(chosen.estimate?.amount).toBeLessThanOrEqual(most);
        const mine = named.find(({ model }) => model === chosen.model);
        expect(mine?.cost).toEqual(chosen.estimate);
        const neural = named.filter(({ procedural }) => !procedural);
        expect(mine?.procedural).toBe(neural.length === 0);
        if (asked.route?.prefer === 'speed' || asked.route?.prefer === 'quality') return;
        const rivals = (neural.length > 0 ? neural : named).map(({ cost }) => cost?.amount ?? Number.POSITIVE_INFINITY);
        expect(chosen.estimate?.amount ?? Number.POSITIVE_INFINITY).toBe(Math.min(...rivals));
      }),
      { numRuns: 60 },
    );
  });

  test('who does what the errors say has a picture after three of them at most', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.constantFrom('auto', 'one/a', 'one/b', 'two/a'), async ({ tables, asked }, model) => {
        const { prefer: _, ...route } = asked.route ?? {};
        const client = clientOf(tables);
        let words: ClientRequest = { prompt: 'a boat', ...asked, route, model };
        let said = await planned(client, words);
        for (let tries = 0; tries < 3 && isOfMoney(said); tries++) {
          words = followed(said.hint ?? '', words);
          said = await planned(client, words);
        }
        await client.close();
        const isPriced = Object.values(tables).some((rows) => Object.values(rows).some(({ prices }) => prices?.length));
        if (isPriced) expect([words, isOfMoney(said)]).toEqual([words, false]);
      }),
      { numRuns: 60 },
    );
  });

  function isOfMoney(said: Plan | ImageError): said is ImageError {
    return ImageError.isInstance(said) && said.code === 'budget';
  }

  /** The request as the first sentence of a hint says. */
  function followed(hint: string, words: ClientRequest): ClientRequest {
    const [first = ''] = hint.split(/\.(?= |$)/);
    const said = [...first.matchAll(/(\w+): ("[^"]*"|\d+)(?=[ :,.]|$)/g)];
    const changes = Object.fromEntries(said.map(([, word, value]) => [word, JSON.parse(value!)]));
    const [, amount, currency] = /(?:[Aa]llow|is) ([\d.]+) ([A-Z]{3})/.exec(first) ?? [];
    const maxCost = amount === undefined ? {} : { route: { maxCost: { amount: Number(amount), currency: currency! } } };
    return { ...words, ...changes, ...maxCost };
  }
});
