// What an agent reads first: short, and with a next step whenever something is left to do.

import type { Applied, ImageError, Json, Money, Outcome, Ticket } from '@anyimage/core';
import type { FileImageStore } from '@anyimage/host';
import type { Call } from './calls.ts';
import { idOf } from './document.ts';
import type { PictureFile } from './picture-file.ts';

/** A call that is over. */
export function outcomeText(outcome: Outcome, store: FileImageStore): string {
  const { images, errors, pending, cost, timings } = outcome;
  const lines = [
    images.length ? `${countText(images.length)} in ${secondsText(timings.totalMs)}, ${moneyText(cost)}:` : '',
    ...images.map(({ path, width, height, mediaType, byteLength, model, seed, revisedPrompt }) => {
      const bytes = store.files.get(path ?? '')?.bytes ?? byteLength;
      const facts = [`${width}x${height} ${mediaType.replace('image/', '')}`, sizeText(bytes), model];
      if (seed !== undefined) facts.push(`seed ${seed}`);
      return `- ${path} (${facts.join(', ')})${revisedPrompt ? `\n  drawn from: ${revisedPrompt}` : ''}`;
    }),
    ...[...outcome.applied, ...store.applied].map(appliedText),
    ...[...outcome.warnings, ...store.warnings].map(({ message }) => `Warning: ${message}`),
    ...errorTexts(errors, images.length > 0 || pending.length > 0),
    ...pending.map(pendingText),
  ];
  return clean(lines.filter(Boolean).join('\n'));
}

/** A call that is not over when the client's patience is. */
export function runningText(call: Call, now = Date.now()): string {
  const { model, phase, n, tickets } = call;
  const id = idOf(call);
  const ticket = tickets.size && !tickets.has(id) ? ` (tickets ${[...tickets.keys()].join(', ')})` : '';
  return clean(
    `${n === 1 ? 'The picture is' : `${n} pictures are`} still being made: ${model}, ${phase}, ${secondsText(now - call.startedAt)} so far${ticket}.\n` +
      `It goes on in the background. Call get_image with id "${id}" to wait for it; it is billed only once. ` +
      'Do not ask for it again.',
  );
}

/** What the person should know of their settings. */
export function notesText(notes: readonly string[]): string {
  return clean(notes.map((note) => `Note, for the person: ${note}`).join('\n'));
}

/** A refusal before anything was sent: what was wrong, what to do. */
export function errorText(error: ImageError): string {
  return clean(errorLines(error));
}

export function fileText({ path, mediaType, bytes, facts }: PictureFile): string {
  const { model, seed, width, height, prompt } = facts;
  const known = [
    width && height ? `${width}x${height} ${mediaType.replace('image/', '')}` : mediaType,
    sizeText(bytes),
    model,
    seed !== undefined && `seed ${seed}`,
  ];
  return clean(`${path} (${known.filter(Boolean).join(', ')})${prompt ? `\nprompt: ${prompt}` : ''}`);
}

/** What there is, when nothing was asked for. */
export function overviewText(
  files: readonly PictureFile[],
  running: readonly Call[],
  pending: readonly Ticket[],
): string {
  const lines = [
    ...running.map((call) => `Being made: ${idOf(call)} (${call.model}, ${call.phase}) ${quoted(call.prompt)}`),
    ...pending.map((ticket) => `${pendingText(ticket)} ${quoted(ticket.request.prompt)}`),
    files.length ? 'The newest pictures:' : 'There are no pictures yet.',
    ...files.map(
      (file) => `- ${file.path} (${sizeText(file.bytes)}${file.facts.model ? `, ${file.facts.model}` : ''})`,
    ),
  ];
  return clean(lines.join('\n'));
}

function appliedText({ option, asked, sent, because }: Applied): string {
  const change = sent === null ? `${valueText(asked)} was left out` : `${valueText(asked)} became ${valueText(sent)}`;
  return `Changed: ${option} ${change} (${because})`;
}

/** Each error once, with how often it happened. */
function errorTexts(errors: readonly ImageError[], someMade: boolean): string[] {
  const counts = new Map<string, number>();
  for (const error of errors) {
    const text = errorLines(error);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => {
    if (!someMade) return `No picture was made: ${text}`;
    return `${count === 1 ? 'A picture was' : `${count} pictures were`} not made: ${text}`;
  });
}

function errorLines({ code, message, hint, retryAfter, mayHaveBeenBilled }: ImageError): string {
  const keyNote =
    code === 'auth'
      ? ' Store it with `anyimage keys set`, or as `env` of this server in the configuration of the client; then call again.'
      : '';
  return [
    `${message} [${code}]`,
    hint && `What to do: ${hint}${keyNote}`,
    retryAfter && `Wait at least ${Math.ceil(retryAfter / 1000)} s.`,
    mayHaveBeenBilled ? 'It may have been billed.' : 'Nothing was billed.',
  ]
    .filter(Boolean)
    .join('\n');
}

function pendingText({ id, provider, model, expiresAt }: Ticket): string {
  const until = expiresAt === undefined ? '' : `, before ${new Date(expiresAt).toISOString().slice(0, 10)}`;
  return `Paid for and not here yet: ${provider}/${model}. Call get_image with id "${id}"${until}; it is not billed again.`;
}

function countText(count: number): string {
  return count === 1 ? '1 picture' : `${count} pictures`;
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

function moneyText(amounts: readonly Money[] | null): string {
  if (amounts === null) return 'price unknown';
  const paid = amounts.filter(({ amount }) => amount > 0);
  return (
    paid.map(({ amount, currency, estimated }) => `${estimated ? 'about ' : ''}${amount} ${currency}`).join(' + ') ||
    'free'
  );
}

function sizeText(bytes: number): string {
  return bytes < 999_500 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(prompt: string): string {
  const letters = [...prompt];
  return JSON.stringify(letters.length > 60 ? `${letters.slice(0, 60).join('')}…` : prompt);
}

/** Text of a service or file: control and direction characters could hide what is written. */
function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/(?!\n)[\p{Cc}\p{Bidi_Control}]/gu, ' ');
}
