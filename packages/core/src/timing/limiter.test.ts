import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock, Limiter } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import { createLimiter } from './limiter.ts';

/** A clock whose sleeps pass at once. */
function fastClock(): Clock & { slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

const never = new AbortController().signal;

describe('limiter', () => {
  test('never runs more at a time than allowed, and runs everything', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.record({ ticks: fc.nat(6), fails: fc.constantFrom('no', 'yes', 'rate-limit') }), { maxLength: 30 }),
        async (concurrent, works) => {
          const limiter = createLimiter({ concurrent, clock: fastClock() });
          let running = 0;
          let most = 0;
          const results = await Promise.allSettled(
            works.map(({ ticks, fails }) =>
              limiter.run(async () => {
                most = Math.max(most, ++running);
                for (let i = 0; i < ticks; i++) await Promise.resolve();
                running -= 1;
                if (fails === 'rate-limit') throw new ImageError('rate-limit', 'slow down', { retryAfter: 100 });
                if (fails === 'yes') throw new Error('failed');
              }, never),
            ),
          );
          expect(most).toBeLessThanOrEqual(concurrent);
          expect(results.map(({ status }) => status)).toEqual(
            works.map(({ fails }) => (fails === 'no' ? 'fulfilled' : 'rejected')),
          );
        },
      ),
    );
  });

  test('nobody is overtaken: calls begin in the order in which they were asked for', async () => {
    const call = fc.record({
      /** How many turns of the event queue go by before it is asked for, and while it runs. */
      comesAfter: fc.nat(4),
      ticks: fc.nat(6),
      fails: fc.constantFrom('no', 'no', 'yes', 'rate-limit'),
      givesUp: fc.option(fc.nat(6), { freq: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.option(fc.integer({ min: 1, max: 5 })),
        fc.array(call, { maxLength: 30 }),
        async (concurrent, perMinute, calls) => {
          const limiter = createLimiter({ concurrent, clock: fastClock(), ...(perMinute !== null && { perMinute }) });
          const begun: number[] = [];
          const works: Promise<unknown>[] = [];
          for (const [index, { comesAfter, ticks, fails, givesUp }] of calls.entries()) {
            for (let tick = 0; tick < comesAfter; tick++) await Promise.resolve();
            const patience = new AbortController();
            const work = async () => {
              begun.push(index);
              for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
              if (fails === 'rate-limit') throw new ImageError('rate-limit', 'slow down', { retryAfter: 100 });
              if (fails === 'yes') throw new Error('failed');
            };
            works.push(limiter.run(work, patience.signal));
            if (givesUp === null) continue;
            works.push(
              (async () => {
                for (let tick = 0; tick < givesUp; tick++) await Promise.resolve();
                patience.abort(new Error('gave up'));
              })(),
            );
          }
          await Promise.allSettled(works);
          expect(begun).toEqual(begun.toSorted((a, b) => a - b));
          const patient = calls.flatMap(({ givesUp }, index) => (givesUp === null ? [index] : []));
          expect(begun).toEqual(expect.arrayContaining(patient));
        },
      ),
    );
  });

  test('a sleep that nobody waits for any more ends', async () => {
    const clock = fastClock();
    const ended = Promise.withResolvers<unknown>();
    const limiter = createLimiter({
      concurrent: 1,
      clock: {
        now: clock.now,
        sleep: (_, signal) => new Promise(() => signal?.addEventListener('abort', () => ended.resolve(signal.reason))),
      },
    });
    await limited(limiter, 7000);
    const impatient = new AbortController();
    const waits = limiter.run(async () => {}, impatient.signal);
    impatient.abort(new Error('gave up'));
    await expect(waits).rejects.toThrow('gave up');
    await ended.promise;
  });

  test('a waiting caller that gives up leaves its place to the next', async () => {
    const limiter = createLimiter({ concurrent: 1, clock: fastClock() });
    const gate = Promise.withResolvers<void>();
    const first = limiter.run(() => gate.promise, never);
    const impatient = new AbortController();
    const second = limiter.run(async () => 'second', impatient.signal);
    const third = limiter.run(async () => 'third', never);
    impatient.abort(new Error('gave up'));
    await expect(second).rejects.toThrow('gave up');
    gate.resolve();
    await first;
    expect(await third).toBe('third');
  });

  test('waits as long as a rate limit says', async () => {
    const clock = fastClock();
    const limiter = createLimiter({ concurrent: 2, clock });
    await limiter
      .run(() => Promise.reject(new ImageError('rate-limit', 'slow down', { retryAfter: 7000 })), never)
      .catch(() => {});
    await limiter.run(async () => {}, never);
    expect(clock.slept).toEqual([7000]);
  });

  test('keeps to calls per minute', async () => {
    const clock = fastClock();
    const limiter = createLimiter({ concurrent: 10, perMinute: 2, clock });
    const starts: number[] = [];
    for (let i = 0; i < 5; i++) await limiter.run(async () => void starts.push(clock.now()), never);
    expect(starts).toEqual([0, 0, 60_000, 60_000, 120_000]);
  });

  const limited = (limiter: Limiter, retryAfter: number) =>
    limiter.run(() => Promise.reject(new ImageError('rate-limit', 'slow down', { retryAfter })), never).catch(() => {});

  test('a pause that would not end before the deadline is refused at once, a shorter one is waited for', async () => {
    const clock = fastClock();
    const limiter = createLimiter({ concurrent: 2, clock });
    await limited(limiter, 7000);
    for (const deadline of [1, 6999, 7000]) {
      let ran = 0;
      const refused = limiter.run(async () => void ran++, never, deadline);
      await expect(refused).rejects.toMatchObject({
        code: 'rate-limit',
        retryable: true,
        retryAfter: 7000,
        mayHaveBeenBilled: false,
        hint: expect.stringMatching(/timeout/),
      });
      expect(ran).toBe(0);
    }
    expect(clock.slept).toEqual([]);
    expect(await limiter.run(async () => 'made', never, 7001)).toBe('made');
    expect(clock.slept).toEqual([7000]);
  });

  test('so is a wait for the next minute; the refusal takes no place and teaches nothing', async () => {
    const clock = fastClock();
    const limiter = createLimiter({ concurrent: 1, perMinute: 1, clock });
    await limiter.run(async () => {}, never);
    await expect(limiter.run(async () => {}, never, 30_000)).rejects.toMatchObject({ retryAfter: 60_000 });
    expect(clock.slept).toEqual([]);
    expect(await limiter.run(async () => 'made', never)).toBe('made');
    expect(clock.slept).toEqual([60_000]);
  });

  test('those who wait for a place are refused too once the account is paused past their deadline', async () => {
    const clock = fastClock();
    const limiter = createLimiter({ concurrent: 1, clock });
    const gate = Promise.withResolvers<void>();
    const first = limiter.run(() => gate.promise, never);
    const others = [1, 2].map(() => limiter.run(async () => 'late', never, 5000));
    gate.reject(new ImageError('rate-limit', 'slow down', { retryAfter: 9000 }));
    await expect(first).rejects.toMatchObject({ message: 'slow down' });
    for (const other of others) await expect(other).rejects.toMatchObject({ code: 'rate-limit', retryAfter: 9000 });
    expect(clock.slept).toEqual([]);
  });
});
