// The answers of generateContent.

import {
  type Envelope,
  ImageError,
  type Json,
  type Money,
  otherForm,
  type ProviderCall,
  type ProviderResult,
  present,
  quotedWord,
  roundMoney,
  type Usage,
  unlessEmpty,
} from '@anyimage/core';
import * as z from 'zod';
import { serviceError, tellsError } from './errors.ts';
import { type Silence, withoutPicture } from './refusals.ts';

// Strict only where the picture depends on it: what is said beside it, in whatever form, must not lose it.
const text = z.string().nullish().catch(undefined);
const flag = z.boolean().nullish().catch(undefined);
const count = z.int().min(0).nullish();
/** Long base64 arrives decoded. */
const data = z
  .union([z.string(), z.instanceof(Uint8Array)])
  .nullish()
  .catch(undefined);
const part = z.object({
  text: data,
  thought: flag,
  inlineData: z.object({ mimeType: text, data }).nullish().catch(undefined),
});
type Part = z.infer<typeof part>;
const ratings = z
  .array(z.object({ category: text, probability: text, blocked: flag }))
  .nullish()
  .catch(null);
const tokens = z
  .array(z.object({ modality: text, tokenCount: count }))
  .nullish()
  .catch(null);
const answer = z.object({
  candidates: z
    .array(
      z
        .object({
          content: z.object({ parts: z.array(part.catch({})).nullish() }).nullish(),
          finishReason: text,
          finishMessage: text,
          safetyRatings: ratings,
          groundingMetadata: z.json().optional().catch(undefined),
        })
        .catch({ safetyRatings: null }),
    )
    .nullish(),
  promptFeedback: z
    .object({ blockReason: text, blockReasonMessage: text, safetyRatings: ratings })
    .nullish()
    .catch(undefined),
  usageMetadata: z
    .object({
      promptTokenCount: count,
      promptTokensDetails: tokens,
      candidatesTokenCount: count,
      candidatesTokensDetails: tokens,
      thoughtsTokenCount: count,
    })
    .nullish()
    .catch(null),
  modelVersion: text,
  responseId: text,
});
type ServiceAnswer = z.infer<typeof answer>;

/**
 * Reads a body. Throws what the status or the body says is wrong, with status 200 unless there is a picture all the same;
 * `bad-response` for a form that is not documented.
 */
export function readAnswer(envelope: Envelope, body: unknown): ServiceAnswer {
  const parsed = answer.safeParse(body);
  const isMade = parsed.success && picturesOf(parsed.data).length > 0;
  if (envelope.status >= 400 || (tellsError(body) && !isMade)) throw serviceError(envelope, body);
  if (parsed.success) return parsed.data;
  throw otherForm(envelope, z.prettifyError(parsed.error));
}

/** The parts with a picture. One without a type is taken for a picture: its bytes decide. */
function picturesOf({ candidates }: ServiceAnswer): Part[] {
  const parts = candidates?.[0]?.content?.parts ?? [];
  return parts.filter(({ inlineData }) => inlineData?.data && /^(image\/|$)/i.test(inlineData.mimeType ?? ''));
}

const onlyDraft = 'the model sent no finished picture; this is the last of its drafts';

/**
 * The pictures of an answer that are no drafts of a thinking model; the last draft only if there is nothing else, and a warning
 * and `metadata.onlyDraft` say so. Throws why there is none. `region`: token prices are those of the Gemini API.
 */
export function fromWire(
  { status }: Envelope,
  body: ServiceAnswer,
  { limits, options }: Pick<ProviderCall, 'limits' | 'options'>,
  region: string,
): ProviderResult {
  const pictures = picturesOf(body);
  const drafts = pictures.filter(({ thought }) => thought);
  const made = pictures.filter(({ thought }) => !thought);
  const isDraft = made.length === 0;
  const outputs = (isDraft ? drafts.slice(-1) : made).flatMap(({ inlineData }) => {
    const mediaType = inlineData?.mimeType || undefined;
    return inlineData?.data ? [present({ base64: inlineData.data, mediaType })] : [];
  });
  if (outputs.length === 0) throw withoutPicture(silenceOf(body, status));
  const [candidate] = body.candidates ?? [];
  const metadata = present({
    modelVersion: body.modelVersion || undefined,
    text: textOf(candidate) || undefined,
    pictures: made.length > 1 ? made.length : undefined,
    drafts: drafts.length || undefined,
    onlyDraft: isDraft || undefined,
    groundingMetadata: candidate?.groundingMetadata ?? undefined,
  });
  const usage = usageOf(body);
  const isPriced = region === 'gemini' && (options.grounding ?? 'none') === 'none';
  return present({
    outputs,
    usage,
    cost: usage && isPriced ? costOf(usage, limits.wire?.usdPerMillion) : undefined,
    requestId: body.responseId || undefined,
    metadata: unlessEmpty<{ readonly [name: string]: Json }>(metadata),
    warnings: isDraft ? [{ code: 'provider', message: onlyDraft } as const] : undefined,
  });
}

