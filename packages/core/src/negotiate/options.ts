// Provider options: validation, JSON Schema and TypeScript type, all from the table's `options`.

import * as z from 'zod';
import type { Json, OptionSpec } from '../contract/capabilities.ts';
import { present } from '../contract/objects.ts';

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

/**
 * The schema of `providerOptions`. Defaults are shown, not filled in. `open`: unknown names are let through; default:
 * they are an `unrecognized_keys` issue.
 */
export function optionsSchema(specs: OptionSpecs, { open = false }: { readonly open?: boolean } = {}): z.ZodObject {
  const shape = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, optionSchema(spec).optional()]));
  return open ? z.looseObject(shape) : z.strictObject(shape);
}

/** The same as JSON Schema. */
export function optionsJSONSchema(specs: OptionSpecs, how: { readonly open?: boolean } = {}): { [key: string]: Json } {
  return JSON.parse(JSON.stringify(z.toJSONSchema(optionsSchema(specs, how), { io: 'input' })));
}

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

function optionSchema(spec: OptionSpec): z.ZodType {
  const about = present({ description: spec.about, default: 'default' in spec ? spec.default : undefined });
  const schema = valueSchema(spec);
  return Object.keys(about).length ? schema.meta(about) : schema;
}

function valueSchema(spec: OptionSpec): z.ZodType {
  switch (spec.type) {
    case 'boolean':
      return z.boolean();
    case 'number':
    case 'integer': {
      let number = spec.type === 'integer' ? z.int() : z.number();
      if (spec.min !== undefined) number = number.min(spec.min);
      if (spec.max !== undefined) number = number.max(spec.max);
      return number;
    }
    case 'string': {
      if (spec.values) return z.enum(spec.values);
      return spec.maxLength === undefined ? z.string() : z.string().max(spec.maxLength);
    }
    case 'image':
      return z.string().min(1);
    case 'json':
      return z.json();
  }
}
