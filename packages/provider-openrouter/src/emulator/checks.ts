// What the service refuses in a request whose model it knows. Stricter than the documentation where sources disagree: what a service that
// may answer does not take is refused, not ignored.

import { isRecord } from '@anyimage/core';
import { isBase64, lookAt } from '@anyimage/testkit';
import type { Descriptor, EndpointRecord } from './catalogue.ts';

/** The fields of a body. */
export type Fields = Readonly<Record<string, unknown>>;

const everywhere = ['model', 'prompt', 'user', 'session_id', 'provider', 'stream', 'trace'];

/** The services that a request allows, the one that is asked first in front. */
export function allowed(services: readonly EndpointRecord[], { provider = {} }: Fields): readonly EndpointRecord[] {
  const { only, ignore, order } = provider as { readonly [word: string]: readonly string[] | undefined };
  const isIn = (list: readonly string[] | undefined, one: EndpointRecord) =>
    list?.some((name) => name === one.provider_slug || name === one.provider_tag) ?? false;
  const left = services.filter((one) => (only === undefined || isIn(only, one)) && !isIn(ignore, one));
  const place = (one: EndpointRecord) => order?.findIndex((name) => isIn([name], one)) ?? -1;
  const rank = (one: EndpointRecord) => (place(one) < 0 ? Number.MAX_SAFE_INTEGER : place(one));
  return left.toSorted((a, b) => rank(a) - rank(b));
}

/** What is wrong in a body apart from what its model takes; `undefined` = nothing. */
export function problemOf(fields: Fields): string | undefined {
  const { prompt, user, session_id: session, provider, stream } = fields;
  if (typeof prompt !== 'string' || prompt === '') return 'prompt must be a non-empty string';
  if (user !== undefined && typeof user !== 'string') return 'user must be a string';
  if (session !== undefined && (typeof session !== 'string' || session.length > 256)) return 'session_id is too long';
  if (stream !== undefined && typeof stream !== 'boolean') return 'stream must be a boolean';
  if (provider === undefined) return undefined;
  if (!isRecord(provider)) return 'provider must be an object';
  for (const [name, value] of Object.entries(provider)) {
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
    const isRight: { readonly [word: string]: boolean } = {
      ...{ only: isList, ignore: isList, order: isList },
      sort: ['price', 'throughput', 'latency'].includes(String(value)),
      allow_fallbacks: typeof value === 'boolean',
      options: isRecord(value) && Object.values(value).every(isRecord),
    };
    if (!Object.hasOwn(isRight, name) || !isRight[name]) return `provider.${name} is not valid`;
  }
  return undefined;
}

/** What of a body a service does not take; `undefined` = it takes all. */
export function refusedBy(service: EndpointRecord, fields: Fields): string | undefined {
  const { supported_parameters: parameters } = service;
  for (const [name, value] of Object.entries(fields)) {
    if (everywhere.includes(name)) continue;
    const isTaken = Object.hasOwn(parameters, name) && isValue(name, value, parameters[name]!);
    if (!isTaken) return `${service.provider_slug} does not support this ${name}`;
  }
  return conflictIn(fields) ?? strayOption(service, fields);
}

function conflictIn({ size, resolution, aspect_ratio, background, output_format }: Fields): string | undefined {
  const isExplicit = typeof size === 'string' && /^\d+x\d+$/.test(size);
  if (isExplicit && (resolution !== undefined || aspect_ratio !== undefined)) {
    return 'an explicit size cannot be combined with another resolution or aspect_ratio';
  }
  return background === 'transparent' && output_format === 'jpeg' ? 'transparent needs png or webp' : undefined;
}

/** The documentation says that unknown options are dropped: so that a mistake is seen, they are refused here. */
function strayOption(service: EndpointRecord, { provider }: Fields): string | undefined {
  const { options } = isRecord(provider) ? provider : {};
  const own = isRecord(options) && Object.hasOwn(options, service.provider_slug) ? options[service.provider_slug] : {};
  return Object.keys(own as object).find((name) => !service.allowed_passthrough_parameters.includes(name));
}

const whole = new Set(['n', 'seed', 'output_compression']);

function isValue(name: string, value: unknown, parameter: Descriptor): boolean {
  if (name === 'input_references') return isReferences(value, parameter);
  if (whole.has(name) && !Number.isInteger(value)) return false;
  if (parameter.type === 'enum') return typeof value === 'string' && parameter.values.includes(value);
  if (parameter.type === 'boolean') return true;
  return typeof value === 'number' && value >= parameter.min && value <= parameter.max;
}

function isReferences(value: unknown, parameter: Descriptor): boolean {
  if (!Array.isArray(value) || !value.every(isReference)) return false;
  return parameter.type !== 'range' || (value.length >= parameter.min && value.length <= parameter.max);
}

/** A URL, which is not fetched here, or a picture. Which types are taken is unverified. */
function isReference(one: unknown): boolean {
  const { type, image_url, ...others } = isRecord(one) ? one : {};
  const { url, ...more } = isRecord(image_url) ? image_url : {};
  if (type !== 'image_url' || typeof url !== 'string' || Object.keys({ ...others, ...more }).length > 0) return false;
  return /^https?:\/\/[^/]/.test(url) || pictureIn(url) !== undefined;
}

/** The picture of a `data:` URL; `undefined` for what is none, or another than it says. */
export function pictureIn(url: string) {
  const [head = '', type] = /^data:(image\/[a-z]+);base64,/.exec(url) ?? [];
  const base64 = url.slice(head.length);
  const seen = lookAt(Buffer.from(head && isBase64(base64) ? base64 : '', 'base64'));
  return seen?.mediaType === type ? seen : undefined;
}
