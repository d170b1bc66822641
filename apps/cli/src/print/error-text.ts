// An error for a person: what was wrong, what to do, and what a report to the service would need.

import { cleanText, type ImageError, quoted, quotedWord, shortened } from '@anyimage/core';
import { inFlags } from './in-flags.ts';
import type { Paint } from './terminal/paint.ts';

/** Where the hint speaks of the money already. */
const saysPaid = /\b(?:paid|paying|billed)\b/;

/** Most of what was typed that is said again. */
const mostEchoed = 200;
/** A hint says where something lies, which has to be whole to be of use. */
const mostOfAPath = 1000;

/** Lines without a final line break. What was typed, or came from elsewhere, is at most a line of it. */
export function errorText(error: ImageError, paint: Paint): string {
  const { message, hint, status, serviceCode, requestId, retryAfter } = error;
  const facts = [
    error.provider,
    serviceCode && `code ${quotedWord(serviceCode)}`,
    status && `HTTP ${status}`,
    requestId && `request ${quotedWord(requestId)}`,
  ].filter(Boolean);
  const lines = [
    `${paint('error', 'error:')} ${inBrief(message, mostEchoed)}`,
    hint && `  ${paint('title', 'try:')} ${inBrief(inFlags(hint), mostOfAPath)}`,
    retryAfter && `  wait at least ${Math.ceil(retryAfter / 1000)} s`,
    error.code === 'content-blocked' && error.details && `  details: ${quoted(JSON.stringify(error.details))}`,
    error.mayHaveBeenBilled && !saysPaid.test(hint ?? '') && `  ${paint('warning', 'it may have been billed')}`,
    facts.length > 1 && paint('quiet', `  ${cleanText(facts.join(', '))}`),
  ];
  return lines.filter(Boolean).join('\n');
}

/** Without line breaks and what a terminal obeys: a file may have any name. */
export function onOneLine(text: string): string {
  return cleanText(text).replaceAll('\n', ' ');
}

/** On one line, its words and what stands between marks at most so long. */
function inBrief(text: string, most: number): string {
  const long = new RegExp(`"[^"]{${most},}"|\\S{${most},}`, 'g');
  return onOneLine(text).replace(long, (found) => middleCut(found, most));
}

function middleCut(text: string, most: number): string {
  const side = most / 4;
  // The end of a path tells more than its middle, and marks are closed.
  return `${shortened(text.slice(0, -side), most / 2)}${text.slice(-side)}`;
}

/** A ticket in a text, and what stands for several. */
const ticketId = /\bt-[0-9a-f]+\b/g;
const someTickets = 't-*';

/** Several errors, each once, with how often it happened; where they differ in their tickets alone, with all of these. */
export function errorsText(errors: readonly ImageError[], paint: Paint): string {
  const alike = Map.groupBy(
    errors.map((error) => errorText(error, paint)),
    (text) => text.replace(ticketId, someTickets),
  );
  return [...alike.entries()]
    .map(([text, all]) => {
      const ids = [...new Set(all.flatMap((one) => one.match(ticketId) ?? []))];
      const counted = all.length > 1 ? text.replace(/$/m, ` (${all.length} times)`) : text;
      return counted.replaceAll(someTickets, () => ids.join(' '));
    })
    .join('\n');
}
