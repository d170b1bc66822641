// n pictures as calls, each with its own seeds.

import type { CallDraft } from '../provider.ts';
import type { Session } from './session.ts';

/** The calls that make `n` pictures of one draft. */
export function splitCalls(session: Session, draft: CallDraft): readonly CallDraft[] {
  const { request, limits, name } = session;
  const { seed } = draft;
  const range = limits.seed || undefined;
  const perCall = seed !== undefined && range?.within === 'same' ? 1 : (limits.perCall ?? 1);
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
