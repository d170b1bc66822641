// What OpenAI and servers like it answer when they refuse, and what it means. Sources: docs/providers/openai.md, sections 4 and 5.

import {
  type AnswerHeaders,
  defineErrorMap,
  type Envelope,
  type ErrorCode,
  type ErrorMap,
  type ImageError,
} from '@anyimage/core';
import * as z from 'zod';

const text = z.union([z.string(), z.number()]).transform(String).nullish();
const words = z.string().nullish().catch(undefined);
const loc = z
  .array(z.union([z.string(), z.number()]))
  .nullish()
  .catch(undefined);
const issue = z.object({ loc, msg: words });
/** OpenAI's envelope, and those of stable-diffusion.cpp (`error` is a text), FastAPI (`detail`) and SiliconFlow (bare fields). */
const refusal = z.object({
  error: z
    .union([
      z.string(),
      z.object({
        message: words,
        type: text.catch(undefined),
        param: text.catch(undefined),
        code: text.catch(undefined),
      }),
    ])
    .nullish()
    .catch(undefined),
  detail: z
    .union([z.string(), z.array(issue), z.object({ error: z.string() })])
    .nullish()
    .catch(undefined),
  message: words,
  code: text.catch(undefined),
});

interface Said {
  readonly message?: string | undefined;
  readonly type?: string | undefined;
  readonly param?: string | undefined;
  readonly code?: string | undefined;
}

/** Whether the `error` of a body says anything. */
export function tellsError(error: unknown): boolean {
  return typeof error === 'object' && error !== null ? Object.keys(error).length > 0 : !!error;
}

/** The error of an answer. `body`: parsed JSON, or the text if it was none. */
export function serviceError(envelope: Envelope, body: unknown): ImageError {
  const { headers } = envelope;
  const { code, type, message, param } = readRefusal(body);
  const violations = /safety_violations=\[([^\]]*)\]/.exec(message ?? '')?.[1]?.split(/,\s*/);
  const error = toError(envelope, {
    codes: [code, type],
    message,
    requestId: requestIdOf(headers),
    details: { field: param, safetyViolations: violations },
  });
  const asked = headers.get('x-should-retry');
  const isRetryable = error.retryable || (asked === 'true' && timeHelps.has(error.code));
  const isField = error.code === 'invalid-request' && param !== undefined;
  return error.with({
    retryable: asked !== 'false' && isRetryable,
    ...(isField && { hint: `Correct ${param}, or leave it out.` }),
  });
}

/** The id to give to the service's support. */
export function requestIdOf(headers: AnswerHeaders): string | undefined {
  return headers.get('x-request-id') ?? headers.get('x-siliconcloud-trace-id') ?? undefined;
}

function readRefusal(body: unknown): Said {
  if (typeof body === 'string') return isPage(body) ? {} : { message: shortened(body) };
  const parsed = refusal.safeParse(body).data;
  if (!parsed) return {};
  const { error, detail, message, code } = parsed;
  if (typeof error === 'object' && error) {
    const { code, type, param } = error;
    return {
      message: error.message ?? undefined,
      code: code || undefined,
      type: type || undefined,
      param: param || undefined,
    };
  }
  const rest = { code: code || undefined };
  if (Array.isArray(detail)) {
    const [first] = detail;
    const param = first?.loc?.filter((part) => part !== 'body').join('.');
    return { ...rest, message: detail.map(({ msg }) => msg).join('; '), ...(param && { param }) };
  }
  if (detail) return { ...rest, message: typeof detail === 'string' ? detail : detail.error };
  // stable-diffusion.cpp names the error in `error` and explains it in `message`, if it explains it.
  if (error && message) return { message, code: error };
  return { ...rest, message: error ?? message ?? undefined };
}

function isPage(body: unknown): boolean {
  return typeof body === 'string' && /^\s*(<!doctype|<html)/i.test(body);
}

function shortened(body: string): string | undefined {
  const line = body.trim().replace(/\s+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line || undefined;
}

const timeHelps: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['rate-limit', 'unavailable', 'server', 'timeout']);

/** Whether a picture that was blocked after it was drawn is charged is unverified. */
const blocked = { kind: 'content-blocked', billed: true } as const;
/** Refused before work began. */
const busy = [{ status: 429, means: 'rate-limit' }, { means: 'unavailable' }] as const;

/** By `error.code`, or by `error.type` where the code says nothing. */
export const errorCodes = {
  unknown_parameter: 'invalid-request',
  invalid_value: 'invalid-request',
  missing_required_parameter: 'invalid-request',
  moderation_blocked: blocked,
  content_policy_violation: blocked,
  billing_hard_limit_reached: 'quota',
  'invalid_image*': 'bad-picture',
  image_parse_error: 'bad-picture',
  image_too_large: 'bad-picture',
  image_too_small: 'bad-picture',
  image_file_too_large: 'bad-picture',
  unsupported_image_media_type: 'bad-picture',
  empty_image_file: 'bad-picture',
  invalid_base64_image: 'bad-picture',
  failed_to_download_image: 'bad-picture',
  image_file_not_found: 'bad-picture',
  invalid_api_key: 'auth',
  model_not_found: 'not-found',
  rate_limit_exceeded: 'rate-limit',
  tokens: 'rate-limit',
  requests: 'rate-limit',
  images: 'rate-limit',
  insufficient_quota: 'quota',
  credit_balance_exhausted: 'quota',
  slow_down: busy,
  server_is_overloaded: busy,
  service_unavailable_error: busy,
  model_loading: [
    { status: 429, means: 'rate-limit' },
    { means: { kind: 'unavailable', hint: 'The model is still loading: try again a little later.' } },
  ],
  server_error: 'server',
} as const satisfies ErrorMap['codes'];

const noMoney = {
  says: /billing|\bbalance\b|余额|insufficient (funds|credit|quota)|out of credits?/i,
  means: 'quota',
} as const;
const unsafe = { says: /safety system|content policy|content moderation|nsfw/i, means: blocked } as const;

const toError = defineErrorMap({
  service: 'the service',
  codes: errorCodes,
  statuses: {
    400: [{ says: /billing/i, means: 'quota' }, unsafe],
    403: [noMoney, unsafe],
    404: 'no-address',
    405: 'no-address',
    409: 'down',
    422: [unsafe],
    429: [noMoney],
    502: 'down',
    504: 'down',
  },
  hints: {
    permission:
      'Open the settings of the account: the organisation may have to be verified for this model, or the country is not served.',
    'content-blocked':
      'Reword the prompt or use other pictures; the details say what was found, where the service tells.',
    'no-address':
      'This server has no such image endpoint: check the base URL (most end in /v1) and that the server draws pictures; Ollama and LM Studio do not.',
  },
});
