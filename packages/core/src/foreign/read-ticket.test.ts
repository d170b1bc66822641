// Tickets that were edited or damaged: nothing throws, and a picture that is paid for can be fetched as long as it is known where it is.

import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../test/loopback.ts';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import type { Json } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import { memoryTicketStore, type Ticket } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';
import { readTicket } from './read-ticket.ts';

const picture = noisyPNG(4, 4);
const ticket: Ticket = {
  id: 't-7f3a9c',
  provider: 'paint',
  model: 'one',
  host: 'paint.example',
  region: 'only',
  at: 1_764_000_000_000,
  intent: 'intent-0',
  keyPrint: '',
  state: 'delivered',
  mode: 'call',
  request: { prompt: 'a boat', sent: 'a boat', n: 2, size: { width: 4, height: 4 }, seed: 7 },
  place: { first: 0, count: 2 },
  outputs: [
    { url: 'https://paint.example/a.png', seed: 7, index: 0, expiresAt: 1_764_000_100_000, metadata: { a: 1 } },
    { url: 'https://paint.example/b.png', seed: 8, index: 1 },
  ],
  expiresAt: 1_764_000_100_000,
  cost: { amount: 0.2, currency: 'USD', estimated: true },
};

/** What names the picture. */
const essential = ['id', 'provider', 'model', 'host', 'state'];

test('a ticket comes back as it was written, with what is not known', () => {
  const later = { ...ticket, service: { id: 'job-1' }, answer: 'a', uncertain: true, colour: 'blue' };
  expect(readTicket(JSON.parse(JSON.stringify(later)))).toEqual({ ticket: later });
});

test.each<[field: string, value: unknown, read: object]>([
  ['at', 1e300, { at: 0 }],
  ['at', '2026', { at: 0 }],
  ['at', undefined, { at: 0 }],
  ['expiresAt', 1e300, { expiresAt: undefined }],
  ['request', { prompt: 'a boat', sent: 'a boat', n: 1e9 }, { request: { prompt: 'a boat', sent: 'a boat', n: 2 } }],
  ['request', { n: -1 }, { request: { prompt: '', sent: '', n: 2 } }],
  ['request', null, { request: { prompt: '', sent: '', n: 2 } }],
  ['service', null, { service: undefined }],
  ['place', { first: 5, count: 1 }, { place: undefined }],
  ['place', { first: 0, count: 1e9 }, { place: undefined }],
  ['cost', { amount: -1, currency: 'USD' }, { cost: undefined }],
  ['cost', { amount: 'x', currency: 'USD' }, { cost: undefined }],
  ['outputs', [null, 7, { url: 'u', width: 'x', expiresAt: 1e300, index: -1 }], { outputs: [{ url: 'u' }] }],
  ['outputs', 'none', { outputs: undefined }],
  ['outputs', Array(5000).fill({ url: 'u' }), { outputs: Array(1000).fill({ url: 'u' }) }],
  ['mode', 'both', { mode: undefined }],
  ['uncertain', 'yes', { uncertain: undefined }],
  ['keyPrint', 5, { keyPrint: '' }],
  ['intent', null, { intent: ticket.id }],
])('a damaged %s (%j) costs no more than itself', (field, value, read) => {
  const found = readTicket({ ...ticket, [field]: value });
  expect(found).toEqual({ ticket: { ...ticket, ...read } });
});

const json = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(1e300, -1e300, 1e9, -1, null, [], {}, '', '__proto__', [null], [[]], [{}]),
);

/** The ticket with some of its values, at any depth, put in the place of others. */
const damaged = fc.array(fc.tuple(fc.nat(40), json), { minLength: 1, maxLength: 4 }).map((changes) => {
  const copy = JSON.parse(JSON.stringify({ ...ticket, service: { id: 'job-1' } }));
  for (const [place, value] of changes) {
    const places = placesIn(copy);
    const [holder, key] = places[place % places.length]!;
    // A copy: a later change must not reach into a value that other cases share.
    holder[key] = structuredClone(value);
  }
  return copy as Record<string, unknown>;
});

function placesIn(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [Record<string, unknown>, string],
    ...placesIn(holder[key]),
  ]);
}

