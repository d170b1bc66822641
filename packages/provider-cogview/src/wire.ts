// Zhipu's own JSON: pure functions to and from it, and its error codes.
// Sources: https://docs.bigmodel.cn/openapi/openapi.json, https://docs.bigmodel.cn/cn/faq/api-code, https://docs.z.ai/api-reference.

import {
  type Envelope,
  type ErrorCode,
  ImageError,
  type JobState,
  type Json,
  type Output,
  type PictureSource,
  type ProviderCall,
  type ProviderResult,
  retryAfter,
  type Usage,
} from '@anyimage/core';
import * as z from 'zod';
import { urlLives } from './capabilities.ts';

const oneDay = 86_400_000;
const lives = urlLives * 1000;

/** The body of both image endpoints. One request gives one picture; there is no `n`, seed or negative prompt. */
export function toWire(call: ProviderCall) {
  const { model, prompt, size, quality, user, options, limits } = call;
  return {
    model,
    prompt,
    ...(size && { size: `${size.width}x${size.height}` }),
    ...(quality && !limits.wire?.omitQuality && { quality }),
    ...(options.watermark !== undefined && { watermark_enabled: options.watermark }),
    ...(user && { user_id: user }),
  };
}

// Strict only where the picture depends on it: what is said beside it, in whatever form, must not lose it.
const words = z.string().nullish().catch(undefined);
const text = z.union([z.string(), z.int()]).transform(String).nullish().catch(undefined);
const count = z.int().min(0).nullish().catch(undefined);
const errorBody = z
  .union([z.string().transform((message) => ({ code: undefined, message })), z.object({ code: text, message: words })])
  .nullish()
  .catch(undefined);
const level = z.union([z.number(), z.string().regex(/^\d$/).transform(Number)]);
const filters = z
  .array(z.object({ role: words, level: level.nullish().catch(undefined) }))
  .nullish()
  .catch(undefined);
const picture = z.object({
  url: words,
  b64_json: z
    .union([z.string(), z.instanceof(Uint8Array)])
    .nullish()
    .catch(undefined),
  revised_prompt: words,
});
const answer = z.object({
  created: z.union([z.string(), z.number()]).nullish().catch(undefined),
  id: text,
  request_id: text,
  task_status: words,
  data: z.array(picture).nullish(),
  image_result: z.array(picture).nullish(),
  choices: z
    .array(z.object({ finish_reason: words, message: z.object({ content: words }).nullish().catch(undefined) }))
    .nullish()
    .catch(undefined),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(undefined),
  error: errorBody,
  // Snake case in successes, camel case in errors.
  content_filter: filters,
  contentFilter: filters,
});
type ServiceAnswer = z.infer<typeof answer>;

/**
 * Reads a body of any of the endpoints. Throws what the body or the status says is wrong, also for an error told with status 200,
 * unless there is a picture all the same.
 */
export function readAnswer({ status, headers, now }: Envelope, body: unknown): ServiceAnswer {
  const parsed = answer.safeParse(body);
  if (status >= 400) {
    const said = answer.omit({ data: true, image_result: true }).safeParse(body).data;
    throw serviceError({ status, headers, now }, said);
  }
  if (parsed.success) {
    if (tellsError(parsed.data) && !picturesOf(parsed.data).some(sourceOf)) {
      throw serviceError({ status, headers, now }, parsed.data);
    }
    return parsed.data;
  }
  throw new ImageError(
    'bad-response',
    `the service's answer is not in its documented form: ${z.prettifyError(parsed.error)}`,
    {
      status,
      mayHaveBeenBilled: true,
      hint: 'Look at the account before asking again: the picture may have been made.',
    },
  );
}

/** Whether there is an error that says anything. */
function tellsError({ error }: ServiceAnswer): boolean {
  return !!(error?.code || error?.message);
}

/** `data` is the synchronous endpoint's list, `image_result` the asynchronous one's. */
function picturesOf({ data, image_result }: ServiceAnswer) {
  return [...(data ?? []), ...(image_result ?? [])];
}

/** The URL is what the service documents; bytes are taken where there is none. */
function sourceOf({ url, b64_json }: z.infer<typeof picture>): PictureSource | undefined {
  if (url) return { url };
  return b64_json ? { base64: b64_json } : undefined;
}

/** The pictures of a success. */
export function fromWire(body: ServiceAnswer, now: number): ProviderResult {
  const expiresAt = (createdAt(body, now) ?? now) + lives;
  const outputs = picturesOf(body).flatMap((item): Output[] => {
    const source = sourceOf(item);
    if (!source) return [];
    const about = item.revised_prompt ? { revisedPrompt: item.revised_prompt } : {};
    return [{ ...source, ...('url' in source && { expiresAt }), ...about }];
  });
  const requestId = body.request_id || body.id;
  const moderation = moderationOf(body);
  if (outputs.length === 0) {
    throw new ImageError('server', 'the service reported success but returned no picture', {
      ...(requestId && { requestId }),
      mayHaveBeenBilled: true,
      ...(moderation && { details: { contentFilter: moderation } }),
      hint: 'Look at the account before asking again: the picture may have been billed.',
    });
  }
  return {
    outputs,
    ...(requestId && { requestId }),
    ...(moderation && { metadata: { contentFilter: moderation } }),
  };
}

