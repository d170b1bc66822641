// Bailian's own JSON: pure functions from it; those to it are in wire/request.ts. Sources: docs/providers/bailian.md.

import { ImageError, type JobState, type Output, type ProviderResult, type Usage } from '@anyimage/core';
import * as z from 'zod';
import { shared } from './capabilities/shared.ts';
import { type Envelope, serviceError } from './wire/errors.ts';

export { type Inputs, toWire, wireOf } from './wire/request.ts';

/** The last that a `Date` can hold. */
const lastMoment = 8.64e15;

// Strict only where the picture depends on it: what is said beside it, in whatever form, must not lose it.
const words = z.string().nullish().catch(undefined);
const text = z.union([z.string(), z.int()]).transform(String).nullish().catch(undefined);
const content = z
  .array(z.object({ image: words }).catch({}))
  .nullish()
  .catch(undefined);
const item = z.object({ url: words, actual_prompt: words, code: text, message: words });
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
      results: z.array(item.catch({})).nullish().catch(undefined),
      choices: z.array(choice.catch({})).nullish().catch(undefined),
      task_metrics: metrics, // of a task
      task_metric: metrics, // of a call
    })
    .nullish(),
});
type ServiceAnswer = z.infer<typeof answer>;
type Item = z.infer<typeof item>;

/**
 * Reads a body of any endpoint of the native API. Throws what the body or the status says is wrong, with status 200 unless there
 * is a picture all the same.
 */
export function readAnswer(envelope: Envelope, body: unknown): ServiceAnswer {
  return read(answer, envelope, body, (read) => itemsOf(read).some(({ url }) => url));
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
    const message = said?.message ?? said?.msg ?? said?.error?.message ?? undefined;
    throw serviceError(envelope, { code, message, requestId: said?.request_id ?? undefined });
  }
  if (parsed.success) return parsed.data;
  throw badResponse(`the service's answer is not in its documented form: ${z.prettifyError(parsed.error)}`, envelope);
}

function badResponse(message: string, { status, spends }: Envelope): ImageError {
  const mayHaveBeenBilled = spends !== 'never';
  const hint = mayHaveBeenBilled
    ? 'Look at the account before asking again: the picture may have been made.'
    : 'Check that the base URL is the one of the service.';
  return new ImageError('bad-response', message, { status, mayHaveBeenBilled, hint });
}

/** The id of the task that was submitted. Throws `bad-response` if there is none. */
export function readTaskId(envelope: Envelope, body: unknown): string {
  const id = readAnswer(envelope, body).output?.task_id;
  if (id) return id;
  throw badResponse('the service took the task but gave no id for it', envelope);
}

/**
 * The pictures of a success, of a call or a task. Some may have failed: their errors stand in their place. `seed`: of the first
 * picture. Throws `server` if there is nothing at all.
 */
export function fromWire(body: ServiceAnswer, envelope: Envelope, seed?: number): ProviderResult {
  const told = itemsOf(body).map((one, index): Output => {
    if (!one.url) return { error: itemError(envelope, one) };
    return {
      url: one.url,
      expiresAt: expiryOf(one.url) ?? envelope.now + shared.delivery.livesSeconds * 1000,
      ...(seed !== undefined && { seed: seed + index }),
      ...(one.actual_prompt && { revisedPrompt: one.actual_prompt }),
    };
  });
  const outputs = [...told, ...lostWithoutWord(body, told)];
  const requestId = body.request_id || undefined;
  if (outputs.length === 0) {
    throw new ImageError('server', 'the service reported success but returned no picture', {
      ...(requestId && { requestId }),
      mayHaveBeenBilled: true,
      hint: 'Look at the account before asking again: the picture may have been billed.',
    });
  }
  return { outputs, ...(requestId && { requestId }) };
}

/** A model answers in one of two forms. */
function itemsOf({ output }: ServiceAnswer): Item[] {
  return [...(output?.results ?? []), ...(output?.choices ?? []).flatMap(picturesOf)];
}

/** Several pictures come as several entries of one choice (qwen) or as several choices (wan2.6); texts among them are skipped. */
function picturesOf({ message }: z.infer<typeof choice>): Item[] {
  return (message?.content ?? []).flatMap(({ image }) => (image ? [{ url: image }] : []));
}

/** Choices have no documented form of a failure: how many pictures failed is only counted. */
function lostWithoutWord({ request_id, output }: ServiceAnswer, told: readonly Output[]): Output[] {
  const { TOTAL: total, FAILED: failed } = output?.task_metrics ?? output?.task_metric ?? { TOTAL: 0, FAILED: 0 };
  const named = told.filter((one) => 'error' in one).length;
  const lost = Math.max(0, Math.min(failed - named, total - told.length));
  const error = new ImageError(
    'server',
    `the service could not make ${lost} of ${total} pictures and does not say why`,
    {
      ...(request_id && { requestId: request_id }),
      retryable: true,
      hint: 'Ask again for the missing pictures: only those that were made are charged.',
    },
  );
  return Array<Output>(lost).fill({ error });
}

