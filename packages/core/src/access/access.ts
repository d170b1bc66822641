import type { Environment } from '../contract/client.ts';
import type { ResolvedAccess } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import { isRecord } from '../contract/objects.ts';
import type { ProviderAccess, ProviderDefinition, RegionFacts } from '../contract/provider.ts';
import type { Hidden } from '../foreign/redact.ts';
import { isLoopback } from '../http/address-guard.ts';
import { isKeyPlaceholder, isUnfilled } from './placeholder.ts';
import { AskedKey, isSendable, Secret } from './secret.ts';

/** What each access came to last, and what it was worked out from: from one request to the next that seldom changes. */
const lastResolved = new WeakMap<
  ProviderAccess,
  { readonly definition: ProviderDefinition; readonly depends: readonly unknown[]; readonly resolved: ResolvedAccess }
>();

/**
 * Decides region, base URL and key. Explicit access wins over the environment, the environment over the definition. The
 * region, if not given, is that of the base URL's host if a region has it, else of the key that is found.
 * Throws `config` for an unknown region or a base URL that is no http(s) URL.
 */
export function resolveAccess(
  definition: ProviderDefinition,
  access: ProviderAccess,
  env: Environment,
): ResolvedAccess {
  const read = [...(access.apiKey ? [] : definition.keys), ...((!access.baseURL && definition.baseURLs) || [])];
  checkShapes(definition, access);
  const { apiKey, baseURL, region, headers = {} } = access;
  const given = [apiKey, baseURL, region, ...Object.entries(headers).flat()];
  const depends = [...given, ...read.map((variable) => env[variable.env])];
  const last = lastResolved.get(access);
  const isSame = last?.definition === definition && last.depends.length === depends.length;
  if (isSame && last.depends.every((value, index) => value === depends[index])) return last.resolved;
  const resolved = workOut(definition, access, env);
  // What a function gives is for one request.
  if (typeof apiKey !== 'function') lastResolved.set(access, { definition, depends, resolved });
  return resolved;
}

/** Throws `config`, which shows no value, for what is of a type that cannot be meant: most of all what would be left out without a word. */
function checkShapes({ id, label }: ProviderDefinition, given: ProviderAccess): void {
  const { apiKey, headers, baseURL, region }: { readonly [K in keyof ProviderAccess]: unknown } = given;
  const isText = (value: unknown) => (value ?? undefined) === undefined || typeof value === 'string';
  // A Headers or a Map has no entries of its own.
  const isHeaders = headers === undefined || (isRecord(headers) && !(Symbol.iterator in headers));
  const shapes = [
    ['apiKey', isText(apiKey) || typeof apiKey === 'function', 'a text, or a function that gives one'],
    ['headers', isHeaders, 'an object of names and texts'],
    ['baseURL', isText(baseURL), 'a text'],
    ['region', isText(region), 'a text'],
  ] as const;
  const wrong = shapes.find(([, fits]) => !fits);
  if (!wrong) return;
  const [option, , must] = wrong;
  throw new ImageError('config', `${option} for ${label} must be ${must}`, {
    provider: id,
    details: { option },
    hint: `Correct ${option}, or leave it out.`,
  });
}

function workOut(definition: ProviderDefinition, access: ProviderAccess, env: Environment): ResolvedAccess {
  const regions = Object.keys(definition.regions);
  if (access.region !== undefined && !regions.includes(access.region)) {
    throw new ImageError('config', `${definition.label} has no region ${quote(access.region)}`, {
      provider: definition.id,
      details: { option: 'region', asked: access.region, allowed: regions },
      hint: `Use one of: ${regions.join(', ')}.`,
    });
  }
  const wanted = regionGiven(definition, access);
  const keyRegion = access.apiKey ? undefined : findKey(definition, env, wanted)?.region;
  const variable = access.baseURL ? undefined : findBaseURL(definition, env, wanted ?? keyRegion ?? regions[0]!);
  const custom = access.baseURL ?? variable?.value;
  // A variable may name a host of another region than the key's: that key is not for it.
  const named = access.region ?? (custom && regionOfURL(definition, custom));
  const found = access.apiKey ? undefined : findKey(definition, env, named);
  const unfilled =
    access.apiKey || found ? undefined : definition.keys.find((key) => isKeyPlaceholder(env[key.env] ?? ''));
  const region = named ?? found?.region ?? regions[0]!;
  const own = definition.regions[region]!.baseURL;
  const source = variable?.env ?? 'baseURL';
  const url = parseBaseURL(definition, custom ?? own, source);
  const baseURL = withoutSlash(url.href);
  return {
    region,
    baseURL,
    ...(baseURL !== withoutSlash(own) && { baseURLSource: source }),
    host: url.host,
    ...(access.apiKey ? givenKey(access.apiKey) : found && { key: new Secret(found.value), keySource: found.env }),
    ...(unfilled && { unfilledKey: unfilled.env }),
    ...(access.headers && { headers: checkHeaders(definition, access.headers) }),
  };
}

function givenKey(apiKey: NonNullable<ProviderAccess['apiKey']>): Pick<ResolvedAccess, 'key' | 'keySource'> {
  if (typeof apiKey === 'function') return { key: new AskedKey(apiKey), keySource: 'the function apiKey' };
  return { key: new Secret(apiKey.trim()), keySource: 'apiKey' };
}

/** Headers that say how a request is carried, which is core's affair. */
const ofTransport: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'keep-alive', 'upgrade', 'te', 'trailer', 'transfer-encoding', 'expect'],
  ...['content-length', 'content-type', 'content-encoding', 'accept', 'accept-encoding'],
  ...['proxy-connection', 'proxy-authorization', 'proxy-authenticate'],
]);