/** What an answer without a picture says. */
function silenceOf({ candidates, promptFeedback, responseId }: ServiceAnswer, status: number): Silence {
  const [candidate] = candidates ?? [];
  return {
    blockReason: promptFeedback?.blockReason,
    blockMessage: promptFeedback?.blockReasonMessage,
    finishReason: candidate?.finishReason,
    finishMessage: candidate?.finishMessage,
    text: textOf(candidate),
    ratings: ratingsOf(candidate?.safetyRatings ?? promptFeedback?.safetyRatings),
    requestId: responseId,
    status,
  };
}

/** The text of a text model's answer. Throws for an empty, blocked or cut one. */
export function readText({ status }: Envelope, body: ServiceAnswer): { text: string; usage?: Usage } {
  const candidate = body.candidates?.[0];
  const written = textOf(candidate);
  const reason = body.promptFeedback?.blockReason ?? candidate?.finishReason ?? undefined;
  if (written && reason === 'STOP') {
    const usage = usageOf(body);
    return { text: written, ...(usage && { usage }) };
  }
  if (reason === 'MAX_TOKENS') {
    throw new ImageError('invalid-request', 'the text is too long for the text model', {
      status,
      serviceCode: reason,
      hint: 'Shorten the prompt.',
    });
  }
  if (reason && reason !== 'STOP') {
    throw new ImageError('content-blocked', `the text model refused the prompt (${quotedWord(reason)})`, {
      status,
      serviceCode: reason,
      hint: 'Reword the prompt.',
    });
  }
  throw new ImageError('bad-response', 'the text model answered with nothing', {
    status,
    retryable: true,
    hint: 'Try again.',
  });
}

/** What the model says, without its thoughts. */
function textOf(candidate: NonNullable<ServiceAnswer['candidates']>[number] | undefined): string {
  const parts = candidate?.content?.parts ?? [];
  const texts = parts.filter(({ thought }) => !thought).map((each) => (typeof each.text === 'string' ? each.text : ''));
  return texts.join('').trim();
}

function ratingsOf(list: z.infer<typeof ratings>): Json[] {
  return (list ?? []).map(({ category, probability, blocked }) => ({
    category: category ?? null,
    probability: probability ?? null,
    ...(blocked && { blocked }),
  }));
}

/** Thoughts count as text that is written. */
function usageOf({ usageMetadata: counts }: ServiceAnswer): Usage | undefined {
  if (counts?.promptTokenCount == null) return undefined;
  const imageIn = imagesIn(counts.promptTokensDetails);
  const imageOut = imagesIn(counts.candidatesTokensDetails);
  const textOut = Math.max(0, (counts.candidatesTokenCount ?? 0) - imageOut) + (counts.thoughtsTokenCount ?? 0);
  return {
    textIn: Math.max(0, counts.promptTokenCount - imageIn),
    ...(imageIn > 0 && { imageIn }),
    textOut,
    ...(imageOut > 0 && { imageOut }),
  };
}

function imagesIn(details: z.infer<typeof tokens>): number {
  const images = (details ?? []).filter(({ modality }) => modality === 'IMAGE');
  return images.reduce((sum, { tokenCount }) => sum + (tokenCount ?? 0), 0);
}

const tokenPrices = z.object({ in: z.number(), textOut: z.number(), imageOut: z.number() });

/**
 * By the tokens, where their prices are known; else core goes by the price of a picture. That pictures as input cost as much as
 * text is unverified.
 */
function costOf({ textIn = 0, imageIn = 0, textOut = 0, imageOut }: Usage, table: Json | undefined): Money | undefined {
  const prices = tokenPrices.safeParse(table).data;
  if (!prices || !imageOut) return undefined;
  const amount = ((textIn + imageIn) * prices.in + textOut * prices.textOut + imageOut * prices.imageOut) / 1e6;
  return { amount: roundMoney(amount), currency: 'USD', estimated: true };
}
