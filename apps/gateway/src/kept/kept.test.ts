// What is kept in a folder and in Redis: the same promises, and for whatever is asked of both, the same answers.

import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, redisKept } from '@anyimage/store-redis';
import { type AskedIntent, doubtMs, type Kept, type SpentSums } from '@anyimage/store-redis/contract';
import { hasRedis, startRedis, type TestRedis } from '@anyimage/testkit/redis';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { keepInFolder } from './keep.ts';

let redis: TestRedis;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.close());

async function inFolder(): Promise<() => Promise<Kept>> {
  const folder = await mkdtemp(join(tmpdir(), 'kept-'));
  return () => closing(keepInFolder(folder));
}
async function inRedis(): Promise<() => Promise<Kept>> {
  const prefix = `{${randomUUID()}}`;
  return () => closing(openSession({ url: redis.url, prefix }).then(redisKept));
}
async function closing(opening: Promise<Kept>): Promise<Kept> {
  const kept = await opening;
  onTestFinished(() => kept.close());
  return kept;
}

const places = [
  ['in a folder', inFolder],
  ['in Redis', inRedis],
] as const;
const asked = (id: string, facts: Partial<AskedIntent> = {}): AskedIntent => ({
  id,
  key: 'k-1',
  fingerprint: 'print',
  at: 1000,
  tries: 0,
  ...facts,
});
const spending = (facts: object = {}) => ({
  intent: 'i-1',
  key: 'k-1',
  model: 'paint/one',
  amount: 100,
  currency: 'USD',
  at: Date.UTC(2026, 2, 3),
  ...facts,
});

describe.each(hasRedis ? places : places.slice(0, 1))('%s', (_, begin) => {
  test('of many that ask with one name at the same time, one is first, and all have its intent', async () => {
    const open = await begin();
    const all = await Promise.all([open(), open()]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => all[index % 2]!.intents.open(asked(`i-${index}`, { name: 'one' }))),
    );
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  });

  test('of many that spend at the same time, no more do than are allowed, and what is settled is free again', async () => {
    const open = await begin();
    const all = await Promise.all([open(), open(), open()]);
    const decide = ({ all: { day } }: SpentSums) => {
      if ((day.get('USD') ?? 0) + 100 > 1000) throw new Error('too much');
    };
    const spend = (index: number) => all[index % 3]!.spending.reserve(spending({ intent: `i-${index}` }), decide);
    const answers = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => spend(index)));
    const entries = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(entries).toHaveLength(10);
    expect(await all[0]!.spending.open()).toHaveLength(10);
    for (const entry of entries) await all[1]!.spending.settle(entry, 0);
    await all[2]!.spending.settle(entries[0]!, 5000);
    expect(await all[0]!.spending.open()).toEqual([]);
    expect([...(await all[0]!.spending.sums('k-1', spending().at)).all.day].filter(([, sum]) => sum !== 0)).toEqual([]);
  });

  test('in no minute, wherever it begins, do more requests begin than a key may, nor run more at a time', async () => {
    const { requests } = await (await begin())();
    const key = { id: 'k-1', name: 'web', createdAt: 0, perMinute: 3, concurrency: 2 };
    const enter = (at: number) => requests.enter(key, at);
    const [one, two] = [await enter(0), await enter(50_000)] as [() => void, () => void];
    expect(await enter(50_000)).toEqual({ limit: 'concurrency', wait: 1000 });
    one();
    two();
    await expect.poll(() => requests.enter({ ...key, perMinute: 4 }, 50_001)).toBeTypeOf('function');
    const told = requests.enter({ ...key, concurrency: 9 }, 59_999);
    expect(await told).toEqual({ limit: 'perMinute', wait: 1 });
    expect(await requests.enter({ ...key, concurrency: 9 }, 60_000)).toBeTypeOf('function');
    expect(await requests.enter({ ...key, concurrency: 9 }, 60_001)).toEqual({ limit: 'perMinute', wait: 49_999 });
  });

  test('a refusal stands in place of nothing, what was made in place of a refusal', async () => {
    const { intents } = await (await begin())();
    await intents.open(asked('i-1'));
    const answers: unknown[] = [];
    for (const [text, isMade] of [
      ['no', false],
      ['made', true],
      ['never', false],
    ] as const) {
      await intents.answer('i-1', text, 2000, isMade);
      answers.push((await intents.get('i-1'))?.answer);
    }
    expect(answers).toEqual(['no', 'made', 'made']);
  });

  test('a secret is made once', async () => {
    const open = await begin();
    const all = await Promise.all([open(), open()]);
    const secrets = await Promise.all(all.map((kept) => kept.secret()));
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(secrets[1]).toBe(secrets[0]);
  });
});

