// JSON as the service reads it: every name known, in either spelling, and every value of its type.

import { isRecord } from '@anyimage/core';
import { badField } from './failures.ts';

/** What a value may be; a list of words is an enum, whose case does not matter. */
export type Shape =
  | 'string'
  | 'number'
  | 'integer'
  | 'boolean'
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> };

/** The value with its names in camel case. Throws the documented refusal for an unknown name or a wrong type. */
export function read(value: unknown, shape: Shape, at = ''): unknown {
  if (typeof shape === 'string') {
    const fits = shape === 'integer' ? Number.isInteger(value) : typeof value === shape;
    if (!fits) throw badField(at, `Invalid value (${shape} expected)`);
    return value;
  }
  if ('oneOf' in shape) {
    const word = shape.oneOf.find((each) => typeof value === 'string' && each.toLowerCase() === value.toLowerCase());
    if (word === undefined) throw badField(at, `Invalid value: ${JSON.stringify(value)}`);
    return word;
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) throw badField(at, 'Invalid value (a list expected)');
    return value.map((each, index) => read(each, shape.list, `${at}[${index}]`));
  }
  if (!isRecord(value)) throw badField(at, 'Invalid value (an object expected)');
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      const known = camel(name);
      if (!Object.hasOwn(shape.fields, known)) {
        throw badField(at, `Unknown name ${JSON.stringify(name)}: Cannot find field.`);
      }
      return [known, read(entry, shape.fields[known]!, at ? `${at}.${snake(known)}` : snake(known))];
    }),
  );
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
