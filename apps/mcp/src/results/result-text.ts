// The text of an answer: what document.ts has in its structure, in words.

import { type Applied, cleanText, type ImageError, type Json, quoted, quotedWord, shortened } from '@anyimage/core';
import { countText, duration, money, pictureText, tally, timeText } from '@anyimage/host';
import { type Answer, type AnswerImage, hintOf, nextFor, type PendingWork } from './answer.ts';
import { longestPrompt, longestReason, longestWord, wordText } from './document.ts';
import type { NextStep } from './tool-result.ts';

/** The text half. */
export function answerText(answer: Answer): string {
  const { images = [], applied = [], warnings = [], pending = [] } = answer;
  const next = answer.next ?? nextFor(pending);
  const lines = [
    headText(answer),
    // What is not over comes first where no call has ended: it may have been paid for.
    ...(answer.took === undefined ? pending.map(pendingText) : []),
    ...images.map(imageText),
    ...appliedTexts(applied),
    ...warnings.map((warning) => `Warning: ${shortened(warning, longestReason)}`),
    ...errorTexts(answer),
    ...(answer.took === undefined ? [] : pending.map(pendingText)),
    next && nextText(next),
  ];
  return cleanText(lines.filter(Boolean).join('\n'));
}

/** What the person should know of their settings. */
export function notesText(notes: readonly string[]): string {
  return cleanText(notes.map((note) => `Note, for the person: ${note}`).join('\n'));
}

/** `2 pictures in 20 s, 0.12 CNY:` */
function headText({ images = [], took, askedAt, cost }: Answer): string {
  if (images.length === 0 || took === undefined) return '';
  const count = countText(images.length, 'picture');
  const made = askedAt === undefined ? `${count} in ${duration(took)}` : `${count}, asked ${timeText(askedAt)}`;
  return `${[made, cost === undefined ? '' : money(cost)].filter(Boolean).join(', ')}:`;
}

/** `- /pictures/boat.png (p-3f9a1c02b7de, 1024x1024 png, 812 kB, sketch/sketch-1, seed 7)` */
function imageText({ id, path, model, seed, prompt, repainted, view, ...facts }: AnswerImage): string {
  const known = [id, formText(facts), model && quotedWord(model, longestWord), seed !== undefined && `seed ${seed}`];
  const lines = [
    `- ${path ?? 'a picture'} (${known.filter(Boolean).join(', ')})`,
    prompt && `  drawn from ${quoted(prompt, longestPrompt)}`,
    repainted && `  repainted: ${quoted(repainted, longestReason)}`,
    view && `  view of it: ${view.path} (${formText(view)})`,
  ];
  return lines.filter(Boolean).join('\n');
}

function formText({ width, height, mediaType, bytes }: Pick<AnswerImage, 'width' | 'height' | 'mediaType' | 'bytes'>) {
  const size = width !== undefined && height !== undefined && { width, height };
  return pictureText({ ...size, ...(mediaType && { mediaType }), ...(bytes !== undefined && { bytes }) });
}

/** Words that became one thing for one reason are told in one line. */
function appliedTexts(applied: readonly Applied[]): string[] {
  const alike = Map.groupBy(applied, ({ sent, because }) => JSON.stringify([sent, because]));
  return [...alike.values()].flatMap((changes) => {
    const [chosen, changed] = [changes.filter(isChosen), changes.filter((one) => !isChosen(one))];
    return [...chosen.map(chosenText), ...(changed.length > 0 ? [changedText(changed)] : [])];
  });
}

function isChosen({ option, asked }: Applied): boolean {
  return valueText(option, asked) === undefined;
}

function chosenText({ option, sent, because }: Applied): string {
  return `Chosen: ${option} ${valueText(option, sent)} (${shortened(because, longestReason)})`;
}

/** Of changes with the same outcome and reason, of which there is one at least. */
function changedText(changes: readonly Applied[]): string {
  const { option, sent, because } = changes[0]!;
  const before = changes.map((one) => `${one.option} ${valueText(one.option, one.asked)}`).join(' and ');
  const after = valueText(option, sent);
  const became = after === undefined ? `${changes.length > 1 ? 'were' : 'was'} left out` : `became ${after}`;
  return `Changed: ${before} ${became} (${shortened(because, longestReason)})`;
}

function valueText(option: string, value: Json): string | undefined {
  const text = wordText(option, value);
  return text && quotedWord(text, Math.max(longestPrompt, longestWord));
}

/** Each error once, with how often it happened. */
function errorTexts(answer: Answer): string[] {
  const { images = [], errors = [], pending = [], took } = answer;
  const someMade = images.length > 0 || pending.length > 0;
  const lines = errors.map((error) => errorLines(error, answer));
  return [...tally(lines)].map(([text, count]) => {
    if (took === undefined) return text;
    if (pending.some(({ state }) => state === 'uncertain') && images.length === 0) return text;
    if (!someMade) return `No picture was made: ${text}`;
    return `${count === 1 ? 'A picture was' : `${count} pictures were`} not made: ${text}`;
  });
}

function errorLines(error: ImageError, answer: Answer): string {
  const { code, message, retryAfter, mayHaveBeenBilled } = error;
  const hint = hintOf(error);
  const lines = [
    `${message} [${code}]`,
    hint && `What to do: ${hint}`,
    retryAfter && `Wait at least ${Math.ceil(retryAfter / 1000)} s.`,
    mayHaveBeenBilled ? maybeBilledText(answer) : unbilledText(answer),
  ];
  return lines.filter(Boolean).join('\n');
}

/** What is uncertain says so itself. */
function maybeBilledText({ pending = [] }: Answer): string {
  return pending.some(({ state }) => state === 'uncertain') ? '' : 'It may have been billed.';
}

/** The text model may have been paid for even if no picture was made. What is pending is paid for. */
function unbilledText({ mayPay = false, cost, pending = [] }: Answer): string {
  if (!mayPay || pending.length > 0) return '';
  return cost === undefined || cost?.length === 0 ? 'Nothing was billed.' : 'It was not billed.';
}

/** `- t-7f3a9c (waiting: paid for and not here yet; cogview/cogview-4, asked 2026-11-20 16:04, 0.06 CNY) “a boat”` */
function pendingText({ id, state, model, prompt, askedAt, phase, expiresAt, cost }: PendingWork): string {
  const facts = [
    `${state}: ${[phase, !phase?.includes(model) && quotedWord(model, longestWord)].filter(Boolean).join('; ')}`,
    `asked ${timeText(askedAt)}`,
    expiresAt !== undefined && `to be fetched before ${timeText(expiresAt)}`,
    cost && money(cost),
  ];
  return `- ${id} (${facts.filter(Boolean).join(', ')}) ${prompt ? quoted(prompt, longestPrompt) : ''}`.trim();
}

/** The sentence, and the call as it is to be made. */
function nextText({ say, tool, arguments: words }: NextStep): string {
  return `Next: ${say}${tool ? ` (${tool} ${JSON.stringify(words ?? {})})` : ''}`;
}
