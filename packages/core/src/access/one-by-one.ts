// Pictures that have a request each, though the caller asked for several in one call.

import { ImageError } from '../contract/errors.ts';
import { present } from '../contract/objects.ts';
import type { Money, Output, ProviderCall, ProviderResult, Usage } from '../contract/provider.ts';
import { roundMoney } from '../negotiate/money.ts';

/**
 * Makes the pictures of a call one after the other, for a service where one request makes one. What was made stays made if a later one fails.
 * A cost or usage that not every one tells is unknown; what else a result holds is the first one's. Throws what the first one throws.
 */
export async function oneByOne(
  call: ProviderCall,
  draw: (one: ProviderCall, index: number) => Promise<ProviderResult>,
): Promise<ProviderResult> {
  const made: ProviderResult[] = [];
  while (made.length < call.n) {
    try {
      made.push(await draw({ ...call, n: 1 }, made.length));
    } catch (error) {
      if (made.length === 0 || !ImageError.isInstance(error)) throw error;
      return together(made, Array<Output>(call.n - made.length).fill({ error }));
    }
  }
  return together(made, []);
}

function together(results: readonly ProviderResult[], failed: readonly Output[]): ProviderResult {
  const [first] = results;
  if (results.length === 1 && failed.length === 0) return first!;
  return present({
    ...first,
    outputs: [...results.flatMap(({ outputs }) => outputs), ...failed],
    usage: usageOfAll(results),
    cost: costOfAll(results),
  });
}

function costOfAll(results: readonly ProviderResult[]): Money | undefined {
  const costs = results.flatMap(({ cost }) => cost ?? []);
  if (!costs[0] || costs.length < results.length) return undefined;
  const amount = costs.reduce((sum, cost) => sum + cost.amount, 0);
  return { ...costs[0], amount: roundMoney(amount), estimated: costs.some(({ estimated }) => estimated) };
}

function usageOfAll(results: readonly ProviderResult[]): Usage | undefined {
  const usages = results.flatMap(({ usage }) => usage ?? []);
  if (usages.length < results.length) return undefined;
  const sums: { -readonly [kind in keyof Usage]: number } = {};
  for (const usage of usages) {
    for (const kind of ['textIn', 'imageIn', 'textOut', 'imageOut'] as const) {
      const tokens = usage[kind];
      if (tokens !== undefined) sums[kind] = (sums[kind] ?? 0) + tokens;
    }
  }
  return sums;
}
