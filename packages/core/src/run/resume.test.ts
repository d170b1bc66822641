// What a ticket comes to when the service has forgotten its job, or cannot be reached.

import { afterEach, describe, expect, test } from 'vitest';
import { closedPort, serve } from '../../test/loopback.ts';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import { defineErrorMap } from '../access/error-map.ts';
import { exchange } from '../access/exchange.ts';
import { readComplaint } from '../answers/complaint.ts';
import type { Client, ClientOptions } from '../contract/client.ts';
import type { CallContext, HttpRequest } from '../contract/provider.ts';
import { memoryTicketStore, type Ticket } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';
import { systemClock } from '../timing/clock.ts';

const open: Client[] = [];
afterEach(() => Promise.all(open.splice(0).map((client) => client.close())));

const toError = defineErrorMap({ service: 'Paint', codes: {} });

/** Asks, and throws what the service complains of. */
async function ask(context: CallContext, request: HttpRequest): Promise<unknown> {
  const { envelope, body } = await exchange(context, request);
  if (envelope.status >= 400) throw toError(envelope, readComplaint(body));
  return body;
}

/** A service that works through jobs, spoken to in HTTP. */
function paint(baseURL: string, apiKey?: string) {
  return defineProvider({
    id: 'paint',
    label: 'Paint',
    models: {
      one: {
        label: 'One',
        source: 'https://docs.example',
        checked: '2026-11-20',
        operations: { generate: {} },
        modes: ['job'],
        delivery: { as: 'url', livesSeconds: 3600 },
        prices: [{ amount: 1, currency: 'USD', per: 'image' }],
      },
    },
    regions: { only: { baseURL } },
    keys: apiKey === undefined ? [] : [{ env: 'PAINT_API_KEY' }],
    sign: (key) => ({ Authorization: `Bearer ${key}` }),
    jobs: {
      submit: async (_, context) => (await ask(context, { to: 'jobs', json: {}, spends: true })) as { id: string },
      async check(ticket, context) {
        const job = (await ask(context, { to: `jobs/${(ticket as { id: string }).id}` })) as { url?: string };
        if (job.url === undefined) return { state: 'running' };
        return { state: 'done', result: { outputs: [{ url: job.url }] } };
      },
      async cancel(ticket, context) {
        await ask(context, { method: 'DELETE', to: `jobs/${(ticket as { id: string }).id}` });
        return 'cancelled';
      },
    },
  })(apiKey === undefined ? {} : { apiKey });
}

function connect(baseURL: string, options: Partial<ClientOptions> = {}) {
  const waits: number[] = [];
  const clock = {
    now: () => Date.now(),
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      waits.push(ms);
    },
  };
  const client = createClient({
    providers: [paint(baseURL)],
    env: {},
    clock,
    maxRetries: 0,
    ...options,
  });
  open.push(client);
  return { client, waits };
}

/** A ticket of a job that was submitted in another process. */
function submitted(baseURL: string, more: Partial<Ticket> = {}): Ticket {
  return {
    id: 't-1',
    provider: 'paint',
    model: 'one',
    host: new URL(baseURL).host,
    region: 'only',
    at: Date.now() - 60_000,
    intent: 'x-0',
    keyPrint: '',
    state: 'submitted',
    mode: 'job',
    request: { prompt: 'a boat', sent: 'a boat', n: 1 },
    place: { count: 1, first: 0 },
    service: { id: '7' },
    ...more,
  };
}

async function storeOf(...tickets: readonly Ticket[]) {
  const store = memoryTicketStore();
  for (const ticket of tickets) await store.put(ticket);
  return store;
}

