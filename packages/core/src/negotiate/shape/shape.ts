// size, aspectRatio and resolution: three ways to say one thing, of which a model takes some.

import type { Size, SizeRule } from '../../contract/capabilities.ts';
import { present } from '../../contract/objects.ts';
import { type DecidedShape, type Pricing, withAsked, withSent } from '../pricing.ts';
import { lacks, type Session, standing } from '../session.ts';
import { adaptSize, frameInsteadOf } from './adapt-size.ts';
import { imageOfDefault, nearestSizes, sizeByName } from './find-size.ts';
import { negotiateFrame } from './frame.ts';
import {
  type Dimensions,
  defaultFrame,
  formatSize,
  judgeSize,
  parseSize,
  ratioOf,
  type Shape,
  takesSizes,
} from './size.ts';

/** Decides size, aspect ratio and resolution. */
export function negotiateShape(session: Session, pricing: Pricing): DecidedShape {
  const { size, aspectRatio, resolution } = session.request;
  const rule = session.limits.size;
  if (aspectRatio && hasZero(aspectRatio)) {
    refuseZero(session, aspectRatio);
    return { shape: {}, pricing };
  }
  if (!size && !aspectRatio && !resolution) return { shape: shapeByDefault(session), pricing };
  if (!rule) return { shape: withoutRule(session), pricing };
  if (size) return negotiateSize(session, rule, size, pricing);
  return negotiateFrame(session, rule, present({ aspectRatio, resolution }), pricing);
}

function hasZero(ratio: string): boolean {
  const value = ratioOf(ratio);
  return !(value > 0 && Number.isFinite(value));
}

function refuseZero({ problems }: Session, aspectRatio: string): void {
  problems.push({
    code: 'invalid-request',
    option: 'aspectRatio',
    asked: aspectRatio,
    allowed: 'WIDTH:HEIGHT',
    message: `aspectRatio ${aspectRatio} has a side of zero`,
    hint: 'Use a ratio such as "16:9".',
  });
}

/** What is sent where nothing is asked: the default, if the table says that the service's own must not be relied on. */
function shapeByDefault(session: Session): Shape {
  const { limits, request } = session;
  const rule = limits.size || undefined;
  if (rule?.send !== 'always') return {};
  const { default: byDefault } = rule;
  if (typeof byDefault === 'object') return defaultFrame(rule);
  if (byDefault === 'auto') return {};
  if (byDefault !== 'first-image' && byDefault !== 'last-image') return { size: parseSize(byDefault) };
  const image = imageOfDefault(byDefault, request.images);
  return image && takesSizes(rule) ? sizeOfImage(session, rule, image) : {};
}

function sizeOfImage({ applied }: Session, rule: SizeRule, image: Dimensions): Shape {
  const own = formatSize(image);
  if (judgeSize(own, rule).verdict === 'yes') return { size: parseSize(own) };
  const [nearest] = nearestSizes(own, rule, 1);
  if (!nearest) return {};
  const because = `the picture is ${own}, and this is the nearest size the model makes`;
  applied.push({ option: 'size', asked: null, sent: nearest, because });
  return { size: parseSize(nearest) };
}

/** The shape for a model of whose sizes the table says nothing, or that has none. */
function withoutRule(session: Session): Shape {
  const { size, aspectRatio, resolution } = session.request;
  for (const option of ['size', 'aspectRatio', 'resolution'] as const) {
    const asked = session.request[option];
    if (asked === undefined || standing(session, 'size', option) === 'open') continue;
    lacks(session, option, asked, true);
  }
  if (session.limits.size === false || !session.row.open) return {};
  return present({ size: size && parseSize(size), aspectRatio, resolution });
}

function negotiateSize(session: Session, rule: SizeRule, asked: Size, pricing: Pricing): DecidedShape {
  const { name, applied, warnings } = session;
  const option = 'size';
  const meant = rule.renamed?.[asked];
  if (meant) applied.push({ option, asked, sent: meant, because: `${asked} is a misprint of older documentation` });
  const size = formatSize(parseSize(meant ?? asked));
  const { verdict, why } = judgeSize(size, rule);
  const priced = withAsked(pricing, { size });
  if (verdict === 'no') {
    const preferred = sizeByName(size, rule);
    return adaptSize(session, rule, { ideal: size, asked: [{ option, asked }], why, preferred }, priced);
  }
  if (verdict === 'unsure') {
    warnings.push({ code: 'unsure', message: `size ${size} may be refused by ${name}: ${why}` });
  }
  const frame = frameInsteadOf(size, rule);
  const because = `${name} takes no size; this is how it makes ${size}`;
  if (frame) applied.push({ option, asked, sent: { ...frame }, because });
  return { shape: frame ?? { size: parseSize(size) }, pricing: withSent(priced, { size }) };
}