const key = fc.constantFrom('k-1', 'k-"2');
const model = fc.constantFrom('paint/one', 'paint/two');
const currency = fc.constantFrom('USD', 'CNY');
/** Within a minute of each other, and some long after. */
const later = fc.constantFrom(0, 1, 1000, doubtMs - 1, doubtMs, 86_400_000, 31 * 86_400_000);
const step = fc.oneof(
  fc.record({
    what: fc.constant('open'),
    key,
    name: fc.option(fc.constantFrom('n', 'm'), { nil: undefined }),
    fingerprint: fc.constantFrom('a', 'b'),
    tries: fc.nat(3),
    isTask: fc.boolean(),
    later,
  }),
  fc.record({ what: fc.constantFrom('answer', 'arrived', 'get'), which: fc.nat(5), isMade: fc.boolean(), later }),
  fc.record({ what: fc.constantFrom('openTasks', 'forget', 'openReservations', 'usage'), later }),
  fc.record({ what: fc.constant('reserve'), key, model, currency, amount: fc.nat(5), later }),
  fc.record({
    what: fc.constant('settle'),
    which: fc.nat(5),
    amount: fc.nat(5),
    more: fc.array(fc.tuple(currency, fc.nat(5)), { maxLength: 2 }),
  }),
  fc.record({ what: fc.constant('count'), key, model, pictures: fc.nat(3), failed: fc.nat(1), later }),
  fc.record({ what: fc.constant('sums'), key, later }),
  fc.record({ what: fc.constantFrom('addKey', 'revoke'), which: fc.nat(2), later }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a store is asked, and what it has told so far that later steps go by. */
interface World {
  readonly kept: Kept;
  readonly intents: string[];
  readonly entries: number[];
  now: number;
}

/** Carries out a step, and gives what it told, less what each store is free in. */
async function take(world: World, step: Step, count: number): Promise<unknown> {
  const { kept, intents, entries } = world;
  if ('later' in step) world.now += step.later;
  const at = world.now;
  switch (step.what) {
    case 'open': {
      const { key, name, fingerprint, tries, isTask } = step as Extract<Step, { isTask: boolean }>;
      const id = `i-${count}`;
      const asked = {
        id,
        key,
        fingerprint,
        at,
        tries,
        ...(name !== undefined && { name }),
        ...(isTask && { task: `{"${id}":1}` }),
      };
      const intent = await kept.intents.open(asked);
      if (intent.isNew) intents.unshift(id);
      return intent;
    }
    case 'answer':
    case 'arrived':
    case 'get': {
      const id = intents[(step as { which: number }).which] ?? 'nothing';
      if (step.what === 'answer')
        return kept.intents.answer(id, `{"answer":"${count}"}`, at, (step as { isMade: boolean }).isMade);
      if (step.what === 'arrived') return kept.intents.arrived(id);
      return kept.intents.get(id);
    }
    case 'openTasks':
      return kept.intents.openTasks();
    case 'forget':
      return kept.intents.forget(at - doubtMs);
    case 'openReservations':
      return (await kept.spending.open())
        .map(({ entry, isHeld, ...one }) => ({ ...one, place: entries.indexOf(entry) }))
        .toSorted((a, b) => a.place - b.place);
    case 'usage':
      return [
        await kept.spending.usage({}),
        await kept.spending.usage({ key: 'k-1', from: '2026-03-04', to: '2026-03-09' }),
      ];
    case 'reserve': {
      const { key, model, currency, amount } = step as Extract<Step, { currency: string }>;
      let seen: SpentSums | undefined;
      const decide = (sums: SpentSums) => {
        seen = sums;
        if ((sums.key.day.get(currency) ?? 0) + amount > 12) throw new Error('too much');
      };
      const entry = await kept.spending
        .reserve({ intent: `i-${count}`, key, model, currency, amount, at }, decide)
        .catch(() => undefined);
      if (entry !== undefined) entries.push(entry);
      return [entry === undefined, seen && shown(seen)];
    }
    case 'settle': {
      const { which, amount, more } = step as Extract<Step, { more: unknown }>;
      const entry = entries[which];
      if (entry === undefined) return undefined;
      return kept.spending.settle(
        entry,
        amount,
        more.map(([currency, amount]) => ({ currency, amount })),
      );
    }
    case 'count': {
      const { key, model, pictures, failed } = step as Extract<Step, { pictures: number }>;
      return kept.spending.count({ key, model, pictures, failed, at });
    }
    case 'sums':
      return shown(await kept.spending.sums((step as { key: string }).key, at));
    case 'addKey': {
      const id = `k-${count}`;
      await kept.keys.add({ id, name: 'web', createdAt: at }, `hash-${count}`);
      return [await kept.keys.find(`hash-${count}`), await kept.keys.list()];
    }
    default: {
      const [first] = (await kept.keys.list()).slice((step as { which: number }).which);
      return [await kept.keys.revoke(first?.id ?? 'none', at), await kept.keys.list()];
    }
  }
}

/** Sums that are nothing are as good as none. */
function shown({ key, all }: SpentSums): unknown {
  const amounts = [key.day, key.month, all.day, all.month];
  return amounts.map((sums) => [...sums].filter(([, sum]) => sum !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test.skipIf(!hasRedis)(
  'whatever is asked of both, they tell the same',
  async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const stores = await Promise.all([inFolder(), inRedis()]);
      const worlds: World[] = await Promise.all(
        stores.map(async (open) => ({ kept: await open(), intents: [], entries: [], now: Date.UTC(2026, 2, 3) })),
      );
      for (const [count, one] of steps.entries()) {
        const [folder, shared] = await Promise.all(worlds.map((world) => take(world, one, count)));
        expect(shared, JSON.stringify(one)).toEqual(folder);
      }
    });
    await fc.assert(property, { numRuns: 30 });
  },
  120_000,
);