/** A service that takes every job, and answers each question about it as it is told. */
async function forgetful(status: number, body: string, type = 'application/json') {
  const asked: string[] = [];
  const { origin } = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => {
      if (request.method === 'POST') response.end('{"id":"7"}');
      else response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  return { baseURL: `${origin}/v1`, asked };
}

describe('a job that the service does not know any more', () => {
  const words: readonly (readonly [number, unknown])[] = [
    [404, { error: { code: 'task_not_exist', message: 'task not exist' } }],
    [404, { code: 'NotFound', message: 'no such job' }],
    [404, { message: 'Task not found' }],
    [404, { detail: 'Prediction not found' }],
    [410, { error: { message: 'the job has expired' } }],
    [410, { error: { code: 'gone', message: 'this is no longer there' } }],
    [400, { code: 'InvalidTask', message: '任务不存在或已过期' }],
    [400, { error: { code: 'InvalidParameter', message: 'task_id 7 does not exist' } }],
    [422, { error: { message: 'unknown job: 7' } }],
  ];

  test.each(words)(
    'HTTP %i %j: told as that, with what it means for the money and what to do',
    async (status, body) => {
      const { baseURL, asked } = await forgetful(status, JSON.stringify(body));
      for (const way of ['while waiting', 'when resumed'] as const) {
        const tickets = await storeOf(...(way === 'when resumed' ? [submitted(baseURL)] : []));
        const { client } = connect(baseURL, { tickets });
        const outcome =
          way === 'when resumed'
            ? await client.runTicket('t-1', { timeout: 5000 })
            : await client.run({ prompt: 'a boat', timeout: 5000 });
        const [left] = await tickets.list();
        expect(outcome.error, way).toMatchObject({
          code: 'not-found',
          mayHaveBeenBilled: true,
          retryable: false,
          status,
        });
        expect(outcome.error?.message).toMatch(/^the service does not know the job any more: /);
        expect(outcome.error?.hint).toMatch(/account/);
        expect(outcome.error?.hint).toMatch(/drop the ticket/);
        expect(outcome.error?.hint).toContain(`resume ticket ${left?.id}`);
        expect(outcome.error?.hint).not.toMatch(/ask again|base URL|goes on/i);
        expect(outcome.pending).toEqual([]);
        expect(left).toMatchObject({ state: 'submitted', uncertain: true, service: { id: '7' } });
      }
      expect(asked.filter((one) => one.startsWith('GET'))).toHaveLength(2);
    },
  );

  test('is told so when it is to be cancelled', async () => {
    const { baseURL } = await forgetful(404, '{"error":{"code":"task_not_exist","message":"task not exist"}}');
    const tickets = await storeOf(submitted(baseURL));
    const { client } = connect(baseURL, { tickets });
    await expect(client.cancel('t-1')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^the service does not know the job any more/),
      mayHaveBeenBilled: true,
    });
    expect(await tickets.list()).toHaveLength(1);
  });

  test('is not paid for again by who asks with its intent', async () => {
    const { baseURL, asked } = await forgetful(404, '{"message":"task not found"}');
    const { client } = connect(baseURL);
    for (let time = 0; time < 3; time++) {
      const { error } = await client.run({ prompt: 'a boat', intent: 'mine' });
      expect(error?.message).toMatch(/^the service does not know the job any more/);
    }
    expect(asked.filter((one) => one.startsWith('POST'))).toHaveLength(1);
  });

  test('may be known after all: its ticket brings the picture back', async () => {
    const picture = noisyPNG(16, 16);
    let isKnown = false;
    const { origin } = await serve((request, response) => {
      if (request.url === '/a.png') response.end(picture);
      else if (isKnown) response.end(`{"url":"${origin}/a.png"}`);
      else response.writeHead(404).end('{"message":"task not found"}');
    });
    const tickets = await storeOf(submitted(`${origin}/v1`));
    const { client } = connect(`${origin}/v1`, { tickets });
    expect((await client.runTicket('t-1')).error).toMatchObject({ code: 'not-found' });
    isKnown = true;
    const { images, pending } = await client.runTicket('t-1');
    expect([images.length, pending]).toEqual([1, []]);
    expect(await tickets.list()).toEqual([]);
  });

  test.each([
    [400, { error: { code: 'invalid_request', message: 'Your request is invalid: unknown field size' } }],
    [400, { error: { message: 'invalid request' } }],
    [401, { message: 'Task not found' }],
    [403, { message: 'no access to job 7, which does not exist in this project' }],
    [422, { detail: 'the model is unknown' }],
    [500, { message: 'the job queue has expired' }],
  ])('HTTP %i %j says nothing of the job', async (status, body) => {
    const { baseURL } = await forgetful(status, JSON.stringify(body));
    const tickets = await storeOf(submitted(baseURL));
    const caller = new AbortController();
    const { client } = connect(baseURL, {
      tickets,
      log: (event) => event === 'check-failed' && caller.abort(),
    });
    const { error, pending } = await client.runTicket('t-1', { signal: caller.signal });
    expect(error?.message).not.toMatch(/does not know the job/);
    expect(pending).toMatchObject([{ id: 't-1' }]);
  });

  test.each([
    [404, '<html>nginx</html>', 'text/html'],
    [404, '', 'text/plain'],
    [404, '{"error":"Not Found","path":"/v1/jobs/7"}', 'application/json'],
    [405, '<html>nginx</html>', 'text/html'],
    [410, '<html>nginx</html>', 'text/html'],
    [404, '{"error":{"code":"model_not_found","message":"no such model"}}', 'application/json'],
  ])(
    'HTTP %i %s may be of the address as well: both are told, and the ticket stays open',
    async (status, body, type) => {
      const { baseURL } = await forgetful(status, body, type);
      const tickets = await storeOf(submitted(baseURL));
      const { client } = connect(baseURL, { tickets });
      const { error, pending } = await client.runTicket('t-1', { timeout: 5000 });
      expect(error).toMatchObject({ code: 'not-found', status, mayHaveBeenBilled: true });
      expect(error?.hint).toMatch(
        /If the address is right, the service does not know the job any more: .*account.*drop the ticket/,
      );
      expect(error?.hint).toContain('resume ticket t-1');
      expect(pending).toEqual([expect.objectContaining({ id: 't-1', state: 'submitted' })]);
      expect(await tickets.list()).toEqual([submitted(baseURL, { at: expect.any(Number) as number })]);
    },
  );
});

