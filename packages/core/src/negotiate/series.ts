// How many pictures a call makes: those of a series belong together, and seeds may keep the others apart.

import type { Limits } from '../contract/capabilities.ts';
import type { CallDraft } from '../contract/provider.ts';
import type { Session } from './session.ts';

type Options = CallDraft['options'];

/** A series that is asked for. */
export interface Series {
  /** The provider option that asks for it. */
  readonly option: string;
  /** The option asks for it unless it is set to `false`. */
  readonly byDefault: boolean;
  /** Pictures. */
  readonly most: number;
}

/** The series that the options ask for. Undefined = each picture stands alone. */
export function seriesOf({ options: specs = {} }: Limits, options: Options = {}): Series | undefined {
  for (const [option, spec] of Object.entries(specs)) {
    if (spec.type !== 'boolean' || spec.series === undefined) continue;
    const value = Object.hasOwn(options, option) ? options[option] : spec.default;
    if (value === true) return { option, byDefault: spec.default === true, most: spec.series };
  }
  return undefined;
}

/** Refuses more pictures than a series has: split, they would be two. */
export function checkSeries({ request, limits, name, problems }: Session, options: Options): void {
  const { n } = request;
  const series = seriesOf(limits, options);
  if (!series || n <= series.most) return;
  const { option, most, byDefault } = series;
  const makes = `with ${option}, ${name} makes at most ${most} pictures, which belong together`;
  const without = byDefault ? `providerOptions.${option}: false` : `leave providerOptions.${option} out`;
  problems.push({
    option: 'n',
    asked: n,
    allowed: [1, most],
    nearest: [most],
    message: `${makes}; ${n} would be several series`,
    hint: `Use n: ${most}, or ${without}.`,
  });
}

/** What each call has of the pictures of a draft. Seeds that end and go on from 0 are noted in `applied`. */
export function shareOut({ limits, name, applied }: Session, draft: Whole): readonly Share[] {
  const { n, seed } = draft;
  const shares = sharesOf(draft);
  const highest = limits.seed ? limits.seed.max : Number.MAX_SAFE_INTEGER;
  if (seed !== undefined && n - 1 > highest - seed) {
    const because = `${name} takes seeds from 0 to ${highest}: they go on from 0`;
    applied.push({ option: 'seed', asked: seed, sent: shares.map((share) => share.seed!), because });
  }
  return shares;
}

/** The highest seed that may be asked for: each picture of a series has its own. */
export function highestSeed(limits: Limits, options: Options, n: number): number {
  const { max } = limits.seed || { max: Number.MAX_SAFE_INTEGER };
  const series = seriesOf(limits, options);
  return series ? max - (Math.min(n, series.most) - 1) : max;
}

/** What the shares of the calls follow from. */
type Whole = Pick<CallDraft, 'limits' | 'options' | 'n' | 'seed' | 'partials'>;

/** What one call has of the pictures that are asked for. */
export type Share = Pick<CallDraft, 'n' | 'seed'>;

/** The calls that make `n` pictures, each with its own seeds if there is a first. */
export function sharesOf({ limits, options, n, seed, partials }: Whole): readonly Share[] {
  const range = limits.seed || undefined;
  // What is shown while it is made has a call of its own: no service says of which of several pictures a partial one is.
  const alone = partials > 0 || (seed !== undefined && range?.within === 'same');
  const most = picturesPerCall(limits, options, alone);
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

/** `alone`: each picture has its own call. Those of a series never have. */
function picturesPerCall(limits: Limits, options: Options, alone: boolean): number {
  const series = seriesOf(limits, options);
  if (series) return series.most;
  return alone ? 1 : (limits.perCall ?? 1);
}
