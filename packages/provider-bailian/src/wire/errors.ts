// What Bailian's refusals mean. Source: https://help.aliyun.com/zh/model-studio/error-code.

import {
  type Envelope as AnswerEnvelope,
  type Complaint,
  defineErrorMap,
  type ErrorMap,
  type ImageError,
} from '@anyimage/core';

/** The part of an answer outside its body, and when the request charges, see `spends` of core's `Complaint`. */
export interface Envelope extends AnswerEnvelope {
  readonly spends: NonNullable<Complaint['spends']>;
}

/** What an answer, a task or one picture of it says is wrong. */
export interface Refusal {
  readonly code?: string | null | undefined;
  readonly message?: string | null | undefined;
  readonly requestId?: string | null | undefined;
}

const unfetched = {
  kind: 'invalid-request',
  retryable: true,
  hint: 'Try again; if it stays, give the picture as a file, or with providerOptions.transfer: "upload".',
} as const;
const unreachable = {
  kind: 'invalid-request',
  hint: 'Give a URL that the service can reach from its region, or the file itself.',
} as const;
/** The same request is not repeated: the service wants it without rewriting. */
const noRewriting = {
  kind: 'server',
  billed: false,
  retryable: false,
  hint: 'The service could not rewrite the prompt: ask again with providerOptions.promptExtend: false.',
} as const;
const freeUsedUp = {
  kind: 'quota',
  hint: 'The free part is used up: allow paid use in the console, or use another model.',
} as const;
const limited = [{ says: /free allocated quota exceeded/i, means: freeUsedUp }, { means: 'rate-limit' }] as const;
const failed = { kind: 'server', billed: 'open' } as const;

/** Every code of the service, by its beginning: finer kinds of it follow after a dot. */
export const errorCodes = {
  InvalidParameter: 'invalid-request',
  'InvalidParameter.DataInspection': unfetched,
  DataInspectionFailed: 'content-blocked',
  IPInfringementSuspect: 'content-blocked',
  FaqRuleBlocked: 'content-blocked',
  CustomRoleBlocked: 'content-blocked',
  Arrearage: 'quota',
  InvalidURL: unreachable,
  'InvalidURL.Timeout': unfetched,
  InvalidImage: 'bad-picture',
  InvalidFile: 'bad-picture',
  BadRequest: 'invalid-request',
  'BadRequest.TooLarge': 'too-large',
  UnsupportedOperation: 'invalid-request',
  InvalidInputLength: { kind: 'invalid-request', hint: 'Shorten the prompt.' },
  InvalidApiKey: 'auth',
  'NOT AUTHORIZED': 'permission',
  // "The current user api does not support synchronous calls": a header is wrong, not the account.
  AccessDenied: [{ says: /synchronous/i, means: 'invalid-request' }, { means: 'permission' }],
  'Model.AccessDenied': 'permission',
  'Workspace.AccessDenied': 'permission',
  'App.AccessDenied': 'permission',
  'AllocationQuota.FreeTierOnly': freeUsedUp,
  ModelNotFound: 'not-found',
  model_not_supported: 'not-found',
  WorkSpaceNotFound: 'not-found',
  NotFound: 'not-found',
  RequestTimeOut: 'timeout',
  Conflict: 'invalid-request',
  Throttling: limited,
  LimitRequests: limited,
  limit_burst_rate: limited,
  insufficient_quota: limited,
  CommodityNotPurchased: 'permission',
  PrepaidBillOverdue: 'quota',
  PostpaidBillOverdue: 'quota',
  InternalError: failed,
  'InternalError.Timeout': 'timeout',
  SystemError: failed,
  ModelServiceFailed: failed,
  RewriteFailed: noRewriting,
  ModelUnavailable: 'unavailable',
  ModelServingError: 'unavailable',
} as const satisfies ErrorMap['codes'];

const toError = defineErrorMap({
  service: 'Bailian',
  codes: Object.fromEntries(Object.entries(errorCodes).map(([code, meaning]) => [`${code}*`, meaning])),
  hints: {
    quota: 'Settle the bill in the console of the service (this is no rate limit), or use another provider.',
    'too-large': 'Give smaller pictures, or send them with providerOptions.transfer: "upload".',
  },
});

/** The error of an answer, a task or a picture: by its code first (an overdue bill arrives as 429), then by HTTP status. */
export function serviceError(envelope: Envelope, { code, message, requestId }: Refusal): ImageError {
  return toError(envelope, { codes: [code], message, requestId, spends: envelope.spends });
}