describe('a service that cannot be reached', () => {
  test('when a ticket is resumed: told at once, with what it may have cost, and the ticket stays', async () => {
    const baseURL = `http://127.0.0.1:${await closedPort()}/v1`;
    const tickets = await storeOf(submitted(baseURL));
    const { client, waits } = connect(baseURL, { tickets });
    const { error, pending } = await client.runTicket('t-1');
    expect(error).toMatchObject({ code: 'network', retryable: true, mayHaveBeenBilled: true });
    expect(error?.message).toContain('refused the connection');
    expect(error?.hint).toMatch(
      /^Start the server at 127\.0\.0\.1:\d+, then resume ticket t-1: nothing is paid anew\.$/,
    );
    expect(waits.length).toBeLessThan(5);
    expect(pending).toMatchObject([{ id: 't-1', state: 'submitted' }]);
    expect(await tickets.list()).toHaveLength(1);
  });

  test('by its name: nobody is told to start a server that is not theirs', async () => {
    const baseURL = 'https://paint.invalid/v1';
    const { client } = connect(baseURL, { tickets: await storeOf(submitted(baseURL)) });
    const { error } = await client.runTicket('t-1');
    expect(error).toMatchObject({ code: 'network', mayHaveBeenBilled: true });
    expect(error?.hint).toMatch(/When paint\.invalid can be reached again, resume ticket t-1: nothing is paid anew\.$/);
  });

  test('when a job is to be cancelled', async () => {
    const baseURL = `http://127.0.0.1:${await closedPort()}/v1`;
    const tickets = await storeOf(submitted(baseURL));
    const { client } = connect(baseURL, { tickets });
    await expect(client.cancel('t-1')).rejects.toMatchObject({
      code: 'network',
      mayHaveBeenBilled: true,
      hint: expect.stringMatching(/^Start the server at 127\.0\.0\.1:\d+, then .* ticket t-1/),
    });
    expect(await tickets.list()).toHaveLength(1);
  });

  test('when the picture of a ticket is fetched', async () => {
    const port = await closedPort();
    const baseURL = `http://127.0.0.1:${port}/v1`;
    const outputs = [{ url: `http://127.0.0.1:${port}/a.png`, index: 0 }];
    const tickets = await storeOf(submitted(baseURL, { state: 'delivered', outputs }));
    const { client } = connect(baseURL, { tickets });
    const { error, pending } = await client.runTicket('t-1');
    expect(error).toMatchObject({ code: 'network', mayHaveBeenBilled: true });
    expect(error?.hint).toMatch(
      /^Start the server at 127\.0\.0\.1:\d+, then resume ticket t-1: nothing is paid anew\.$/,
    );
    expect(pending).toMatchObject([{ id: 't-1', state: 'delivered' }]);
  });

  test('while a job is waited for: it is asked on, and what was submitted now may have been billed', async () => {
    const { origin, server } = await serve((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { connection: 'close' }).end('{"id":"7"}');
        server.close();
      });
    });
    let now = 0;
    const clock = {
      now: () => now,
      sleep: async (ms: number, signal?: AbortSignal) => {
        now += ms;
        // Time is over for the caller when it is on this clock.
        if (now > 60_000) caller.abort();
        signal?.throwIfAborted();
      },
    };
    const caller = new AbortController();
    const { client } = connect(`${origin}/v1`, { clock });
    const { error, pending } = await client.run({ prompt: 'a boat', signal: caller.signal });
    expect(now).toBeGreaterThan(60_000);
    expect(error).toMatchObject({ code: 'aborted', mayHaveBeenBilled: true });
    expect(pending).toMatchObject([{ state: 'submitted' }]);
  });

  test('until time is over: it is told that it could not be reached, not that it was slow', async () => {
    const { origin, server } = await serve((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { connection: 'close' }).end('{"id":"7"}');
        server.close();
      });
    });
    const clock = { now: () => Date.now(), sleep: (_: number, signal?: AbortSignal) => systemClock.sleep(20, signal) };
    const { client } = connect(`${origin}/v1`, { clock });
    const { error, pending } = await client.run({ prompt: 'a boat', timeout: 500 });
    expect(error).toMatchObject({ code: 'network', mayHaveBeenBilled: true });
    expect(error?.hint).toMatch(/^Start the server at .* resume ticket t-/);
    expect(pending).toMatchObject([{ state: 'submitted' }]);
  });
});

