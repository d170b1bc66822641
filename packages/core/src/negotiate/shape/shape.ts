// size, aspectRatio and resolution: three ways to say one thing, of which a model takes some.

import type { Json, Ratio, Size, SizeRule } from '../../contract/capabilities.ts';
import { costsNoMore, lacks, nearestText, orAdapt, type Session, standing, useHint } from '../session.ts';
import { defaultDimensions, nearestSizes, pixelsOf, sizeForRatio, sizeForResolution } from './find-size.ts';
import {
  type Dimensions,
  describeSizes,
  formatSize,
  judgeSize,
  type NativeSize,
  nativeOf,
  parseSize,
  ratioOf,
  sameRatio,
  takesSizes,
} from './size.ts';

/** What is sent. */
export interface SentDimensions extends NativeSize {
  readonly size?: Dimensions;
}

/** The words that were asked, the one in question first. */
type Said = readonly (readonly [option: 'size' | 'aspectRatio' | 'resolution', asked: string])[];

/** Decides size, aspect ratio and resolution. */
export function settleDimensions(session: Session): SentDimensions {
  const { size, aspectRatio, resolution } = session.request;
  if (aspectRatio && !(ratioOf(aspectRatio) > 0 && Number.isFinite(ratioOf(aspectRatio)))) {
    const message = `aspectRatio ${aspectRatio} has a side of zero`;
    const problem = { option: 'aspectRatio', asked: aspectRatio, allowed: 'WIDTH:HEIGHT', message };
    session.problems.push({ code: 'invalid-request', ...problem, hint: 'Use a ratio such as "16:9".' });
    return {};
  }
  const rule = session.limits.size;
  if (!size && !aspectRatio && !resolution) return rule && rule.send === 'always' ? usual(session, rule) : {};
  if (!rule) return withoutRule(session);
  if (size) return settleSize(session, rule, size);
  return settleShape(session, rule, { ...(aspectRatio && { aspectRatio }), ...(resolution && { resolution }) });
}

/** The default, sent because the table says that the service's own must not be relied on. */
function usual(session: Session, rule: SizeRule): SentDimensions {
  const { default: preset } = rule;
  if (typeof preset === 'object') {
    return { ...(preset.ratio && { aspectRatio: preset.ratio }), ...(preset.tier && { resolution: preset.tier }) };
  }
  if (preset === 'auto') return {};
  if (preset !== 'first-image' && preset !== 'last-image') return { size: parseSize(preset) };
  const image = session.request.images.at(preset === 'first-image' ? 0 : -1);
  if (image?.as !== 'bytes' || !takesSizes(rule)) return {};
  const own = formatSize(image);
  const size = judgeSize(own, rule).verdict === 'yes' ? own : nearestSizes(own, rule, 1)[0];
  if (!size) return {};
  if (size !== own)
    apply(session, 'size', null, size, `the picture is ${own}, and this is the nearest size the model makes`);
  return { size: parseSize(size) };
}

function withoutRule(session: Session): SentDimensions {
  const { size, aspectRatio, resolution } = session.request;
  const asked = Object.entries({ size, aspectRatio, resolution }).filter((entry) => entry[1] !== undefined);
  for (const [option, value] of asked as [string, string][]) {
    if (standing(session, 'size', option) === 'open') continue;
    if (session.adapt) apply(session, option, value, null, `${session.name} has no ${option}`);
    else lacks(session, option, value, true);
  }
  if (session.limits.size === false || !session.row.open) return {};
  return {
    ...(size && { size: parseSize(size) }),
    ...(aspectRatio && { aspectRatio }),
    ...(resolution && { resolution }),
  };
}

function settleSize(session: Session, rule: SizeRule, asked: Size): SentDimensions {
  const meant = rule.renamed?.[asked];
  if (meant) apply(session, 'size', asked, meant, `${asked} is a misprint of older documentation`);
  const size = formatSize(parseSize(meant ?? asked));
  const { verdict, why } = judgeSize(size, rule);
  session.asked = { ...session.asked, size };
  if (verdict === 'no') return adaptSize(session, rule, size, [['size', asked]], why);
  session.sent = { ...session.sent, size };
  if (verdict === 'unsure') {
    session.warnings.push({ code: 'unsure', message: `size ${size} may be refused by ${session.name}: ${why}` });
  }
  const native = nativeFor(size, rule);
  if (!native) return { size: parseSize(size) };
  apply(session, 'size', asked, { ...native }, `${session.name} takes no size; this is how it makes ${size}`);
  return native;
}

/** How a legal size is sent to a model that does not take it as such; undefined if it does. */
function nativeFor(size: Size, rule: SizeRule): NativeSize | undefined {
  const isWord = takesSizes(rule) && judgeSize(size, { ...rule, pixels: {} }).verdict !== 'no';
  return isWord ? undefined : nativeOf(size, rule);
}

/**
 * The nearest size that costs no more, or a problem. `ideal`: the size as if every size were legal. `preferred`: a legal one
 * that comes before the nearest.
 */
