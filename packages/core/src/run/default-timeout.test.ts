import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import type { ClientOptions, ClientRequest } from '../contract/client.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { createEngine } from './create-engine.ts';
import { openRequest } from './prepare.ts';

const minute = 60_000;

function timeoutOf(
  request: ClientRequest,
  { rate, concurrency, perCall }: { rate?: ProviderDefinition['rate']; perCall?: number } & Partial<ClientOptions> = {},
): number {
  const paint = defineProvider({
    id: 'paint',
    label: 'Paint',
    models: {
      slow: {
        label: 'Slow',
        source: 'https://docs.example',
        checked: '2026-11-20',
        latencyMs: [minute, 2 * minute],
        operations: { generate: {} },
        seed: { max: 100, within: 'same' },
        delivery: { as: 'bytes' },
        ...(perCall && { perCall }),
      },
    },
    regions: { only: { baseURL: 'https://paint.example' } },
    keys: [],
    sign: () => ({}),
    ...(rate && { rate }),
  })();
  const clock = { now: () => 0, sleep: async () => {} };
  const engine = createEngine({ providers: [paint], env: {}, clock, ...(concurrency && { concurrency }) });
  const { deadline } = openRequest(engine, request);
  deadline.clear();
  return deadline.at / minute;
}

test.each<[request: ClientRequest, how: Parameters<typeof timeoutOf>[1], minutes: number]>([
  [{}, {}, 6],
  [{ n: 100 }, {}, 150],
  [{ n: 100 }, { concurrency: 1 }, 300],
  [{ n: 100 }, { rate: { concurrent: 1 } }, 300],
  [{ n: 100 }, { rate: { concurrent: 10 } }, 30],
  [{ n: 100 }, { rate: { concurrent: 10 }, concurrency: 1 }, 300],
  [{ n: 100 }, { rate: { concurrent: 10, perMinute: 1 } }, 129],
  [{ n: 100 }, { perCall: 4 }, 39],
  [{ n: 100, seed: 1 }, { perCall: 4 }, 150],
  [{ n: 100, model: 'auto' }, { rate: { concurrent: 10 } }, 30],
  [{ timeout: 60_000, n: 100 }, {}, 1],
])('%o with %o has %d minutes', (request, how, minutes) => {
  expect(timeoutOf(request, how)).toBe(minutes);
});

test('there is time for every round of calls, each as slow as is usual', () => {
  const few = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), few, few, few, (n, concurrency, concurrent, perCall) => {
      const rounds = Math.ceil(Math.ceil(n / perCall) / Math.min(concurrency, concurrent));
      const time = timeoutOf({ n }, { concurrency, rate: { concurrent }, perCall });
      expect(time).toBeGreaterThanOrEqual(2 * rounds);
    }),
  );
});
