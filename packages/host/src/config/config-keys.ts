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
  const tree: Tree = new Map();
  for (const [key, value] of flat) {
    const parts = key.split('.');
    const last = parts.pop()!;
    parts.reduce(branchOf, tree).set(last, { value });
  }
  return objectOf(tree) as Config;
}

/** Objects as maps, so that a key is added without copying the others. */
type Tree = Map<string, Tree | { readonly value: Json }>;

function branchOf(tree: Tree, key: string): Tree {
  const known = tree.get(key);
  if (known instanceof Map) return known;
  const branch: Tree = new Map();
  tree.set(key, branch);
  return branch;
}

function objectOf(tree: Tree): { readonly [key: string]: unknown } {
  const entries = [...tree].map(([key, node]) => [key, node instanceof Map ? objectOf(node) : node.value]);
  return Object.fromEntries(entries);
}

/** The value of a key as it may be shown: without the password of a URL, and nothing of what is sent with each request. */
export function shownValue(key: string, value: Json): Json {
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, shownValue(`${key}.${name}`, one as Json)]),
    );
  if (/^providers\.[^.]+\.headers\./.test(key)) return '***';
  return typeof value === 'string' ? value.replace(/\/\/[^@/\s]*@/, '//***@') : value;
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
