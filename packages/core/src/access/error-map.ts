// What a refusal of a service means: one law for all services. A service's own data are its codes and what they mean.

import type { Json } from '../contract/capabilities.ts';
import { type ErrorCode, ImageError } from '../contract/errors.ts';
import { present, unlessEmpty } from '../contract/objects.ts';
import { quoted, quotedWord } from '../foreign/foreign.ts';
import { retryAfter } from '../timing/retry-after.ts';
import type { Envelope } from './exchange.ts';

/** A meaning in full. */
interface Meaning {
  readonly kind: ErrorCode;
  /** What to do next, one sentence. */
  readonly hint: string;
  /** The same request may succeed later. */
  readonly retryable?: boolean;
  /** Not known to be free. `open`: only if the pictures are made while the request is open, see {@link Complaint.spends}. */
  readonly billed?: boolean | 'open';
  /** What of the set-up is wrong: it goes into the error's details. */
  readonly option?: 'baseURL';
}

const later = 'Try again later.';

/**
 * The usual meanings, by name. Most are named like the code that their error has. The others: `no-address` (nothing answers at this
 * base URL), `bad-picture`, `too-large` (pictures that are given) and `down` (a gateway answers in place of the service, which may have begun its work).
 */
const usual = {
  auth: { kind: 'auth', hint: 'Check that the key is complete and belongs to this host.' },
  permission: {
    kind: 'permission',
    hint: 'Open the console of the service: the account or its key lacks the right.',
  },
  quota: {
    kind: 'quota',
    hint: 'The account is empty or at its limit (this is no rate limit): top it up or raise the limit in the console of the service, or use another provider.',
  },
  'rate-limit': {
    kind: 'rate-limit',
    retryable: true,
    hint: 'Wait a little and make fewer pictures at a time.',
  },
  'invalid-request': {
    kind: 'invalid-request',
    hint: 'Correct the request; the message says what is wrong with it.',
  },
  'bad-picture': {
    kind: 'invalid-request',
    hint: 'Give a whole picture in a size and format that the model takes.',
  },
  'too-large': { kind: 'invalid-request', hint: 'Give smaller or fewer pictures.' },
  'content-blocked': { kind: 'content-blocked', hint: 'Reword the prompt, or use other pictures.' },
  'not-found': {
    kind: 'not-found',
    hint: 'Choose another model; this one is not offered to this account or in this region, or no longer exists.',
  },
  'no-address': {
    kind: 'not-found',
    option: 'baseURL',
    hint: 'The service has no API at this address, or no such model: check the base URL and the name of the model.',
  },
  timeout: { kind: 'timeout', retryable: true, billed: true, hint: later },
  aborted: { kind: 'aborted', hint: 'The request was broken off: ask again if you still want the picture.' },
  server: { kind: 'server', retryable: true, billed: true, hint: later },
  unavailable: {
    kind: 'unavailable',
    retryable: true,
    hint: 'The model is overloaded: try again later or use another model.',
  },
  down: { kind: 'unavailable', retryable: true, billed: true, hint: later },
} as const satisfies { readonly [name: string]: Meaning };

/** The name of a usual meaning. */
export type MeaningName = keyof typeof usual;

/** A usual meaning by its name, or one that differs from it in what is given. */
export type ErrorMeaning =
  | MeaningName
  | ({ readonly kind: MeaningName } & Partial<Pick<Meaning, 'hint' | 'retryable' | 'billed'>>);

/** One of several meanings of a code or status: the first whose conditions are all met counts. */
export interface ErrorCase {
  readonly means: ErrorMeaning;
  /** HTTP status. */
  readonly status?: number;
  /** Looked for in the service's message. */
  readonly says?: RegExp;
}

