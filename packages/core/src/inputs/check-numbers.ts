// The numbers and switches that a client is set up with. One out of its range would wait for ever, allow everything or nothing, and never say why.

import type { AccountRate, ClientOptions } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import { isRecord } from '../contract/objects.ts';
import type { ProviderDefinition } from '../contract/provider.ts';

/** A range of numbers, as it is told. */
interface Range {
  readonly must: string;
  readonly holds: (value: unknown) => boolean;
}

const wholeFrom = (least: number): Range => ({
  must: `be a whole number from ${least}`,
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= least,
});
const aboveNothing: Range = {
  must: 'be a number above 0',
  holds: (value) => Number.isFinite(value) && Number(value) > 0,
};

const yesOrNo: Range = { must: 'be true or false', holds: (value) => typeof value === 'boolean' };

const ranges = {
  concurrency: wholeFrom(1),
  maxRetries: wholeFrom(0),
  maxImageBytes: wholeFrom(1),
  paths: yesOrNo,
  fromAgents: yesOrNo,
} as const satisfies { readonly [Option in keyof ClientOptions]?: Range };

/** Throws `config` naming the option, what was given and what is allowed. */
export function checkNumbers(options: ClientOptions): void {
  for (const [option, range] of Object.entries(ranges)) check(option, options[option as keyof typeof ranges], range);
  const { rates } = options;
  if (rates === undefined) return;
  check('rates', rates, { must: 'say what one unit of each currency is worth', holds: isRecord });
  for (const [currency, worth] of Object.entries(rates)) check(`rates.${currency}`, worth, aboveNothing);
}

/** What a service lets one account do, as its provider says. Throws `config` for what no account could work with. */
export function checkRate({ label, rate = {} }: Pick<ProviderDefinition, 'label' | 'rate'>): Partial<AccountRate> {
  const { concurrent, perSecond, perMinute } = rate;
  check(`rate.concurrent of ${label}`, concurrent, wholeFrom(1));
  check(`rate.perSecond of ${label}`, perSecond, wholeFrom(1));
  check(`rate.perMinute of ${label}`, perMinute, wholeFrom(1));
  return rate;
}

function check(option: string, value: unknown, { must, holds }: Range): void {
  if (value === undefined || holds(value)) return;
  const given = typeof value === 'string' ? JSON.stringify(value) : String(value);
  throw new ImageError('config', `${option} must ${must} (got ${given})`, {
    details: { option, asked: given },
    hint: `Correct ${option}, or leave it out.`,
  });
}
