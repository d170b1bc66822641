import { expect, test } from 'vitest';
import { ImageError, type ImageErrorFacts } from '../contract/errors.ts';
import { withRetries } from './retry.ts';

async function tries(
  facts: ImageErrorFacts,
  { spends = true, failures = 2, deadline = 1e9, code = 'server' as const } = {},
) {
  const waits: number[] = [];
  let now = 0;
  let count = 0;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      waits.push(ms);
      now += ms;
    },
  };
  const signal = new AbortController().signal;
  const work = async () => {
    count += 1;
    if (count <= failures) throw new ImageError(code, 'failed', facts);
    return 'made';
  };
  const outcome = await withRetries(work, { clock, signal, deadline, maxRetries: 3, spends, random: () => 1 }).catch(
    (error: ImageError) => error,
  );
  return { count, waits, outcome };
}

test('repeats what is known to be free, with growing waits', async () => {
  expect(await tries({ retryable: true })).toEqual({ count: 3, waits: [500, 1000], outcome: 'made' });
});

test('never repeats what may have been billed', async () => {
  expect(await tries({ retryable: true, mayHaveBeenBilled: true })).toMatchObject({ count: 1, waits: [] });
});

test('asks again, whatever happened, if asking costs nothing', async () => {
  expect(await tries({ retryable: true, mayHaveBeenBilled: true }, { spends: false })).toMatchObject({
    count: 3,
    outcome: 'made',
  });
});

test('does not repeat what cannot succeed', async () => {
  expect(await tries({})).toMatchObject({ count: 1 });
});

test('waits at least as long as the service says', async () => {
  expect((await tries({ retryable: true, retryAfter: 9000 }, { failures: 1 })).waits).toEqual([9000]);
});

test('gives up after three repetitions', async () => {
  const { count, outcome } = await tries({ retryable: true }, { failures: 10 });
  expect(count).toBe(4);
  expect(outcome).toMatchObject({ code: 'server' });
});

test('does not wait past the deadline, and says so', async () => {
  const { count, outcome } = await tries(
    { retryable: true, retryAfter: 60_000, hint: 'Slow down.' },
    { deadline: 30_000 },
  );
  expect(count).toBe(1);
  expect(outcome).toMatchObject({ hint: 'Slow down. Waiting 60 s for it would pass the timeout.' });
});