/** What is known of a service's refusals. */
export interface ErrorMap {
  /** Begins the message: `Zhipu answered code 1301 (HTTP 400): …`. */
  readonly service: string;
  /**
   * The service's own codes. They are compared without case, underscores and spaces; `*` stands for any text, and the longest code
   * that fits counts. Where none of a code's cases applies, it is as if it were not in the table.
   */
  readonly codes: { readonly [code: string]: ErrorMeaning | readonly ErrorCase[] };
  /** What an HTTP status means where the codes do not tell, if it differs from what is usual. */
  readonly statuses?: { readonly [status: number]: ErrorMeaning | readonly ErrorCase[] };
  /** What to do next, by meaning, if it differs from what is usual. */
  readonly hints?: { readonly [name in MeaningName]?: string };
}

/** What the body of a refusal says. Everything is optional: a gateway's own page says nothing. */
export interface Complaint {
  /**
   * The service's codes, the most precise first: that one is shown, and the first that the map knows decides. One that is empty or
   * repeats the HTTP status is no code.
   */
  readonly codes?: readonly (string | number | null | undefined)[];
  readonly message?: string | null | undefined;
  /** Default: the header `x-request-id`. */
  readonly requestId?: string | null | undefined;
  /** How long to wait before trying again, ms. Default: what the headers say. */
  readonly retryAfter?: number | undefined;
  /** For the error's details; what is undefined is left out. */
  readonly details?: { readonly [name: string]: Json | undefined };
  /**
   * When the service charges: `now`, while the request is open (default); `later`, by the job that the request submits, of which
   * there is none if the service refuses; `never`, the request is free.
   */
  readonly spends?: 'now' | 'later' | 'never' | undefined;
}

/** Whether a picture that was blocked after it was drawn is charged is not known. */
const held = { kind: 'content-blocked', billed: true } as const;

/** What a status means at every service, where the service says nothing more. The rest of 4xx is a wrong request. */
const usualStatuses: { readonly [status: number]: ErrorMeaning } = {
  401: 'auth',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  410: 'not-found',
  413: 'too-large',
  429: 'rate-limit',
  446: held, // what gateways answer whose guardrails refuse
  503: 'down',
  504: 'timeout',
};

/** What relays and gateways in front of services say, whatever the service is: by code, where the service has no such code itself. */
const relayCodes = {
  '*content_filter*': held,
  '*content_policy*': held,
  '*ResponsibleAI*': held,
  '*sensitive_words*': held,
  '*moderation*': held,
  '*safety*': held,
  '*user_quota*': 'quota',
  '*token_quota*': 'quota',
  quota_exceeded: 'quota',
  '*insufficient_quota*': 'quota',
  '*insufficient_balance*': 'quota',
  '*insufficient_credit*': 'quota',
  '*budget_exceeded*': 'quota',
  '*arrear*': 'quota',
  payment_required: 'quota',
  DeploymentNotFound: 'not-found',
  no_available_channel: 'unavailable',
  '*overloaded*': 'unavailable',
  '*model_access_denied*': 'permission',
  '*expired_key*': 'auth',
  hooks_failed: held,
} as const satisfies ErrorMap['codes'];

