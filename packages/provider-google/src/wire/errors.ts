// Google's errors: one envelope, told apart by the reason in its details, its words and its status, in this order.

import { type Envelope, type ErrorCode, ImageError, type Json, retryAfter } from '@anyimage/core';
import * as z from 'zod';

/** What an error of the service means for the caller. */
export interface Meaning {
  readonly kind: ErrorCode;
  /** The same request may succeed later. */
  readonly retryable?: true;
  /** Not known to be free. */
  readonly billed?: true;
  readonly hint: string;
}

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

interface Rule {
  /** HTTP status. */
  readonly status?: number;
  /** `status` of the error: `FAILED_PRECONDITION`. */
  readonly code?: string;
  /** `reason` of an ErrorInfo. */
  readonly reason?: string;
  /** Looked for in the message and in the ids of the quotas that are used up. */
  readonly says?: RegExp;
  readonly meaning: Meaning;
}

const checkKey = 'Check that the key is complete and belongs to this host.';
const correct = 'Correct the request; the message says which field.';
const access =
  'Look at the key and its project in Google AI Studio: the API, the model or the place may not be allowed.';
const useOther = 'This model is retired, or not offered here: use another, such as google/gemini-nano-banana-2.1.';
const reword = 'Reword the prompt: it goes against the policy of the service.';
const usedUp = 'The quota of the project is used up or has none for this model: wait for its reset, or set up billing.';
const slower = 'Wait as long as the service says and make fewer pictures at a time; the limit is of the whole project.';
const busy = 'The model is overloaded: try again later or use another model.';
const failed = 'Try again later; look at the account first, since the picture may have been billed.';

const auth: Meaning = { kind: 'auth', hint: checkKey };
const permission: Meaning = { kind: 'permission', hint: access };
const blocked: Meaning = { kind: 'content-blocked', hint: reword };
const wrong: Meaning = { kind: 'invalid-request', hint: correct };
const gone: Meaning = { kind: 'not-found', hint: useOther };
const noAddress: Meaning = { kind: 'not-found', hint: 'The service has no API at this address: check the base URL.' };
const quota: Meaning = { kind: 'quota', hint: usedUp };
const limited: Meaning = { kind: 'rate-limit', retryable: true, hint: slower };
const overloaded: Meaning = { kind: 'unavailable', retryable: true, hint: busy };
const server: Meaning = { kind: 'server', retryable: true, billed: true, hint: failed };
const timeout: Meaning = { kind: 'timeout', retryable: true, billed: true, hint: failed };
const billing: Meaning = {
  kind: 'permission',
  hint: 'This model needs a project with billing: set it up in Google AI Studio, or use another model.',
};
const place: Meaning = {
  kind: 'permission',
  hint: 'The service is not offered from here without billing: set it up, or use another provider.',
};
const tooLarge: Meaning = {
  kind: 'invalid-request',
  hint: 'Give fewer or smaller pictures: a request may have 100 MB in all.',
};

/**
 * Every error of the service's documentation and what was seen of it; the first rule that fits is used. An invalid key
 * is HTTP 400, and a 429 may be an empty account.
 */
export const errorRules: readonly Rule[] = [
  { reason: 'API_KEY_INVALID', meaning: auth },
  { reason: 'PUBLIC_ERROR_UNSAFE_GENERATION', meaning: blocked },
  { reason: 'SERVICE_DISABLED', meaning: permission },
  { reason: 'MODEL_CAPACITY_EXHAUSTED', meaning: overloaded },
  { status: 400, says: /api key not valid/i, meaning: auth },
  { status: 400, says: /billed users/i, meaning: billing },
  { status: 400, code: 'FAILED_PRECONDITION', meaning: place },
  { status: 400, says: /request (payload )?size|payload (size|too large)/i, meaning: tooLarge },
  { status: 400, says: /\bpolic(y|ies)\b|responsible ai|unsafe/i, meaning: blocked },
  { status: 401, meaning: auth },
  { status: 403, says: /unregistered callers/i, meaning: auth },
  { status: 403, meaning: permission },
  { status: 404, meaning: gone },
  { status: 408, meaning: timeout },
  { status: 413, meaning: tooLarge },
  { status: 429, says: /per ?day|limit: 0\b|spend(ing)? (cap|limit)/i, meaning: quota },
  { status: 429, says: /capacity|overloaded/i, meaning: overloaded },
  { status: 429, meaning: limited },
  { status: 499, meaning: { kind: 'aborted', hint: 'The request was broken off: ask again if you still want it.' } },
  { status: 503, says: /./, meaning: overloaded },
  // A gateway's own page: it does not say that the model did nothing.
  { status: 503, meaning: { ...overloaded, billed: true, hint: failed } },
  { status: 504, meaning: timeout },
];

/** Whether a body has an error that says anything; one that is a list is always an error. */
export function tellsError(body: unknown): boolean {
  if (Array.isArray(body)) return true;
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null ? Object.keys(error).length > 0 : !!error;
}

/** The error of an answer. The body may be a list of one, and its error may be in the flat form of the newer API. */
export function serviceError(envelope: Envelope, body: unknown): ImageError {
  const { status } = envelope;
  const error = errorBody.safeParse(Array.isArray(body) ? body[0] : body).data?.error;
  const details = error?.details ?? [];
  const reason = details.find((each) => each.reason)?.reason;
  const serviceCode = reason ?? error?.status ?? (error?.code == null ? undefined : String(error.code));
  const { kind, retryable = false, billed = false, hint } = meaningOf(status, error);
  const wait = waitOf(envelope, error);
  const violations = violationsOf(details);
  const what = serviceCode ? `${serviceCode} (HTTP ${status})` : `HTTP ${status}`;
  const said = error?.message ? `: ${error.message}` : '';
  return new ImageError(kind, `Google answered ${what}${said}`, {
    status,
    ...(serviceCode && { serviceCode }),
    retryable,
    ...(wait !== undefined && { retryAfter: wait }),
    mayHaveBeenBilled: billed,
    ...(violations.length && { details: { violations } }),
    hint,
  });
}

function meaningOf(status: number, error: ServiceError | undefined): Meaning {
  if (status === 404 && !error) return noAddress;
  const details = error?.details ?? [];
  const quotas = details.flatMap(({ violations }) => violations?.map(({ quotaId }) => quotaId) ?? []);
  const said = [error?.message, ...quotas].filter(Boolean).join('\n');
  const fits = (rule: Rule) =>
    (rule.status === undefined || rule.status === status) &&
    (rule.code === undefined || rule.code === error?.status) &&
    (rule.reason === undefined || details.some(({ reason }) => reason === rule.reason)) &&
    (rule.says === undefined || rule.says.test(said));
  return errorRules.find(fits)?.meaning ?? (status >= 400 && status < 500 ? wrong : server);
}

/** How long to wait, ms: by the details, else by the message, else by the header, which is rare. */
function waitOf({ headers, now }: Envelope, error: ServiceError | undefined): number | undefined {
  const delay = error?.details?.find(({ retryDelay }) => retryDelay)?.retryDelay;
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? '') ?? /retry in (\d+(?:\.\d+)?) ?s/i.exec(error?.message ?? '');
  return seconds ? Math.ceil(Number(seconds[1]) * 1000) : retryAfter(headers, now);
}

/** The fields that are wrong and the quotas that are used up. */
function violationsOf(details: NonNullable<ServiceError['details']>): Json[] {
  const all = details.flatMap(({ fieldViolations, violations }) => [...(fieldViolations ?? []), ...(violations ?? [])]);
  return all.map((entry) => Object.fromEntries(Object.entries(entry).filter(([, value]) => value != null)));
}
