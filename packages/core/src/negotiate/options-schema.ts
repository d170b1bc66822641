// Provider options: validation and JSON Schema, from the table's `options`. Apart from their words, since a schema takes time to load.

import * as z from 'zod';
import type { Json, OptionSpec } from '../contract/capabilities.ts';
import { present } from '../contract/objects.ts';
import type { OptionSpecs } from './options.ts';

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
