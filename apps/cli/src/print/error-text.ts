// An error for a person: what was wrong, what to do, and what a report to the service would need.

import { cleanText, type ImageError, quoted, quotedWord } from '@anyimage/core';
import { tally } from '@anyimage/host';
import { inFlags } from './in-flags.ts';
import type { Paint } from './terminal/paint.ts';

/** Lines without a final line break. */
export function errorText(error: ImageError, paint: Paint): string {
  const { message, hint, status, serviceCode, requestId, retryAfter } = error;
  const facts = [
    error.provider,
    serviceCode && `code ${quotedWord(serviceCode)}`,
    status && `HTTP ${status}`,
    requestId && `request ${quotedWord(requestId)}`,
  ].filter(Boolean);
  const lines = [
    `${paint('error', 'error:')} ${cleanText(message)}`,
    hint && `  ${paint('title', 'try:')} ${cleanText(inFlags(hint))}`,
    retryAfter && `  wait at least ${Math.ceil(retryAfter / 1000)} s`,
    error.code === 'content-blocked' && error.details && `  details: ${quoted(JSON.stringify(error.details))}`,
    error.mayHaveBeenBilled && `  ${paint('warning', 'it may have been billed')}`,
    facts.length > 1 && paint('quiet', `  ${cleanText(facts.join(', '))}`),
  ];
  return lines.filter(Boolean).join('\n');
}

/** Several errors, each once, with how often it happened. */
export function errorsText(errors: readonly ImageError[], paint: Paint): string {
  const counts = tally(errors.map((error) => errorText(error, paint)));
  return [...counts].map(([text, count]) => (count > 1 ? text.replace(/$/m, ` (${count} times)`) : text)).join('\n');
}
