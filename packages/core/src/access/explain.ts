// Failures as a caller should see them: with provider and model, with what to do about a key, and never with the key.

import { inspect } from 'node:util';
import type { ResolvedAccess } from '../contract/engine.ts';
import { ImageError, messageOf } from '../contract/errors.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { redact } from '../http/redact.ts';

/** Who was asked, and so whose failure it is. */
export interface Addressee {
  readonly definition: ProviderDefinition;
  readonly access: ResolvedAccess;
  /** `provider/model`. */
  readonly name: string;
}

/** Any failure as the one error class. */
export function asImageError(error: unknown): ImageError {
  if (ImageError.isInstance(error)) return error;
  const message = messageOf(error);
  return new ImageError('bad-response', `the provider failed: ${message}`, {
    cause: error,
    hint: 'This is a defect of the provider; report it.',
  });
}

/** A failure of a call that costs money: what is no ImageError may have come after the service did its work. */
export function asPaidFailure(error: unknown): ImageError {
  return ImageError.isInstance(error) ? error : asImageError(error).with({ mayHaveBeenBilled: true });
}

/** The error with provider, model, and for a refused key the host and region; without the key, should anyone have echoed it. */
export function explainError(error: ImageError, { definition, access, name }: Addressee): ImageError {
  const named = error.with({ provider: definition.id, model: name });
  return withoutKey(explainAuth(named, definition, access), access.key?.reveal());
}

function withoutKey(error: ImageError, key: string | undefined): ImageError {
  if (!key) return error;
  const holds = (text: string) => redact(text, key) !== text;
  const shown = JSON.stringify({ ...error.toJSON(), message: error.message });
  const inCause = error.cause !== undefined && holds(inspect(error.cause, { depth: 6 }));
  if (!holds(shown) && !inCause) return error;
  const { code, message, ...facts } = JSON.parse(redact(shown, key));
  return new ImageError(code, message, { ...facts, ...(!inCause && { cause: error.cause }) });
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
  const asked = `It was asked below ${(origin + pathname).replace(/\/+$/, '')}, ${from}.`;
  return error.with({ hint: `${error.hint ?? ''} ${asked}`.trim() });
}

function isOfAddress({ status, serviceCode, details }: ImageError): boolean {
  const isNamed =
    typeof details === 'object' && details !== null && 'option' in details && details.option === 'baseURL';
  return isNamed || (status === 404 && serviceCode === undefined);
}
