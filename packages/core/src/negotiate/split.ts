// n pictures as calls, each with its own seeds.

import type { CallDraft } from '../contract/provider.ts';
import { seriesOf } from './series.ts';
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
export function splitCalls(session: Session, draft: CallDraft): readonly CallDraft[] {
  const { request, limits, name } = session;
  const { seed } = draft;
  const range = limits.seed || undefined;
  const perCall = picturesPerCall(draft, seed !== undefined && range?.within === 'same');
  const highest = Math.min(range?.max ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const calls: CallDraft[] = [];
  for (let made = 0; made < request.n; made += calls.at(-1)!.n) {
    const left = Math.min(perCall, request.n - made);
    if (seed === undefined) {
      calls.push({ ...draft, n: left });
      continue;
    }
    // A call ends at the highest seed: what the service would count beyond it is not known.
    const first = made <= highest - seed ? seed + made : (made - (highest - seed) - 1) % (highest + 1);
    calls.push({ ...draft, n: Math.min(left, highest - first + 1), seed: first });
  }
  if (seed !== undefined && request.n - 1 > highest - seed) {
    const because = `${name} takes seeds from 0 to ${highest}: they go on from 0`;
    session.applied.push({ option: 'seed', asked: seed, sent: calls.map((call) => call.seed!), because });
  }
  return calls;
}

/** `alone`: the pictures of a call would be equal. Those of a series never are. */
function picturesPerCall({ limits, options }: CallDraft, alone: boolean): number {
  const series = seriesOf(limits, options);
  if (series) return series.most;
  return alone ? 1 : (limits.perCall ?? 1);
}
