// Checking a config: what is wrong, in which line, and what was probably meant. Loaded when there is a config.

import { isRecord, omit } from '@anyimage/core';
import type { ZodType } from 'zod';
import type { $ZodIssue } from 'zod/v4/core';
import { lineOf } from '../text/json-lines.ts';
import { meant, type Refuse, refused } from './config-refusal.ts';
import { type Config, configJSONSchema, configSchema, configVersion } from './config-schema.ts';
import { parseWritten } from './written-json.ts';

/**
 * Checks the `providers` and `models` of a config against what there is without it, and resolves to the config, in which each provider has
 * its kind where a kind is meant by the id. Throws what `refuse` gives for the first that cannot be.
 */
export type ProviderCheck = (config: Config, refuse: Refuse) => Promise<Config>;

/**
 * The config that a text holds. Without `checkProviders` its providers and models are checked by their form alone. Throws `config`: file, line,
 * what is wrong, and the nearest key.
 */
export async function parseConfig(text: string, path: string, checkProviders?: ProviderCheck): Promise<Config> {
  return checkConfig(parseWritten(text, path), checkProviders, (at) => `${path}:${lineOf(text, at)}`, path);
}

/**
 * The same for a value that is in no file yet. `where` begins the message: `boat.json:3`, or nothing.
 */
export async function checkConfig(
  value: unknown,
  checkProviders?: ProviderCheck,
  where: (at: readonly PropertyKey[]) => string = () => '',
  path?: string,
): Promise<Config> {
  const refuse: Refuse = (at, message, hint) => refused(`${where(at) ? `${where(at)}: ` : ''}${message}`, path, hint);
  refuseNewer(value, refuse);
  // Configs of earlier versions may name plugins. The settings tell the person that it counts no more.
  const form = { schema: configSchema, jsonSchema: configJSONSchema };
  const config = checkForm(isRecord(value) ? omit(value, 'plugins') : value, form, refuse);
  const { providers, models } = config;
  return checkProviders && (providers || models) ? checkProviders(config, refuse) : config;
}

/** The form of a config: what checks it, and the same as JSON Schema, which knows the keys that there are. */
export interface ConfigForm<T> {
  readonly schema: ZodType<T>;
  readonly jsonSchema: () => object;
}

/** A config that was read, and what makes the error for what else is wrong in it. */
export interface ReadForm<T> {
  readonly config: T;
  readonly refuse: Refuse;
}

/** Reads the config of an app, which has a form of its own. Throws `config`: file, line, what is wrong, and the nearest key. */
export function parseForm<T>(text: string, path: string, form: ConfigForm<T>): ReadForm<T> {
  const refuse: Refuse = (at, message, hint) => refused(`${path}:${lineOf(text, at)}: ${message}`, path, hint);
  return { config: checkForm(parseWritten(text, path), form, refuse), refuse };
}

function checkForm<T>(value: unknown, { schema, jsonSchema }: ConfigForm<T>, refuse: Refuse): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { at, message, hint } = explain(parsed.error.issues[0]!, value, jsonSchema);
  throw refuse(at, message, hint);
}

/** Before all else: what is unknown in a config of a newer version is no mistake in it. */
function refuseNewer(value: unknown, refuse: Refuse): void {
  const version = isRecord(value) ? value.version : undefined;
  if (typeof version !== 'number' || version <= configVersion) return;
  const message = `this config is of version ${version}, for a newer anyimage; this one knows version ${configVersion}`;
  throw refuse(['version'], message, 'Update anyimage.');
}

function explain(
  issue: $ZodIssue,
  value: unknown,
  jsonSchema: () => object,
): { at: readonly PropertyKey[]; message: string; hint: string } {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const at = [...issue.path, key];
    return {
      at,
      message: `unknown key ${JSON.stringify(at.join('.'))}`,
      hint: meant(key, keysAt(issue.path, jsonSchema)),
    };
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

interface SchemaNode {
  readonly properties?: { readonly [key: string]: SchemaNode };
  readonly additionalProperties?: SchemaNode | boolean;
}

/** The keys that an object of the config may have. */
export function keysAt(path: readonly PropertyKey[], jsonSchema: () => object = configJSONSchema): string[] {
  let node: SchemaNode | undefined = jsonSchema() as SchemaNode;
  for (const part of path) {
    const rest: SchemaNode | boolean | undefined = node?.additionalProperties;
    node = node?.properties?.[String(part)] ?? (typeof rest === 'object' ? rest : undefined);
  }
  return Object.keys(node?.properties ?? {}).filter((key) => !key.startsWith('$'));
}
