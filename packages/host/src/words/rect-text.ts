// A rectangle as it is written in other forms than text: a list of four, or an object.

import { isRecord } from '@anyimage/core';
import { readAs, scalarText } from './loose-value.ts';

/** `X,Y,W,H` of a list of four lengths or an object of x, y, width and height; `undefined` for anything else. */
function rectText(value: unknown): string | undefined {
  const lengths = Array.isArray(value) ? value : isRecord(value) ? sidesOf(value) : undefined;
  if (lengths?.length !== 4) return undefined;
  const texts = lengths.map((length) => scalarText(length).trim());
  return texts.every((text) => /^[-+]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})\s*(?:px|%)?$/i.test(text))
    ? texts.join(',')
    : undefined;
}

function sidesOf(value: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { left, top, x = left, y = top, width, height, w = width, h = height } = value;
  return [x, y, w, h];
}

/** The same of a text that holds such a list or object as JSON; any other value as it is. */
export function plainRect(value: unknown): unknown {
  const inner =
    typeof value === 'string' && /^\s*[[{]/.test(value) ? (readAs('object', value) ?? readAs('array', value)) : value;
  return rectText(inner) ?? value;
}
