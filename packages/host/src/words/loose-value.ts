// Values of any kind as agents, clients and people write them: numbers, switches, lists and objects as text, and the many ways to say nothing.

import { isRecord } from '@anyimage/core';
import { parseJSON } from '../text/json.ts';
import { parseNumber, saysNothing } from '../text/numbers.ts';

/** The kinds of values of JSON. */
export type Kind = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/** Values lie in each other at most so deep that anything means something by it. */
const deepest = 12;

/**
 * What is left of a value without what stands for nothing in it: `null`, empty texts, and lists and objects that hold nothing else.
 * `undefined` if nothing is left.
 */
export function withoutNothing(value: unknown, levels = deepest): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (typeof value !== 'object' || levels === 0) return value;
  if (Array.isArray(value)) {
    const kept = value.map((one) => withoutNothing(one, levels - 1)).filter((one) => one !== undefined);
    return kept.length > 0 ? kept : undefined;
  }
  const kept = Object.entries(value)
    .map(([name, one]) => [name, withoutNothing(one, levels - 1)] as const)
    .filter(([, one]) => one !== undefined);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** A text, number or switch as text; empty for anything else. */
export function scalarText(value: unknown): string {
  return value === undefined || (typeof value === 'object' && value !== null) ? '' : String(value);
}

/** The value as one of the kind; `undefined` if it cannot be meant as one. */
export function readAs(kind: Kind, value: unknown): unknown {
  if (kind === 'array') return listOf(value);
  if (kind === 'object') return recordOf(value);
  const only = onlyOf(value);
  return scalars[kind](typeof only === 'string' ? unquoted(only) : only);
}

const any = { least: -Number.MAX_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER, example: '7' };

const scalars = {
  string: (value: unknown) => (['number', 'boolean', 'bigint'].includes(typeof value) ? String(value) : textOf(value)),
  number: numberOf,
  integer(value: unknown) {
    const number = numberOf(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  boolean(value: unknown) {
    const text = scalarText(value);
    if (/^(?:true|yes|on|1)$/i.test(text)) return true;
    return /^(?:false|no|off|0)$/i.test(text) || saysNothing(text) ? false : undefined;
  },
} as const;

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' ? parseNumber(value, any) : undefined;
}

function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const parsed = typeof value === 'string' && /^\s*\[/.test(value) ? parsedText(value) : undefined;
  if (Array.isArray(parsed)) return parsed;
  return value === undefined || value === null ? undefined : [value];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const parsed = typeof value === 'string' ? parsedText(value) : onlyOf(value);
  return isRecord(parsed) ? parsed : undefined;
}

/** The value of a JSON text. One that lies too deep is none. */
function parsedText(text: string): unknown {
  return /^\s*(?:[[{]\s*){12}/.test(text) ? undefined : parseJSON(text);
}

/** What a list of one value holds, also where the list is text; any other value as it is. */
function onlyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? value[0] : value;
  const parsed = typeof value === 'string' && /^\s*\[/.test(value) ? parsedText(value) : undefined;
  return Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : value;
}

/** The text without the marks around it that belong to the place where it was copied from. */
export function unquoted(text: string): string {
  const trimmed = text.trim();
  const inner = /^(["'`]{1,3})(.*)\1$/s.exec(trimmed)?.[2] ?? /^[“‘<](.*)[”’>]$/s.exec(trimmed)?.[1];
  return inner?.trim() || trimmed;
}
