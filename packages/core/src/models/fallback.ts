// When the next model of a list is tried, and how that is told.

import type { ErrorCode, ImageError } from '../contract/errors.ts';
import type { Applied } from '../contract/notices.ts';
import type { Attempt } from '../contract/result.ts';

/** The service cannot do it now. */
const passing: ReadonlySet<ErrorCode> = new Set(['unavailable', 'rate-limit', 'quota']);

/** The service does not let one in. */
const closed: ReadonlySet<ErrorCode> = new Set(['auth', 'permission']);

/** What leads from a model to the next, besides what any service is at times. */
export interface ListRules {
  /** Whether all models were named, and none was chosen by `auto`. */
  readonly isListed: boolean;
  /** Whether a key that is missing or refused leads on. */
  readonly passesKeys: boolean;
}

/**
 * Whether the next model may be tried: nothing was made by the last, and nothing can have been billed. `isListed`: the models were
 * named one by one. Only then does a service lead on that nobody reaches, or, by `passesKeys`, whose key is missing or refused: what `auto`
 * chose among all models may go where nobody meant it to, and is a fault of the set-up that should be seen.
 */
export function mayFallBack(errors: readonly ImageError[], { isListed, passesKeys }: ListRules): boolean {
  return errors.every((error) => {
    const { code, mayHaveBeenBilled } = error;
    if (mayHaveBeenBilled) return false;
    return passing.has(code) || (passesKeys && closed.has(code)) || (isListed && isUnreached(error));
  });
}

/** What is told of a picture that another model made than the first of the list: one line for each that did not. */
export function skippedFor(model: string, skipped: readonly Attempt[]): readonly Applied[] {
  return skipped.flatMap((one) =>
    one.error ? [{ option: 'model', asked: one.model, sent: model, because: reasonOf(one.error) }] : [],
  );
}

function reasonOf(error: ImageError): string {
  if (isUnreached(error)) return 'not reached';
  if (error.code === 'auth') return error.status === undefined ? 'no key that can be used' : 'its key was refused';
  return reasons[error.code] ?? error.code;
}

const reasons: { readonly [code in ErrorCode]?: string } = {
  unavailable: 'unavailable',
  'rate-limit': 'rate limit',
  quota: 'account without credit',
  permission: 'not permitted with this key',
  config: 'cannot be loaded',
};

function isUnreached({ code, details }: ImageError): boolean {
  return code === 'network' && (details as { readonly problem?: unknown } | undefined)?.problem === 'unreached';
}