/** The same by their words, where neither the codes nor the service's own statuses tell. The first that fits counts. */
const relayWords: readonly { readonly says: RegExp; readonly means: ErrorMeaning; readonly statuses: RegExp }[] = [
  {
    says: /insufficient\.?[ _](user[ _]|account[ _])?(quota|balance|credits?|funds)|exhausted balance|(quota|credits?|balance|budget) (is |are |has been |have been )?(exhausted|used up|insufficient|not enough|exceeded)|exceeded (your |the |monthly |included )*(current |max )?(quota|budget|credits)|(n['’]t|never) (have|purchased) (any )?credits|out of (credits?|call volume quota)|used up your (daily |monthly |free )*(allocation|quota|credits)|(monthly|spending|key) limit|past invoices|额度(不足|已用|耗尽)|余额不足|欠费/i,
    means: 'quota',
    statuses: /^(200|4(00|01|02|03|12|22|29)|500)$/,
  },
  {
    // The account, and not this request, whatever it was blocked for.
    says: /\b(account|organi[sz]ation|project|resource|team|user)\b.{0,20}\b(has been|have been|is|was) (temporarily |permanently )?(banned|blocked|deactivated|disabled|locked|suspended)\b|\baccount (disabled|locked|suspended)\b|(location|country|region).{0,40}not supported/i,
    means: 'permission',
    statuses: /^(200|4(00|01|03|12|22))$/,
  },
  {
    says: /content[ _]?(management |safety )?polic|content[ _-]?filter|content moderation|safety (system|filter|polic)|responsible ?ai|sensitive (words?|content|information)|new_sensitive|prohibited content|inappropriate content|nsfw|(was|were|is|been|material) flagged|requires moderation|guardrail|due to security configurations|敏感词|敏感内容|违规|审核(不|未)通过/i,
    means: held,
    statuses: /^(200|4(00|03|22|24|51)|500)$/,
  },
  {
    says: /authentication (error|fail)|(invalid|incorrect|expired|missing|no) api[ _-]?key\b|expired key|(invalid|expired|missing|no) access[ _-]?token\b|unauthori[sz]ed|(api.?key|token|令牌|密钥).{0,12}(无效|不存在|过期)|未登录/i,
    means: 'auth',
    statuses: /^(200|40[03])$/,
  },
  {
    says: /too many requests|rate.?limit(ed|s)?\b|请求过于频繁|限流/i,
    means: 'rate-limit',
    statuses: /^200$/,
  },
  {
    says: /\b(currently|still|is) loading\b/i,
    means: 'unavailable',
    statuses: /^(200|503)$/,
  },
];

/** What a 404 is about that is of the model, and not of the address. */
const ofModel = /\b(model|deployment)\b|模型/i;

/** In place of the advice to try again, and behind any other advice. */
const instead = 'The picture may have been billed: look at the account first, and ask for another only if it was not.';
const besides = '; look at the account first, since the picture may have been billed.';

/** Of a refusal, that it costs nothing. */
const saysFree = /\b(not|no credits (were|was|have been)) (been )?(billed|charged)\b|(未|不)(扣费|计费)/i;

/** What services call the failures that have a status of their own. */
const statusNames: readonly (readonly [names: RegExp, status: number])[] = [
  [/^(invalid(request|argument|parameter|value)|badrequest|validation)/, 400],
  [/^(authentication|unauthenticated|unauthorized|invalid(api)?(key|token))/, 401],
  [/^(permission|forbidden|accessdenied)/, 403],
  [/^(\w*notfound|nosuch)/, 404],
  [/^(ratelimit|toomanyrequests|resourceexhausted|throttl)/, 429],
  [/^(unavailable|serviceunavailable|overloaded)/, 503],
  [/^(timeout|deadline)/, 504],
];

/** The status that a code is, or that it has as a name. */
function statusNamed(code: string): number | undefined {
  const number = Number(code);
  if (number >= 400 && number < 600) return number;
  return statusNames.find(([names]) => names.test(plain(code)))?.[1];
}

/**
 * Makes the function that turns a service's refusal into an error. The meaning is that of the service's code, for a code often says
 * more than its status (an empty account may arrive as 429); else that of the status. An answer 404 whose words name a
 * model is one of the model; another 404, or a 405, without a code is one of the base URL. The function never throws.
 */
export function defineErrorMap({ service, codes, statuses = {}, hints = {} }: ErrorMap) {
  const own = readTable(codes);

  function meaningOf(status: number, told: readonly string[], message: string): ErrorMeaning {
    const codes = told.map(plain);
    for (const table of [own, relays]) {
      for (const code of codes) {
        for (const { fits, meaning } of table) {
          const found = fits.test(code) ? applying(meaning, status, message) : undefined;
          if (found) return found;
        }
      }
    }
    if (status === 404 && ofModel.test(message)) return 'not-found';
    if ((status === 404 || status === 405) && told.length === 0) return 'no-address';
    const usually = statuses[status] && applying(statuses[status], status, message);
    if (usually) return usually;
    const relay = relayWords.find(({ says, statuses: at }) => at.test(String(status)) && says.test(message));
    if (relay) return relay.means;
    return usualStatuses[status] ?? restOf(status);
  }

  return function toError({ status, headers, now }: Envelope, complaint: Complaint = {}): ImageError {
    const { spends = 'now', details: beside = {} } = complaint;
    const message = complaint.message ?? '';
    const told = codesOf(complaint, status);
    const [serviceCode] = told;
    // A failure that is told with a good status may have the status that it deserves in its code.
    const deserved = status < 300 ? told.map(statusNamed).find((named) => named !== undefined) : undefined;
    const meant = deserved === undefined ? told : told.filter((code) => code !== String(deserved));
    const meaning = inFull(meaningOf(deserved ?? status, meant, message), hints);
    const { kind, option, retryable = false, billed = false } = meaning;
    const isFree = spends === 'never' || (kind === 'content-blocked' && saysFree.test(message));
    const mayHaveBeenBilled = billed === 'open' ? spends === 'now' : billed && !isFree;
    const warnsOfBill = mayHaveBeenBilled && retryable;
    const hint = warnsOfBill ? warned(meaning.hint) : meaning.hint;
    const answered = serviceCode === undefined ? `HTTP ${status}` : `code ${quotedWord(serviceCode)} (HTTP ${status})`;
    const facts = present({
      status,
      serviceCode,
      requestId: complaint.requestId || headers.get('x-request-id') || undefined,
      retryable,
      retryAfter: complaint.retryAfter ?? retryAfter(headers, now),
      mayHaveBeenBilled,
      details: unlessEmpty<{ readonly [name: string]: Json }>(present({ option, ...beside })),
      hint,
    });
    return new ImageError(kind, `${service} answered ${answered}${message && `: ${quoted(message)}`}`, facts);
  };
}

function warned(hint: string): string {
  return hint === later ? instead : hint.replace(/\.$/, besides);
}

/** The codes of a table, the longest first. */
function readTable(codes: ErrorMap['codes']) {
  return Object.entries(codes)
    .map(([code, meaning]) => ({ pattern: plain(code), fits: matcher(code), meaning }))
    .sort((one, other) => other.pattern.length - one.pattern.length);
}

const relays = readTable(relayCodes);

function codesOf({ codes = [] }: Complaint, status: number): string[] {
  const texts = codes.map((code) => String(code ?? ''));
  return texts.filter((code) => code !== '' && code !== String(status));
}

/** The meaning itself, or that of the first case that applies. */
function applying(
  meaning: ErrorMeaning | readonly ErrorCase[],
  status: number,
  message: string,
): ErrorMeaning | undefined {
  if (!isCases(meaning)) return meaning;
  const found = meaning.find(
    (one) => (one.status === undefined || one.status === status) && (one.says === undefined || one.says.test(message)),
  );
  return found?.means;
}

function isCases(meaning: ErrorMeaning | readonly ErrorCase[]): meaning is readonly ErrorCase[] {
  return Array.isArray(meaning);
}

/** Statuses from 520 on are those of gateways that did not reach the service, or waited for it in vain. */
function restOf(status: number): MeaningName {
  if (status >= 400 && status < 500) return 'invalid-request';
  return status >= 520 ? 'down' : 'server';
}

function inFull(meaning: ErrorMeaning, hints: NonNullable<ErrorMap['hints']>): Meaning {
  const { kind: name, ...differences } = typeof meaning === 'string' ? { kind: meaning } : meaning;
  const hint = hints[name] ?? usual[name].hint;
  return { ...usual[name], hint, ...differences };
}

function matcher(code: string): RegExp {
  const parts = plain(code)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function plain(code: string): string {
  return code.toLowerCase().replaceAll(/[_\s]/g, '');
}