/** When the pictures were made, Unix time in ms; undefined for a time of which none would be left, or that is still to come. */
function createdAt({ created }: ServiceAnswer, now: number): number | undefined {
  const time = Number(created) * 1000;
  return time > now - lives && time < now + oneDay ? time : undefined;
}

/**
 * The state of an asynchronous task. The body of a failed one is not documented: an `error` in it is used, else its absence is
 * said. Throws what is wrong with the question rather than the task.
 */
export function jobState(envelope: Envelope, body: unknown): JobState {
  const task = answer.safeParse(body).data;
  if (task?.task_status === 'FAIL') return { state: 'failed', error: taskError(envelope, task) };
  const read = readTask(envelope, body);
  if (read instanceof Error) return { state: 'gone', error: read };
  if (read.task_status === 'PROCESSING') return { state: 'running' };
  if (read.task_status === 'SUCCESS') return { state: 'done', result: fromWire(read, envelope.now) };
  throw new ImageError('bad-response', `the service told an unknown task state ${JSON.stringify(read.task_status)}`, {
    hint: 'Update anyimage, then resume the ticket.',
  });
}

function taskError(envelope: Envelope, task: ServiceAnswer): ImageError {
  // Whether a task that failed is charged is not documented.
  if (tellsError(task)) return serviceError(envelope, task).with({ mayHaveBeenBilled: true });
  return new ImageError('server', 'the service could not make the picture and gave no reason', {
    ...(task.request_id && { requestId: task.request_id }),
    mayHaveBeenBilled: true,
    hint: 'Look at the account, then ask again, perhaps with another prompt.',
  });
}

/** The code for a wrong field, which is the task's id where nothing else is sent. */
const wrongField = '1214';

/**
 * A task that the service itself says it does not know, or no longer, is gone. Any other refusal is one of the question: a wrong
 * base URL or a gateway's own page says nothing of the task.
 */
function readTask(envelope: Envelope, body: unknown): ServiceAnswer | ImageError {
  try {
    return readAnswer(envelope, body);
  } catch (error) {
    if (!ImageError.isInstance(error) || error.serviceCode !== wrongField) throw error;
    return error.with({
      mayHaveBeenBilled: true,
      hint: 'Look at the account before asking again: the picture may have been made.',
    });
  }
}

/** The text of a chat answer. Throws for an empty, blocked or cut one. */
export function readText(body: ServiceAnswer): { text: string; usage?: Usage } {
  const choice = body.choices?.[0];
  const reason = choice?.finish_reason;
  const written = choice?.message?.content?.trim();
  if (reason === 'sensitive')
    throw new ImageError('content-blocked', 'the text model refused the prompt', { hint: reword });
  if (reason === 'network_error')
    throw new ImageError('server', 'the text model broke off', { retryable: true, hint: 'Try again.' });
  if (reason === 'model_context_window_exceeded' || reason === 'length') {
    throw new ImageError('invalid-request', 'the text is too long for the text model', { hint: 'Shorten the prompt.' });
  }
  if (!written)
    throw new ImageError('bad-response', 'the text model answered with nothing', {
      retryable: true,
      hint: 'Try again.',
    });
  const { prompt_tokens, completion_tokens } = body.usage ?? {};
  return {
    text: written,
    usage: {
      ...(prompt_tokens != null && { textIn: prompt_tokens }),
      ...(completion_tokens != null && { textOut: completion_tokens }),
    },
  };
}

/** Where something was found (`user` input, `assistant` output, `history`), and how bad it is: 0 is the most severe, 3 slight. */
function moderationOf(body: ServiceAnswer | undefined): Json[] | undefined {
  const list = body?.content_filter ?? body?.contentFilter;
  return list?.length ? list.map(({ role, level }) => ({ role: role ?? null, level: level ?? null })) : undefined;
}

/** The error of an answer, by business code first (an empty account arrives as 429), then by HTTP status. */
export function serviceError({ status, headers, now }: Envelope, body: ServiceAnswer | undefined): ImageError {
  const serviceCode = body?.error?.code || undefined;
  const said = body?.error?.message ? `: ${body.error.message}` : '';
  const { kind, option, retryable = false, billed = false, hint } = meaningOf(status, serviceCode);
  const moderation = moderationOf(body);
  const requestId = body?.request_id || headers.get('x-request-id');
  // Not documented by the service; honoured if present.
  const wait = retryAfter(headers, now);
  // What was found in the model's output was found after the picture was made.
  const foundInOutput = moderation?.some((entry) => (entry as { role: string }).role === 'assistant') ?? false;
  return new ImageError(
    kind,
    `Zhipu answered ${serviceCode ? `code ${serviceCode} (HTTP ${status})` : `HTTP ${status}`}${said}`,
    {
      status,
      ...(serviceCode && { serviceCode }),
      ...(requestId && { requestId }),
      retryable,
      ...(wait !== undefined && { retryAfter: wait }),
      mayHaveBeenBilled: billed || foundInOutput,
      ...((option || moderation) && {
        details: { ...(option && { option }), ...(moderation && { contentFilter: moderation }) },
      }),
      hint,
    },
  );
}

