// What environment variables say, in the keys of a config.

import type { ProviderDefinition } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { refused } from './config-refusal.ts';
import type { Layer } from './layer.ts';

const proxyNames = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

const maxImageBytesName = 'ANYIMAGE_MAX_IMAGE_BYTES';

/** The number that a text of the environment is. Throws `config` for a text that a config could not say. */
export async function imageBytesIn(text: string): Promise<number> {
  const { configSchema } = await import('./config-schema.ts');
  const { data, error } = configSchema.shape.maxImageBytes.safeParse(/^\d+$/.test(text) ? Number(text) : text);
  if (data !== undefined) return data;
  const hint = `Write it such as ${maxImageBytesName}=200000000.`;
  throw refused(`${maxImageBytesName} ${error?.issues[0]?.message}`, undefined, hint);
}

/** Model, output folder, largest picture, proxy and base URLs, with the variable that each comes from. */
export function environmentLayer(env: Environment, definitions: readonly ProviderDefinition[]): Layer['values'] {
  const variables: [key: string, name: string | undefined][] = [
    ['model', setName(env, 'ANYIMAGE_MODEL')],
    ['output', setName(env, 'ANYIMAGE_OUTPUT')],
    ['maxImageBytes', setName(env, maxImageBytesName)],
    ['proxy', proxyNames.find((name) => setName(env, name))],
    ...definitions.map((one): [string, string | undefined] => [
      `providers.${one.id}.baseURL`,
      baseURLVariable(one, env),
    ]),
  ];
  return new Map(
    variables.flatMap(([key, name]) => (name === undefined ? [] : [[key, { value: env[name]!.trim(), from: name }]])),
  );
}

/** The variable that decides a provider's base URL, if one is set. One that is for another region does not count. */
export function baseURLVariable(definition: ProviderDefinition, env: Environment, region?: string): string | undefined {
  return definition.baseURLs?.find(
    (one) => setName(env, one.env) && (!one.region || region === undefined || one.region === region),
  )?.env;
}

/** The environment with a proxy, unless it names one itself. */
export function withProxy(env: Environment, proxy: string | undefined): Environment {
  if (proxy === undefined || proxyNames.some((name) => setName(env, name))) return env;
  return { ...env, HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
}

function setName(env: Environment, name: string): string | undefined {
  return env[name]?.trim() ? name : undefined;
}
