// Which key goes to which host: from explicit access, then the environment, then the definition.

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { ImageError } from '../contract/errors.ts';
import type { ProviderAccess, ProviderDefinition } from '../contract/provider.ts';

/** Environment variables, as `process.env` holds them. */
export type Environment = { readonly [name: string]: string | undefined };

/** A key that prints as `***` wherever it is shown; only `reveal()` gives it. */
export class Secret {
  readonly #value: string;
  #print: string | undefined;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** A short fingerprint that tells two keys apart and gives neither away. */
  print(): string {
    this.#print ??= createHash('sha256').update(`anyimage:${this.#value}`).digest('hex').slice(0, 12);
    return this.#print;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

/** How a provider is reached right now. */
export interface ResolvedAccess {
  readonly region: string;
  /** Without a trailing slash. */
  readonly baseURL: string;
  /** Where the base URL came from: `ZHIPU_BASE_URL`, or `baseURL`. Absent for the region's own. */
  readonly baseURLSource?: string;
  /** Host and port of the base URL. */
  readonly host: string;
  /** Absent where no key is needed, or none was found. */
  readonly key?: Secret;
  /** Where the key came from: `ZHIPU_API_KEY`, or `apiKey`. */
  readonly keySource?: string;
}

/**
 * Decides region, base URL and key. Explicit access wins over the environment, the environment over the definition. The
 * region, if not given, is that of the base URL if it is a region's own, else of the key that is found.
 * Throws `config` for an unknown region or a base URL that is no http(s) URL.
 */
export function resolveAccess(
  definition: ProviderDefinition,
  access: ProviderAccess,
  env: Environment,
): ResolvedAccess {
  const regions = Object.keys(definition.regions);
  if (access.region !== undefined && !regions.includes(access.region)) {
    throw new ImageError('config', `${definition.label} has no region ${quote(access.region)}`, {
      provider: definition.id,
      hint: `Use one of: ${regions.join(', ')}.`,
    });
  }
  const wanted = access.region ?? (access.baseURL && regionOfURL(definition, access.baseURL));
  const found = access.apiKey
    ? { value: access.apiKey, env: 'apiKey', region: undefined }
    : findKey(definition, env, wanted);
  const variable = access.baseURL ? undefined : findBaseURL(definition, env, wanted ?? found?.region ?? regions[0]!);
  const custom = access.baseURL ?? variable?.value;
  const region = access.region ?? (custom && regionOfURL(definition, custom)) ?? wanted ?? found?.region ?? regions[0]!;
  const own = definition.regions[region]!.baseURL;
  const source = variable?.env ?? 'baseURL';
  const url = parseBaseURL(definition, custom ?? own, source);
  const baseURL = withoutSlash(url.href);
  return {
    region,
    baseURL,
    ...(baseURL !== withoutSlash(own) && { baseURLSource: source }),
    host: url.host,
    ...(found && { key: secretOf(definition, found.value.trim()), keySource: found.env }),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** The key that each definition used last: its fingerprint is made once, not for each request. */
const lastKeys = new WeakMap<ProviderDefinition, Secret>();

function secretOf(definition: ProviderDefinition, value: string): Secret {
  const last = lastKeys.get(definition);
  if (last?.reveal() === value) return last;
  const secret = new Secret(value);
  lastKeys.set(definition, secret);
  return secret;
}

/** Where a provider is reached now, as its access and the environment say. Throws `config` for a base URL or region that is none. */
export function placeOf(
  definition: ProviderDefinition,
  access: ProviderAccess,
  env: Environment,
): { readonly region: string; readonly baseURL: string } {
  const { region, baseURL } = resolveAccess(definition, access, env);
  return { region, baseURL };
}

/** Whether a key is at hand, or none is needed. */
export function isConfigured(definition: ProviderDefinition, access: ProviderAccess, env: Environment): boolean {
  return definition.keys.length === 0 || !!access.apiKey || findKey(definition, env, access.region) !== undefined;
}

/** The keys that are for a region, or all where none is. */
export function keysFor({ keys }: ProviderDefinition, region: string): ProviderDefinition['keys'] {
  const own = keys.filter((key) => !key.region || key.region === region);
  return own.length ? own : keys;
}

/** The region that somebody asked for, by its name or its base URL; undefined if it is only the default. */
export function chosenRegion(
  definition: ProviderDefinition,
  given: ProviderAccess,
  { region }: ResolvedAccess,
): string | undefined {
  return given.region !== undefined || region !== Object.keys(definition.regions)[0] ? region : undefined;
}

/**
 * The error for a provider whose key is missing: which variables, where to get one, what works without. `region`: the one that
 * was chosen; without it the keys of every region are told.
 */
export function missingKey(
  definition: ProviderDefinition,
  region: string | undefined,
  keyless: readonly string[],
): ImageError {
  const own = keysFor(definition, region ?? Object.keys(definition.regions)[0]!);
  const others = region === undefined ? definition.keys.filter((key) => !own.includes(key)) : [];
  const elsewhere = [...new Set(others.map((key) => key.region!))].map((name) => {
    const keys = others.filter((key) => key.region === name);
    return `, or for region ${name} ${keys[0]!.env}${pageText(keys)}`;
  });
  const names = [...own.map(({ env }) => env), ...others.map((key) => `${key.env} (region ${key.region})`)];
  const without = keyless.length ? `, or use ${keyless.join(' or ')}, which needs none` : '';
  const all = [...own, ...others];
  return new ImageError('auth', `no key for ${definition.label}: ${names.join(', ')} not set`, {
    provider: definition.id,
    details: { variables: all.map(({ env }) => env), pages: pagesOf(all) },
    hint: `Set ${own[0]!.env}${pageText(own)}${elsewhere.join('')}${without}.`,
  });
}

function pagesOf(keys: ProviderDefinition['keys']): string[] {
  return [...new Set(keys.flatMap(({ page }) => page ?? []))];
}

function pageText(keys: ProviderDefinition['keys']): string {
  const pages = pagesOf(keys);
  return pages.length ? ` (get one at ${pages.join(' or ')})` : '';
}

/** An `auth` error of the service, with the host and region the key was tried on and the other regions there are. */
export function explainAuth(error: ImageError, definition: ProviderDefinition, access: ResolvedAccess): ImageError {
  if (error.code !== 'auth' || error.status === undefined) return error;
  const others = Object.entries(definition.regions)
    .filter(([region]) => region !== access.region)
    .map(([region, { baseURL }]) => {
      const variable = definition.keys.find((key) => key.region === region)?.env;
      return `region ${region} (${new URL(baseURL).host})${variable ? ` takes its key from ${variable}` : ''}`;
    });
  const tried = `The key from ${access.keySource} was tried on ${access.host} (region ${access.region})`;
  const next = others.length ? `; if it belongs to another region: ${others.join(', ')}` : '';
  return error.with({ hint: `${tried}; check that it is complete and active${next}.` });
}

/**
 * A `not-found` that may be of the address, with the base URL that was asked and where it comes from. It is if the service names
 * nothing of its own that is missing, or the provider says so: `details.option` is `baseURL`.
 */
export function explainAddress(error: ImageError, access: ResolvedAccess): ImageError {
  if (error.code !== 'not-found' || !isOfAddress(error)) return error;
  const { origin, pathname } = new URL(access.baseURL);
  const { baseURLSource: source } = access;
  const from =
    source === undefined
      ? "the service's own address: something on the way, such as a proxy, may have answered in its place"
      : `which comes from ${source === 'baseURL' ? 'the setting baseURL' : source}`;
  const asked = `It was asked below ${withoutSlash(origin + pathname)}, ${from}.`;
  return error.with({ hint: `${error.hint ?? ''} ${asked}`.trim() });
}

function isOfAddress({ status, serviceCode, details }: ImageError): boolean {
  const isNamed =
    typeof details === 'object' && details !== null && 'option' in details && details.option === 'baseURL';
  return isNamed || (status === 404 && serviceCode === undefined);
}

function findKey(definition: ProviderDefinition, env: Environment, region: string | undefined) {
  const set = definition.keys
    .map((key) => ({ ...key, value: env[key.env]?.trim() ?? '' }))
    .filter((key) => key.value !== '');
  if (region === undefined) return set[0];
  // A variable that names this region beats one that names none; one of another region is never used.
  return set.find((key) => key.region === region) ?? set.find((key) => key.region === undefined);
}

function findBaseURL(definition: ProviderDefinition, env: Environment, region: string) {
  return definition.baseURLs
    ?.map((entry) => ({ ...entry, value: env[entry.env]?.trim() ?? '' }))
    .find((entry) => entry.value !== '' && (!entry.region || entry.region === region));
}

/** Region and origin of its base URL, worked out once. */
const regionOrigins = new WeakMap<ProviderDefinition, [region: string, origin: string][]>();

function regionOfURL(definition: ProviderDefinition, baseURL: string): string | undefined {
  const origin = URL.parse(baseURL)?.origin;
  let origins = regionOrigins.get(definition);
  if (!origins) {
    origins = Object.entries(definition.regions).map(([region, { baseURL: own }]) => [region, new URL(own).origin]);
    regionOrigins.set(definition, origins);
  }
  return origins.find(([, own]) => own === origin)?.[0];
}

function parseBaseURL(definition: ProviderDefinition, text: string, source: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password) return url;
  throw new ImageError(
    'config',
    `${source} is no base URL for ${definition.label}: ${quote(text.replace(/\/\/[^@/]*@/, '//***@'))}`,
    {
      provider: definition.id,
      hint: 'Give an http or https URL without user name and password, such as https://host/api/v1.',
    },
  );
}

function quote(text: string): string {
  return JSON.stringify(text);
}
