// Whether a newer size rule tells the size, or the resolution, by which a call is priced otherwise than before. Pure, and cautious.

import { isDeepStrictEqual } from 'node:util';
import type { SizeRule } from '@anyimage/core';

/**
 * Whether an aspect ratio and a resolution that there were before may stand for another size now or, where prices go by resolutions
 * (`byTier`), a size for another resolution.
 */
export function isSizedOtherwise(before: SizeRule, after: SizeRule, byTier: boolean): boolean {
  const takesSizes = Boolean(after.presets?.length || after.rules?.length);
  if (byTier && takesSizes && !isDeepStrictEqual(tiersOf(before), tiersOf(after))) return true;
  return tiersOf(before).tiers.some((tier) =>
    ratiosOf(before).some((ratio) => sizeAt(before, tier, ratio) !== sizeAt(after, tier, ratio)),
  );
}

function tiersOf({ pixels = {}, tiers = Object.keys(pixels) }: SizeRule) {
  return { pixels, tiers };
}

function ratiosOf({ pixels = {}, ratios = [] }: SizeRule): readonly string[] {
  return [...ratios, ...Object.values(pixels).flatMap((sizes) => Object.keys(sizes))];
}

/** The first that is of the same resolution and ratio, however it is written: as core looks it up. */
function sizeAt({ pixels = {} }: SizeRule, tier: string, ratio: string): string | undefined {
  const sizes = Object.entries(pixels).find(([name]) => name.toLowerCase() === tier.toLowerCase())?.[1] ?? {};
  return Object.entries(sizes).find(([name]) => shapeOf(name) === shapeOf(ratio))?.[1];
}

function shapeOf(ratio: string): number {
  const [width = 0, height = 0] = ratio.split(':').map(Number);
  return width / height;
}
