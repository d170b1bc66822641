// Provider options: their TypeScript type, and what they may be in words, all from the table's `options`.

import type { Json, OptionSpec } from '../contract/capabilities.ts';

/** The provider options of a model or an operation, by name. */
export type OptionSpecs = { readonly [name: string]: OptionSpec };

/** The type of `providerOptions` for a table's `options`; every option may be left out. */
export type OptionsOf<Specs> = { readonly [Name in keyof Specs]?: OptionValue<Specs[Name]> };

/** The type of one option's value. */
export type OptionValue<Spec> = Spec extends { readonly type: 'boolean' }
  ? boolean
  : Spec extends { readonly type: 'number' | 'integer' }
    ? number
    : Spec extends { readonly type: 'string'; readonly values: readonly (infer Value)[] }
      ? Value
      : Spec extends { readonly type: 'string' | 'image' }
        ? string
        : Json;

/** What one option may be, in words, without a full stop: `true or false`, `a number from 1 to 20`. */
export function describeOption(spec: OptionSpec): string {
  switch (spec.type) {
    case 'boolean':
      return 'true or false';
    case 'number':
    case 'integer':
      return `${spec.type === 'integer' ? 'a whole number' : 'a number'}${describeRange(spec.min, spec.max)}`;
    case 'string':
      if (spec.values) return spec.values.join(', ');
      return spec.maxLength === undefined ? 'text' : `text of at most ${spec.maxLength} characters`;
    case 'image':
      return 'a picture, as text';
    case 'json':
      return 'any JSON value';
  }
}

function describeRange(min?: number, max?: number): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}
