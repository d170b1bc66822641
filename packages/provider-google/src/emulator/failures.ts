import type { Reply } from '@anyimage/testkit';

/** What makes a handler stop and answer with an error. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super('refused');
    this.reply = reply;
  }
}

/** The documented envelope. */
export function failure(code: number, status: string, message: string, details: readonly unknown[] = []): Reply {
  return { status: code, json: { error: { code, message, status, ...(details.length && { details }) } } };
}

/** A refused field. `at`: `generation_config.seed`. */
export function badField(at: string, description: string): Refused {
  const message = at ? `Invalid JSON payload received. ${description} at '${at}'` : description;
  const violation = { '@type': `${types}BadRequest`, fieldViolations: [{ field: at, description }] };
  return new Refused(failure(400, 'INVALID_ARGUMENT', message, [violation]));
}

/** A value that is well formed and not allowed. */
export function invalid(message: string): Refused {
  return new Refused(failure(400, 'INVALID_ARGUMENT', message));
}

const types = 'type.googleapis.com/google.rpc.';
const help = 'For details see https://ai.google.dev/gemini-api/docs/rate-limits.';

const errorInfo = (reason: string) => ({ '@type': `${types}ErrorInfo`, reason, domain: 'googleapis.com' });
const quotaFailure = (quotaId: string) => ({
  '@type': `${types}QuotaFailure`,
  violations: [{ quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests', quotaId }],
});

export const unregistered = failure(
  403,
  'PERMISSION_DENIED',
  "Method doesn't allow unregistered callers. Please use API Key or other form of API consumer identity.",
);
export const invalidKey = failure(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
  errorInfo('API_KEY_INVALID'),
]);
export const invalidToken = failure(
  401,
  'UNAUTHENTICATED',
  'Request had invalid authentication credentials. Expected OAuth 2 access token.',
);

export function noModel(model: string, method: string): Reply {
  return failure(
    404,
    'NOT_FOUND',
    `models/${model} is not found for API version v1beta, or is not supported for ${method}.`,
  );
}

/** A prompt that is blocked: HTTP 200, and no candidates. */
export const blockedPrompt: Reply = {
  json: {
    promptFeedback: {
      blockReason: 'SAFETY',
      safetyRatings: [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true }],
    },
    usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 },
    modelVersion: 'gemini-nano-banana-2.1',
    responseId: 'blocked-0001',
  },
};

/** By the code that a client should make of them. */
export const failures = {
  auth: invalidKey,
  permission: failure(403, 'PERMISSION_DENIED', 'Generative Language API has not been used in this project.', [
    errorInfo('SERVICE_DISABLED'),
  ]),
  'not-found': noModel('gemini-2.5-flash-image', 'generateContent'),
  'invalid-request': failure(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'),
  'content-blocked': blockedPrompt,
  quota: failure(
    429,
    'RESOURCE_EXHAUSTED',
    `You exceeded your current quota, please check your plan and billing details. ${help} * Quota exceeded, limit: 0`,
    [quotaFailure('GenerateRequestsPerDayPerProjectPerModel-FreeTier')],
  ),
  'rate-limit': failure(429, 'RESOURCE_EXHAUSTED', `You exceeded your current quota. ${help} Please retry in 7.5s.`, [
    quotaFailure('GenerateRequestsPerMinutePerProjectPerModel'),
    { '@type': `${types}RetryInfo`, retryDelay: '7.5s' },
  ]),
  unavailable: failure(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
  server: failure(500, 'INTERNAL', 'An internal error has occurred.'),
  timeout: failure(504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'),
} as const;
