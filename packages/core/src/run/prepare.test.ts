// A plan refuses what a run refuses before sending, with the same error.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noisyPNG, pictures } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import type { Budget } from '../contract/budget.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { ClientOptions, ClientRequest } from '../contract/client.ts';
import { type ErrorCode, ImageError } from '../contract/errors.ts';
import type { Money } from '../contract/provider.ts';
import { createClient } from '../create-client.ts';
import { styleBook } from '../prompt/styles.ts';

const made = noisyPNG(16, 16);
const png = pictures.png;
const mask = noisyPNG(9, 7);

const shared = { source: 'https://docs.example', checked: '2026-11-20', delivery: { as: 'bytes' } } as const;
const size = { default: '512x512', presets: ['512x512', '1024x1024'] } as const;
const takesPictures = { count: [1, 2], types: ['image/png'], as: ['bytes'] } as const;
const usd = (amount: number) => [{ amount, currency: 'USD', per: 'image' }] as const;
const both = { generate: {}, edit: { images: takesPictures } } as const;
const options = { forbidden: { type: 'boolean' }, firstRests: { type: 'boolean' } } as const;

/** Two models alike, one whose mask must be turned, one without a price, one that is paid in another currency. */
const models: { [id: string]: ModelCapabilities } = {
  one: { ...shared, label: 'One', operations: both, size, options, prices: usd(0.1) },
  two: { ...shared, label: 'Two', operations: both, size, options, prices: usd(0.2) },
  turned: {
    ...shared,
    label: 'Turned',
    operations: { ...both, inpaint: { images: takesPictures, mask: { repaint: 'black' } } },
    size,
    options,
    prices: usd(0.1),
  },
  unpriced: { ...shared, label: 'Unpriced', operations: both, size, options },
  yuan: {
    ...shared,
    label: 'Yuan',
    operations: both,
    size,
    options,
    prices: [{ amount: 1, currency: 'CNY', per: 'image' }],
  },
};

/** The sheet of a world: who asks what, and with what settings. */
interface World {
  readonly request: ClientRequest;
  readonly options: Partial<ClientOptions>;
}

/** Asks for a plan and for the picture. */
async function ask({ request, options }: World) {
  let calls = 0;
  const paint = defineProvider({
    id: 'paint',
    label: 'Paint',
    models,
    regions: { only: { baseURL: 'https://paint.example' } },
    keys: [{ env: 'PAINT_KEY' }],
    sign: () => ({}),
    check(call) {
      if (call.options.forbidden) throw new ImageError('unsupported', 'forbidden and n exclude each other');
      if (call.options.firstRests && call.model === 'one') throw new ImageError('unavailable', 'one rests');
    },
    generate: async ({ n }) => {
      calls += 1;
      return { outputs: Array(n).fill({ bytes: made }) };
    },
  })();
  const client = createClient({
    providers: [paint],
    env: { PAINT_KEY: 'test-key' },
    aliases: { mine: 'paint/two', chain: 'mine', list: ['paint/one', 'paint/two'] },
    prompts: { styles: styleBook({ inked: 'drawn with ink' }) },
    ...options,
  });
  const planned = await client.plan(request).then(
    (plan) => ({ plan }),
    (error: unknown) => ({ error }),
  );
  expect(calls).toBe(0);
  const outcome = await client.run(request);
  await client.close();
  return { planned, outcome, calls };
}

/** A budget in memory: no more than `most` for one request, in USD. */
function budgetOf(most: number): Budget {
  const refuse = async (cost: Money | null) => {
    const problem =
      cost === null
        ? 'the price is unknown'
        : cost.currency !== 'USD'
          ? `the price is in ${cost.currency}`
          : cost.amount > most
            ? `${cost.amount} is more than ${most}`
            : undefined;
    if (problem) throw new ImageError('budget', problem);
  };
  return {
    check: ({ cost }) => refuse(cost),
    async reserve({ cost }) {
      await refuse(cost);
      return { settle: async () => {} };
    },
  };
}

/** What both may be asked for, and both carry out. */
const sound: fc.Arbitrary<World> = fc
  .record({
    prompt: fc.constantFrom('a boat', '一只小船', 'a sign that says "OPEN"', 'x'.repeat(300)),
    model: fc.constantFrom(undefined, 'paint', 'paint/one', 'mine', 'list', 'auto', [
      'paint/two',
      'paint/one',
    ] as const),
    n: fc.integer({ min: 1, max: 3 }),
    size: fc.constantFrom(undefined, '512x512' as const, '1024x1024' as const),
    negotiation: fc.constantFrom(undefined, 'strict' as const, 'adapt' as const),
    style: fc.constantFrom(undefined, undefined, 'inked'),
    images: fc.constantFrom(undefined, undefined, [png]),
    budget: fc.constantFrom(undefined, budgetOf(10)),
  })
  .map(({ budget, ...request }) => ({
    request: Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)),
    options: budget ? { budget } : {},
  }));

