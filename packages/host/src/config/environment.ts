// What environment variables say, in the keys of a config.

import type { ProviderDefinition } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import type { Layer } from './layer.ts';

const proxyNames = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/** Model, output folder, proxy and base URLs, with the variable that each comes from. */
export function environmentLayer(env: Environment, definitions: readonly ProviderDefinition[]): Layer['values'] {
  const variables: [key: string, name: string | undefined][] = [
    ['model', setName(env, 'ANYIMAGE_MODEL')],
    ['output', setName(env, 'ANYIMAGE_OUTPUT')],
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
