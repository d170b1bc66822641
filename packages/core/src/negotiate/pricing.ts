// Whether other values cost more than what was asked: `adapt` may only move to those that do not.

import type { Limits } from '../contract/capabilities.ts';
import { omit } from '../contract/objects.ts';
import { costOf, type PriceBasis } from './estimate.ts';
import { highestSeed, sharesOf } from './series.ts';
import type { Session } from './session.ts';
import { defaultFrame, parseSize, type Shape } from './shape/size.ts';

/** What the price depends on: as asked, and as decided so far. */
export interface Pricing {
  readonly asked: PriceBasis;
  readonly sent: PriceBasis;
}

/** A shape that is decided, and what the price depends on with it. */
export interface DecidedShape {
  readonly shape: Shape;
  readonly pricing: Pricing;
}

/** The same with more of what was asked. */
export function withAsked({ asked, sent }: Pricing, more: Partial<PriceBasis>): Pricing {
  return { asked: { ...asked, ...more }, sent };
}

/** The same with more of what is decided. */
export function withSent({ asked, sent }: Pricing, more: Partial<PriceBasis>): Pricing {
  return { asked, sent: { ...sent, ...more } };
}

/**
 * Whether the pictures cost no more with a change than as asked, or, where the table has no price for what was asked,
 * than with neither shape nor quality. Both prices must be known, with three exceptions: a table without any price lets
 * every value through; and where nobody knows what was asked would cost, the change may lead to what the service makes
 * by default, or to a size of at most a tenth more pixels.
 */
export function costsNoMore(session: Session, { asked, sent }: Pricing, change: Partial<PriceBasis>): boolean {
  const { limits, request } = session;
  if (!limits.prices?.length) return true;
  const calls = callCount(session, asked);
  const cost = (basis: PriceBasis) => costOf(limits, basis, request.n, calls);
  const most = cost(asked) ?? cost(omit(asked, 'size', 'aspectRatio', 'resolution', 'quality'));
  const changed = { ...withoutUnknownQuality(sent, limits), ...change };
  if (most === null) return isDefault(changed, limits) || isAlike(asked, changed);
  const next = cost(changed);
  return next !== null && next.currency === most.currency && next.amount <= most.amount;
}

/** How many calls there will be. A seed that the model does not take is left out by then. */
function callCount({ limits, row, request }: Session, { options = {} }: PriceBasis): number {
  const { n, seed, partials = 0 } = request;
  const takesSeeds = limits.seed ?? row.open ?? false;
  const isSent = seed !== undefined && takesSeeds && seed <= highestSeed(limits, options, n);
  return sharesOf({ limits, options, n, seed: isSent ? seed : undefined, partials }).length;
}

/** A quality that the model does not have is decided after the shape, and counts as left out until then. */
function withoutUnknownQuality(sent: PriceBasis, { quality: choice }: Limits): PriceBasis {
  const { quality } = sent;
  return choice && quality !== undefined && !choice.values.includes(quality) ? omit(sent, 'quality') : sent;
}

/** Whether all that is sent is what the service takes if nothing is asked. */
function isDefault({ size, aspectRatio, resolution, quality }: PriceBasis, limits: Limits): boolean {
  const rule = limits.size || undefined;
  const frame = rule ? defaultFrame(rule) : {};
  const agrees = (value: string | undefined, byDefault: unknown) => value === undefined || value === byDefault;
  return (
    agrees(size, rule?.default) &&
    agrees(aspectRatio, frame.aspectRatio) &&
    agrees(resolution, frame.resolution) &&
    agrees(quality, limits.quality ? limits.quality.default : undefined)
  );
}

/** Whether a size is about as large as what was asked, and all else the same. */
function isAlike(asked: PriceBasis, changed: PriceBasis): boolean {
  if (!asked.size || !changed.size) return false;
  if (changed.quality !== asked.quality || changed.resolution !== asked.resolution) return false;
  const [given, taken] = [parseSize(asked.size), parseSize(changed.size)];
  return taken.width * taken.height <= 1.1 * given.width * given.height;
}