function adaptSize(
  session: Session,
  rule: SizeRule,
  ideal: Size,
  said: Said,
  why: string,
  preferred?: Size,
): SentDimensions {
  const { name, adapt } = session;
  const { width, height } = parseSize(ideal);
  const nearest = [...new Set([...(preferred ? [preferred] : []), ...nearestSizes(ideal, rule)])].slice(0, 3);
  const fits = [...nearest, ...nearestSizes(ideal, rule, 3, width * height)].find((size) =>
    costsNoMore(session, { size }),
  );
  if (adapt && fits) {
    session.sent = { ...session.sent, size: fits };
    const native = nativeFor(fits, rule);
    const because = `${why}; the nearest size that ${name} makes${fits === nearest[0] ? '' : ' at no higher price'}`;
    for (const [option, asked] of said) apply(session, option, asked, native ? { ...native } : fits, because);
    return native ?? { size: parseSize(fits) };
  }
  if (nearest.length === 0 && (rule.ratios || rule.tiers)) return adaptToShape(session, rule, ideal, said);
  if (nearest.length === 0 && adapt) {
    for (const [option, asked] of said) apply(session, option, asked, null, `${name} takes no size`);
    return {};
  }
  const [option, asked] = said[0]!;
  const allowed = describeSizes(rule);
  const dear = adapt ? '; every size near it costs more, or its price is unknown' : '';
  session.problems.push({
    option,
    asked,
    allowed,
    nearest: option === 'size' ? nearest : [],
    message: `${name} does not take ${option} ${asked} (${why}); it takes ${allowed}${nearestText(nearest)}${dear}`,
    hint: nearest[0] ? useHint(session, 'size', nearest[0], true) : `Leave ${option} out${orAdapt(session, true)}.`,
  });
  return {};
}

/** A size for a model that takes only ratios or resolutions, whose table does not say what sizes they give. */
function adaptToShape(session: Session, rule: SizeRule, ideal: Size, said: Said): SentDimensions {
  const { width, height } = parseSize(ideal);
  const ratio = byRatio(rule.ratios ?? [], width / height)[0];
  const tiers = byPixels(rule.tiers ?? [], width * height);
  const tier = tiers.find((resolution) => costsNoMore(session, { resolution }));
  const words: NativeSize = { ...(ratio && { aspectRatio: ratio }), ...(tier && { resolution: tier }) };
  if (session.adapt && (tier || tiers.length === 0)) {
    session.sent = { ...session.sent, ...words };
    const because = `${session.name} takes no size; this comes nearest`;
    for (const [option, asked] of said) apply(session, option, asked, { ...words }, because);
    return words;
  }
  const [option, asked] = said[0]!;
  const allowed = describeSizes(rule);
  const dear = session.adapt ? '; what comes near costs more, or its price is unknown' : '';
  const use = Object.entries(words).map(([word, value]) => `${word}: ${JSON.stringify(value)}`);
  session.problems.push({
    option,
    asked,
    allowed,
    message: `${session.name} takes no size (asked: ${asked}); it takes ${allowed}${dear}`,
    hint: use.length ? `Use ${use.join(' and ')}${orAdapt(session, true)}.` : `Leave ${option} out.`,
  });
  return {};
}

/** An aspect ratio, a resolution or both: passed as such where the model takes them, else turned into a size. */
function settleShape(session: Session, rule: SizeRule, asked: NativeSize): SentDimensions {
  const ratio = rule.ratios?.find((known) => asked.aspectRatio !== undefined && sameRatio(known, asked.aspectRatio));
  const tier = rule.tiers?.find((known) => known.toLowerCase() === asked.resolution?.toLowerCase());
  if ((ratio || !asked.aspectRatio) && (tier || !asked.resolution)) {
    const words: NativeSize = { ...(ratio && { aspectRatio: ratio }), ...(tier && { resolution: tier }) };
    for (const word of ['aspectRatio', 'resolution'] as const) respell(session, word, asked[word], words[word]);
    session.asked = { ...session.asked, ...words };
    session.sent = { ...session.sent, ...words };
    return words;
  }
  if (!takesSizes(rule)) return settleNative(session, rule, asked, { aspectRatio: ratio, resolution: tier });
  return shapeToSize(session, rule, asked);
}

