// What Google's refusals mean: one envelope, told apart by the reason in its details, its status in words and its message.
// Source: docs/providers/google.md, section 6.

import { defineErrorMap, type Envelope, type ErrorMap, type ImageError, type Json } from '@anyimage/core';
import * as z from 'zod';

const text = z.string().nullish().catch(null);
const detail = z.object({
  '@type': text,
  reason: text,
  retryDelay: text,
  violations: z
    .array(z.object({ quotaId: text, quotaMetric: text, quotaValue: text }))
    .nullish()
    .catch(null),
  fieldViolations: z
    .array(z.object({ field: text, description: text }))
    .nullish()
    .catch(null),
});
const errorBody = z.object({
  error: z.object({
    /** A number, or text in the flat form of the newer API. */
    code: z.union([z.number(), z.string()]).nullish().catch(null),
    message: text,
    status: text,
    details: z.array(detail).nullish().catch(null),
  }),
});
type ServiceError = z.infer<typeof errorBody>['error'];

const noBilling = {
  kind: 'permission',
  hint: 'This model needs a project with billing: set it up in Google AI Studio, or use another model.',
} as const;
const place = {
  kind: 'permission',
  hint: 'The service is not offered from here without billing: set it up, or use another provider.',
} as const;

/** By the reason, the status in words, or the id of a quota that is used up. */
export const errorCodes = {
  API_KEY_INVALID: 'auth',
  PUBLIC_ERROR_UNSAFE_GENERATION: 'content-blocked',
  SERVICE_DISABLED: 'permission',
  MODEL_CAPACITY_EXHAUSTED: 'unavailable',
  FAILED_PRECONDITION: [{ status: 400, means: place }],
  '*PerDay*': [{ status: 429, means: 'quota' }],
} as const satisfies ErrorMap['codes'];

/** An invalid key is HTTP 400, and a 429 may be an empty account. */
const statuses = {
  400: [
    { says: /api key not valid/i, means: 'auth' },
    { says: /billed users/i, means: noBilling },
    { says: /request (payload )?size|payload (size|too large)/i, means: 'too-large' },
    { says: /\bpolic(y|ies)\b|responsible ai|unsafe/i, means: 'content-blocked' },
  ],
  403: [{ says: /unregistered callers/i, means: 'auth' }],
  429: [
    { says: /per ?day|limit: 0\b|spend(ing)? (cap|limit)/i, means: 'quota' },
    { says: /capacity|overloaded/i, means: 'unavailable' },
    // Its "quota" is one of a minute, too.
    { means: 'rate-limit' },
  ],
  499: 'aborted',
  // A gateway's own page has no message, and does not say that the model did nothing.
  503: [{ says: /./, means: 'unavailable' }],
} as const satisfies ErrorMap['statuses'];

const toError = defineErrorMap({
  service: 'Google',
  codes: errorCodes,
  statuses,
  hints: {
    permission:
      'Look at the key and its project in Google AI Studio: the API, the model or the place may not be allowed.',
    quota: 'The quota of the project is used up or has none for this model: wait for its reset, or set up billing.',
    'rate-limit':
      'Wait as long as the service says and make fewer pictures at a time; the limit is of the whole project.',
    'not-found': 'This model is retired, or not offered here: use another, such as google/gemini-nano-banana-2.1.',
    'too-large': 'Give fewer or smaller pictures: a request may have 100 MB in all.',
  },
});

/** Whether a body has an error that says anything; one that is a list is always an error. */
export function tellsError(body: unknown): boolean {
  if (Array.isArray(body)) return true;
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null ? Object.keys(error).length > 0 : !!error;
}

/** The error of an answer. The body may be a list of one, and its error may be in the flat form of the newer API. */
export function serviceError(envelope: Envelope, body: unknown): ImageError {
  const error = errorBody.safeParse(Array.isArray(body) ? body[0] : body).data?.error;
  const details = error?.details ?? [];
  const reason = details.find((each) => each.reason)?.reason;
  const quotas = details.flatMap(({ violations }) => violations?.map(({ quotaId }) => quotaId) ?? []);
  return toError(envelope, {
    codes: [reason, error?.status, error?.code, ...quotas],
    message: error?.message,
    retryAfter: waitOf(error),
    details: { violations: violationsOf(details) },
  });
}

/** How long to wait, ms: by the details, else by the message. */
function waitOf(error: ServiceError | undefined): number | undefined {
  const delay = error?.details?.find(({ retryDelay }) => retryDelay)?.retryDelay;
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? '') ?? /retry in (\d+(?:\.\d+)?) ?s/i.exec(error?.message ?? '');
  return seconds ? Math.ceil(Number(seconds[1]) * 1000) : undefined;
}

/** The fields that are wrong and the quotas that are used up. */
function violationsOf(details: NonNullable<ServiceError['details']>): Json[] | undefined {
  const all = details.flatMap(({ fieldViolations, violations }) => [...(fieldViolations ?? []), ...(violations ?? [])]);
  const told = all.map((entry) => Object.fromEntries(Object.entries(entry).filter(([, value]) => value != null)));
  return told.length ? told : undefined;
}