const asking = (request: ClientRequest, options: Partial<ClientOptions> = {}): World => ({ request, options });
const strict = { negotiation: 'strict', model: 'paint/one' } as const;
const failingBook = {
  find: () => {
    throw new ImageError('config', 'the styles cannot be read');
  },
};

/** Each step that can refuse: what makes it refuse, and how its error is told from the others'. */
const steps: {
  readonly [step: string]: { readonly worlds: readonly World[]; readonly says: RegExp; code: ErrorCode[] };
} = {
  'the name of the model': {
    worlds: [asking({ model: 'nobody/x' }), asking({ model: 'paint/none' }), asking({ model: 'chain' })],
    says: /unknown provider|has no model|names/,
    code: ['not-found', 'config'],
  },
  'the route': {
    worlds: [
      asking({ model: 'auto', route: { prefer: 'best' as 'price' } }),
      asking({ model: 'auto', route: { maxCost: { amount: -1, currency: 'USD' } } }),
      asking({ model: 'paint/one', route: { prefer: 'price' } }),
    ],
    says: /^route\.|^prefer/,
    code: ['invalid-request'],
  },
  'the words': {
    worlds: [
      asking({ n: 0 }),
      asking({ size: 'large' as '1x1' }),
      asking({ timeout: -1 }),
      asking({ timeout: Number.NaN }),
      asking({ timeout: Number.POSITIVE_INFINITY }),
      asking({ timeout: 1e300 }),
      asking({ sizes: '1x1' } as ClientRequest),
      asking({ size: '512x512', aspectRatio: '1:1' }),
    ],
    says: /^n must|^size|^timeout|^sizes/,
    code: ['invalid-request'],
  },
  'reading a picture': {
    worlds: [asking({ images: [new Uint8Array([1, 2, 3])] }), asking({ images: ['/nowhere/to-be-found.png'] })],
    says: /./,
    code: ['invalid-request'],
  },
  'looking up a style': {
    worlds: [asking({ style: 'inked' }, { prompts: { styles: failingBook } })],
    says: /styles cannot be read/,
    code: ['config'],
  },
  'an automatic choice': {
    worlds: [
      asking({ model: 'auto', negativePrompt: 'fog' }),
      asking({ model: 'auto', operation: 'upscale', factor: 2 }),
    ],
    says: /^none of the \d+ models/,
    code: ['unsupported'],
  },
  'a style that nobody has': {
    worlds: [asking({ ...strict, style: 'unheard-of' })],
    says: /there is no style/,
    code: ['unsupported'],
  },
  'bringing a picture here': {
    worlds: [
      asking({ ...strict, images: ['http://10.0.0.1/a.png'] }),
      asking({ ...strict, images: ['http://[::1]/a.png'] }),
    ],
    says: /./,
    code: ['invalid-request'],
  },
  negotiation: {
    worlds: [
      asking({ ...strict, size: '640x480' }),
      asking({ ...strict, negativePrompt: 'fog' }),
      asking({ ...strict, seed: 1 }),
      asking({ ...strict, model: ['paint/one', 'paint/two'], seed: 1 }),
    ],
    says: /does not take|has no/,
    code: ['unsupported'],
  },
  'a key that cannot be sent': {
    worlds: [
      asking(strict, { env: { PAINT_KEY: 'test-kéy' } }),
      asking(strict, { env: { PAINT_KEY: 'test\u0001key' } }),
    ],
    says: /characters that no key has/,
    code: ['auth'],
  },
  'what it may cost': {
    worlds: [
      asking({ ...strict, route: { maxCost: { amount: 0.01, currency: 'USD' } } }),
      asking({ model: 'paint/unpriced', route: { maxCost: { amount: 9, currency: 'USD' } } }),
    ],
    says: /at most/,
    code: ['budget'],
  },
  'a mask that nothing can turn': {
    worlds: [asking({ model: 'paint/turned', images: [png], mask })],
    says: /nothing here can convert masks/,
    code: ['unsupported'],
  },
  'what only the provider knows': {
    worlds: [asking({ ...strict, providerOptions: { forbidden: true } })],
    says: /exclude each other/,
    code: ['unsupported'],
  },
  'the budget': {
    worlds: [
      asking(strict, { budget: budgetOf(0.01) }),
      asking({ model: 'paint/unpriced' }, { budget: budgetOf(9) }),
      asking({ model: 'paint/yuan' }, { budget: budgetOf(9) }),
      asking({ model: ['paint/unpriced', 'paint/one'] }, { budget: budgetOf(9) }),
    ],
    says: /unknown|is in CNY|is more than/,
    code: ['budget'],
  },
};

