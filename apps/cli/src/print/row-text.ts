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
  const about: Entry = [title, `default: ${defaultText(usual)}`];
  return [...entries.filter(([one]) => one === title), about, ...entries.filter(([one]) => one !== title)];
}

/** `4,194,304` */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function sizesInWords({ presets = [], rules = [], pixels = {} }: SizeRule): string {
  const ways = [...(presets.length ? [presets.join(', ')] : []), ...rules.map(constraintText)];
  if (ways.length) return ways.join('; or ');
  const [example] = Object.values(pixels).flatMap((sizes) => Object.values(sizes));
  return example ? `those that the shapes and resolutions below give, such as ${example}` : '';
}

function constraintText({ side, multiple, pixels, aspect, unsure }: SizeConstraint): string {
  const parts = [
    side && `each side ${side[0]} to ${side[1]} px`,
    multiple && multiple > 1 && `multiples of ${multiple}`,
    pixels && `${pixels[0] > 1 ? `${grouped(pixels[0])} to` : 'at most'} ${grouped(pixels[1])} pixels in all`,
    aspect && `at most ${aspect}:1`,
  ];
  return `${parts.filter(Boolean).join(', ') || 'any'}${unsure ? ' (sources disagree)' : ''}`;
}

function listText(values: readonly string[], usual: string | undefined): string {
  return `${values.join(', ')}${usual ? ` (default ${usual})` : ''}`;
}

function defaultText(usual: string): string {
  const meanings: Readonly<Record<string, string>> = {
    auto: 'the service chooses',
    'first-image': 'as large as the first picture',
    'last-image': 'as large as the last picture',
  };
  return meanings[usual] ?? usual;
}
