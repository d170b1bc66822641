// Checking a config: what is wrong, in which line, and what was probably meant. Loaded when there is a config.

import { ImageError, nearest, type ProviderDefinition } from '@anyimage/core';
import type { $ZodIssue } from 'zod/v4/core';
import { type Config, configJSONSchema, configSchema } from './config-schema.ts';
import { lineOf, lineOfSyntaxError } from './json-lines.ts';

/**
 * The config that a text holds. `definitions` are the providers that there are. Throws `config`: file, line, what is wrong,
 * and the nearest key.
 */
export function parseConfig(text: string, path: string, definitions: readonly ProviderDefinition[]): Config {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const line = lineOfSyntaxError(text, error);
    const reason = error instanceof Error ? error.message.replace(/ \(line.*|, \.\.\..*| in JSON.*/s, '') : '';
    throw refused(`${path}${line ? `:${line}` : ''}: it is not JSON: ${reason}`, path, 'Correct the file.');
  }
  return checkConfig(value, definitions, (at) => `${path}:${lineOf(text, at)}`, path);
}

/** The same for a value that is in no file yet. `where` begins the message: `boat.json:3`, or nothing. */
export function checkConfig(
  value: unknown,
  definitions: readonly ProviderDefinition[],
  where: (at: readonly PropertyKey[]) => string = () => '',
  path?: string,
): Config {
  const parsed = configSchema.safeParse(value);
  const place = (at: readonly PropertyKey[]) => (where(at) ? `${where(at)}: ` : '');
  if (!parsed.success) {
    const { at, message, hint } = explain(parsed.error.issues[0]!, value);
    throw refused(place(at) + message, path, hint);
  }
  for (const [id, { region }] of Object.entries(parsed.data.providers ?? {})) {
    const known = definitions.find((one) => one.id === id);
    if (!known) {
      const ids = definitions.map((one) => one.id);
      throw refused(`${place(['providers', id])}unknown provider ${JSON.stringify(id)}`, path, meant(id, ids));
    }
    const regions = Object.keys(known.regions);
    if (region !== undefined && !regions.includes(region)) {
      const message = `${known.label} has no region ${JSON.stringify(region)}`;
      throw refused(place(['providers', id, 'region']) + message, path, meant(region, regions));
    }
  }
  return parsed.data;
}

function explain(issue: $ZodIssue, value: unknown): { at: readonly PropertyKey[]; message: string; hint: string } {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const at = [...issue.path, key];
    return { at, message: `unknown key ${JSON.stringify(at.join('.'))}`, hint: meant(key, keysAt(issue.path)) };
  }
  const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  const name = issue.path.join('.') || 'the config';
  const given = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const message = `${name} ${given === undefined ? 'is missing: it ' : ''}${inner ?? issue.message}`;
  return { at: issue.path, message, hint: given === undefined ? 'Set it, too.' : 'Correct it, or leave it out.' };
}

function meant(word: string, allowed: readonly string[]): string {
  const [near] = nearest(word, allowed, 1);
  return `${near ? `Did you mean ${near}? ` : ''}There are: ${allowed.join(', ')}.`;
}

interface SchemaNode {
  readonly properties?: { readonly [key: string]: SchemaNode };
  readonly additionalProperties?: SchemaNode | boolean;
}

/** The keys that an object of the config may have. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  let node: SchemaNode | undefined = configJSONSchema() as SchemaNode;
  for (const part of path) {
    const rest: SchemaNode | boolean | undefined = node?.additionalProperties;
    node = node?.properties?.[String(part)] ?? (typeof rest === 'object' ? rest : undefined);
  }
  return Object.keys(node?.properties ?? {}).filter((key) => !key.startsWith('$'));
}

function refused(message: string, path: string | undefined, hint: string): ImageError {
  return new ImageError('config', message, { hint, ...(path !== undefined && { details: { path } }) });
}
