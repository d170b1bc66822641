// The promises of stores of tickets and limits, kept by a real Redis.

import { hasRedis, startRedis, type TestRedis } from '@anyimage/testkit/redis';
import { limitStoreCases, ticketStoreCases } from '@anyimage/testkit/stores';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { redisLimits } from './limits.ts';
import { openSession } from './session.ts';
import { redisTickets } from './tickets.ts';

describe.skipIf(!hasRedis)('in Redis', () => {
  let redis: TestRedis;
  let count = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  /** Handles of one store, as processes of their own would have them. */
  function sessionsOfOne() {
    const prefix = `{test-${count++}}`;
    return async () => {
      const session = await openSession({ url: redis.url, prefix });
      onTestFinished(() => session.close());
      return session;
    };
  }

  test.each(ticketStoreCases.map((one) => [one.title, one.id, one] as const))('%s (%s)', async (_, __, { run }) => {
    const open = sessionsOfOne();
    await run(async () => redisTickets(await open()));
  });

  test('over three processes, no more calls begin in any second, wherever it begins, than are allowed', async () => {
    let now = 1_000_000;
    const clock = {
      now: () => now,
      async sleep(ms: number) {
        now += ms;
      },
    };
    const open = sessionsOfOne();
    const stores = await Promise.all([open(), open(), open()]);
    const rate = { concurrent: 100, perSecond: 10 };
    const limiters = stores.map((session) => redisLimits(session, { clock }).for('paint', rate));
    const random = fc.sample(fc.nat(400), { numRuns: 60, seed: 7 });
    const starts: number[] = [];
    for (const [index, ms] of random.entries()) {
      if (index % 7 === 0) now += ms;
      await limiters[index % 3]!.run(async () => void starts.push(now), new AbortController().signal);
    }
    for (const [index, at] of starts.entries()) {
      expect(at - (starts[index - 10] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1000);
    }
  });

  test.each(limitStoreCases.map((one) => [one.title, one.id, one] as const))('%s (%s)', async (_, __, { run }) => {
    const open = sessionsOfOne();
    await run(async (clock) => redisLimits(await open(), { clock }));
  });
});
