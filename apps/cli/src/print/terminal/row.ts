// One line of several parts that fits a terminal: what matters less is left out first.

import type { Paint, Role } from './paint.ts';
import { cut, width } from './wrap.ts';

export interface Part {
  readonly text: string;
  readonly role?: Role;
  /** The parts with the least are left out first where there is no room; default 1. */
  readonly weight?: number;
}

const gap = '  ';

/** The parts that are there, side by side in at most `columns`. The last one that is left is cut if it must be. */
export function rowText(parts: readonly (Part | undefined)[], columns: number, paint: Paint): string {
  let left = parts.filter((part) => part !== undefined && part.text !== '') as readonly Part[];
  while (left.length > 1 && rowWidth(left) > columns) left = withoutLightest(left);
  return left
    .map(({ text, role }) => {
      const shown = left.length === 1 ? cut(text, columns) : text;
      return role ? paint(role, shown) : shown;
    })
    .join(gap);
}

function rowWidth(parts: readonly Part[]): number {
  return parts.reduce((sum, { text }) => sum + width(text), gap.length * (parts.length - 1));
}

/** Of several that matter as little, the last goes. */
function withoutLightest(parts: readonly Part[]): readonly Part[] {
  const weights = parts.map(({ weight = 1 }) => weight);
  const at = weights.lastIndexOf(Math.min(...weights));
  return parts.filter((_, index) => index !== at);
}