test('a picture behind the key is fetched with it, at once and by its ticket, and nobody is told the key', async () => {
  const picture = noisyPNG(16, 16);
  let isShut = true;
  const { origin } = await serve((request, response) => {
    const isSigned = request.headers.authorization === 'Bearer test-key';
    request.resume().on('end', () => {
      if (request.method === 'POST') response.end('{"id":"7"}');
      else if (request.url === '/v1/jobs/7') response.end(`{"url":"${origin}/v1/files/a.png"}`);
      else if (isSigned && !isShut) response.end(picture);
      else response.writeHead(isSigned ? 503 : 401).end();
    });
  });
  const tickets = memoryTicketStore();
  const logged: string[] = [];
  const log = (...event: unknown[]) => void logged.push(JSON.stringify(event));
  const { client } = connect(`${origin}/v1`, { providers: [paint(`${origin}/v1`, 'test-key')], tickets, log });
  const late = await client.run({ prompt: 'a boat' });
  expect(late).toMatchObject({ images: [], pending: [{ state: 'delivered' }] });
  isShut = false;
  const resumed = await client.runTicket(late.pending[0]!.id);
  const made = await client.run({ prompt: 'a boat' });
  expect([resumed.images.length, made.images.length]).toEqual([1, 1]);
  expect(JSON.stringify([late, resumed, made, logged])).not.toContain('test-key');
});
