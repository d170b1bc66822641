// An aspect ratio, a resolution or both: passed on where the model takes them, else turned into a size.

import type { Ratio, Size, SizeRule } from '../../contract/capabilities.ts';
import { present } from '../../contract/objects.ts';
import { nearestText } from '../nearest.ts';
import { costsNoMore, type DecidedShape, type Pricing, withAsked, withSent } from '../pricing.ts';
import { lacks, type Session, useHint } from '../session.ts';
import { type Asked, adaptSize, type Wish } from './adapt-size.ts';
import {
  defaultDimensions,
  type FoundSize,
  nearestRatios,
  nearestTiers,
  pixelsOf,
  sizeForRatio,
  sizeForResolution,
} from './find-size.ts';
import { defaultFrame, type Frame, formatSize, parseSize, ratioOf, sameRatio, sameTier, takesSizes } from './size.ts';

/** Decides an aspect ratio, a resolution or both. */
export function negotiateFrame(session: Session, rule: SizeRule, asked: Frame, pricing: Pricing): DecidedShape {
  const known: Frame = present({ aspectRatio: spelledRatio(asked, rule), resolution: spelledTier(asked, rule) });
  const isKnown = (known.aspectRatio || !asked.aspectRatio) && (known.resolution || !asked.resolution);
  if (!isKnown && takesSizes(rule)) return sizeForFrame(session, rule, asked, pricing);
  const priced = withAsked(pricing, { ...asked, ...known });
  const aspectRatio = negotiateRatio(session, rule, asked, priced);
  const withRatio = withSent(priced, present({ aspectRatio }));
  const resolution = negotiateTier(session, rule, asked, withRatio);
  return {
    shape: present({ aspectRatio, resolution }),
    pricing: withSent(withRatio, present({ resolution })),
  };
}

/** The aspect ratio as the service spells it: `16:9` for `32:18`. Undefined if the model does not take it. */
function spelledRatio({ aspectRatio: asked }: Frame, { ratios = [] }: SizeRule): Ratio | undefined {
  return asked && ratios.find((ratio) => sameRatio(ratio, asked));
}

function spelledTier({ resolution: asked }: Frame, { tiers = [] }: SizeRule): string | undefined {
  return asked && tiers.find((tier) => sameTier(tier, asked));
}

function negotiateRatio(session: Session, rule: SizeRule, frame: Frame, pricing: Pricing): Ratio | undefined {
  const { aspectRatio: asked } = frame;
  const option = 'aspectRatio';
  if (!asked) return undefined;
  const known = spelledRatio(frame, rule);
  if (known) return respell(session, option, asked, known);
  const { ratios = [] } = rule;
  const nearest = nearestRatios(ratios, ratioOf(asked));
  return moveToNearest(session, { option, asked, allowed: ratios, nearest }, pricing);
}

function negotiateTier(session: Session, rule: SizeRule, frame: Frame, pricing: Pricing): string | undefined {
  const { resolution: asked } = frame;
  const option = 'resolution';
  if (!asked) return undefined;
  const known = spelledTier(frame, rule);
  if (known) return respell(session, option, asked, known);
  const { tiers = [] } = rule;
  const pixels = pixelsOf(asked);
  const byDefault = defaultFrame(rule).resolution ?? tiers[0];
  const nearest = pixels ? nearestTiers(tiers, pixels) : tiers.filter((tier) => tier === byDefault);
  return moveToNearest(session, { option, asked, allowed: tiers, nearest }, pricing);
}

function respell<T extends string>({ applied }: Session, option: string, asked: string, sent: T): T {
  if (asked !== sent) applied.push({ option, asked, sent, because: 'the same in the words of the service' });
  return sent;
}

/** One part of a frame that the model does not take as asked. */
interface UnknownPart<T extends string> extends Asked {
  readonly allowed: readonly T[];
  /** Those that may be sent instead, best first. */
  readonly nearest: readonly T[];
}

/** The nearest that costs no more, or a problem. With nothing allowed the part is left out. */
function moveToNearest<T extends string>(session: Session, part: UnknownPart<T>, pricing: Pricing): T | undefined {
  const { name, adapt } = session;
  const { option, asked, allowed } = part;
  if (allowed.length === 0) {
    lacks(session, option, asked, true);
    return undefined;
  }
  const fits = adapt ? part.nearest.find((value) => costsNoMore(session, pricing, { [option]: value })) : undefined;
  if (fits) {
    session.applied.push({ option, asked, sent: fits, because: `the nearest that ${name} takes` });
    return fits;
  }
  const nearest = part.nearest.slice(0, 3);
  const takes = `it takes ${allowed.join(', ')}${nearestText(nearest)}`;
  const dear = adapt ? '; what is near costs more, or its price is unknown' : '';
  session.problems.push({
    option,
    asked,
    allowed,
    nearest,
    message: `${name} does not take ${option} ${asked}; ${takes}${dear}`,
    hint: useHint(session, option, nearest[0] ?? allowed[0]!, true),
  });
  return undefined;
}

/** For a model that takes sizes instead. */
function sizeForFrame(session: Session, rule: SizeRule, asked: Frame, pricing: Pricing): DecidedShape {
  const found = findSize(asked, rule);
  if (!found) {
    const wish = wishFor(asked, rule);
    return adaptSize(session, rule, wish, withAsked(pricing, { size: wish.ideal }));
  }
  const { size, exact } = found;
  const because = `${session.name} takes a size instead${exact ? '' : '; its ratio is the nearest, within 2 %'}`;
  for (const one of partsOf(asked)) session.applied.push({ ...one, sent: size, because });
  return { shape: { size: parseSize(size) }, pricing: withSent(withAsked(pricing, { size }), { size }) };
}

function findSize({ aspectRatio, resolution }: Frame, rule: SizeRule): FoundSize | undefined {
  if (resolution) return sizeForResolution(resolution, aspectRatio, rule);
  return aspectRatio && sizeForRatio(aspectRatio, rule);
}

/** What to come near to where no size stands for the frame. */
function wishFor(frame: Frame, rule: SizeRule): Wish {
  const { aspectRatio, resolution } = frame;
  const ideal = idealSize(frame, rule);
  const { width, height } = parseSize(ideal);
  const preferred = resolution && sizeForRatio(aspectRatio ?? `${width}:${height}`, rule, width * height);
  // Where the ratio alone would do, the resolution is in question.
  const ratioAlone = aspectRatio && sizeForRatio(aspectRatio, rule);
  return {
    ideal,
    asked: ratioAlone ? partsOf(frame).toReversed() : partsOf(frame),
    why: 'it makes no such size',
    preferred: preferred ? preferred.size : undefined,
  };
}

/** The size that would be made if every size were legal. */
function idealSize({ aspectRatio, resolution }: Frame, rule: SizeRule): Size {
  const { width, height } = defaultDimensions(rule);
  const area = (resolution && pixelsOf(resolution)) || width * height;
  const ratio = aspectRatio ? ratioOf(aspectRatio) : width / height;
  const side = (length: number) => Math.min(99_999, Math.max(1, Math.round(length)));
  return formatSize({ width: side(Math.sqrt(area * ratio)), height: side(Math.sqrt(area / ratio)) });
}

function partsOf({ aspectRatio, resolution }: Frame): readonly Asked[] {
  const parts: Asked[] = [];
  if (aspectRatio) parts.push({ option: 'aspectRatio', asked: aspectRatio });
  if (resolution) parts.push({ option: 'resolution', asked: resolution });
  return parts;
}
