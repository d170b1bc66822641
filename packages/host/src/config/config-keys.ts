// A config as flat keys, so that each can come from another place: `providers.cogview.region`.

import { isRecord, type Json, omit } from '@anyimage/core';
import type { Config } from './config-schema.ts';

/** Key -> value; lists are values. Names hold no dots. */
export type FlatConfig = ReadonlyMap<string, Json>;

export function flatten(config: Config): FlatConfig {
  const flat = new Map<string, Json>();
  const add = (value: unknown, path: string) => {
    if (!isRecord(value)) flat.set(path, value as Json);
    else for (const [key, inner] of Object.entries(value)) add(inner, path ? `${path}.${key}` : key);
  };
  add(omit(config, '$schema', 'version'), '');
  return flat;
}

export function unflatten(flat: FlatConfig): Config {
  let config: unknown = {};
  for (const [key, value] of flat) config = withKey(config, key.split('.'), value);
  return config as Config;
}

/** A copy with one key set, or without it if `value` is undefined; objects that become empty go too. */
export function withKey(value: unknown, [key, ...rest]: readonly string[], next: Json | undefined): unknown {
  if (key === undefined) return next;
  const before = isRecord(value) ? value : {};
  const inner = withKey(Object.hasOwn(before, key) ? before[key] : undefined, rest, next);
  const others = Object.entries(before).filter(([name]) => name !== key);
  const isEmpty = inner === undefined || (next === undefined && isRecord(inner) && Object.keys(inner).length === 0);
  if (isEmpty) return Object.fromEntries(others);
  const place = Object.keys(before).indexOf(key);
  others.splice(place < 0 ? others.length : place, 0, [key, inner]);
  return Object.fromEntries(others);
}
