// A key that was typed where a prompt belongs: it would be sent, paid, and written into names and the history.

import { ImageError } from '@anyimage/core';
import { holdsKey, providers } from '@anyimage/host';

/** Whether a prompt holds what looks like a secret key: then it is shown nowhere. */
export function isSecret(prompt: string): boolean {
  return holdsKey(
    prompt,
    providers.map(({ definition }) => definition),
  );
}

/** Throws `invalid-request` for a prompt that holds what looks like a secret key. Never shows it. */
export function refuseKey(prompt: string): void {
  if (!isSecret(prompt)) return;
  throw new ImageError('invalid-request', 'the prompt looks like a secret key; nothing was sent', {
    details: { option: 'prompt' },
    hint: 'anyimage keys set PROVIDER takes a key, and asks for it without showing it.',
  });
}
