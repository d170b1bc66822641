// The answers of every endpoint: pictures, a task, or the text of a text model.

import {
  fromChat,
  holdsPicture,
  ImageError,
  nothingMade,
  type Output,
  type ProviderResult,
  perhapsMade,
  picturesInEntry,
  readComplaint,
} from '@anyimage/core';
import * as z from 'zod';
import { urlLives } from '../capabilities.ts';
import { type Envelope, serviceError } from './errors.ts';

/** The last that a `Date` can hold. */
const lastMoment = 8.64e15;

// Strict only where the picture depends on it: what is said beside it, in whatever form, must not lose it.
const words = z.string().nullish().catch(undefined);
const text = z.union([z.string(), z.int()]).transform(String).nullish().catch(undefined);
const content = z.array(z.unknown()).nullish().catch(undefined);
const failure = z.object({ code: text, message: words }).catch({});
/** How many pictures a task or call was for, and how many failed. Beyond what any model makes at once it means nothing. */
const count = z.int().min(0).max(100);
const metrics = z.object({ TOTAL: count, FAILED: count }).nullish().catch(undefined);
const choice = z.object({ message: z.object({ content }).nullish().catch(undefined) });
/** The OpenAI style's, or a gateway's own. */
const openError = z.union([
  z.object({ code: text, type: words, message: words }),
  z.string().transform((message) => ({ code: undefined, type: undefined, message })),
]);
const answer = z.object({
  request_id: text,
  code: text,
  message: words,
  msg: words,
  error: openError.nullish().catch(undefined),
  output: z
    .object({
      task_id: text,
      task_status: words,
      code: text,
      message: words,
      results: z.array(z.unknown()).nullish().catch(undefined),
      choices: z.array(choice.catch({})).nullish().catch(undefined),
      task_metrics: metrics, // of a task
      task_metric: metrics, // of a call
    })
    .nullish(),
});
const permit = z.object({
  data: z.object({
    policy: z.string(),
    signature: z.string(),
    upload_dir: z.string(),
    upload_host: z.string(),
    oss_access_key_id: z.string(),
    x_oss_object_acl: z.string(),
    x_oss_forbid_overwrite: z.string(),
  }),
});

/** A body of the native API. */
export type ServiceAnswer = z.infer<typeof answer>;

/** Leave to put files into the temporary storage. Never shown: it holds a signature. */
export type Permit = z.infer<typeof permit>['data'];

/**
 * Reads a body of any endpoint of the native API. Throws what the body or the status says is wrong, with status 200 unless there
 * is a picture all the same.
 */
export function readAnswer(envelope: Envelope, body: unknown): ServiceAnswer {
  return read(answer, envelope, body, (read) => itemsOf(read).some(holdsPicture));
}

/** Reads an upload permit. */
export function readPermit(envelope: Envelope, body: unknown): Permit {
  return read(permit, envelope, body).data;
}

/** The text of a chat answer. Throws what is wrong with it. */
export function readText(envelope: Envelope, body: unknown) {
  return fromChat(read(z.unknown(), envelope, body));
}

/** A body in its documented form. The complaint is looked for by itself: on a failure the rest may be of any form. */
function read<T>(
  schema: z.ZodType<T>,
  envelope: Envelope,
  body: unknown,
  isMade: (read: T) => boolean = () => false,
): T {
  const complaint = answer.pick({ request_id: true, code: true, message: true, msg: true, error: true });
  const said = complaint.safeParse(body).data;
  const code = said?.code || said?.error?.code || said?.error?.type || undefined;
  const parsed = schema.safeParse(body);
  if (envelope.status >= 400 || (code && !(parsed.success && isMade(parsed.data)))) {
    // What stands in between, such as a relay, complains in its own form.
    const relayed = envelope.status >= 400 ? readComplaint(body) : { codes: [] };
    const message = said?.message ?? said?.msg ?? said?.error?.message ?? relayed.message;
    throw serviceError(envelope, { code: code ?? relayed.codes[0], message, requestId: said?.request_id });
  }
  if (parsed.success) return parsed.data;
  throw badResponse(`the service's answer is not in its documented form: ${z.prettifyError(parsed.error)}`, envelope);
}

/** The error for a success that does not hold what it should. */
export function badResponse(message: string, { status, spends }: Envelope): ImageError {
  const lookAt = spends === 'never' ? { hint: 'Check that the base URL is the one of the service.' } : perhapsMade;
  return new ImageError('bad-response', message, { status, ...lookAt });
}

/**
 * The pictures of a success, of a call or a task. Some may have failed: their errors stand in their place. `seed`: of the first
 * picture. Throws `bad-response` if there is nothing at all.
 */
export function fromWire(body: ServiceAnswer, envelope: Envelope, seed?: number): ProviderResult {
  const told = itemsOf(body).flatMap((one, index): Output[] => {
    const pictures = picturesInEntry(one);
    // Only pictures that were made are charged.
    if (pictures.length === 0) return [{ error: serviceError({ ...envelope, spends: 'never' }, failure.parse(one)) }];
    return pictures.map((picture) => ({
      ...picture,
      ...('url' in picture && { expiresAt: expiryOf(picture.url) ?? envelope.now + urlLives * 1000 }),
      ...(seed !== undefined && { seed: seed + index }),
    }));
  });
  const outputs = [...told, ...lostWithoutWord(body, told)];
  const requestId = body.request_id ? { requestId: body.request_id } : {};
  if (outputs.length === 0) throw nothingMade(requestId);
  return { outputs, ...requestId };
}

/** A model answers in one of two forms. */
function itemsOf({ output }: ServiceAnswer): unknown[] {
  return [...(output?.results ?? []), ...(output?.choices ?? []).flatMap(picturesOf)];
}

/** Several pictures come as several entries of one choice (qwen) or as several choices (wan2.6); texts among them are skipped. */
function picturesOf({ message }: z.infer<typeof choice>): unknown[] {
  return (message?.content ?? []).filter(holdsPicture);
}

/** Choices have no documented form of a failure: how many pictures failed is only counted. */
function lostWithoutWord({ request_id, output }: ServiceAnswer, told: readonly Output[]): Output[] {
  const { TOTAL: total, FAILED: failed } = output?.task_metrics ?? output?.task_metric ?? { TOTAL: 0, FAILED: 0 };
  const named = told.filter((one) => 'error' in one).length;
  const lost = Math.max(0, Math.min(failed - named, total - told.length));
  const message = `the service could not make ${lost} of ${total} pictures and does not say why`;
  const error = new ImageError('server', message, {
    ...(request_id && { requestId: request_id }),
    retryable: true,
    hint: 'Ask again for the missing pictures: only those that were made are charged.',
  });
  return Array<Output>(lost).fill({ error });
}

/** When a signed URL stops working, as it says itself; Unix time, ms. */
function expiryOf(url: string): number | undefined {
  const end = Math.round(Number(URL.parse(url)?.searchParams.get('Expires')) * 1000);
  return end > 0 && end <= lastMoment ? end : undefined;
}
