// Plain objects: what every part does with them.

/** The object without some of its entries. */
export function omit<T extends object, K extends keyof T>(value: T, ...names: readonly K[]): Omit<T, K> {
  // No copy with deletions: V8 looks up in a dictionary what is left of that.
  const kept: Partial<T> = {};
  for (const name of Object.keys(value) as (keyof T)[]) if (!names.includes(name as K)) kept[name] = value[name];
  return kept as Omit<T, K>;
}

/** What is left of an object without its undefined entries. */
export type Present<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined entries. */
export function present<T extends object>(value: T): Present<T> {
  const given = value as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const word of Object.keys(given)) if (given[word] !== undefined) kept[word] = given[word];
  return kept as Present<T>;
}

/** The object, or undefined if it has no entries. */
export function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length ? value : undefined;
}

/** Whether a value is an object with names: no list, no `null`. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
