// Failures as a caller should see them: with provider and model, with what to do about a key, and never with the key.

import { inspect } from 'node:util';
import type { ResolvedAccess } from '../contract/engine.ts';
import { ImageError, messageOf, setUpFault } from '../contract/errors.ts';
import { present } from '../contract/objects.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { foreignFacts, foreignLine, foreignMessage, longest, quoted } from '../foreign/foreign.ts';
import { type Hidden, redact } from '../foreign/redact.ts';
import { hiddenIn } from './access.ts';

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
  const fault = setUpFault(error);
  if (fault) return fault;
  return new ImageError('bad-response', `the provider failed: ${quoted(messageOf(error))}`, {
    cause: error,
    hint: 'This is a defect of the provider; report it.',
  });
}

/**
 * A failure of a call that costs money: what is no ImageError may have come after the service did its work. Code that could not be
 * loaded sent nothing, unless there is an answer.
 */
export function asPaidFailure(error: unknown, { isAnswered = false } = {}): ImageError {
  if (ImageError.isInstance(error)) return error;
  return asImageError(error).with({ mayHaveBeenBilled: isAnswered || setUpFault(error) === undefined });
}

/** The error with provider, model, and for a refused key the host and region; without the key, should anyone have echoed it. */
export function explainError(error: ImageError, { definition, access, name }: Addressee): ImageError {
  const named = error.with({ provider: definition.id, model: name });
  return takenOver(explainAuth(named, definition, access), hiddenIn(access));
}

/** The error with its texts as they may be shown: a service may have written them. */
export function takenOver(error: ImageError, key: Hidden): ImageError {
  const { code, hint, serviceCode, requestId, details, cause, stack } = error;
  const word = (text: string | undefined) => text && foreignLine(text, { key, longest: longest.word });
  const message = foreignMessage(error.message, key);
  const isTold = cause !== undefined && key !== undefined && holds(inspect(cause, { depth: 6 }), key);
  const texts = present({
    serviceCode: word(serviceCode),
    requestId: word(requestId),
    hint: hint && foreignMessage(hint, key),
    details: details === undefined ? undefined : foreignFacts(details, key),
    cause: isTold ? undefined : cause,
  });
  const taken = new ImageError(code, message, { ...error, ...texts });
  // A stack begins with the message.
  if (stack)
    taken.stack = redact(
      stack.replace(error.message, () => message),
      key,
    );
  return taken;
}

function holds(text: string, key: Hidden): boolean {
  return redact(text, key) !== text;
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
