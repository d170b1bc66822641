// What Zhipu's refusals mean. Source: docs/providers/cogview.md, section 6.

import { defineErrorMap, type Envelope, type ErrorMap, type ImageError, type Json } from '@anyimage/core';

/** The parts of a body that say what is wrong. */
export interface Refusal {
  readonly error?: { readonly code?: string | null | undefined; readonly message?: string | null | undefined } | null;
  readonly request_id?: string | null | undefined;
  /** What was found where (`user` input, `assistant` output, `history`): 0 is the most severe, 3 slight. */
  readonly content_filter?: Findings;
  readonly contentFilter?: Findings;
}
type Findings = readonly { readonly role?: string | null; readonly level?: number | null }[] | null | undefined;

/** Every business code of https://docs.bigmodel.cn/cn/faq/api-code and of the older table that may still arrive. */
export const errorCodes = {
  '500': 'server',
  '1000': 'auth',
  '1001': 'auth',
  '1002': 'auth',
  '1003': 'auth',
  '1004': 'auth',
  '1005': { kind: 'auth', hint: 'The account asks for a second factor: sign in to the console once, then try again.' },
  '1100': 'server',
  '1110': 'permission',
  '1111': 'auth',
  '1112': 'permission',
  '1113': 'quota',
  '1120': 'server',
  '1121': 'permission',
  '1200': 'server',
  '1210': 'invalid-request',
  '1211': 'not-found',
  '1212': 'invalid-request',
  '1213': 'invalid-request',
  '1214': 'invalid-request',
  '1215': 'invalid-request',
  '1220': 'permission',
  '1221': 'not-found',
  '1222': 'no-address',
  '1230': 'server',
  '1231': { kind: 'invalid-request', hint: 'The same request is running already: wait for it.' },
  '1234': 'server',
  '1261': { kind: 'invalid-request', hint: 'Shorten the prompt.' },
  '1300': 'content-blocked',
  '1301': 'content-blocked',
  '1302': 'rate-limit',
  '1303': 'rate-limit',
  '1304': 'quota',
  '1305': 'unavailable',
  '1308': 'quota',
  '1309': 'quota',
  '1310': 'quota',
  '1311': { kind: 'permission', hint: 'The plan of this account lacks the model: choose another model or plan.' },
  '1312': 'unavailable',
  '1313': 'permission',
  '1314': 'quota',
  '1315': 'quota',
  '1316': 'quota',
  '1317': 'quota',
  '1318': 'quota',
  '1319': 'quota',
  '1320': 'quota',
  '1321': 'quota',
} as const satisfies ErrorMap['codes'];

/** A new code that comes as 429 may be anything of the account: waiting is the caller's decision. */
const newLimit = {
  kind: 'rate-limit',
  retryable: false,
  hint: 'This code is new to anyimage: look at the account, or wait a little and make fewer pictures at a time.',
} as const;

/** What to do where the content filter found something. */
export const reword =
  'Reword the prompt; the details say where the problem was found and how severe it is (0 is the most severe).';

const toError = defineErrorMap({
  service: 'Zhipu',
  codes: { ...errorCodes, '*': [{ status: 429, means: newLimit }] },
  statuses: { 434: 'permission' },
  hints: {
    quota:
      'The account is empty or its plan used up (this is no rate limit): top it up or change the plan in the console of the service, wait for the reset, or use another provider.',
    'content-blocked': reword,
  },
});

/** The error of an answer: by its code first (an empty account arrives as 429), then by HTTP status. */
export function serviceError(envelope: Envelope, body: Refusal | undefined): ImageError {
  const found = moderationOf(body);
  const error = toError(envelope, {
    codes: [body?.error?.code],
    message: body?.error?.message,
    requestId: body?.request_id,
    details: { contentFilter: found },
  });
  // What was found in the model's output was found after the picture was made.
  const isMade = found?.some(({ role }) => role === 'assistant');
  return isMade ? error.with({ mayHaveBeenBilled: true }) : error;
}

/** Whether there is an error that says anything. */
export function tellsError({ error }: Refusal): boolean {
  return !!(error?.code || error?.message);
}

/** Where something was found, and how bad it is; snake case in successes, camel case in errors. */
export function moderationOf(body: Refusal | undefined): { [key: string]: Json }[] | undefined {
  const list = body?.content_filter ?? body?.contentFilter;
  return list?.length ? list.map(({ role, level }) => ({ role: role ?? null, level: level ?? null })) : undefined;
}
