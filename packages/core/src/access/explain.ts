// Failures as a caller should see them: with provider and model, with what to do about a key, and never with the key.

import { inspect } from 'node:util';
import { ImageError } from '../contract/errors.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { redact } from '../http/redact.ts';
import { explainAuth, type ResolvedAccess } from './access.ts';

/** Whose failure it is. */
export interface Origin {
  readonly definition: ProviderDefinition;
  readonly access: ResolvedAccess;
  /** `provider/model`. */
  readonly name: string;
}

/** Any failure as the one error class. */
export function asImageError(error: unknown): ImageError {
  if (ImageError.isInstance(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
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
export function explainError(error: ImageError, { definition, access, name }: Origin): ImageError {
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