/** Only pictures that were made are charged. */
function itemError(envelope: Envelope, { code, message }: Item): ImageError {
  return serviceError({ ...envelope, spends: 'never' }, { code: code ?? undefined, message: message ?? undefined });
}

/** When a signed URL stops working, as it says itself; Unix time, ms. */
function expiryOf(url: string): number | undefined {
  const end = Math.round(Number(URL.parse(url)?.searchParams.get('Expires')) * 1000);
  return end > 0 && end <= lastMoment ? end : undefined;
}

/**
 * The state of a task, which is told with status 200 also when it failed. Throws what is wrong with the question rather than
 * the task.
 */
export function jobState(envelope: Envelope, body: unknown, seed?: number): JobState {
  const read = readTask(envelope, body);
  if (read instanceof Error) return { state: 'gone', error: read };
  const { task_status: status, code, message } = read.output ?? {};
  const complaint = {
    code: code ?? undefined,
    message: message ?? undefined,
    requestId: read.request_id ?? undefined,
  };
  switch (status) {
    case 'PENDING':
      return { state: 'queued' };
    case 'RUNNING':
    case 'SUSPENDED':
      return { state: 'running' };
    case 'SUCCEEDED':
      return { state: 'done', result: fromWire(read, envelope, seed) };
    case 'FAILED':
      return { state: 'failed', error: serviceError(envelope, complaint) };
    case 'CANCELED':
      return {
        state: 'cancelled',
        error: new ImageError('unavailable', 'the task was cancelled at the service', {
          hint: 'Ask again: nothing was made.',
        }),
      };
    case 'UNKNOWN':
      return {
        state: 'gone',
        error: new ImageError('not-found', 'the service does not know the task, or it is older than 24 hours', {
          mayHaveBeenBilled: true,
          hint: 'Look at the account before asking again: the picture may have been made.',
        }),
      };
    default:
      throw new ImageError('bad-response', `the service told an unknown task state ${JSON.stringify(status)}`, {
        hint: 'Update anyimage, then resume the ticket.',
      });
  }
}

/**
 * A task that the service itself says it does not know is gone. Any other refusal is one of the question: a wrong base URL or a
 * gateway's own page says nothing of the task.
 */
function readTask(envelope: Envelope, body: unknown): ServiceAnswer | ImageError {
  try {
    return readAnswer(envelope, body);
  } catch (error) {
    if (!ImageError.isInstance(error) || !/^not_?found$/i.test(error.serviceCode ?? '')) throw error;
    return error.with({
      mayHaveBeenBilled: true,
      hint: 'Look at the account before asking again: the picture may have been made.',
    });
  }
}

/**
 * Whether a task was cancelled; only a waiting one can be. The answers' forms are unverified but for their status. Throws what is
 * wrong with the question.
 */
export function readCancelled(envelope: Envelope, body: unknown): 'cancelled' | 'too late' {
  try {
    readAnswer(envelope, body);
    return 'cancelled';
  } catch (error) {
    if (ImageError.isInstance(error) && error.serviceCode && error.code === 'invalid-request') return 'too late';
    throw error;
  }
}

const tokens = z.int().min(0).nullish().catch(undefined);
const chat = z.object({
  choices: z
    .array(z.object({ finish_reason: words, message: z.object({ content: z.string().nullish() }).nullish() }))
    .nullish(),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(undefined),
});

/** The text of a chat answer. Throws for an empty or cut one. */
export function readText(envelope: Envelope, body: unknown): { text: string; usage?: Usage } {
  const { choices, usage } = read(chat, envelope, body);
  const choice = choices?.[0];
  const written = choice?.message?.content?.trim();
  if (choice?.finish_reason === 'length') {
    throw new ImageError('invalid-request', 'the text is too long for the text model', { hint: 'Shorten the prompt.' });
  }
  if (!written) {
    throw new ImageError('bad-response', 'the text model answered with nothing', {
      retryable: true,
      hint: 'Try again.',
    });
  }
  const { prompt_tokens, completion_tokens } = usage ?? {};
  return {
    text: written,
    usage: {
      ...(prompt_tokens != null && { textIn: prompt_tokens }),
      ...(completion_tokens != null && { textOut: completion_tokens }),
    },
  };
}

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

/** Leave to put files into the temporary storage. Never shown: it holds a signature. */
export type Permit = z.infer<typeof permit>['data'];

/** Reads an upload permit. */
export function readPermit(envelope: Envelope, body: unknown): Permit {
  return read(permit, envelope, body).data;
}
