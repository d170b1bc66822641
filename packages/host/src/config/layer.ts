import type { Json } from '@anyimage/core';

/** A place that settings come from, the strongest first. */
export interface Layer {
  readonly kind: 'environment' | 'project' | 'user' | 'default';
  /** Key -> value and where exactly it is from: a variable, a file. */
  readonly values: ReadonlyMap<string, { readonly value: Json; readonly from: string }>;
  /** Where in its file its keys lie, if not at the top. */
  readonly under?: readonly string[];
}