function shapeToSize(session: Session, rule: SizeRule, asked: NativeSize): SentDimensions {
  const { aspectRatio, resolution } = asked;
  const ofRatio = aspectRatio && sizeForRatio(aspectRatio, rule);
  const found = resolution ? sizeForResolution(resolution, aspectRatio, rule) : ofRatio;
  const words: Said = [
    ...(aspectRatio ? [['aspectRatio', aspectRatio] as const] : []),
    ...(resolution ? [['resolution', resolution] as const] : []),
  ];
  if (!found) {
    const ideal = idealSize(rule, asked);
    const { width, height } = parseSize(ideal);
    session.asked = { ...session.asked, size: ideal };
    const preferred = resolution && sizeForRatio(aspectRatio ?? `${width}:${height}`, rule, width * height);
    const said = ofRatio && resolution ? words.toReversed() : words;
    return adaptSize(
      session,
      rule,
      ideal,
      said,
      'no size that it makes comes near',
      preferred ? preferred.size : undefined,
    );
  }
  const { size, exact } = found;
  session.asked = { ...session.asked, size };
  session.sent = { ...session.sent, size };
  const because = `${session.name} takes a size instead${exact ? '' : '; its ratio is the nearest, within 2 %'}`;
  for (const [option, value] of words) apply(session, option, value, size, because);
  return { size: parseSize(size) };
}

/** The size that would be made if every size were legal. */
function idealSize(rule: SizeRule, { aspectRatio, resolution }: NativeSize): Size {
  const { width, height } = defaultDimensions(rule);
  const area = (resolution && pixelsOf(resolution)) || width * height;
  const ratio = aspectRatio ? ratioOf(aspectRatio) : width / height;
  const side = (length: number) => Math.min(99_999, Math.max(1, Math.round(length)));
  return formatSize({ width: side(Math.sqrt(area * ratio)), height: side(Math.sqrt(area / ratio)) });
}

interface KnownShape {
  readonly aspectRatio: Ratio | undefined;
  readonly resolution: string | undefined;
}

/** Ratio and resolution for a model that takes no sizes, each by itself. */
function settleNative(session: Session, rule: SizeRule, asked: NativeSize, known: KnownShape): SentDimensions {
  const words: { aspectRatio?: Ratio; resolution?: string } = {};
  session.asked = { ...session.asked, ...asked };
  if (asked.aspectRatio) {
    const choices = byRatio(rule.ratios ?? [], ratioOf(asked.aspectRatio));
    const ratio = known.aspectRatio ?? settleWord(session, rule, 'aspectRatio', asked.aspectRatio, choices);
    if (ratio) words.aspectRatio = ratio as Ratio;
    respell(session, 'aspectRatio', asked.aspectRatio, known.aspectRatio);
  }
  session.sent = { ...session.sent, ...words };
  if (asked.resolution) {
    const tiers = rule.tiers ?? [];
    const area = pixelsOf(asked.resolution);
    const usualTier = typeof rule.default === 'object' ? rule.default.tier : undefined;
    const choices = area ? byPixels(tiers, area) : tiers.filter((tier) => tier === (usualTier ?? tiers[0]));
    const tier = known.resolution ?? settleWord(session, rule, 'resolution', asked.resolution, choices);
    if (tier) words.resolution = tier;
    respell(session, 'resolution', asked.resolution, known.resolution);
  }
  session.sent = { ...session.sent, ...words };
  return words;
}

/** One of `choices`, or a problem. With no choice at all the word is left out. */
function settleWord(
  session: Session,
  rule: SizeRule,
  word: 'aspectRatio' | 'resolution',
  asked: string,
  choices: readonly string[],
): string | undefined {
  const all = word === 'aspectRatio' ? rule.ratios : rule.tiers;
  if (!all?.length) {
    if (session.adapt) apply(session, word, asked, null, `${session.name} has no ${word}`);
    else lacks(session, word, asked, true);
    return undefined;
  }
  const fits = choices.find((choice) => costsNoMore(session, { [word]: choice }));
  if (session.adapt && fits) {
    apply(session, word, asked, fits, `the nearest that ${session.name} takes`);
    return fits;
  }
  const dear = session.adapt ? '; what is near costs more, or its price is unknown' : '';
  const nearest = choices.slice(0, 3);
  session.problems.push({
    option: word,
    asked,
    allowed: all,
    nearest,
    message: `${session.name} does not take ${word} ${asked}; it takes ${all.join(', ')}${nearestText(nearest)}${dear}`,
    hint: useHint(session, word, nearest[0] ?? all[0]!, true),
  });
  return undefined;
}

function byRatio(ratios: readonly Ratio[], wanted: number): Ratio[] {
  return sortBy(ratios, (ratio) => Math.abs(Math.log(ratioOf(ratio) / wanted)));
}

/** Resolutions by how near their pixels are; those with a name of another kind last. */
function byPixels(tiers: readonly string[], wanted: number): string[] {
  return sortBy(tiers, (tier) => Math.abs(Math.log((pixelsOf(tier) ?? Number.MAX_VALUE) / wanted)));
}

function sortBy<T>(items: readonly T[], cost: (item: T) => number): T[] {
  return [...items].sort((a, b) => cost(a) - cost(b));
}

/** `32:18` for a service that says `16:9`. */
function respell(session: Session, option: string, asked: string | undefined, sent: string | undefined): void {
  if (asked && sent && asked !== sent) apply(session, option, asked, sent, 'the same in the words of the service');
}

function apply(session: Session, option: string, asked: Json, sent: Json, because: string): void {
  session.applied.push({ option, asked, sent, because });
}
