// How many pictures a call makes: those of a series belong together, and seeds may keep the others apart.

import type { Json, Limits } from '../contract/capabilities.ts';
import type { CallDraft } from '../contract/provider.ts';

/** A series that is asked for. */
export interface Series {
  /** The provider option that asks for it. */
  readonly option: string;
  /** That is the option's default. */
  readonly unlessSaid: boolean;
  /** Pictures. */
  readonly most: number;
}

/** The series that the options ask for. Undefined = each picture stands alone. */
export function seriesOf(
  { options: specs = {} }: Limits,
  options: { readonly [name: string]: Json } = {},
): Series | undefined {
  for (const [option, spec] of Object.entries(specs)) {
    if (spec.type !== 'boolean' || spec.series === undefined) continue;
    const value = Object.hasOwn(options, option) ? options[option] : spec.default;
    if (value === true) return { option, unlessSaid: spec.default === true, most: spec.series };
  }
  return undefined;
}

/** The highest seed that may be asked for: each picture of a series has its own. */
export function highestSeed(limits: Limits, options: CallDraft['options'], n: number): number {
  const { max } = limits.seed || { max: Number.MAX_SAFE_INTEGER };
  const series = seriesOf(limits, options);
  return series ? max - (Math.min(n, series.most) - 1) : max;
}

/** What one call has of the pictures that are asked for. */
export type Share = Pick<CallDraft, 'n' | 'seed'>;

/** The calls that make `n` pictures, each with its own seeds if there is a first. */
export function sharesOf({
  limits,
  options,
  n,
  seed,
}: Pick<CallDraft, 'limits' | 'options' | 'n' | 'seed'>): readonly Share[] {
  const range = limits.seed || undefined;
  const most = picturesPerCall(limits, options, seed !== undefined && range?.within === 'same');
  const highest = Math.min(range?.max ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const shares: Share[] = [];
  for (let made = 0; made < n; made += shares.at(-1)!.n) {
    const left = Math.min(most, n - made);
    if (seed === undefined) {
      shares.push({ n: left });
      continue;
    }
    // A call ends at the highest seed: what the service would count beyond it is not known.
    const first = made <= highest - seed ? seed + made : (made - (highest - seed) - 1) % (highest + 1);
    shares.push({ n: Math.min(left, highest - first + 1), seed: first });
  }
  return shares;
}

/** `alone`: the pictures of a call would be equal. Those of a series never are. */
function picturesPerCall(limits: Limits, options: CallDraft['options'], alone: boolean): number {
  const series = seriesOf(limits, options);
  if (series) return series.most;
  return alone ? 1 : (limits.perCall ?? 1);
}
