import { describe, expect, test } from 'vitest';
import { memoryBudget } from '../contract/budget.ts';
import type { ClientOptions } from '../contract/client.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { createClient } from '../create-client.ts';
import { checkNumbers, checkRate } from './check-numbers.ts';

const none = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, '2', null, {}, true, 1n];

describe.each<[option: string, set: (value: unknown) => unknown, good: readonly unknown[], bad: readonly unknown[]]>([
  ['concurrency', (concurrency) => ({ concurrency }), [1, 2, 100], [...none, 0, 0.5, 2.5, 1e300]],
  ['maxRetries', (maxRetries) => ({ maxRetries }), [0, 1, 10], [...none, 0.5, 1e300]],
  ['maxImageBytes', (maxImageBytes) => ({ maxImageBytes }), [1, 2 ** 30], [...none, 0, 1.5, 1e300]],
  ['rates.CNY', (CNY) => ({ rates: { USD: 1, CNY } }), [1, 0.14, 1e9], [...none, 0]],
])('%s', (option, set, good, bad) => {
  test.each(good)('may be %s', (value) => {
    expect(() => checkNumbers(set(value) as ClientOptions)).not.toThrow();
  });

  test.each(bad)('may not be %o: the client is not made', (value) => {
    const make = () => createClient({ providers: [], ...(set(value) as Partial<ClientOptions>) });
    expect(make).toThrow(expect.objectContaining({ code: 'config', details: expect.objectContaining({ option }) }));
    expect(make).toThrow(new RegExp(`^${option} must be a`));
  });
});

test.each(['paths', 'fromAgents'])('%s is true or false: nothing else opens files or networks by a slip', (option) => {
  for (const value of [...none.filter((one) => one !== true), 'no', 'false', 0, '']) {
    const make = () => createClient({ providers: [], [option]: value });
    expect(make).toThrow(expect.objectContaining({ code: 'config', details: expect.objectContaining({ option }) }));
  }
  for (const value of [true, false, undefined])
    expect(() => checkNumbers({ providers: [], [option]: value })).not.toThrow();
});

test.each(['concurrent', 'perMinute'])('%s of a provider that no account could work with is refused', (word) => {
  for (const value of [...none, 0, 0.5]) {
    const definition = { label: 'Paint', rate: { [word]: value } } as unknown as ProviderDefinition;
    expect(() => checkRate(definition)).toThrow(`rate.${word} of Paint must be a whole number from 1`);
  }
});

test.each([{ perCall: Number.NaN }, { perRun: -1 }, { perDay: Number.POSITIVE_INFINITY }, { rates: { CNY: 0 } }])(
  'a budget of %o is not made',
  (limits) => {
    expect(() => memoryBudget({ currency: 'USD', ...limits })).toThrow(expect.objectContaining({ code: 'config' }));
  },
);
