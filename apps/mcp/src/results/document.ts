// The structured half of an answer. Nothing stands in it twice, and no member is empty.

import { pathToFileURL } from 'node:url';
import { type Applied, cleanText, type ImageError, type Json, type Money, shortened } from '@anyimage/core';
import { isoTime, tally, valueText } from '@anyimage/host';
import { type Answer, type AnswerImage, hintOf, nextFor, type PendingWork } from './answer.ts';
import type { Document } from './tool-result.ts';

/** Longest texts of what a picture was made from, and of other words of a request, characters. */
export const longestPrompt = 1000;
export const longestWord = 80;
export const longestReason = 500;

/** The structured half. Times are ISO 8601, paths absolute. */
export function answerDocument(answer: Answer): Document {
  const { images = [], cost, applied = [], warnings = [], errors = [], pending = [] } = answer;
  return withoutEmpty({
    images: images.map(imageDocument),
    cost: cost?.map(moneyDocument),
    applied: applied.map(appliedDocument),
    warnings: [...(cost === null && images.length > 0 ? ['What it cost is not known.'] : []), ...warnings].map(
      (warning) => shortened(cleanText(warning), longestReason),
    ),
    errors: errorDocuments(errors),
    pending: pending.map(pendingDocument),
    next: (answer.next ?? nextFor(pending)) as Json | undefined,
  });
}

/** A request that never began. */
export function failureDocument(error: ImageError): Document {
  return answerDocument({ errors: [error] });
}

function imageDocument({ id, path, prompt, view, ...facts }: AnswerImage): Json {
  const shownView = view && { ...placeOf(view.path), ...view };
  return withoutEmpty({ id, ...placeOf(path), ...facts, prompt: prompt && promptText(prompt), view: shownView });
}

function placeOf(path: string | undefined): Document {
  return path === undefined ? {} : { path, uri: pathToFileURL(path).href };
}

function moneyDocument({ amount, currency, estimated }: Money): Json {
  return { amount, currency, ...(estimated && { estimated }) };
}

/** `asked` or `sent` is absent for what was not asked, and for what was left out. */
function appliedDocument({ option, asked, sent, because }: Applied): Json {
  return withoutEmpty({
    option,
    asked: wordText(option, asked),
    sent: wordText(option, sent),
    because: shortened(because, longestReason),
  });
}

/** A value of a request as text, in a length that tells it. */
export function wordText(option: string, value: Json): string | undefined {
  if (value === null) return undefined;
  const isPrompt = /prompt/i.test(option);
  return shortened(cleanText(valueText(value)), isPrompt ? longestPrompt : longestWord);
}

/** Each error once, with how often it happened. */
function errorDocuments(errors: readonly ImageError[]): Json[] {
  const texts = errors.map((error) => {
    const { code, retryAfter } = error;
    const [message, hint] = [cleanText(error.message), cleanText(hintOf(error))];
    const mayHaveBeenBilled = error.mayHaveBeenBilled || undefined;
    return JSON.stringify(withoutEmpty({ code, message, hint, mayHaveBeenBilled, retryAfter }));
  });
  return [...tally(texts)].map(([text, count]) => ({ ...JSON.parse(text), ...(count > 1 && { count }) }));
}

function pendingDocument({ askedAt, expiresAt, prompt, cost, model, isMadeAnew: _, ...known }: PendingWork): Json {
  return withoutEmpty({
    ...known,
    model: shortened(cleanText(model), longestWord),
    prompt: promptText(prompt),
    askedAt: isoTime(askedAt),
    expiresAt: isoTime(expiresAt),
    cost: cost && [moneyDocument(cost)],
  });
}

function promptText(prompt: string): string {
  return shortened(cleanText(prompt), longestPrompt);
}

/** Without what is undefined, and without empty texts and lists. */
function withoutEmpty(members: { readonly [name: string]: Json | undefined }): Document {
  const said = Object.entries(members).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(said) as Document;
}
