// The promises of stores of tickets and limits, kept by a real Redis.

import { hasRedis, startRedis, type TestRedis } from '@anyimage/testkit/redis';
import { limitStoreCases, ticketStoreCases } from '@anyimage/testkit/stores';
import { afterAll, beforeAll, describe, onTestFinished, test } from 'vitest';
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

  test.each(limitStoreCases.map((one) => [one.title, one.id, one] as const))('%s (%s)', async (_, __, { run }) => {
    const open = sessionsOfOne();
    await run(async (clock) => redisLimits(await open(), { clock }));
  });
});
