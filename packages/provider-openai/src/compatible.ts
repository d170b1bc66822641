// Servers of many makers that speak OpenAI's image API: LocalAI, stable-diffusion.cpp, vLLM, Together, DeepInfra, xAI …

import {
  type CallContext,
  defineProvider,
  ImageError,
  type ImageProvider,
  isLoopback,
  type ModelCapabilities,
  type ModelTable,
  type OwnModels,
  type ProviderAccess,
  type ProviderCall,
  present,
  type TextApi,
} from '@anyimage/core';
import { atDeployment, signForAzure } from './azure.ts';
import { draw, listModels } from './draw.ts';
import { bearer } from './send.ts';
import { type Server, type ServerName, serverAt, servers } from './servers.ts';
import { text } from './text.ts';
import { checkCombination } from './wire.ts';

/** How a compatible server is reached, and what it is. */
export interface CompatibleOptions {
  /** Where its API begins, mostly with `/v1`. Default: the dialect's. Its origin is trusted, also on a private network. */
  readonly baseURL?: string;
  /**
   * The kind of server: a name of `servers`, or facts of your own. Default: by the base URL's host, else `openai`, which passes on
   * what is asked under OpenAI's names.
   */
  readonly dialect?: ServerName | Server;
  /** Default: the dialect's environment variables. */
  readonly apiKey?: ProviderAccess['apiKey'];
  /** Further headers, such as a gateway wants; they go where the key goes. */
  readonly headers?: ProviderAccess['headers'];
  /** The environment variable that holds the key. Naming one makes a key necessary, also on loopback. */
  readonly keyEnv?: string;
  /** A region of the dialect. */
  readonly region?: string;
  /** The provider's id in `id/model`; lower case letters, digits and dashes. Default `openai-compatible`. */
  readonly id?: string;
  /** Default: the dialect's. */
  readonly label?: string;
  /** Rows for models of which more is known than the dialect says: whole ones, or like another row of it. */
  readonly models?: OwnModels;
  /** The model used when a request names none. */
  readonly defaultModel?: string;
  /** The server's language model, for prompt translation and rewriting. Default: none. */
  readonly textModel?: string;
}

/**
 * Makes a provider for a server that speaks OpenAI's API. Does no I/O. On loopback no key is needed unless `keyEnv` names one.
 * A server on this machine or a private network that takes no key and no headers is free. Any other has the prices that its rows say, and none
 * else: a key may belong to a gateway to a paid service, and a dialect with `keys` leads to such a service, also on loopback.
 * Any model id is taken; what the dialect does not declare is passed on with a warning. Models of Azure OpenAI are deployments: one that is not
 * called like its model gets a row by `models: { 'our-painter': { like: 'gpt-image-2' } }`.
 * Throws `config` if there is neither a base URL nor a dialect with one, or the dialect is unknown.
 */
export function openAICompatible(options: CompatibleOptions): ImageProvider {
  const { baseURL, apiKey, headers, region, keyEnv, textModel, id = 'openai-compatible' } = options;
  const server = serverOf(options);
  const isOwn = baseURL !== undefined && serverAt(baseURL) === undefined;
  const regions = isOwn || !server.regions ? { default: { baseURL: validURL(baseURL) } } : server.regions;
  const home = baseURL ?? Object.values(regions)[0]!.baseURL;
  const isGivenKey = keyEnv !== undefined || apiKey !== undefined || headers !== undefined;
  const takesNoKey = !isGivenKey && server.keys.length === 0;
  const isFree = takesNoKey && (isLoopback(home) || isPrivate(home));
  const models: ModelTable = server.models ?? {};
  const own = options.models && isFree ? unpaidOwn(options.models) : options.models;
  const unlisted = server.row;
  const make = defineProvider({
    id,
    label: options.label ?? server.label,
    ...(isFree ? unpaid({ models, unlisted }) : { models, unlisted }),
    // Without a model's name the server takes its own: only some do.
    ...present({ defaultModel: options.defaultModel ?? server.defaultModel }),
    regions,
    keys: keysOf(server, home, keyEnv),
    ...present({ baseURLs: server.baseURLs }),
    check: checkCombination,
    ...(server.azure ? azureWork : { sign: bearer, generate: draw, discover: listModels }),
    ...(textModel !== undefined && { text: server.azure ? azureText : text }),
  });
  return make(present({ baseURL, apiKey, headers, region, textModel, models: own }));
}

/** Without `discover`: the list is of the models that could be deployed. */
const azureWork = {
  sign: signForAzure,
  generate: (call: ProviderCall, context: CallContext) => draw(call, atDeployment(context, call.model)),
};
const azureText = {
  write: (question, context) => text.write(question, atDeployment(context, context.textModel ?? '')),
} satisfies TextApi;

function keysOf(server: Server, home: string, keyEnv: string | undefined): Server['keys'] {
  if (keyEnv !== undefined) return [{ env: keyEnv }];
  return isLoopback(home) ? [] : server.keys;
}

function serverOf({ dialect, baseURL }: CompatibleOptions): Server {
  if (typeof dialect === 'object') return dialect;
  const name = dialect ?? (baseURL === undefined ? undefined : (serverAt(baseURL) ?? 'openai'));
  if (name !== undefined && Object.hasOwn(servers, name)) {
    const server: Server = servers[name];
    if (baseURL !== undefined || server.regions) return server;
  }
  const known = Object.keys(servers).join(', ');
  const isKnown = name !== undefined && Object.hasOwn(servers, name);
  const problem =
    isKnown || !name ? 'an OpenAI-compatible server has no base URL' : `unknown dialect ${JSON.stringify(name)}`;
  throw new ImageError('config', problem, { hint: `Give a baseURL, or a dialect, one of: ${known}.` });
}

/** Whether a base URL leads to a private network: 10/8, 172.16/12, 192.168/16, fc00::/7, or a name that ends in `.local`. */
function isPrivate(baseURL: string): boolean {
  const host = URL.parse(baseURL)?.hostname ?? '';
  return (
    /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)(\.\d+)+$/.test(host) || /^\[f[cd]..:/.test(host) || host.endsWith('.local')
  );
}

/** The region of a server of one's own. What is no URL is refused by core, with words, when it is used. */
function validURL(baseURL: string | undefined): string {
  return baseURL !== undefined && URL.canParse(baseURL) ? baseURL : 'http://127.0.0.1/v1';
}

const free = { prices: [{ amount: 0, currency: 'USD', per: 'image' }] } as const;

/** The same rows at no price, but for those that say one. */
function unpaid({ models, unlisted }: { readonly models: ModelTable; readonly unlisted: ModelCapabilities }) {
  const rows = Object.entries(models).map(([name, row]) => [name, { ...free, ...row }] as const);
  return { models: Object.fromEntries(rows), unlisted: { ...free, ...unlisted } };
}

/** A row that is like another has its price. */
function unpaidOwn(own: OwnModels): OwnModels {
  const rows = Object.entries(own).map(([name, row]) => [name, 'like' in row ? row : { ...free, ...row }] as const);
  return Object.fromEntries(rows);
}
