// What an agent reads first: short, and with a next step whenever something is left to do.

import {
  type Applied,
  cleanText,
  type ImageError,
  type Json,
  type OutcomeFacts,
  quoted,
  quotedWord,
  type Ticket,
} from '@anyimage/core';
import {
  countText,
  duration,
  type FileImageStore,
  fileSize,
  money,
  type PictureFacts,
  pictureText,
  tally,
  timeText,
  valueText,
} from '@anyimage/host';
import type { Call } from '../calls/call.ts';
import { idOf } from './document.ts';
import type { KnownPicture } from './picture-file.ts';

/** Longest quotations in a text, characters: of what a picture was made from, and of what tells one from another. */
const mostQuoted = 1000;
const aGlance = 80;

/** A call that is over. */
export function outcomeText(outcome: OutcomeFacts, store: FileImageStore): string {
  const { images, errors, pending, cost, timings } = outcome;
  const summary = [`${countText(images.length, 'picture')} in ${duration(timings.totalMs)}`, money(cost)];
  const lines = [
    images.length ? `${summary.filter(Boolean).join(', ')}:` : '',
    ...images.map((image) => {
      const { path, byteLength: bytes, model, seed, revisedPrompt } = image;
      const facts = [pictureText({ ...image, bytes }), model];
      if (seed !== undefined) facts.push(`seed ${seed}`);
      return `- ${path} (${facts.join(', ')})${revisedPrompt ? `\n  drawn from, in words of the service: ${quoted(revisedPrompt, mostQuoted)}` : ''}`;
    }),
    ...[...outcome.applied, ...store.applied].map(appliedText),
    ...[...outcome.warnings, ...store.warnings].map(({ message }) => `Warning: ${message}`),
    ...errorTexts(errors, images.length > 0 || pending.length > 0, isTextPaid(outcome)),
    ...pending.map(pendingText),
  ];
  return cleanText(lines.filter(Boolean).join('\n'));
}

/** A call that goes on after the client has waited long enough. */
export function runningText(call: Call, now = Date.now()): string {
  const { model, phase, n, tickets } = call;
  const id = idOf(call);
  const ticket = tickets.size && !tickets.has(id) ? ` (tickets ${[...tickets.keys()].join(', ')})` : '';
  return cleanText(
    `${n === 1 ? 'The picture is' : `${n} pictures are`} still being made: ${model}, ${phase}, ${duration(now - call.startedAt)} so far${ticket}.\n` +
      `It goes on in the background. Call get_image with id "${id}" to wait for it; it is billed only once. ` +
      'Do not ask for it again.',
  );
}

/** What the person should know of their settings. */
export function notesText(notes: readonly string[]): string {
  return cleanText(notes.map((note) => `Note, for the person: ${note}`).join('\n'));
}

/** A refusal before anything was sent: what was wrong, what to do. */
export function errorText(error: ImageError): string {
  return cleanText(errorLines(error, false));
}

export function fileText({ path, mediaType, bytes, facts }: KnownPicture): string {
  const { model, seed, prompt } = facts;
  const picture = pictureText({ ...(facts as PictureFacts), mediaType, bytes });
  const known = [picture, model && quotedWord(String(model)), seed !== undefined && `seed ${seed}`];
  return cleanText(
    `${path} (${known.filter(Boolean).join(', ')})${prompt ? `\nprompt: ${quoted(String(prompt), mostQuoted)}` : ''}`,
  );
}

/** What there is, when nothing was asked for. */
export function overviewText(
  files: readonly KnownPicture[],
  running: readonly Call[],
  pending: readonly Ticket[],
): string {
  const lines = [
    ...running.map(
      (call) => `Being made: ${idOf(call)} (${call.model}, ${call.phase}) ${quoted(call.prompt, aGlance)}`,
    ),
    ...pending.map((ticket) => `${pendingText(ticket)} ${quoted(ticket.request.prompt, aGlance)}`),
    files.length ? 'The newest pictures:' : 'There are no pictures yet.',
    ...files.map(
      (file) =>
        `- ${file.path} (${fileSize(file.bytes)}${file.facts.model ? `, ${quotedWord(String(file.facts.model))}` : ''})`,
    ),
  ];
  return cleanText(lines.join('\n'));
}

function appliedText({ option, asked, sent, because }: Applied): string {
  const before = appliedValue(asked);
  const change = sent === null ? `${before} was left out` : `${before} became ${appliedValue(sent)}`;
  return `Changed: ${option} ${change} (${because})`;
}

/** Words, which may be those of a text model, are quoted. */
function appliedValue(value: Json): string {
  return quotedWord(valueText(value), mostQuoted);
}

/** Whether the text model was paid for, which may be so even if no picture was made. */
function isTextPaid({ cost, usage }: OutcomeFacts): boolean {
  return (cost !== null && cost.length > 0) || usage !== undefined;
}

/** Each error once, with how often it happened. */
function errorTexts(errors: readonly ImageError[], someMade: boolean, textPaid: boolean): string[] {
  return [...tally(errors.map((error) => errorLines(error, textPaid)))].map(([text, count]) => {
    if (!someMade) return `No picture was made: ${text}`;
    return `${count === 1 ? 'A picture was' : `${count} pictures were`} not made: ${text}`;
  });
}

function errorLines({ code, message, hint, retryAfter, mayHaveBeenBilled }: ImageError, textPaid: boolean): string {
  const keyNote =
    code === 'auth'
      ? ' Store it with `anyimage keys set`, or as `env` of this server in the configuration of the client; then call again.'
      : '';
  return [
    `${message} [${code}]`,
    hint && `What to do: ${hint}${keyNote}`,
    retryAfter && `Wait at least ${Math.ceil(retryAfter / 1000)} s.`,
    mayHaveBeenBilled ? 'It may have been billed.' : textPaid ? 'No picture was billed.' : 'Nothing was billed.',
  ]
    .filter(Boolean)
    .join('\n');
}

function pendingText({ id, provider, model, state, expiresAt, uncertain, service, answer }: Ticket): string {
  if (state === 'intended' && !uncertain) return `Being sent by another program: ${provider}/${model} (ticket ${id}).`;
  if (uncertain && service === undefined) {
    return `Whether ${provider} took the request is unknown (ticket ${id}): the person should look at the account before asking again.`;
  }
  if (uncertain && state === 'submitted') {
    return `${provider} does not know the job of ticket ${id} any more: the person should look at the account before asking again.`;
  }
  if (answer !== undefined) {
    return `Paid for, and in an answer of ${provider} that this version cannot read (ticket ${id}). The answer is kept: get_image with id "${id}" reads it in a version that knows its form. Do not ask for the picture again.`;
  }
  const until = expiresAt === undefined ? '' : `, before ${timeText(expiresAt)}`;
  return `Paid for and not here yet: ${provider}/${model}. Call get_image with id "${id}"${until}; it is not billed again.`;
}
