// What a service's documentation says is refused, as data: the emulated service refuses it, and where a caller can ask for it, so
// does the provider's table, before anything is sent.

import assert from 'node:assert/strict';
import { type ClientRequest, type Clock, createClient, ImageError, isRecord, type Json } from '@anyimage/core';
import type { Emulator } from '../emulator/emulator.ts';
import type { Subject } from './rig/case.ts';

/** One sentence of the documentation, and a request that it forbids. */
export interface Refused {
  /** The sentence, as short as it can be said; unique. */
  readonly says: string;
  /** Below the base URL; from the root of the host if it begins with `/`. */
  readonly to: string;
  /** Default `POST`. */
  readonly method?: string;
  /** The body: JSON (default none), or a form. */
  readonly json?: unknown;
  readonly form?: FormData;
  /** Besides those that authorise the request; an empty value takes one of those away. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** What the answer holds, among other things. */
  readonly holds: Json;
  /** The same in words of a request. The table refuses it, and nothing is sent. */
  readonly ask?: ClientRequest;
}

/** Whose sentences they are. */
export interface RefusingSubject extends Required<Pick<Subject, 'provider' | 'emulator'>>, Pick<Subject, 'codec'> {
  /** For services whose models come and go. */
  readonly clock?: Clock;
}

/** Codes of an error that was found before anything was sent. */
const foundBefore: ReadonlySet<string> = new Set(['unsupported', 'invalid-request', 'not-found']);

/** Throws where the service takes the request, refuses it otherwise, charges for it, or the provider sends it. */
export async function checkRefused(subject: RefusingSubject, refused: Refused): Promise<void> {
  const { emulator: factory, clock } = subject;
  const service = await factory.start({ ...(clock && { clock }) });
  try {
    await checkService(subject, service, refused);
    if (refused.ask) await checkTable(subject, service, refused.ask);
  } finally {
    await service.close();
  }
}

async function checkService({ provider }: RefusingSubject, service: Emulator, refused: Refused): Promise<void> {
  const { to, method = 'POST', json, form, headers, status, holds } = refused;
  const url = new URL(to.startsWith('/') ? service.origin + to : `${service.baseURL}/${to}`);
  const signed = await provider().sign(service.key, { method, url });
  const sent = Object.entries({
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...signed,
    ...headers,
  }).filter(([, value]) => value !== '');
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  const answer = await fetch(url, { method, headers: sent, ...(body !== undefined && { body }) });
  const text = await answer.text();
  assert.equal(answer.status, status, `the service answers ${answer.status}: ${text.slice(0, 300)}`);
  assert.ok(isWithin(holds, parsed(text)), `the answer does not hold ${JSON.stringify(holds)}: ${text.slice(0, 300)}`);
  assert.equal(service.submissions, 0, 'the service takes the request');
  assert.equal(service.spent, 0, 'the service charges for the request');
}

async function checkTable(
  { provider, codec, clock }: RefusingSubject,
  service: Emulator,
  ask: ClientRequest,
): Promise<void> {
  service.reset();
  const made = provider({ baseURL: service.baseURL, apiKey: service.key });
  const client = createClient({ providers: [made], env: {}, ...(codec && { codec }), ...(clock && { clock }) });
  try {
    const error = await client.generate(ask).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(ImageError.isInstance(error), 'the provider makes the picture');
    assert.ok(foundBefore.has(error.code), `the provider fails with ${error.code}: ${error.message}`);
    assert.deepEqual(service.requests, [], 'the provider asks the service before it refuses');
  } finally {
    await client.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether all of `part` is in `whole`, at the same places. */
function isWithin(part: Json, whole: unknown): boolean {
  if (typeof part === 'string' && typeof whole === 'string') return whole.includes(part);
  if (Array.isArray(part)) return Array.isArray(whole) && part.every((one, index) => isWithin(one, whole[index]));
  if (!isRecord(part)) return part === whole;
  return isRecord(whole) && Object.entries(part).every(([name, value]) => isWithin(value, whole[name]));
}
