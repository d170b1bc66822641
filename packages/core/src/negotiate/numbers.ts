// Options that are a number or a few numbers. `adapt` leaves `seed` out; the others stay or are refused.

import type { Json, Limits } from '../contract/capabilities.ts';
import type { ProviderCall } from '../contract/provider.ts';
import { nearestText } from './nearest.ts';
import { highestSeed, seriesOf } from './series.ts';
import { lacks, type Session, standing, useHint } from './session.ts';

/**
 * Decides the seed of the first picture. Those of a series follow it within one call, so that it may not be too high.
 */
export function negotiateSeed(session: Session, options: ProviderCall['options']): number | undefined {
  const { limits, request, name, adapt, applied } = session;
  const { seed: asked, n } = request;
  const option = 'seed';
  if (asked === undefined) return undefined;
  if (standing(session, option) === 'none') {
    lacks(session, option, asked, true);
    return undefined;
  }
  const highest = highestSeed(limits, options, n);
  if (asked <= highest) return asked;
  const series = seriesOf(limits, options);
  const many = series ? ` for a series of ${Math.min(n, series.most)}` : '';
  const because = `${name} takes seeds from 0 to ${highest}${many}`;
  if (adapt) applied.push({ option, asked, sent: null, because });
  else refuse(session, { option, asked, allowed: [0, highest], nearest: [highest], because, adaptable: true });
  return undefined;
}

/** Decides how far the result may go from the input picture. */
export function negotiateStrength(session: Session): number | undefined {
  const asked = session.request.strength;
  if (asked !== undefined && standing(session, 'strength') === 'none') lacks(session, 'strength', asked);
  return asked;
}

/**
 * Decides the upscale factor. One must be given: what a service does without it may be paid for and enlarge nothing.
 */
export function negotiateFactor(session: Session): number | undefined {
  const { request, limits, operation, name } = session;
  const { factor: asked } = request;
  const { factor: allowed = [] } = limits;
  const option = 'factor';
  if (asked === undefined) {
    if (operation === 'upscale' && allowed.length > 0) requireFactor(session, allowed);
    return undefined;
  }
  if (standing(session, option) === 'none') lacks(session, option, asked);
  if (!limits.factor || allowed.includes(asked)) return asked;
  const because = `${name} upscales by ${allowed.join(', ')}`;
  refuse(session, { option, asked, allowed, nearest: nearestFactors(allowed, asked), because });
  return asked;
}

function requireFactor(session: Session, allowed: readonly number[]): void {
  const nearest = nearestFactors(allowed, 2);
  session.problems.push({
    code: 'invalid-request',
    option: 'factor',
    asked: null,
    allowed,
    nearest,
    message: `upscale needs a factor; ${session.name} upscales by ${allowed.join(', ')}`,
    hint: useHint(session, 'factor', nearest[0]!),
  });
}

/** At most three, best first: of two as near the larger, and last what does not enlarge, if that was asked for. */
function nearestFactors(factors: readonly number[], asked: number): readonly number[] {
  const isIdle = (factor: number) => Number(asked > 1 && factor <= 1);
  const far = (factor: number) => Math.abs(factor - asked);
  const ranked = factors.toSorted((a, b) => isIdle(a) - isIdle(b) || far(a) - far(b) || b - a);
  return ranked.slice(0, 3);
}

/** Decides how far each side is extended. */
export function negotiateExpand(session: Session): ProviderCall['expand'] {
  const { request, limits, operation, problems } = session;
  const { expand: asked } = request;
  const code = 'invalid-request';
  const option = 'expand';
  if (asked === undefined) {
    if (operation !== 'outpaint' || !limits.expand) return undefined;
    const message = 'outpaint needs to know which sides to extend';
    problems.push({ code, option, asked: null, allowed: null, message, hint: 'Give expand, such as { right: … }.' });
    return undefined;
  }
  const { top = 0, right = 0, bottom = 0, left = 0 } = asked;
  const sides = { top, right, bottom, left };
  if (Object.values(sides).every((length) => length === 0)) {
    const hint = 'Give at least one side a length above 0.';
    problems.push({ code, option, asked: { ...asked }, allowed: null, message: 'expand extends no side', hint });
  }
  if (standing(session, option) === 'none') lacks(session, option, { ...asked });
  if (limits.expand) checkSides(session, limits.expand, sides);
  return sides;
}

type Sides = NonNullable<ProviderCall['expand']>;

/** Refuses sides that are longer than the model extends them, and parts of a pixel. */
function checkSides(session: Session, { unit, max }: NonNullable<Limits['expand']>, sides: Sides): void {
  const isTaken = (length: number) => length <= max && (unit === 'ratio' || Number.isInteger(length));
  if (Object.values(sides).every(isTaken)) return;
  const fit = (length: number) => Math.min(max, unit === 'px' ? Math.round(length) : length);
  const { top, right, bottom, left } = sides;
  const nearest = { top: fit(top), right: fit(right), bottom: fit(bottom), left: fit(left) };
  const allowed = unit === 'px' ? `whole px, at most ${max} per side` : `parts of the side, at most ${max} per side`;
  session.problems.push({
    option: 'expand',
    asked: { ...session.request.expand },
    allowed,
    nearest: [nearest],
    message: `${session.name} does not extend so far; it takes ${allowed}`,
    hint: useHint(session, 'expand', nearest),
  });
}

/** Decides how many partial pictures are reported. */
export function negotiatePartials(session: Session): number {
  const asked = session.request.partials ?? 0;
  const max = session.limits.partials;
  const option = 'partials';
  if (asked === 0) return 0;
  if (standing(session, option) === 'none') lacks(session, option, asked);
  if (max !== undefined && asked > max) {
    const because = `${session.name} gives at most ${max} partial pictures`;
    refuse(session, { option, asked, allowed: [0, max], nearest: [max], because });
  }
  return asked;
}

/** Decides the compression; `format` is the format that will be sent, if any. */
export function negotiateCompression(session: Session, format: string | undefined): number | undefined {
  const { limits, name, request, problems } = session;
  const { outputCompression: asked } = request;
  const { outputCompression: formats = [], outputFormat } = limits;
  const option = 'outputCompression';
  if (asked === undefined || standing(session, option) === 'open') return asked;
  if (formats.length === 0) {
    lacks(session, option, asked);
    return undefined;
  }
  const effective = format ?? (outputFormat ? outputFormat.default : undefined);
  if (effective !== undefined && formats.includes(effective)) return asked;
  const not = effective ? `, not ${effective}` : '';
  problems.push({
    option,
    asked,
    allowed: { outputFormat: formats },
    message: `${name} compresses only ${formats.join(' and ')}${not}`,
    hint: `Use outputFormat: ${JSON.stringify(formats[0]!)}, or leave outputCompression out.`,
  });
  return undefined;
}

/** A number that the model does not take. */
interface Refusal {
  readonly option: string;
  readonly asked: number;
  readonly allowed: Json;
  readonly nearest: readonly number[];
  /** Without a full stop. */
  readonly because: string;
  /** `adapt` would leave it out. */
  readonly adaptable?: true;
}

function refuse(session: Session, { because, adaptable, ...refused }: Refusal): void {
  const { option, asked, nearest } = refused;
  const message = `${option} ${asked}: ${because}${nearestText(nearest)}`;
  const hint = useHint(session, option, nearest[0]!, adaptable);
  session.problems.push({ ...refused, message, hint });
}
