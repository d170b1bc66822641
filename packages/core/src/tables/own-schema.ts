// The form of a model of one's own as a JSON Schema, for editors of files that hold some.

import * as z from 'zod';
import { isRecord, omit } from '../contract/objects.ts';
import { rowSchemas } from './table-schema.ts';

type Schema = { readonly [word: string]: unknown };

/**
 * The JSON Schema of a row in which each word may be left out, or be `null`, as in a merge patch, and which may be like another. `pointer`: where
 * in its document it will be, such as `#/$defs/model`.
 */
export function ownModelJSONSchema(pointer: string): Schema {
  const row = z.toJSONSchema(rowSchemas(true).row, { io: 'input', unrepresentable: 'any' });
  const { properties, ...rest } = patchOf(omit(row as Schema, '$schema'));
  const words = omit(properties as Schema, 'origin', 'families', 'operations');
  const like = { type: 'string', description: 'The id of a model of the same provider, whose row this one changes.' };
  return { ...rest, properties: { like, ...words, operations: operationsOf(properties as Schema, pointer) } };
}

/** The words of an operation are words of the row, too. */
function operationsOf({ operations }: Schema, pointer: string): Schema {
  const limits = (row: Schema) =>
    Object.fromEntries(
      Object.keys(row.properties as Schema).map((word) => [word, { $ref: `${pointer}/properties/${word}` }]),
    );
  const { additionalProperties, ...rest } = operations as { readonly additionalProperties: Schema };
  const [operation, none] = additionalProperties.anyOf as readonly [Schema, Schema];
  return { ...rest, additionalProperties: { anyOf: [{ ...operation, properties: limits(operation) }, none] } };
}

/** Lists are changed whole, objects word by word. */
function patchOf(schema: Schema): Schema {
  const { properties, additionalProperties, anyOf, oneOf } = schema;
  return {
    ...omit(schema, 'required'),
    ...(isRecord(properties) && { properties: mapped(properties) }),
    ...(isRecord(additionalProperties) && { additionalProperties: orNull(additionalProperties) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(patchOf) }),
    ...(Array.isArray(oneOf) && { oneOf: oneOf.map(patchOf) }),
  };
}

function mapped(properties: Schema): Schema {
  return Object.fromEntries(
    Object.entries(properties).map(([word, one]) => [
      word,
      word === 'operations' ? patchOf(one as Schema) : orNull(one as Schema),
    ]),
  );
}

function orNull(schema: Schema): Schema {
  const { type, anyOf, enum: values, const: value } = schema;
  const isPlain = typeof type === 'string' && type !== 'object' && values === undefined && value === undefined;
  if (Object.keys(schema).length === 0) return schema;
  if (isPlain) return { ...schema, type: [type, 'null'] };
  const ways = Array.isArray(anyOf) && Object.keys(schema).length === 1 ? anyOf.map(patchOf) : [patchOf(schema)];
  return { anyOf: [...ways, { type: 'null' }] };
}