/** The headers by their names in lower case. Throws `config`, which shows no value, for what cannot be sent. */
function checkHeaders(
  { id, label }: ProviderDefinition,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const taken: Record<string, string> = {};
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    const problem = headerProblem(name, value, Object.hasOwn(taken, name));
    if (problem) {
      throw new ImageError('config', `headers for ${label}: ${quote(given)} ${problem}`, {
        provider: id,
        details: { option: 'headers', name: given },
        hint: 'Correct the headers, or leave it out.',
      });
    }
    taken[name] = value.trim();
  }
  return taken;
}

function headerProblem(name: string, value: unknown, isTwice: boolean): string | undefined {
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return 'is no name of a header';
  if (ofTransport.has(name)) return 'is not for you to set: core says how a request is carried';
  if (isTwice) return 'is there twice';
  if (typeof value !== 'string') return 'has a value that is no text';
  return isSendable(value)
    ? undefined
    : 'has a value that cannot be sent: it is empty, or has characters that headers cannot have';
}

/** Shorter values of headers stand in texts by chance. */
const shortestSecret = 6;

/** What no text may hold: the key, and values of headers, which may be keys. */
export function hiddenIn({ key, headers }: ResolvedAccess): Hidden {
  const values = Object.values(headers ?? {}).filter((value) => value.length >= shortestSecret);
  const hidden = [...(key?.known() ?? []), ...values];
  // One may be a part of another.
  return hidden.length < 2 ? hidden[0] : hidden.sort((one, other) => other.length - one.length);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
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
  if (definition.keys.length === 0 || access.apiKey) return true;
  return findKey(definition, env, regionGiven(definition, access)) !== undefined;
}

/** The region that an access names, or the host of its base URL; undefined where neither does. */
function regionGiven(definition: ProviderDefinition, { region, baseURL }: ProviderAccess): string | undefined {
  return region ?? (baseURL ? regionOfURL(definition, baseURL) : undefined);
}

/** The region that somebody asked for, by its name or its base URL; undefined if it is only the default. */
export function chosenRegion(
  definition: ProviderDefinition,
  given: ProviderAccess,
  { region }: ResolvedAccess,
): string | undefined {
  return given.region !== undefined || region !== Object.keys(definition.regions)[0] ? region : undefined;
}

function findKey(definition: ProviderDefinition, env: Environment, region: string | undefined) {
  const set = definition.keys
    .map((key) => ({ ...key, value: env[key.env]?.trim() ?? '' }))
    .filter((key) => key.value !== '' && !isKeyPlaceholder(key.value));
  if (region === undefined) return set[0];
  // A variable that names this region beats one that names none; one of another region is never used.
  return set.find((key) => key.region === region) ?? set.find((key) => key.region === undefined);
}

/** Throws `config` for a placeholder: without it, what was meant for a gateway would go to the service itself. */
function findBaseURL({ id, baseURLs, label }: ProviderDefinition, env: Environment, region: string) {
  const found = baseURLs
    ?.map((entry) => ({ ...entry, value: env[entry.env]?.trim() ?? '' }))
    .filter(({ value }) => value !== '')
    .find((entry) => !entry.region || entry.region === region);
  if (!found) return undefined;
  if (!isUnfilled(found.value)) return { ...found, value: inForm(found) };
  throw new ImageError('config', `no base URL for ${label}: ${found.env} holds a placeholder that was not filled in`, {
    provider: id,
    details: { option: 'baseURL' },
    hint: `Set ${found.env} to an http or https URL, or leave it out.`,
  });
}

/** What stands in a host can end it nowhere: a name with a slash makes no URL. */
function inForm({ form, value }: { readonly form?: string; readonly value: string }): string {
  return form === undefined ? value : form.replace('*', () => encodeURIComponent(value));
}

/** The region that a base URL's host belongs to, at any port; undefined for one of nobody's, such as a gateway. */
export function regionOfURL({ regions }: ProviderDefinition, baseURL: string): string | undefined {
  const url = URL.parse(baseURL);
  if (!url) return undefined;
  const name = url.hostname.replace(/\.$/, '');
  const isIn = ({ baseURL: usual, hosts }: RegionFacts) => {
    const own = new URL(usual);
    // Of services on this machine the port tells which one it is.
    const isOwn = isLoopback(usual) ? own.origin === url.origin : own.hostname === name;
    return isOwn || (hosts !== undefined && new RegExp(`^(?:${hosts})$`).test(name));
  };
  return Object.keys(regions).find((region) => isIn(regions[region]!));
}

const endpoint = /\/(?:images\/(?:generations|edits|variations)|chat\/completions|responses)\/*$/;

/** A query stays: Azure's `api-version`, and what gateways want, goes with every request. */
function parseBaseURL(definition: ProviderDefinition, text: string, source: string): URL {
  const url = URL.parse(text);
  // People copy the whole endpoint out of a page.
  if (url) url.pathname = url.pathname.replace(endpoint, '');
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password) return url;
  throw new ImageError(
    'config',
    `${source} is no base URL for ${definition.label}: ${quote(text.replace(/\/\/[^@/]*@/, '//***@'))}`,
    {
      provider: definition.id,
      details: { option: 'baseURL' },
      hint: 'Give an http or https URL without user name and password, such as https://host/api/v1.',
    },
  );
}

function quote(text: string): string {
  return JSON.stringify(text);
}
