// Parts of a capability row in a few words.

import type { Limits, Price, SizeRule } from '@anyimage/core';
import { priceRange } from '@anyimage/host';

/** `512–2048 px`, `7 sizes`, `1K 2K 4K`, `–` where the model has no choice of size. */
export function sizesText(rule: Limits['size']): string {
  if (!rule) return '–';
  const sides = (rule.rules ?? []).filter((one) => one.side && !one.unsure).map((one) => one.side!);
  if (sides.length) return `${Math.min(...sides.map(([min]) => min))}–${Math.max(...sides.map(([, max]) => max))} px`;
  if (rule.rules?.length) return 'many';
  if (rule.tiers?.length) return rule.tiers.join(' ');
  if (rule.presets?.length) return rule.presets.length === 1 ? rule.presets[0]! : `${rule.presets.length} sizes`;
  return rule.ratios?.length ? `${rule.ratios.length} ratios` : '–';
}

/** What a picture costs in a region, `unknown` where nobody tells. */
export function priceText(prices: readonly Price[] | undefined, region: string): string {
  return priceRange(prices, region) ?? 'unknown';
}

/** All sizes in words, for the page of one model. */
export function sizeRuleLines(rule: SizeRule): string[] {
  const rules = (rule.rules ?? []).map((one) =>
    [
      one.side && `each side ${one.side[0]} to ${one.side[1]} px`,
      one.multiple && one.multiple > 1 && `multiples of ${one.multiple}`,
      one.pixels && `${one.pixels[0]} to ${one.pixels[1]} pixels in all`,
      one.aspect && `at most ${one.aspect}:1`,
      one.unsure && 'sources disagree',
    ]
      .filter(Boolean)
      .join(', '),
  );
  return [
    ...(rule.presets?.length ? [rule.presets.join(' ')] : []),
    ...rules.map((line, index) => (rule.presets?.length || index > 0 ? `or ${line}` : line)),
    ...(rule.ratios?.length ? [`aspect ratios ${rule.ratios.join(' ')}`] : []),
    ...(rule.tiers?.length ? [`resolutions ${rule.tiers.join(' ')}`] : []),
    `default ${typeof rule.default === 'string' ? rule.default : Object.values(rule.default).join(' ')}`,
  ];
}
