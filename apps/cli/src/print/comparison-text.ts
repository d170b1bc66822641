// What came of asking several models for the same.

import type { Outcome, Plan } from '@anyimage/core';
import { duration, type FileImageStore, money, pictureText, type SheetTile } from '@anyimage/host';
import { translated, translatedAmount, translatedCount } from './words/translated.ts';

/** What one model made. */
export interface Made {
  readonly model: string;
  readonly outcome: Outcome;
  readonly store: FileImageStore;
}

/** What all of it will cost: `3 models, 3 pictures, about 0.10 USD and what 1 of them costs, which is not known`. */
export function priceLine(plans: readonly Plan[]): string {
  const known = plans.flatMap(({ estimate }) => estimate ?? []);
  const unknown = plans.length - known.length;
  const pictures = plans.reduce((sum, { calls }) => sum + calls.reduce((all, call) => all + Number(call.n ?? 1), 0), 0);
  const sums = new Map<string, number>();
  for (const { amount, currency } of known) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  const costs = [...sums].map(([currency, amount]) => ({ amount, currency, estimated: true }));
  const paid = costs.filter(({ amount }) => amount > 0);
  const price = known.length === 0 ? undefined : money(paid.length > 0 ? paid : costs.slice(0, 1));
  const rest = unknown === 0 ? undefined : translated('the price of {count} is not known', { count: unknown });
  return [
    translatedCount(plans.length, 'model'),
    translatedCount(pictures, 'picture'),
    price && translatedAmount(price),
    rest,
  ]
    .filter(Boolean)
    .join(translated(', '));
}

/** A table, its heading first. */
export function comparisonRows(made: readonly Made[]): readonly (readonly string[])[] {
  const rows = made.map(({ model, outcome }) => [
    model,
    whatCame(outcome),
    duration(outcome.timings.totalMs),
    translatedAmount(money(outcome.cost)),
  ]);
  return [['MODEL', 'PICTURE', 'TIME', 'COST'].map((heading) => translated(heading)), ...rows];
}

/** A tile for each picture, and one for each model that made none. */
export function sheetTiles(made: readonly Made[]): readonly SheetTile[] {
  return made.flatMap(({ model, outcome }): readonly SheetTile[] => {
    const about = [duration(outcome.timings.totalMs), money(outcome.cost)].join(' · ');
    if (outcome.images.length === 0) return [{ label: [model, outcome.error?.message ?? 'no picture'] }];
    return outcome.images.flatMap(({ path, width, height, model: by }) =>
      path === undefined ? [] : [{ path, label: [by, `${width}x${height} · ${about}`] as const }],
    );
  });
}

function whatCame({ images, error, pending }: Outcome): string {
  const [first, ...others] = images;
  if (!first) {
    if (pending.length > 0) return translated('pending');
    return translated('none: {reason}', { reason: error?.code ?? translated('no picture') });
  }
  const more = others.length === 0 ? '' : translated(' and {count} more', { count: others.length });
  return `${pictureText({ ...first, bytes: first.byteLength })}${more}`;
}
