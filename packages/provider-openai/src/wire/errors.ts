// What OpenAI and servers like it answer when they refuse, and what it means. Sources: docs/providers/openai.md, sections 4 and 5.

import {
  type AnswerHeaders,
  defineErrorMap,
  type Envelope,
  type ErrorCode,
  type ErrorMap,
  type ImageError,
  quotedWord,
  readComplaint,
} from '@anyimage/core';
import * as z from 'zod';

/** Whether the `error` of a body says anything. */
export function tellsError(error: unknown): boolean {
  return typeof error === 'object' && error !== null ? Object.keys(error).length > 0 : !!error;
}

/** The error of an answer. `body`: parsed JSON, or the text if it was none. */
export function serviceError(envelope: Envelope, body: unknown): ImageError {
  const { headers } = envelope;
  const { codes, message, field } = readComplaint(body);
  const named = /safety_violations=\[([^\]]*)\]/.exec(message ?? '')?.[1]?.split(/,\s*/);
  const violations = named ?? filteredIn(body);
  const error = toError(envelope, {
    codes,
    message,
    requestId: requestIdOf(headers),
    details: { field, safetyViolations: violations },
  });
  const asked = headers.get('x-should-retry');
  const isRetryable = error.retryable || (asked === 'true' && timeHelps.has(error.code));
  const isField = error.code === 'invalid-request' && field !== undefined;
  return error.with({
    retryable: asked !== 'false' && isRetryable,
    ...(isField && { hint: `Correct ${quotedWord(field)}, or leave it out.` }),
  });
}

/** What Azure's filter found: the names of its results that are `filtered`. Undefined where the body is no such refusal. */
function filteredIn(body: unknown): readonly string[] | undefined {
  const found = filterResults.safeParse(body).data?.error.inner_error.content_filter_results ?? {};
  const names = Object.keys(found).filter((name) => found[name]?.filtered);
  return names.length > 0 ? names : undefined;
}

const filterResult = z.object({ filtered: z.boolean() }).nullish().catch(undefined);
const filterResults = z.object({
  error: z.object({ inner_error: z.object({ content_filter_results: z.record(z.string(), filterResult) }) }),
});

/** The id to give to the service's support. */
export function requestIdOf(headers: AnswerHeaders): string | undefined {
  return headers.get('x-request-id') ?? headers.get('x-siliconcloud-trace-id') ?? undefined;
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
  DeploymentNotFound: {
    kind: 'not-found',
    hint: 'Name a deployment of this resource as it is called there; a new one may take some minutes. One that is not called like its model needs a row of its own, like that of the model.',
  },
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

const toError = defineErrorMap({
  service: 'the service',
  codes: errorCodes,
  statuses: {
    400: [{ says: /billing/i, means: 'quota' }],
    403: [noMoney],
    404: 'no-address',
    405: 'no-address',
    409: 'down',
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
      'This server has no such image endpoint, or not this model: check the base URL (most end in /v1), the name of the model, and that the server draws pictures; Ollama and LM Studio do not.',
  },
});
