// What a type or a value in code allows.

import type { Term } from './scope.ts';

/** What is known of a type: of a union all of it together, of a list what its entries are. */
export interface Found {
  /** The values that are named, as text, without `null` and `undefined`. */
  readonly values: readonly string[];
  /** Other values are taken, too. */
  readonly open: boolean;
  /** The entries of an object, each with the types that it has. */
  readonly members: ReadonlyMap<string, readonly Term[]>;
  /** The smallest number, where code says so. */
  readonly min?: number;
  /** The largest number, where code says so. */
  readonly max?: number;
}

export const nothing: Found = { values: [], open: false, members: new Map() };
export const anything: Found = { ...nothing, open: true };

export function valuesOf(...values: readonly (string | number | boolean | bigint)[]): Found {
  return { ...nothing, values: values.map(String) };
}

export function membersOf(members: Iterable<readonly [string, readonly Term[]]>): Found {
  return { ...nothing, members: new Map(members) };
}

/** Everything that one of them allows. */
export function together(parts: readonly Found[]): Found {
  const members = new Map<string, readonly Term[]>();
  for (const part of parts) {
    for (const [name, terms] of part.members) members.set(name, [...(members.get(name) ?? []), ...terms]);
  }
  const [min] = parts.flatMap((part) => part.min ?? []).sort((a, b) => a - b);
  const [max] = parts.flatMap((part) => part.max ?? []).sort((a, b) => b - a);
  return {
    values: [...new Set(parts.flatMap(({ values }) => values))],
    open: parts.some(({ open }) => open),
    members,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}
