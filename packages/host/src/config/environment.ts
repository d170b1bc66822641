// What environment variables say, in the keys of a config.

import { isUnfilled, type ProviderDefinition, placeOf, unfilledNote } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { imageBytesRange, parseNumber, rangeText } from '../text/numbers.ts';
import { refused } from './config-refusal.ts';
import type { Config } from './config-schema.ts';
import type { Layer } from './layer.ts';

const proxyNames = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

const maxImageBytesName = 'ANYIMAGE_MAX_IMAGE_BYTES';

/** The number that the variable holds. Throws `config` for a text that a config could not say. */
export function imageBytesIn(text: string): number {
  const bytes = parseNumber(text, imageBytesRange);
  if (bytes !== undefined) return bytes;
  const hint = `Write it such as ${maxImageBytesName}=${imageBytesRange.example}.`;
  throw refused(`${maxImageBytesName} must be ${rangeText(imageBytesRange)}`, undefined, hint);
}

/**
 * Model, output folder, largest picture, proxy and base URLs, with the variable that each comes from. `env`: with the stored keys,
 * `config`: what the configs say; both have a say in which region of a provider is in use.
 */
export function environmentLayer(
  env: Environment,
  definitions: readonly ProviderDefinition[],
  config: Config,
): Layer['values'] {
  const variables: [key: string, name: string | undefined][] = [
    ['model', setName(env, 'ANYIMAGE_MODEL')],
    ['output', setName(env, 'ANYIMAGE_OUTPUT')],
    ['maxImageBytes', setName(env, maxImageBytesName)],
    ['proxy', proxyNames.find((name) => setName(env, name))],
    ...definitions.map((one): [string, string | undefined] => [
      `providers.${one.id}.baseURL`,
      baseURLVariable(one, env, config.providers?.[one.id]?.region),
    ]),
  ];
  return new Map(
    variables.flatMap(([key, name]) => (name === undefined ? [] : [[key, { value: env[name]!.trim(), from: name }]])),
  );
}

/**
 * The variable that decides a provider's base URL, if one is set. One that is for another region than the one in use does not count:
 * that is the region which a config names, else that of the key.
 */
export function baseURLVariable(
  definition: ProviderDefinition,
  env: Environment,
  region: string | undefined,
): string | undefined {
  const set = definition.baseURLs?.filter((one) => setName(env, one.env)) ?? [];
  if (set.length === 0) return undefined;
  const inUse = region ?? regionOfKey(definition, env);
  return set.find((one) => !one.region || one.region === inUse)?.env;
}

function regionOfKey(definition: ProviderDefinition, env: Environment): string {
  const keys = Object.fromEntries(definition.keys.map((key) => [key.env, env[key.env]]));
  return placeOf(definition, {}, keys).region;
}

/** The environment with a proxy, unless it names one itself. */
export function withProxy(env: Environment, proxy: string | undefined): Environment {
  if (proxy === undefined || proxyNames.some((name) => setName(env, name))) return env;
  return { ...env, HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
}

/** Variables of a client's configuration that hold what it was to put in, and did not: they count as not set. */
export function unfilledNotes(env: Environment): string[] {
  const unfilled = ownNames.filter((name) => isUnfilled(env[name] ?? ''));
  return unfilled.map((name) => unfilledNote(name, env[name]!));
}

const ownNames = [
  ...['ANYIMAGE_HOME', 'ANYIMAGE_MODEL', 'ANYIMAGE_OUTPUT', 'ANYIMAGE_PROFILE', 'ANYIMAGE_ROOTS', maxImageBytesName],
  ...['ANYIMAGE_CLIENT', 'ANYIMAGE_WAIT_SECONDS', 'ANYIMAGE_GRACE_SECONDS'],
] as const;

function setName(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value && !isUnfilled(value) ? name : undefined;
}
