import type { Json } from '@anyimage/core';

/** A place that settings come from, the strongest first. */
export interface Layer {
  readonly kind: 'environment' | 'project' | 'user' | 'default';
  /** Key -> value and where exactly it is from: a variable, a file. */
  readonly values: ReadonlyMap<string, { readonly value: Json; readonly from: string }>;
}
