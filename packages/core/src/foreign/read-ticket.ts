// A ticket that comes out of a store is read before it is used: people, other programs and failing disks write there, too. What names the
// picture must be right. What only describes it is left out where it is not: a picture that is paid for must not be lost for it.

import type { Json } from '../contract/capabilities.ts';
import { isRecord, present } from '../contract/objects.ts';
import type { Money } from '../contract/provider.ts';
import type { Ticket, TicketOutput } from '../contract/tickets.ts';

/** No request has more pictures. */
const mostPictures = 1000;
/** The last moment of a calendar in JavaScript, Unix time in ms. */
const lastMoment = 8.64e15;

/** The ticket that a value from a store is, or why it is none. What is not known is kept: a later version may have written it. */
export function readTicket(value: unknown): { readonly ticket: Ticket } | { readonly problem: string } {
  if (!isRecord(value)) return { problem: 'it is not a JSON object' };
  const { id, provider, model, host, state } = value;
  if (!isTicketId(id)) return wrong('id');
  if (typeof provider !== 'string') return wrong('provider');
  if (typeof model !== 'string') return wrong('model');
  if (typeof host !== 'string') return wrong('host');
  if (!isState(state)) return wrong('state');
  const outputs = Array.isArray(value.outputs) ? value.outputs.slice(0, mostPictures).flatMap(readOutput) : undefined;
  const ticket: Ticket = {
    ...value,
    id,
    provider,
    model,
    host,
    state,
    region: textIn(value.region) ?? '',
    at: timeIn(value.at) ?? 0,
    intent: textIn(value.intent) ?? id,
    keyPrint: textIn(value.keyPrint) ?? '',
    request: readRequest(value.request, outputs?.length),
    ...known({
      uncertain: value.uncertain === true ? value.uncertain : undefined,
      mode: value.mode === 'job' || value.mode === 'call' ? value.mode : undefined,
      place: readPlace(value.place),
      service: (value.service ?? undefined) as Json | undefined,
      outputs,
      answer: textIn(value.answer),
      expiresAt: timeIn(value.expiresAt),
      cost: moneyIn(value.cost),
    }),
  };
  return { ticket: present(ticket) };
}

/** Whether a ticket may have this id: it can become a file name, and may not lead anywhere else. */
export function isTicketId(id: unknown): id is string {
  return typeof id === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id);
}

/** Whether a number is a time, Unix time in ms: one that a calendar knows. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= lastMoment;
}

function wrong(field: string) {
  return { problem: `its ${field} is missing or wrong` };
}

/** The entries, undefined ones too, which take the place of what was read. */
function known<T extends object>(entries: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return entries as { [K in keyof T]: Exclude<T[K], undefined> };
}

function isState(value: unknown): value is Ticket['state'] {
  return value === 'intended' || value === 'submitted' || value === 'delivered' || value === 'done';
}

function readRequest(value: unknown, outputs: number | undefined): Ticket['request'] {
  const words = (isRecord(value) ? value : {}) as { readonly [word: string]: Json };
  const n = isCount(words.n) && words.n > 0 ? words.n : (outputs ?? 1);
  const prompt = textIn(words.prompt) ?? '';
  return { ...words, prompt, sent: textIn(words.sent) ?? prompt, n: Math.max(1, n) };
}

function readPlace(value: unknown): Ticket['place'] {
  if (!isRecord(value)) return undefined;
  const { first, count } = value;
  return isCount(first) && isCount(count) && first < count ? { first, count } : undefined;
}

/** What a value says of money: an amount from 0 that can be summed up, in a currency; undefined if it says nothing of the kind. */
export function moneyIn(value: unknown): Money | undefined {
  if (!isRecord(value)) return undefined;
  const { amount, currency, estimated } = value;
  const isAmount = typeof amount === 'number' && amount >= 0 && amount <= mostMoney;
  return isAmount && typeof currency === 'string' ? { amount, currency, estimated: estimated === true } : undefined;
}

/** Sums are in whole millionths, which no larger amount can be. */
const mostMoney = Number.MAX_SAFE_INTEGER / 1e6;

/** One picture. Of one that is lost or done no place may be known. */
function readOutput(value: unknown): TicketOutput[] {
  if (!isRecord(value)) return [];
  const output = {
    url: textIn(value.url),
    ref: textIn(value.ref),
    mediaType: textIn(value.mediaType),
    width: numberIn(value.width),
    height: numberIn(value.height),
    byteLength: numberIn(value.byteLength),
    seed: Number.isFinite(value.seed) ? (value.seed as number) : undefined,
    index: isCount(value.index) ? value.index : undefined,
    revisedPrompt: textIn(value.revisedPrompt),
    expiresAt: timeIn(value.expiresAt),
    metadata: value.metadata as Json | undefined,
  };
  return [present(output)];
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= mostPictures;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function timeIn(value: unknown): number | undefined {
  return isTime(value) ? value : undefined;
}
