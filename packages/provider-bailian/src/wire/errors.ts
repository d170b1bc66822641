// Error codes of Bailian. The same error may have two spellings (`InvalidApiKey`, `invalid_api_key`) and finer kinds after a
// dot, so a code is looked up by its longest known beginning, without case, underscores and spaces.
// Source: https://help.aliyun.com/zh/model-studio/error-code.

import { type Envelope as AnswerEnvelope, type ErrorCode, ImageError, retryAfter } from '@anyimage/core';

/** The part of an answer outside its body, and what the request costs. */
export interface Envelope extends AnswerEnvelope {
  /**
   * When pictures are made and charged: `now`, while the request is open; `later`, by the task it submits, of which there is none
   * if the service refuses; `never`, it only asks.
   */
  readonly spends: 'now' | 'later' | 'never';
}

/** What an answer says is wrong. */
export interface Complaint {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly requestId?: string | undefined;
}

interface Meaning {
  readonly kind: ErrorCode;
  /** The same request may succeed later. */
  readonly retryable?: true;
  /** Not known to be free: always if the request spends, or only if it does so while it is open. */
  readonly billed?: 'always' | 'open';
  readonly hint: string;
}

const correct = 'Correct the request; the message says which field.';
const again = 'Try again; if it stays, give the picture as a file, or with providerOptions.transfer: "upload".';
const askService = 'Open the console of the service: the account or its workspace lacks the right.';
const later = 'Try again later.';
const perhapsBilled = 'Try again later; look at the account first, since the picture may have been billed.';
const tooLarge = 'Give smaller pictures, or send them with providerOptions.transfer: "upload".';

const wrong: Meaning = { kind: 'invalid-request', hint: correct };
const unreachable: Meaning = {
  kind: 'invalid-request',
  hint: 'Give a URL that the service can reach from its region, or the file itself.',
};
const unfit: Meaning = { kind: 'invalid-request', hint: 'Give a picture in a size and format that the model takes.' };
const noAccount: Meaning = { kind: 'auth', hint: 'Check that the key is complete and belongs to this host.' };
const noRight: Meaning = { kind: 'permission', hint: askService };
const gone: Meaning = {
  kind: 'not-found',
  hint: 'Choose another model; this one is not offered in this region or to this account, or no longer exists.',
};
const noAddress: Meaning = { kind: 'not-found', hint: 'The service has no API at this address: check the base URL.' };
const blocked: Meaning = { kind: 'content-blocked', hint: 'Reword the prompt, or change the picture.' };
const empty: Meaning = { kind: 'quota', hint: 'Settle the bill in the console, or use another provider.' };
const freeUsedUp: Meaning = {
  kind: 'quota',
  hint: 'The free part is used up: allow paid use in the console, or use another model.',
};
const limited: Meaning = {
  kind: 'rate-limit',
  retryable: true,
  hint: 'Wait a little and make fewer pictures at a time.',
};
const busy: Meaning = {
  kind: 'unavailable',
  retryable: true,
  hint: 'The model is overloaded: try again later or use another model.',
};
const server: Meaning = { kind: 'server', retryable: true, billed: 'open', hint: later };
const late: Meaning = { kind: 'timeout', retryable: true, billed: 'always', hint: later };

/** Every code of the service, by its beginning. */
export const errorCodes: { readonly [code: string]: Meaning } = {
  InvalidParameter: wrong,
  'InvalidParameter.DataInspection': { kind: 'invalid-request', retryable: true, hint: again },
  DataInspectionFailed: blocked,
  IPInfringementSuspect: blocked,
  FaqRuleBlocked: blocked,
  CustomRoleBlocked: blocked,
  Arrearage: empty,
  InvalidURL: unreachable,
  'InvalidURL.Timeout': { kind: 'invalid-request', retryable: true, hint: again },
  InvalidImage: unfit,
  InvalidFile: unfit,
  BadRequest: wrong,
  'BadRequest.TooLarge': { kind: 'invalid-request', hint: tooLarge },
  UnsupportedOperation: wrong,
  InvalidInputLength: { kind: 'invalid-request', hint: 'Shorten the prompt.' },
  InvalidApiKey: noAccount,
  'NOT AUTHORIZED': noRight,
  AccessDenied: noRight,
  'Model.AccessDenied': noRight,
  'Workspace.AccessDenied': noRight,
  'App.AccessDenied': noRight,
  'AllocationQuota.FreeTierOnly': freeUsedUp,
  ModelNotFound: gone,
  model_not_supported: gone,
  WorkSpaceNotFound: gone,
  NotFound: gone,
  RequestTimeOut: late,
  Conflict: wrong,
  Throttling: limited,
  LimitRequests: limited,
  limit_burst_rate: limited,
  insufficient_quota: limited,
  CommodityNotPurchased: noRight,
  PrepaidBillOverdue: empty,
  PostpaidBillOverdue: empty,
  InternalError: server,
  'InternalError.Timeout': late,
  SystemError: server,
  ModelServiceFailed: server,
  RewriteFailed: {
    kind: 'server',
    retryable: true,
    hint: 'The service could not rewrite the prompt: ask again with providerOptions.promptExtend: false.',
  },
  ModelUnavailable: busy,
  ModelServingError: busy,
};

/** For answers without a known code: a gateway's own page, or a code newer than the table. */
const statuses: { readonly [status: number]: Meaning } = {
  401: noAccount,
  403: noRight,
  404: gone,
  408: late,
  413: { kind: 'invalid-request', hint: tooLarge },
  429: limited,
  503: { ...busy, billed: 'always', hint: later },
  504: late,
};

const beginnings = Object.entries(errorCodes)
  .map(([code, meaning]) => ({ code, plain: plain(code), meaning }))
  .sort((a, b) => b.plain.length - a.plain.length);

/** The error of an answer, by its code first (an overdue bill arrives as 429), then by HTTP status. */
export function serviceError(envelope: Envelope, { code, message, requestId }: Complaint): ImageError {
  const { status, headers, now, spends } = envelope;
  const { kind, retryable = false, billed, hint } = meaningOf(status, code, message ?? '');
  // Not documented by the service; honoured if present.
  const wait = retryAfter(headers, now);
  const told = code ? `code ${code} (HTTP ${status})` : `HTTP ${status}`;
  const id = requestId ?? headers.get('x-request-id');
  const mayHaveBeenBilled = (billed === 'always' && spends !== 'never') || (billed === 'open' && spends === 'now');
  return new ImageError(kind, `Bailian answered ${told}${message ? `: ${message}` : ''}`, {
    status,
    ...(code && { serviceCode: code }),
    ...(id && { requestId: id }),
    retryable,
    ...(wait !== undefined && { retryAfter: wait }),
    mayHaveBeenBilled,
    hint: mayHaveBeenBilled ? perhapsBilled : hint,
  });
}

function meaningOf(status: number, code: string | undefined, message: string): Meaning {
  const found = code ? beginnings.find(({ plain: beginning }) => plain(code).startsWith(beginning)) : undefined;
  // "The current user api does not support synchronous calls": a header is wrong, not the account.
  if (found?.code === 'AccessDenied' && /synchronous/i.test(message)) return wrong;
  if (found?.meaning === limited && /free allocated quota exceeded/i.test(message)) return freeUsedUp;
  if (found) return found.meaning;
  if (status === 404 && !code) return noAddress;
  const known = statuses[status];
  if (known) return known;
  return status >= 400 && status < 500 ? wrong : { ...server, billed: 'always' };
}

function plain(code: string): string {
  return code.toLowerCase().replaceAll(/[_\s]/g, '');
}
