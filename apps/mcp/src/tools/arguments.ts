// Checks the arguments of a tool against its schema. The errors tell an agent how to put them right.

import { didYouMean, ImageError, isRecord, type Json, nearest } from '@anyimage/core';
import type { Document } from '../results/tool-result.ts';
import type { Kind, Schema, Tool } from './tool.ts';

/**
 * The arguments as the tool may use them. `null` counts as left out: some clients send it for every optional word.
 * Throws `invalid-request` for an unknown name (with the nearest), a missing one, or a value of the wrong kind.
 */
export function checkArguments({ name, inputSchema }: Tool, given: unknown): Document {
  if (given !== undefined && !isRecord(given)) throw refused('arguments', 'must be an object', given);
  const words = Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== null));
  const known = Object.keys(inputSchema.properties);
  const unknown = Object.keys(words).find((word) => !known.includes(word));
  if (unknown !== undefined) {
    const near = nearest(unknown, known, 1);
    throw new ImageError('invalid-request', `${name} has no argument ${JSON.stringify(unknown)}`, {
      details: { option: unknown, nearest: near, allowed: known },
      hint: didYouMean(near) || `It takes: ${known.join(', ')}.`,
    });
  }
  const missing = inputSchema.required?.find((word) => !Object.hasOwn(words, word));
  if (missing !== undefined) {
    throw new ImageError('invalid-request', `${name} needs ${missing}`, {
      details: { option: missing, asked: null },
      hint: inputSchema.properties[missing]?.description ?? `Give ${missing}.`,
    });
  }
  for (const [word, value] of Object.entries(words)) check(word, value, inputSchema.properties[word]!);
  return words as Document;
}

function check(path: string, value: unknown, schema: Schema): void {
  const problem = problemOf(value, schema);
  if (problem) throw refused(path, problem, value);
  if (Array.isArray(value) && schema.items) {
    for (const [index, item] of value.entries()) check(`${path}[${index}]`, item, schema.items);
  }
  if (!isRecord(value) || !schema.properties) return;
  const missing = schema.required?.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw refused(path, `needs ${missing}`, value);
  for (const [name, part] of Object.entries(value)) {
    const inner = schema.properties[name];
    if (inner) check(`${path}.${name}`, part, inner);
    else throw refused(path, `takes only ${Object.keys(schema.properties).join(', ')}`, value);
  }
}

function problemOf(value: unknown, schema: Schema): string | undefined {
  const { type, minimum = -Infinity, maximum = Infinity, minLength = 0, minItems = 0, pattern } = schema;
  if (type && !kinds[type](value)) return `must be ${names[type]}`;
  const problems = schema.anyOf?.map((branch) => problemOf(value, branch)) ?? [];
  if (problems.length && problems.every(Boolean)) return problems.join(', or ');
  if (schema.enum && !schema.enum.includes(value as string)) return `must be one of: ${schema.enum.join(', ')}`;
  if (typeof value === 'number' && !(value >= minimum && value <= maximum)) {
    return maximum === Infinity ? `must be at least ${minimum}` : `must be from ${minimum} to ${maximum}`;
  }
  if (typeof value === 'string' && value.length < minLength) return 'must not be empty';
  if (Array.isArray(value) && value.length < minItems) return `needs at least ${minItems}`;
  if (pattern && !new RegExp(pattern).test(value as string)) return `must be ${schema.description}`;
  return undefined;
}

const kinds: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: Number.isSafeInteger,
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: isRecord,
};
const names: Readonly<Record<Kind, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function refused(option: string, problem: string, asked: unknown): ImageError {
  // A data: URI in the wrong place would fill the agent's context.
  const text = JSON.stringify(asked) ?? 'nothing';
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return new ImageError('invalid-request', `${option}: ${problem.replace(/\.$/, '')} (got ${shown})`, {
    details: { option, asked: text.length > 80 ? shown : (JSON.parse(text === 'nothing' ? 'null' : text) as Json) },
    hint: `Correct ${option} and call again; nothing was sent.`,
  });
}
