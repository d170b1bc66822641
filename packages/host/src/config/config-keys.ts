// A config as flat keys, so that each can come from another place: `providers.cogview.region`, `models.openai/gpt-image-3`.

import { isRecord, type Json, omit } from '@anyimage/core';
import type { Config } from './config-schema.ts';

/** Key -> value; lists are values, and so are rows of models. Names hold no dots, but those of models do. */
export type FlatConfig = ReadonlyMap<string, Json>;

const models = 'models';

/** The parts of a key. What follows `models.` is the name of a model. */
export function partsOfKey(key: string): readonly string[] {
  const start = `${models}.`;
  return key.startsWith(start) ? [models, key.slice(start.length)] : key.split('.');
}

/** Whether a key is another one, or lies in it. */
export function isInKey(key: string, outer: string): boolean {
  const parts = partsOfKey(key);
  return partsOfKey(outer).every((part, index) => parts[index] === part);
}

export function flatten(config: Config): FlatConfig {
  const flat = new Map<string, Json>();
  const add = (value: unknown, path: readonly string[]) => {
    const isValue = !isRecord(value) || (path.length === 2 && path[0] === models);
    if (isValue) flat.set(path.join('.'), value as Json);
    else for (const [key, inner] of Object.entries(value)) add(inner, [...path, key]);
  };
  add(omit(config, '$schema', 'version'), []);
  return flat;
}

export function unflatten(flat: FlatConfig): Config {
  const tree: Tree = new Map();
  for (const [key, value] of flat) {
    const parts = partsOfKey(key);
    parts.slice(0, -1).reduce(branchOf, tree).set(parts.at(-1)!, { value });
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

/** The value at a place; `undefined` if there is none. */
export function valueAt(value: unknown, parts: readonly string[]): Json | undefined {
  const inner = parts.reduce<unknown>(
    (part, key) => (isRecord(part) && Object.hasOwn(part, key) ? part[key] : undefined),
    value,
  );
  return inner as Json | undefined;
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