/** The world with what the fault changes. A fault of one step may come with a fault of another. */
function withFault({ request, options }: World, fault: World): World {
  return { request: { ...request, ...fault.request }, options: { ...options, ...fault.options } };
}

const anyFault = fc.constantFrom(...Object.values(steps).flatMap(({ worlds }) => worlds));

async function expectSame(world: World) {
  const { planned, outcome, calls } = await ask(world);
  if ('error' in planned) {
    expect(ImageError.isInstance(planned.error)).toBe(true);
    const { error } = planned as { error: ImageError };
    expect(calls).toBe(0);
    expect(outcome.sent).toBe(false);
    expect(outcome.error?.toJSON()).toEqual(error.toJSON());
    expect(outcome.error?.hint).toBe(error.hint);
    return error;
  }
  expect(outcome.error).toBeUndefined();
  expect(outcome.images).toHaveLength(world.request.n ?? 1);
  expect(outcome.applied.filter(({ option }) => option !== 'prompt')).toEqual(planned.plan.applied);
  return undefined;
}

describe('a plan refuses exactly what a run refuses before sending, with the same error', () => {
  test.each(Object.entries(steps))('%s', async (_, { worlds, says, code }) => {
    const cases = worlds.map(() => ({ all: 0, refusedHere: 0 }));
    // One in ten has a second fault, so that the order of the steps is the same, too.
    const second = fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyFault });
    await fc.assert(
      fc.asyncProperty(sound, fc.nat(worlds.length - 1), second, async (world, index, other) => {
        const error = await expectSame(withFault(other ? withFault(world, other) : world, worlds[index]!));
        const of = cases[index]!;
        of.all += 1;
        if (error && code.includes(error.code) && says.test(error.message)) of.refusedHere += 1;
      }),
    );
    // The step itself is what refuses each of them: were it missing in both, they would still agree.
    for (const [index, { all, refusedHere }] of cases.entries()) {
      expect(refusedHere, `refusals of ${JSON.stringify(worlds[index]!.request)}`).toBeGreaterThan(0.5 * all);
    }
  });

  test('and neither refuses what is sound', async () => {
    await fc.assert(
      fc.asyncProperty(sound, async (world) => {
        expect(await expectSame(world)).toBeUndefined();
      }),
    );
  });
});

test('a plan goes on to the next model where a run does', async () => {
  const words = { prompt: 'x', providerOptions: { firstRests: true } };
  const both = await ask(asking({ ...words, model: ['paint/one', 'paint/two'] }));
  expect(both).toMatchObject({
    planned: { plan: { model: 'paint/two' } },
    outcome: { images: [{ model: 'paint/two' }] },
  });
  expect(await expectSame(asking({ ...words, model: 'paint/one' }))).toMatchObject({ code: 'unavailable' });
});

test('a missing key is a warning of the plan, and the last that a run refuses', async () => {
  const keyless = { env: {} };
  const { planned, outcome } = await ask(asking({ prompt: 'x' }, keyless));
  expect(planned).toMatchObject({ plan: { warnings: [{ code: 'key' }] } });
  expect(outcome).toMatchObject({ sent: false, error: { code: 'auth', message: expect.stringContaining('no key') } });
  await fc.assert(
    fc.asyncProperty(anyFault, async (fault) => {
      if ('env' in fault.options) return;
      const both = await ask(withFault(asking({ prompt: 'x' }, keyless), fault));
      if ('error' in both.planned)
        expect(both.outcome.error).toMatchObject({ code: (both.planned.error as ImageError).code });
      else expect(both.outcome.error).toMatchObject({ code: 'auth' });
    }),
  );
});

// What a plan let through once.
test.each([
  ['a key with characters that no key has', 'a key that cannot be sent'],
  ['a budget that refuses', 'the budget'],
  ['a mask, and nothing that could turn it', 'a mask that nothing can turn'],
])('%s refuses a plan like a run', async (_, step) => {
  for (const world of steps[step]!.worlds) {
    const { planned, outcome } = await ask(withFault(asking({ prompt: 'x' }), world));
    expect(planned).toMatchObject({ error: { message: expect.stringMatching(steps[step]!.says) } });
    expect(outcome).toMatchObject({ sent: false, error: { message: expect.stringMatching(steps[step]!.says) } });
  }
});
