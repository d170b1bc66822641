// What became of a request, for a person: on stderr, beside the paths on stdout.

import { isAbsolute, relative } from 'node:path';
import {
  type Applied,
  type Attempt,
  cleanText,
  type GeneratedImage,
  type ImageError,
  type Json,
  type OutcomeFacts,
  quoted,
  quotedWord,
  type Ticket,
} from '@anyimage/core';
import { duration, type FileImageStore, money, pictureText, timeText, valueText } from '@anyimage/host';
import { errorsText } from './error-text.ts';
import { flagOf } from './flag-names.ts';
import type { Paint } from './terminal/paint.ts';
import { translated, translatedAmount } from './words/translated.ts';

/** A path as one would type it here: relative if it lies below the current folder. */
export function shownPath(path: string, folder = process.cwd()): string {
  const short = relative(folder, path);
  return short && !/^\.\.([\\/]|$)/.test(short) && !isAbsolute(short) ? short : path;
}

/** Lines without a final line break; empty if there is nothing to say. */
export function outcomeText(outcome: OutcomeFacts, paint: Paint, store?: FileImageStore): string {
  const { images, errors, pending, timings, cost, attempts } = outcome;
  const failed = attempts.flatMap(({ model, error }) => (error ? [model] : []));
  const summary = [duration(timings.totalMs), translatedAmount(money(cost))];
  const lines = [
    ...images.map((image, index) => imageText(image, paint, index === images.length - 1 ? summary : [])),
    ...[...outcome.applied, ...(store?.applied ?? [])].map((one) => appliedText(one, paint, failed)),
    ...[...outcome.warnings, ...(store?.warnings ?? [])].map((one) => warningText(one.message, paint)),
    ...(images.length === 0 ? attempts.slice(0, -1) : []).map((one) => triedText(one, paint)),
    ...(errors.length ? [errorsText(errors, paint)] : []),
    ...pendingTexts(pending, errors, paint),
  ];
  return lines.join('\n');
}

function imageText(image: GeneratedImage, paint: Paint, more: string[]): string {
  const { byteLength: bytes, model, seed, revisedPrompt } = image;
  const facts = [
    pictureText({ ...image, bytes }),
    model,
    seed === undefined ? '' : translated('seed {seed}', { seed }),
    ...more,
  ].filter(Boolean);
  const line = paint('quiet', `  ${cleanText(facts.join(' · '))}`);
  return revisedPrompt ? `${line}\n${paint('quiet', `  ${translated('drawn from:')} ${quoted(revisedPrompt)}`)}` : line;
}

/** Why a list of models led to none: `tried: cogview/cogview-4: …`. The last is told as the error. */
function triedText({ model, error }: Attempt, paint: Paint): string {
  return `  ${paint('title', 'tried:')} ${cleanText(`${model}: ${error?.message ?? 'no picture came'}`)}`;
}

/**
 * `changed: --size 1000x1000 to 992x992 (the nearest …)`. For a style that became words, `because` says how. Of a model that failed, the
 * next of the list is told: `changed: cogview/cogview-4: rate limit, so openai/gpt-image-2`.
 */
export function appliedText(
  { option, asked, sent, because }: Applied,
  paint: Paint,
  failed: readonly string[] = [],
): string {
  if (option === 'model' && failed.includes(String(asked))) {
    return `  ${paint('warning', 'changed:')} ${cleanText(`${asked}: ${because}, so ${sent}`)}`;
  }
  if (option === 'style' && because.includes('words were added to the prompt')) return noteText(because, paint);
  const before = appliedValue(asked);
  const change = sent === null ? `${before} left out` : `${before} to ${appliedValue(sent)}`;
  return `  ${paint('warning', 'changed:')} ${cleanText(`${flagOf(option)} ${change} (${because})`)}`;
}

/** Longest value that is shown, characters. */
const mostQuoted = 4000;

/** Words, which may be those of a text model, are quoted. */
function appliedValue(value: Json): string {
  return quotedWord(valueText(value), mostQuoted);
}

export function warningText(message: string, paint: Paint): string {
  return `  ${paint('warning', translated('warning:'))} ${cleanText(message)}`;
}

/** Something worth knowing that is no fault. */
export function noteText(message: string, paint: Paint): string {
  return `  ${paint('title', translated('note:'))} ${cleanText(message)}`;
}

/** So many tickets of a kind are named; more are resumed all at once. */
const mostNamed = 5;

/** What is paid for and not here, those of a kind together, and how to get it unless the errors say so. */
function pendingTexts(pending: readonly Ticket[], errors: readonly ImageError[], paint: Paint): readonly string[] {
  const kinds = Map.groupBy(pending, (ticket) => [kindText(ticket), isUndecidable(ticket)].join());
  return [...kinds.values()].map((tickets) => pendingText(tickets, errors, paint));
}

/** `tickets` are of one kind. */
function pendingText(tickets: readonly Ticket[], errors: readonly ImageError[], paint: Paint): string {
  const named = tickets.slice(0, mostNamed).map(({ id }) => id);
  const more = tickets.length - named.length;
  const [first] = tickets;
  const names = named.join(' ') + (more > 0 ? translated(' and {count} more', { count: more }) : '');
  const line = `  ${paint('warning', translated('pending:'))} ${names}${translated(', ')}${kindText(first!)}`;
  if (tickets.every(({ id }) => errors.some(({ hint }) => hint?.includes(id)))) return line;
  const which = more > 0 ? 'all' : named.join(' ');
  const next = isUndecidable(first!)
    ? translated('look at the account; if nothing was billed there, anyimage jobs drop {which}', { which })
    : `anyimage jobs resume ${which}`;
  return `${line}\n  ${paint('title', translated('try:'))} ${next}`;
}

/** `paint/paint-1, being made, to be fetched before 2026-12-20 15:00`. */
function kindText(ticket: Ticket): string {
  const { provider, model, expiresAt } = ticket;
  const parts = [
    cleanText(`${provider}/${model}`),
    translated(stateText(ticket)),
    expiresAt !== undefined && translated('to be fetched before {time}', { time: timeText(expiresAt) }),
  ];
  return parts.filter(Boolean).join(translated(', '));
}

/** Whether nobody can say what became of it: there is nothing to ask the service by, or it says that it does not know the job. */
export function isUndecidable({ uncertain, service, state }: Ticket): boolean {
  return uncertain === true && (service === undefined || state === 'submitted');
}

/** The state of a ticket in words. */
export function stateText({ state, uncertain, answer }: Ticket): string {
  if (uncertain) return 'uncertain';
  if (answer !== undefined) return 'answer kept';
  return { intended: 'being sent', submitted: 'being made', delivered: 'made', done: 'done' }[state];
}
