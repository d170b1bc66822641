// Reads what an emulator says it understood of a request, and what its answer tells.

import { isRecord } from '@anyimage/core';
import type { Exchange, Fields, Where } from './definition.ts';

/** What stands at a place of a request: one value, or a list where the place has a `*` or is several. */
export function valueAt(where: Where, exchange: Exchange): unknown {
  const fields = isRecord(exchange.body) ? exchange.body : {};
  if (typeof where === 'function') return where(fields, exchange);
  const paths = typeof where === 'string' ? [where] : where;
  const found = paths.flatMap((path) => {
    const files = exchange.form?.getAll(path) ?? [];
    return files.length > 0 ? files : within(fields, path.split('.'));
  });
  const isList = found.length > 1 || paths.some((path) => path.includes('*'));
  return isList ? found : found[0];
}

/** What an answer's JSON has at a place, as a list. */
export function toldAt(where: string | ((answer: Fields) => unknown), json: unknown): readonly unknown[] {
  const answer = isRecord(json) ? json : {};
  if (typeof where === 'string') return within(answer, where.split('.')).flat();
  const value = where(answer);
  return value === undefined ? [] : [value].flat();
}

function within(value: unknown, path: readonly string[]): unknown[] {
  const [step, ...rest] = path;
  if (value === undefined) return [];
  if (step === undefined) return [value];
  if (step === '*') return Array.isArray(value) ? value.flatMap((each) => within(each, rest)) : [];
  if (Array.isArray(value)) return within(value[Number(step)], rest);
  return isRecord(value) && Object.hasOwn(value, step) ? within(value[step], rest) : [];
}
