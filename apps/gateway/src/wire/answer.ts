// What became of a request, as it is kept and answered. Pure.

import type { Applied, Attempt, ClientRequest, Json, Money, Outcome, Usage, Warning } from '@anyimage/core';
import { ImageError, present } from '@anyimage/core';
import { type ErrorAnswer, errorAnswer } from './envelope.ts';

/** A picture of an answer; its bytes are in the store. */
export interface AnswerPicture {
  readonly ref: string;
  readonly mediaType: string;
  /** px */
  readonly width: number;
  readonly height: number;
  readonly byteLength: number;
  readonly seed?: number;
  readonly revisedPrompt?: string;
}

/** What is kept of a request that made pictures. */
export interface MadeAnswer {
  /** Unix time, s. */
  readonly created: number;
  readonly pictures: readonly AnswerPicture[];
  /** The members besides `created` and `data`. */
  readonly facts: { readonly [member: string]: Json };
}

/** What is kept of any. */
export type Answer = MadeAnswer | { readonly refused: ErrorAnswer };

/** What is counted of an answer. */
export function countsOf(answer: Answer): {
  readonly model: string;
  readonly made: number;
  readonly costs: readonly Pick<Money, 'amount' | 'currency'>[];
  readonly code?: string;
} {
  if ('refused' in answer) {
    const { anyimage } = answer.refused.body.error;
    const { provider, model, code } = (anyimage ?? {}) as { readonly [name: string]: string | undefined };
    return { model: provider && model ? `${provider}/${model}` : 'none', made: 0, costs: [], code: code ?? 'refused' };
  }
  const { model, cost } = answer.facts as { readonly model?: string; readonly cost?: readonly Money[] | null };
  return { model: model ?? 'none', made: answer.pictures.length, costs: cost ?? [] };
}

/** Nobody waits for it any more, or this process ends: nothing was sent, as far as it knows, and a further try finds what was. */
export function stoppedAnswer(): Answer {
  const message = 'the request was stopped before it was sent';
  return { refused: errorAnswer(new ImageError('aborted', message, { hint: 'Send it again.' })) };
}

/** A picture as core gives it, with the store's name for it. */
type NamedPicture = Outcome['images'][number] & { readonly kept?: string };

/** `now`: Unix time in ms. */
export function answerOf(outcome: Outcome, request: ClientRequest, now: number): Answer {
  if (outcome.error) return { refused: withAttempts(errorAnswer(outcome.error), outcome.attempts) };
  const pictures = (outcome.images as readonly NamedPicture[]).map(pictureOf);
  return { created: Math.floor(now / 1000), pictures, facts: factsOf(outcome, request) };
}

/** Where several models were tried, each with its own cause. */
function withAttempts(refused: ErrorAnswer, attempts: readonly Attempt[]): ErrorAnswer {
  if (attempts.length < 2) return refused;
  const { error } = refused.body;
  const anyimage = { ...(error.anyimage as object), attempts: JSON.parse(JSON.stringify(attempts.map(attemptOf))) };
  return { ...refused, body: { error: { ...error, anyimage } } };
}

function pictureOf(picture: NamedPicture): AnswerPicture {
  const { mediaType, width, height, byteLength, seed, revisedPrompt, kept: ref = '' } = picture;
  return present({ ref, mediaType, width, height, byteLength, seed, revisedPrompt }) as AnswerPicture;
}

function factsOf(outcome: Outcome & { readonly error?: undefined }, request: ClientRequest): MadeAnswer['facts'] {
  const { applied, warnings, errors, cost, usage, prompt, attempts, pending } = outcome;
  const [first] = outcome.images;
  const facts = {
    model: first?.model,
    size: first && `${first.width}x${first.height}`,
    quality: sentFor('quality', request.quality, applied),
    background: sentFor('background', request.background, applied),
    output_format: first?.mediaType.replace(/^image\/(?:svg\+xml$)?/, '') || 'svg',
    usage: usage && usageOf(usage),
    cost: costOf(cost),
    applied: listed(applied.map(appliedOf)),
    warnings: listed(warnings as readonly Warning[]),
    errors: listed(errors.map((error) => errorAnswer(error).body.error)),
    tickets: listed(pending.map(({ id }) => id)),
    attempts: listed(attempts.length > 1 ? attempts.map(attemptOf) : []),
    sent_prompt: prompt.sent === prompt.original ? undefined : prompt.sent,
  };
  return JSON.parse(JSON.stringify(facts));
}

/** `null` = unknown, as everywhere. */
function costOf(cost: readonly Money[] | null): Json {
  return cost === null ? null : cost.map(({ amount, currency, estimated }) => ({ amount, currency, estimated }));
}

function sentFor(option: string, asked: string | undefined, applied: readonly Applied[]): Json | undefined {
  const change = applied.findLast((one) => one.option === option);
  return change ? (change.sent ?? undefined) : asked;
}

function appliedOf({ option, asked, sent, because }: Applied): Json {
  return { option, asked, sent, because };
}

function attemptOf({ model, ms, error }: Attempt): Json {
  return { model, ms, ...(error && { error: errorAnswer(error).body.error }) };
}

function listed<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** OpenAI counts what goes in and what comes out, and each by its kind. */
function usageOf({ textIn = 0, imageIn = 0, textOut = 0, imageOut = 0 }: Usage): Json {
  return {
    input_tokens: textIn + imageIn,
    output_tokens: textOut + imageOut,
    total_tokens: textIn + imageIn + textOut + imageOut,
    input_tokens_details: { text_tokens: textIn, image_tokens: imageIn },
    output_tokens_details: { text_tokens: textOut, image_tokens: imageOut },
  };
}
