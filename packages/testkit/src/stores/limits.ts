// What every `LimitStore` does.

import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { type Clock, ImageError, type Limiter, type LimitStore } from '@anyimage/core';
import type { StoreCase } from './store-case.ts';

/** A clock whose sleeps pass at once, for everybody. */
function fastClock(): Clock {
  let now = 1_000_000;
  return {
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      await setImmediate();
      signal?.throwIfAborted();
      now += ms;
    },
  };
}

const never = new AbortController().signal;
const twoCalls = { concurrent: 2 };

/** Has a call fail because there were too many. */
async function limited(limiter: Limiter, retryAfter: number): Promise<void> {
  const error = new ImageError('rate-limit', 'slow down', { retryAfter });
  await assert.rejects(
    limiter.run(() => Promise.reject(error), never),
    error,
  );
}

/** Runs so many works at once. As many as expected run at a time, and no more. */
async function assertMost(limiters: readonly Limiter[], count: number, expected: number): Promise<void> {
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    // A store elsewhere needs a while to let the others in.
    for (let turn = 0; turn < 20 || (most < expected && turn < 20_000); turn++) await setImmediate();
    running -= 1;
  };
  await Promise.all(Array.from({ length: count }, (_, index) => limiters[index % limiters.length]!.run(work, never)));
  assert.equal(most, expected);
}

type LimitCase = StoreCase<LimitStore, Clock>;

export const limitStoreCases: readonly LimitCase[] = [
  {
    id: 'at-a-time',
    title: 'no more calls of an account run at a time than are allowed, whoever makes them, and all run',
    async run(open) {
      const clock = fastClock();
      const limiters = [await open(clock), await open(clock)].map((store) => store.for('paint', { concurrent: 3 }));
      await assertMost(limiters, 12, 3);
    },
  },
  {
    id: 'accounts-apart',
    title: 'accounts know nothing of each other',
    async run(open) {
      const store = await open(fastClock());
      const limiters = ['paint one', 'paint two'].map((account) => store.for(account, { concurrent: 1 }));
      await assertMost(limiters, 6, 2);
    },
  },
  {
    id: 'result-and-error',
    title: 'a call gives its result or its error, and its place is free then',
    async run(open) {
      const limiter = (await open(fastClock())).for('paint', { concurrent: 1 });
      assert.equal(await limiter.run(async () => 7, never), 7);
      const error = new Error('broken');
      await assert.rejects(
        limiter.run(() => Promise.reject(error), never),
        error,
      );
      assert.equal(await limiter.run(async () => 8, never), 8);
    },
  },
  {
    id: 'giving-up',
    title: 'who waits and gives up is told why, and takes nobody the place',
    async run(open) {
      const clock = fastClock();
      const [one, other] = [await open(clock), await open(clock)].map((store) => store.for('paint', { concurrent: 1 }));
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const first = one!.run(() => {
        begun.resolve();
        return gate.promise;
      }, never);
      await begun.promise;
      const impatient = new AbortController();
      const second = other!.run(async () => 'second', impatient.signal);
      await setImmediate();
      const reason = new Error('gave up');
      impatient.abort(reason);
      await assert.rejects(second, reason);
      const third = other!.run(async () => 'third', never);
      gate.resolve();
      await first;
      assert.equal(await third, 'third');
      await assert.rejects(
        one!.run(async () => 'fourth', impatient.signal),
        reason,
      );
    },
  },
  {
    id: 'pause',
    title: 'everybody waits as long as a rate limit says',
    async run(open) {
      const clock = fastClock();
      const [one, other] = [await open(clock), await open(clock)].map((store) => store.for('paint', twoCalls));
      const began = clock.now();
      await limited(one!, 7000);
      await other!.run(async () => {}, never);
      assert.ok(clock.now() - began >= 7000, 'the pause was not waited for');
    },
  },
  {
    id: 'learning',
    title: 'after a rate limit half as many run at a time, and one more after ten that went well',
    async run(open) {
      const limiter = (await open(fastClock())).for('paint', { concurrent: 4 });
      await limited(limiter, 0);
      await assertMost([limiter], 8, 2);
      await assertMost([limiter], 2, 2);
      await assertMost([limiter], 8, 3);
    },
  },
  {
    id: 'per-minute',
    title: 'no more calls begin within a minute than are allowed, whoever makes them',
    async run(open) {
      const clock = fastClock();
      const rate = { concurrent: 10, perMinute: 2 };
      const limiters = [await open(clock), await open(clock)].map((store) => store.for('paint', rate));
      const began = clock.now();
      const starts: number[] = [];
      for (let index = 0; index < 5; index++) {
        await limiters[index % 2]!.run(async () => void starts.push(clock.now() - began), never);
      }
      assert.deepEqual(starts, [0, 0, 60_000, 60_000, 120_000]);
    },
  },
  {
    id: 'per-second',
    title:
      'no more calls begin within a second than are allowed, whichever second it is, and the minute holds beside it',
    async run(open) {
      const clock = fastClock();
      const rate = { concurrent: 10, perSecond: 2, perMinute: 3 };
      const limiters = [await open(clock), await open(clock)].map((store) => store.for('paint', rate));
      const began = clock.now();
      const starts: number[] = [];
      for (let index = 0; index < 5; index++) {
        await limiters[index % 2]!.run(async () => void starts.push(clock.now() - began), never);
        if (index === 0) await clock.sleep(600, never);
      }
      assert.deepEqual(starts, [0, 600, 1000, 60_000, 60_600]);
    },
  },
  {
    id: 'deadline',
    title: 'a wait that would not end before the deadline is refused at once, a shorter one is waited for',
    async run(open) {
      const clock = fastClock();
      const [one, other] = [await open(clock), await open(clock)].map((store) => store.for('paint', twoCalls));
      await limited(one!, 7000);
      const began = clock.now();
      for (const ms of [1, 6999, 7000]) {
        const refused = other!.run(() => assert.fail('it ran'), never, began + ms);
        await assert.rejects(refused, (error: ImageError) => {
          assert.deepEqual([error.code, error.retryAfter, error.mayHaveBeenBilled], ['rate-limit', 7000, false]);
          return true;
        });
      }
      assert.equal(clock.now(), began);
      assert.equal(await other!.run(async () => 'made', never, began + 7001), 'made');
    },
  },
];