test('whatever is damaged, a ticket is read or told what is wrong with it, and read again it stays as it is', () => {
  fc.assert(
    fc.property(damaged, (value) => {
      const read = readTicket(value);
      if ('problem' in read) {
        expect(essential.some((field) => read.problem.includes(field))).toBe(true);
        return;
      }
      expect(readTicket(JSON.parse(JSON.stringify(read.ticket)))).toEqual(read);
      expect(new Date(read.ticket.at).toISOString()).toBeTruthy();
      expect(read.ticket.request.n).toBeLessThanOrEqual(1000);
    }),
  );
});

describe('a client', () => {
  function paint(baseURL: string) {
    return defineProvider({
      id: 'paint',
      label: 'Paint',
      models: {
        one: {
          label: 'One',
          source: 'https://docs.example',
          checked: '2026-11-20',
          operations: { generate: {} },
          delivery: { as: 'bytes' },
          modes: ['job'],
        },
      },
      regions: { only: { baseURL } },
      keys: [],
      sign: () => ({}),
      jobs: {
        submit: async () => ({ id: 'job-1' }),
        check: async (job: { id: string }) => {
          if (job.id.length < 1) throw new ImageError('not-found', 'no such job', { serviceCode: 'JobNotFound' });
          return { state: 'done', result: { outputs: [{ bytes: picture }, { bytes: picture }] } };
        },
        cancel: async () => 'cancelled',
      },
    })();
  }

  test.each<[outputs: Json, service: Json | undefined, made: number]>([
    [[{ index: 0 }], undefined, 0],
    [[], undefined, 0],
    [[{ index: 0 }], { id: 'job-1' }, 2],
    [[], { id: 'job-1' }, 2],
  ])('asks the service where a ticket knows no place (%j, %j), and loses none', async (outputs, service, made) => {
    const store = memoryTicketStore();
    const lost = { ...ticket, outputs, ...(service !== undefined && { service }) } as Ticket;
    await store.create(lost);
    await store.release(lost.id);
    const clock = { now: () => Date.now(), sleep: async () => {} };
    const client = createClient({ providers: [paint('https://paint.example')], env: {}, tickets: store, clock });
    const { images, error } = await client.runTicket(lost.id);
    await client.close();
    expect(images).toHaveLength(made);
    if (made === 0) expect(error).toMatchObject({ code: 'not-found', mayHaveBeenBilled: true });
    expect(await store.list()).toEqual(made === 0 ? [lost] : []);
  });

  test('fetches what is known to be somewhere, whatever else of a ticket is damaged, and never throws a defect', async () => {
    const { origin } = await serve((_, response) => response.end(picture));
    const { host } = new URL(origin);
    const clock = { now: () => Date.now(), sleep: async () => {} };
    await fc.assert(
      fc.asyncProperty(damaged, async (value) => {
        const text = JSON.stringify(value)
          .replaceAll('https://paint.example', origin)
          .replaceAll('paint.example', host);
        const given = JSON.parse(text) as Ticket;
        const store = memoryTicketStore();
        const tickets = { ...store, get: async () => given, claim: async () => true };
        const client = createClient({ providers: [paint(origin)], env: {}, tickets, clock, maxRetries: 0 });
        onTestFinished(() => client.close());
        const { images, error } = await client.runTicket('t-7f3a9c');
        const isWhole = essential.every(
          (field) => given[field as 'id'] === (field === 'host' ? host : ticket[field as 'id']),
        );
        const urls = Array.isArray(given.outputs) ? given.outputs.map((output) => output?.url) : [];
        const isFetchable = urls.includes(`${origin}/a.png`) || urls.includes(`${origin}/b.png`);
        if (isWhole && isFetchable && given.answer === undefined) expect(images.length).toBeGreaterThan(0);
        if (images.length === 0) expect(error).toMatchObject({ code: expect.any(String), hint: expect.any(String) });
        expect(error?.message ?? '').not.toMatch(/Invalid time|Invalid array length/);
        await client.cancel('t-7f3a9c').catch((reason: unknown) => expect(ImageError.isInstance(reason)).toBe(true));
        await client.close();
      }),
      { numRuns: 60 },
    );
  });
});
