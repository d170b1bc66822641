// n pictures as calls, each with its own seeds.

import type { CallDraft } from '../contract/provider.ts';
import { seriesOf, sharesOf } from './series.ts';
import type { Session } from './session.ts';

/** Refuses more pictures than a series has: split, they would be two. */
export function checkSeries({ request, limits, name, problems }: Session, options: CallDraft['options']): void {
  const series = seriesOf(limits, options);
  if (!series || request.n <= series.most) return;
  const { option, most, unlessSaid } = series;
  const without = unlessSaid ? `providerOptions.${option}: false` : `leave providerOptions.${option} out`;
  problems.push({
    option: 'n',
    asked: request.n,
    allowed: [1, most],
    nearest: [most],
    message: `with ${option}, ${name} makes at most ${most} pictures, which belong together; ${request.n} would be several series`,
    hint: `Use n: ${most}, or ${without}.`,
  });
}

/** The calls that make `n` pictures of one draft. */
export function splitCalls({ limits, name, applied }: Session, draft: CallDraft): readonly CallDraft[] {
  const { n, seed } = draft;
  const calls = sharesOf(draft).map((share) => ({ ...draft, ...share }));
  const highest = limits.seed ? limits.seed.max : Number.MAX_SAFE_INTEGER;
  if (seed !== undefined && n - 1 > highest - seed) {
    const because = `${name} takes seeds from 0 to ${highest}: they go on from 0`;
    applied.push({ option: 'seed', asked: seed, sent: calls.map((call) => call.seed!), because });
  }
  return calls;
}
