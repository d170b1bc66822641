// What comes nearest to a size that a model does not make, at no higher price.

import type { Size, SizeRule } from '../../contract/capabilities.ts';
import { present } from '../../contract/objects.ts';
import { nearestText } from '../nearest.ts';
import { costsNoMore, type DecidedShape, type Pricing, withSent } from '../pricing.ts';
import { orAdapt, type Session, useHint } from '../session.ts';
import { nearestRatios, nearestSizes, nearestTiers, tierByName } from './find-size.ts';
import { describeSizes, type Frame, frameOf, judgeSize, parseSize, takesSizes } from './size.ts';

/** A word of the request and its value. */
export interface Asked {
  readonly option: 'size' | 'aspectRatio' | 'resolution';
  readonly asked: string;
}

/** A size that the model does not make. */
export interface Wish {
  /** The size that would be made if every size were legal. */
  readonly ideal: Size;
  /** What was asked for, the option in question first. */
  readonly asked: readonly Asked[];
  /** Why it is not made, without a full stop. */
  readonly why: string;
  /** A legal size that comes before the nearest. */
  readonly preferred?: Size | undefined;
}

/** The nearest that costs no more, or a problem. */
export function adaptSize(session: Session, rule: SizeRule, wish: Wish, pricing: Pricing): DecidedShape {
  const { ideal, preferred } = wish;
  if (session.isTerse && !session.adapt) {
    refuseSize(session, rule, wish, []);
    return { shape: {}, pricing };
  }
  const { width, height } = parseSize(ideal);
  const legal = nearestSizes(ideal, rule);
  const nearest = [...new Set(preferred ? [preferred, ...legal] : legal)].slice(0, 3);
  if (nearest.length === 0) return withoutSizes(session, rule, wish, pricing);
  const smaller = session.adapt ? nearestSizes(ideal, rule, 3, width * height) : [];
  const fits = [...nearest, ...smaller].find((size) => costsNoMore(session, pricing, { size }));
  if (!session.adapt || !fits) {
    refuseSize(session, rule, wish, nearest);
    return { shape: {}, pricing };
  }
  const atNoMore = fits === nearest[0] ? '' : ' at no higher price';
  const because = `${wish.why}; the nearest size that ${session.name} makes${atNoMore}`;
  const frame = frameInsteadOf(fits, rule);
  for (const one of wish.asked) session.applied.push({ ...one, sent: frame ? { ...frame } : fits, because });
  return { shape: frame ?? { size: parseSize(fits) }, pricing: withSent(pricing, { size: fits }) };
}

/** How a legal size is sent to a model that does not take it as such; undefined if it does. */
export function frameInsteadOf(size: Size, rule: SizeRule): Frame | undefined {
  const takesIt = takesSizes(rule) && judgeSize(size, { ...rule, pixels: {} }).verdict !== 'no';
  return takesIt ? undefined : frameOf(size, rule);
}

/** For a model of which no size is known. */
function withoutSizes(session: Session, rule: SizeRule, wish: Wish, pricing: Pricing): DecidedShape {
  if (rule.ratios || rule.tiers) return adaptToFrame(session, rule, wish, pricing);
  if (session.adapt) {
    const because = `${session.name} takes no size`;
    for (const one of wish.asked) session.applied.push({ ...one, sent: null, because });
  } else {
    refuseSize(session, rule, wish, []);
  }
  return { shape: {}, pricing };
}

function refuseSize(session: Session, rule: SizeRule, wish: Wish, nearest: readonly Size[]): void {
  const { name, adapt, problems } = session;
  const { option, asked } = wish.asked[0]!;
  const allowed = describeSizes(rule);
  const dear = adapt ? '; every size near it costs more, or its price is unknown' : '';
  problems.push({
    option,
    asked,
    allowed,
    nearest: option === 'size' ? nearest : [],
    message: `${name} does not take ${option} ${asked} (${wish.why}); it takes ${allowed}${nearestText(nearest)}${dear}`,
    hint: nearest[0] ? useHint(session, 'size', nearest[0], true) : `Leave ${option} out${orAdapt(session, true)}.`,
  });
}

/** A model that takes only ratios or resolutions, whose table does not say what sizes they give. */
function adaptToFrame(session: Session, rule: SizeRule, wish: Wish, pricing: Pricing): DecidedShape {
  const { width, height } = parseSize(wish.ideal);
  const [aspectRatio] = nearestRatios(rule.ratios ?? [], width / height);
  const called = tierByName({ width, height }, rule.tiers ?? []);
  const tiers = [...new Set([...(called ? [called] : []), ...nearestTiers(rule.tiers ?? [], width * height)])];
  const resolution = tiers.find((tier) => costsNoMore(session, pricing, { resolution: tier }));
  const frame: Frame = present({ aspectRatio, resolution });
  if (!session.adapt || (tiers.length > 0 && !resolution)) {
    refuseForFrame(session, rule, wish, frame);
    return { shape: {}, pricing };
  }
  const because = `${session.name} takes no size; this comes nearest`;
  for (const one of wish.asked) session.applied.push({ ...one, sent: { ...frame }, because });
  return { shape: frame, pricing: withSent(pricing, frame) };
}

function refuseForFrame(session: Session, rule: SizeRule, wish: Wish, frame: Frame): void {
  const { name, adapt, problems } = session;
  const { option, asked } = wish.asked[0]!;
  const allowed = describeSizes(rule);
  const dear = adapt ? '; what comes near costs more, or its price is unknown' : '';
  const use = Object.entries(frame).map(([word, value]) => `${word}: ${JSON.stringify(value)}`);
  problems.push({
    option,
    asked,
    allowed,
    message: `${name} takes no size (asked: ${asked}); it takes ${allowed}${dear}`,
    hint: use.length ? `Use ${use.join(' and ')}${orAdapt(session, true)}.` : `Leave ${option} out.`,
  });
}
