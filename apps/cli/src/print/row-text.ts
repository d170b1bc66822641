// Parts of a capability row in a few words.

import type { Limits, Price, SizeConstraint, SizeRule } from '@anyimage/core';
import { priceRange } from '@anyimage/host';
import type { Entry } from './terminal/entries.ts';
import { translated } from './words/translated.ts';

/** `512–2048 px`, `7 sizes`, `1K 2K 4K`, `–` where the model has no choice of size. */
export function sizesText(rule: Limits['size']): string {
  if (!rule) return '–';
  const sides = (rule.rules ?? []).filter((one) => one.side && !one.unsure).map((one) => one.side!);
  if (sides.length) return `${Math.min(...sides.map(([min]) => min))}–${Math.max(...sides.map(([, max]) => max))} px`;
  if (rule.rules?.length) return translated('many');
  if (rule.tiers?.length) return rule.tiers.join(' ');
  if (rule.presets?.length)
    return rule.presets.length === 1 ? rule.presets[0]! : translated('{count} sizes', { count: rule.presets.length });
  return rule.ratios?.length ? translated('{count} ratios', { count: rule.ratios.length }) : '–';
}

/** What a picture costs in a region, `unknown` where nobody tells. */
export function priceText(prices: readonly Price[] | undefined, region: string): string {
  return priceRange(prices, region) ?? 'unknown';
}

/** What can be asked of sizes, shapes and resolutions, and what is made if nothing is, for the page of one model. */
export function sizeEntries(rule: SizeRule): Entry[] {
  const { ratios = [], tiers = [], default: usual } = rule;
  const { ratio, tier } = typeof usual === 'object' ? usual : {};
  const sizes = sizesInWords(rule);
  const entries: Entry[] = [
    ...(sizes ? [['--size', sizes] as const] : []),
    ...(ratios.length ? [['--aspect-ratio', listText(ratios, ratio)] as const] : []),
    ...(tiers.length ? [['--resolution', listText(tiers, tier)] as const] : []),
  ];
  if (typeof usual === 'object') return entries;
  const [title] = entries[0] ?? ['--size'];
  const about: Entry = [title, translated('default: {what}', { what: defaultText(usual) })];
  return [...entries.filter(([one]) => one === title), about, ...entries.filter(([one]) => one !== title)];
}

/** `4,194,304` */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `655,360 to 8,294,400 pixels` */
export function pixelsText([min, max]: readonly [number, number]): string {
  return min > 1
    ? translated('{min} to {max} pixels', { min: grouped(min), max: grouped(max) })
    : translated('at most {count} pixels', { count: grouped(max) });
}

/** ` (default high)`, behind the choices of a flag. */
export function usualText(usual: string | undefined): string {
  return usual ? translated(' (default {what})', { what: usual }) : '';
}

function sizesInWords({ presets = [], rules = [], pixels = {} }: SizeRule): string {
  const ways = [...(presets.length ? [presets.join(', ')] : []), ...rules.map(constraintText)];
  if (ways.length) return ways.join(translated('; or '));
  const [example] = Object.values(pixels).flatMap((sizes) => Object.values(sizes));
  return example
    ? translated('those that the shapes and resolutions below give, such as {size}', { size: example })
    : '';
}

function constraintText({ side, multiple, pixels, aspect, unsure }: SizeConstraint): string {
  const parts = [
    side && translated('each side {min} to {max} px', { min: side[0], max: side[1] }),
    multiple && multiple > 1 && translated('multiples of {count}', { count: multiple }),
    pixels && translated('{pixels} in all', { pixels: pixelsText(pixels) }),
    aspect && translated('at most {most}', { most: `${aspect}:1` }),
  ];
  const text = parts.filter(Boolean).join(translated(', ')) || translated('any');
  return unsure ? `${text} ${translated('(sources disagree)')}` : text;
}

function listText(values: readonly string[], usual: string | undefined): string {
  return values.join(', ') + usualText(usual);
}

function defaultText(usual: string): string {
  const meanings: Readonly<Record<string, string>> = {
    auto: translated('the service chooses'),
    'first-image': translated('as large as the first picture'),
    'last-image': translated('as large as the last picture'),
  };
  return meanings[usual] ?? usual;
}
