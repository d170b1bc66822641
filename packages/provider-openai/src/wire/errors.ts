// What OpenAI and servers like it answer when they refuse, and what it means. Sources: docs/providers/openai.md, sections 4 and 5.

import { type Envelope, type ErrorCode, ImageError, type Json, retryAfter } from '@anyimage/core';
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
  const { status, headers, now } = envelope;
  const said = readRefusal(body);
  const serviceCode = said.code ?? said.type;
  const { kind, retryable = false, billed = false, hint } = meaningOf(status, said, isPage(body));
  const wait = waitOf(headers, now);
  const asked = headers.get('x-should-retry');
  const violations = /safety_violations=\[([^\]]*)\]/.exec(said.message ?? '')?.[1]?.split(/,\s*/);
  const details: { [name: string]: Json } = {
    ...(said.param && { field: said.param }),
    ...(violations && { safetyViolations: violations }),
  };
  const requestId = requestIdOf(headers);
  const name = serviceCode ? `code ${serviceCode} (HTTP ${status})` : `HTTP ${status}`;
  return new ImageError(kind, `the service answered ${name}${said.message ? `: ${said.message}` : ''}`, {
    status,
    ...(serviceCode && { serviceCode }),
    ...(requestId && { requestId }),
    retryable: asked === 'false' ? false : retryable || (asked === 'true' && timeHelps.has(kind)),
    ...(wait !== undefined && { retryAfter: wait }),
    mayHaveBeenBilled: billed,
    ...(Object.keys(details).length && { details }),
    hint: kind === 'invalid-request' && said.param ? `Correct ${said.param}, or leave it out.` : hint,
  });
}

/** The id to give to the service's support. */
export function requestIdOf(headers: Headers): string | undefined {
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

function waitOf(headers: Headers, now: number): number | undefined {
  const ms = headers.get('retry-after-ms')?.trim();
  return ms && /^\d+(\.\d+)?$/.test(ms) ? Number(ms) : retryAfter(headers, now);
}

interface Meaning {
  readonly kind: ErrorCode;
  /** The same request may succeed later. */
  readonly retryable?: true;
  /** Not known to be free. */
  readonly billed?: true;
  readonly hint: string;
}

const failed = 'Try again later; look at the account first, since the picture may have been billed.';
const wrong: Meaning = {
  kind: 'invalid-request',
  hint: 'Correct the request; the message says what is wrong with it.',
};
const badPicture: Meaning = {
  kind: 'invalid-request',
  hint: 'Give a whole PNG, JPEG or WebP file that is not too large.',
};
const noAccount: Meaning = {
  kind: 'auth',
  hint: 'Check that the key is complete and belongs to this host.',
};
const notAllowed: Meaning = {
  kind: 'permission',
  hint: 'Open the settings of the account: the organisation may have to be verified for this model, or the country is not served.',
};
const noModel: Meaning = {
  kind: 'not-found',
  hint: 'Choose another model: this one was retired, or the account has no access to it.',
};
const noEndpoint: Meaning = {
  kind: 'not-found',
  hint: 'This server has no such image endpoint: check the base URL (most end in /v1) and that the server draws pictures; Ollama and LM Studio do not.',
};
const webPage: Meaning = {
  kind: 'not-found',
  hint: 'The base URL leads to a web page: check it, most end in /v1.',
};
/** Whether a picture that was blocked after it was drawn is charged is unverified. */
const blocked: Meaning = {
  kind: 'content-blocked',
  billed: true,
  hint: 'Reword the prompt or use other pictures; the details say what was found, where the service tells.',
};
const usedUp: Meaning = {
  kind: 'quota',
  hint: 'The account is empty or at its limit (this is no rate limit): top it up or raise the limit, or use another provider.',
};
const limited: Meaning = {
  kind: 'rate-limit',
  retryable: true,
  hint: 'Wait a little and make fewer pictures at a time.',
};
/** Refused before work began. */
const busy: Meaning = {
  kind: 'unavailable',
  retryable: true,
  hint: 'The service is overloaded or still loading: try again later.',
};
const down: Meaning = { kind: 'unavailable', retryable: true, billed: true, hint: failed };
const server: Meaning = { kind: 'server', retryable: true, billed: true, hint: failed };

const timeHelps: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['rate-limit', 'unavailable', 'server', 'timeout']);

/** By `error.code`, or by `error.type` where the code says nothing. */
export const errorCodes: { readonly [code: string]: Meaning } = {
  unknown_parameter: wrong,
  invalid_value: wrong,
  missing_required_parameter: wrong,
  moderation_blocked: blocked,
  content_policy_violation: blocked,
  billing_hard_limit_reached: usedUp,
  image_parse_error: badPicture,
  image_too_large: badPicture,
  image_too_small: badPicture,
  image_file_too_large: badPicture,
  unsupported_image_media_type: badPicture,
  empty_image_file: badPicture,
  invalid_base64_image: badPicture,
  failed_to_download_image: badPicture,
  image_file_not_found: badPicture,
  invalid_api_key: noAccount,
  model_not_found: noModel,
  rate_limit_exceeded: limited,
  tokens: limited,
  requests: limited,
  images: limited,
  insufficient_quota: usedUp,
  credit_balance_exhausted: usedUp,
  slow_down: busy,
  server_is_overloaded: busy,
  service_unavailable_error: busy,
  model_loading: busy,
  server_error: server,
};

const statuses: { readonly [status: number]: Meaning } = {
  401: noAccount,
  402: usedUp,
  403: notAllowed,
  404: noEndpoint,
  405: noEndpoint,
  408: { kind: 'timeout', retryable: true, billed: true, hint: failed },
  409: down,
  413: { kind: 'invalid-request', hint: 'Give smaller or fewer pictures.' },
  429: limited,
  502: down,
  503: down,
  504: down,
};

const moneyWords = /billing|\bbalance\b|余额|insufficient (funds|credit|quota)|out of credits?/i;
const safetyWords = /safety system|content policy|content moderation|nsfw/i;

/** By code, then type, then words where the status leaves it open, then status. */
function meaningOf(status: number, { code, type, message = '' }: Said, isPage: boolean): Meaning {
  const known = own(errorCodes, code) ?? own(errorCodes, type);
  if (known === busy && status === 429) return limited;
  if (known) return known;
  if (code?.startsWith('invalid_image')) return badPicture;
  if ([403, 429].includes(status) && moneyWords.test(message)) return usedUp;
  if (status === 400 && /billing/i.test(message)) return usedUp;
  if ([400, 403, 422].includes(status) && safetyWords.test(message)) return blocked;
  if (isPage && (status === 404 || status === 405)) return webPage;
  if (status > 504 && status < 600) return status >= 520 ? down : server;
  return statuses[status] ?? (status >= 400 && status < 500 ? wrong : server);
}

function own(meanings: typeof errorCodes, name: string | undefined): Meaning | undefined {
  return name !== undefined && Object.hasOwn(meanings, name) ? meanings[name] : undefined;
}