interface Meaning {
  readonly kind: ErrorCode;
  /** What of the set-up is wrong. */
  readonly option?: 'baseURL';
  /** The same request may succeed later. */
  readonly retryable?: true;
  /** Not known to be free. */
  readonly billed?: true;
  readonly hint: string;
}

const checkKey = 'Check that the key is complete and belongs to this host.';
const correct = 'Correct the request; the message says which field.';
const reword =
  'Reword the prompt; the details say where the problem was found and how severe it is (0 is the most severe).';
const chooseModel = 'Choose another model; this one is not offered to this account or no longer exists.';
const topUp = 'Top up the account in the console of the service, or use another provider.';
const plan =
  'The plan or its limit is used up: wait for the reset, change the plan in the console, or use another provider.';
const askService = 'Open the console of the service: the account needs attention there.';
const slower = 'Wait a little and make fewer pictures at a time.';
const busy = 'The model is overloaded: try again later or use another model.';
const failed = 'Try again later; look at the account first, since the picture may have been billed.';

const server: Meaning = { kind: 'server', retryable: true, billed: true, hint: failed };
const wrong: Meaning = { kind: 'invalid-request', hint: correct };
const noAccount: Meaning = { kind: 'auth', hint: checkKey };
const account: Meaning = { kind: 'permission', hint: askService };
const gone: Meaning = { kind: 'not-found', hint: chooseModel };
const noAddress: Meaning = {
  kind: 'not-found',
  option: 'baseURL',
  hint: 'The service has no API at this address: check the base URL.',
};
const blocked: Meaning = { kind: 'content-blocked', hint: reword };
const limited: Meaning = { kind: 'rate-limit', retryable: true, hint: slower };
const overloaded: Meaning = { kind: 'unavailable', retryable: true, hint: busy };
const usedUp: Meaning = { kind: 'quota', hint: plan };

/** Every business code of https://docs.bigmodel.cn/cn/faq/api-code and of the older table that may still arrive. */
export const errorCodes: { readonly [code: string]: Meaning } = {
  '500': server,
  '1000': noAccount,
  '1001': noAccount,
  '1002': noAccount,
  '1003': noAccount,
  '1004': noAccount,
  '1005': { kind: 'auth', hint: 'The account asks for a second factor: sign in to the console once, then try again.' },
  '1100': server,
  '1110': account,
  '1111': noAccount,
  '1112': account,
  '1113': { kind: 'quota', hint: `The account is empty (this is no rate limit). ${topUp}` },
  '1120': server,
  '1121': account,
  '1200': server,
  '1210': wrong,
  '1211': gone,
  '1212': wrong,
  '1213': wrong,
  '1214': wrong,
  '1215': wrong,
  '1220': account,
  '1221': gone,
  '1222': noAddress,
  '1230': server,
  '1231': { kind: 'invalid-request', hint: 'The same request is running already: wait for it.' },
  '1234': server,
  '1261': { kind: 'invalid-request', hint: 'Shorten the prompt.' },
  '1300': blocked,
  '1301': blocked,
  '1302': limited,
  '1303': limited,
  '1304': usedUp,
  '1305': overloaded,
  '1308': usedUp,
  '1309': usedUp,
  '1310': usedUp,
  '1311': { kind: 'permission', hint: 'The plan of this account lacks the model: choose another model or plan.' },
  '1312': overloaded,
  '1313': account,
  '1314': usedUp,
  '1315': usedUp,
  '1316': usedUp,
  '1317': usedUp,
  '1318': usedUp,
  '1319': usedUp,
  '1320': usedUp,
  '1321': usedUp,
};

/** For answers without a known code: a gateway's own page, or a code newer than the table. */
const statuses: { readonly [status: number]: Meaning } = {
  401: noAccount,
  403: account,
  404: gone,
  408: { kind: 'timeout', retryable: true, billed: true, hint: failed },
  429: limited,
  434: account,
  503: { kind: 'unavailable', retryable: true, billed: true, hint: failed },
  504: { kind: 'timeout', retryable: true, billed: true, hint: failed },
};

function meaningOf(status: number, code: string | undefined): Meaning {
  const known = code !== undefined && Object.hasOwn(errorCodes, code) ? errorCodes[code] : undefined;
  if (status === 404 && !code) return noAddress;
  // An unknown 429 may be anything of the account: waiting is the caller's decision.
  if (!known && code && status === 429)
    return { kind: 'rate-limit', hint: `Code ${code} is new to anyimage: look at the account. ${slower}` };
  return known ?? statuses[status] ?? (status >= 400 && status < 500 ? wrong : server);
}
