// Why there is no picture, though the answer is HTTP 200: a blocked prompt, a blocked candidate, or words in its place.

import { type ErrorCode, ImageError, type Json, perhapsMade, present, quoted, quotedWord } from '@anyimage/core';
import { refusesInWords } from './refusing-words.ts';

/** What an answer without a picture says. */
export interface Silence {
  /** Of the prompt. */
  readonly blockReason?: string | null | undefined;
  readonly blockMessage?: string | null | undefined;
  /** Of the candidate. */
  readonly finishReason?: string | null | undefined;
  readonly finishMessage?: string | null | undefined;
  /** What the model wrote, without its thoughts. */
  readonly text: string;
  readonly ratings: readonly Json[];
  readonly requestId?: string | null | undefined;
  readonly status: number;
}

/** What it means for the caller that there is no picture. */
interface Meaning {
  readonly kind: ErrorCode;
  /** The same request may succeed later. */
  readonly retryable?: true;
  /** Not known to be free. */
  readonly billed?: true;
  readonly hint: string;
}

const reword = 'Reword the prompt; blocks of the picture policy cannot be switched off.';
const unlike = 'Describe it in other words: what the model made is too close to an existing work.';
const again = 'Reword the prompt; the attempt may have been billed.';
const draw = 'Begin the prompt with "Draw an image of"; the answer may have been billed.';

const blocked: Meaning = { kind: 'content-blocked', billed: true, hint: reword };
const tooClose: Meaning = { kind: 'content-blocked', billed: true, hint: unlike };
const nothing: Meaning = { kind: 'server', retryable: true, billed: true, hint: again };

/** Every `finishReason` that may come without a picture. Each answer may have been billed. */
export const finishReasons: { readonly [reason: string]: Meaning } = {
  SAFETY: blocked,
  IMAGE_SAFETY: blocked,
  PROHIBITED_CONTENT: blocked,
  IMAGE_PROHIBITED_CONTENT: blocked,
  BLOCKLIST: blocked,
  SPII: blocked,
  RECITATION: tooClose,
  IMAGE_RECITATION: tooClose,
  LANGUAGE: {
    kind: 'invalid-request',
    billed: true,
    hint: 'Write the prompt in another language: the model does not support this one.',
  },
  NO_IMAGE: nothing,
  IMAGE_OTHER: nothing,
  OTHER: nothing,
  MAX_TOKENS: {
    kind: 'invalid-request',
    billed: true,
    hint: 'Shorten the prompt, give fewer pictures or lower providerOptions.thinkingLevel.',
  },
  MALFORMED_FUNCTION_CALL: nothing,
  UNEXPECTED_TOOL_CALL: nothing,
  TOO_MANY_TOOL_CALLS: nothing,
};

/**
 * The error of an answer without a picture. `details.stage` tells where it stopped: `prompt` (blocked before anything
 * was made, `serviceCode` = the block reason), `candidate` (blocked or given up, `serviceCode` = the finish reason) or
 * `text` (the model answered in words: `content-blocked` if it refuses, else `bad-response`).
 */
export function withoutPicture(silence: Silence): ImageError {
  const { blockReason, finishReason, text } = silence;
  if (blockReason) return blockedPrompt(silence, blockReason);
  if (finishReason && Object.hasOwn(finishReasons, finishReason)) return endedCandidate(silence, finishReason);
  return text ? answeredInWords(silence) : emptyAnswer(silence);
}

function blockedPrompt(silence: Silence, reason: string): ImageError {
  const meaning: Meaning = {
    kind: 'content-blocked',
    hint: 'Reword the prompt: it was refused, and nothing was made.',
  };
  const message = `the prompt was blocked (${quotedWord(reason)})${after(silence.blockMessage)}`;
  return toError(silence, { stage: 'prompt', meaning, code: reason, message });
}

function endedCandidate(silence: Silence, reason: string): ImageError {
  const meaning = finishReasons[reason]!;
  const what = meaning.kind === 'content-blocked' ? 'the picture was blocked' : 'the model made no picture';
  const message = `${what} (${quotedWord(reason)})${after(silence.finishMessage)}`;
  return toError(silence, { stage: 'candidate', meaning, code: reason, message });
}

function emptyAnswer(silence: Silence): ImageError {
  const { finishReason: code, finishMessage } = silence;
  // Where the service names no reason, the picture may be there in a form that is not known.
  const meaning: Meaning = code
    ? { kind: 'bad-response', retryable: true, billed: true, hint: again }
    : { kind: 'bad-response', billed: true, hint: perhapsMade.hint };
  const message = `the answer holds no picture${code ? ` (${quotedWord(code)})` : ''}${after(finishMessage)}`;
  return toError(silence, { stage: 'candidate', meaning, code, message });
}

function answeredInWords(silence: Silence): ImageError {
  const { finishReason: code, text } = silence;
  const refuses = refusesInWords(text);
  const meaning: Meaning = refuses
    ? { kind: 'content-blocked', billed: true, hint: reword }
    : { kind: 'bad-response', retryable: true, billed: true, hint: draw };
  const message = `the model ${refuses ? 'refused' : 'answered'} in words: ${quoted(text)}`;
  return toError(silence, { stage: 'text', meaning, code, message });
}

/** The service's own words, behind ours. */
function after(words: string | null | undefined): string {
  return words ? `: ${quoted(words)}` : '';
}

interface Told {
  readonly stage: 'prompt' | 'candidate' | 'text';
  readonly meaning: Meaning;
  readonly code: string | null | undefined;
  readonly message: string;
}

function toError({ text, ratings, requestId, status }: Silence, { stage, meaning, code, message }: Told): ImageError {
  const facts = present({
    status,
    serviceCode: code || undefined,
    requestId: requestId || undefined,
    retryable: meaning.retryable,
    mayHaveBeenBilled: meaning.billed,
    details: present({
      stage,
      reason: code || undefined,
      text: text || undefined,
      safetyRatings: ratings.length ? ratings : undefined,
    }),
    hint: meaning.hint,
  });
  return new ImageError(meaning.kind, message, facts);
}
