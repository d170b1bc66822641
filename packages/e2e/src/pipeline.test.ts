import {
  type Client,
  type ClientOptions,
  createClient,
  ImageError,
  type Money,
  memoryTicketStore,
} from '@anyimage/core';
import { cogview } from '@anyimage/provider-cogview';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { sketch } from '@anyimage/provider-sketch';
import type { Emulator } from '@anyimage/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let service: Emulator;
const clients: Client[] = [];

beforeEach(async () => {
  service = await emulator.start();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await service.close();
});

/** A client whose waits pass at once and are noted. */
function connect(options: Partial<ClientOptions> = {}) {
  const waits: number[] = [];
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    async sleep(ms: number, signal?: AbortSignal) {
      signal?.throwIfAborted();
      waits.push(ms);
      ahead += ms;
    },
  };
  const client = createClient({ providers: [cogview(), sketch()], env: service.env, clock, ...options });
  clients.push(client);
  return { client, waits };
}

const posts = () => service.requests.filter(({ method }) => method === 'POST').length;

describe('several pictures', () => {
  test('four pictures are four calls, two at a time', async () => {
    const { client } = connect();
    const { images, errors, cost } = await client.generate({ model: 'cogview', prompt: 'a boat', n: 4 });
    expect(images).toHaveLength(4);
    expect(errors).toEqual([]);
    expect(service.submissions).toBe(4);
    expect(service.busiest).toBeLessThanOrEqual(4); // two calls and two downloads
    expect(cost).toEqual([{ amount: 0.24, currency: 'CNY', estimated: true }]);
  });

  test('one of four refused leaves three pictures and one error', async () => {
    service.fault({ on: 'generate', kind: 'refused', after: 1 });
    const { images, errors, cost } = await connect().client.generate({ model: 'cogview', prompt: 'a boat', n: 4 });
    expect(images).toHaveLength(3);
    expect(errors).toMatchObject([{ code: 'content-blocked', provider: 'cogview', model: 'cogview/cogview-4-250304' }]);
    expect(cost).toEqual([{ amount: 0.18, currency: 'CNY', estimated: true }]);
  });

  test('after a wrong key nothing more is sent', async () => {
    service.fault({ on: 'generate', kind: 'failure', code: 'auth', times: 'always' });
    const { client } = connect({ concurrency: 1 });
    await expect(client.generate({ model: 'cogview', prompt: 'a boat', n: 5 })).rejects.toMatchObject({ code: 'auth' });
    expect(posts()).toBe(1);
  });
});

describe('negotiation', () => {
  test('a size that the model lacks is refused with the nearest, and nothing is sent', async () => {
    const refused = connect().client.generate({ model: 'cogview', prompt: 'a boat', size: '1000x1000' });
    await expect(refused).rejects.toMatchObject({
      code: 'unsupported',
      details: { option: 'size', asked: '1000x1000', models: ['sketch/sketch-1'] },
    });
    expect(service.requests).toEqual([]);
  });

  test('adapt makes the nearest and says so', async () => {
    const { client } = connect();
    const { images, applied } = await client.generate({
      model: 'cogview',
      prompt: 'a boat',
      size: '1000x1000',
      negotiation: 'adapt',
    });
    expect(applied).toMatchObject([
      { option: 'size', asked: '1000x1000', sent: `${images[0]!.width}x${images[0]!.height}` },
    ]);
  });

  test.each([0, 1.5, -1, 101])('n of %s is refused', async (n) => {
    await expect(connect().client.generate({ model: 'sketch', prompt: 'x', n })).rejects.toMatchObject({
      code: 'invalid-request',
      details: { option: 'n' },
    });
  });

  test('without a key nothing is sent, and the way on is told', async () => {
    const { client } = connect({ env: { ZHIPU_BASE_URL: service.baseURL } });
    await expect(client.generate({ model: 'cogview', prompt: 'a boat' })).rejects.toMatchObject({
      code: 'auth',
      hint: expect.stringMatching(/Set ZHIPU_API_KEY .*or use sketch, which needs none/),
    });
    expect(service.requests).toEqual([]);
  });
});

describe('tickets', () => {
  test('a picture that cannot be fetched is brought back later with no new submission', async () => {
    service.fault({ on: 'result', kind: 'status', status: 500, times: 4 });
    const { client } = connect();
    const { images, errors, pending } = await client.run({ model: 'cogview', prompt: 'a boat' });
    expect(images).toEqual([]);
    expect(errors).toMatchObject([{ mayHaveBeenBilled: true, hint: expect.stringContaining('resume') }]);
    expect(pending).toMatchObject([{ state: 'delivered', request: { prompt: 'a boat' } }]);
    const resumed = await client.resume(pending[0]!.id);
    expect(resumed.images).toMatchObject([{ width: 1024, height: 1024, model: 'cogview/cogview-4-250304' }]);
    expect(resumed.cost).toEqual([{ amount: 0.06, currency: 'CNY', estimated: true }]);
    expect(posts()).toBe(1);
    await expect(client.resume(pending[0]!.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a job that outlives the caller is brought back by another client', async () => {
    const tickets = memoryTicketStore();
    const stop = new AbortController();
    const { client } = connect({ tickets });
    service.fault({ on: 'check', kind: 'hang' });
    const asked = service.next('request', ({ point }) => point === 'check');
    const made = client.run({ model: 'cogview/glm-image', prompt: 'HELLO', signal: stop.signal });
    await asked;
    stop.abort();
    const { pending, errors } = await made;
    expect(errors).toMatchObject([{ code: 'aborted', hint: expect.stringContaining('resume') }]);
    expect(pending).toMatchObject([{ state: 'submitted' }]);
    const resumed = await connect({ tickets }).client.resume(pending[0]!.id);
    expect(resumed.images).toMatchObject([{ width: 1280, height: 1280 }]);
    expect(service.submissions).toBe(1);
    expect(await tickets.list()).toEqual([]);
  });

  test('a submission whose answer was lost is uncertain, and never repeated by itself', async () => {
    service.fault({ on: 'submit', kind: 'cut' });
    const tickets = memoryTicketStore();
    const { client } = connect({ tickets });
    const { pending, errors } = await client.run({ model: 'cogview/glm-image', prompt: 'HELLO' });
    expect(errors).toMatchObject([{ code: 'network', mayHaveBeenBilled: true }]);
    expect(pending).toMatchObject([{ state: 'intended', uncertain: true }]);
    await expect(client.resume(pending[0]!.id)).rejects.toMatchObject({ code: 'not-found', mayHaveBeenBilled: true });
    expect(posts()).toBe(1);
  });

  test('a refused submission leaves no ticket', async () => {
    const tickets = memoryTicketStore();
    const { client } = connect({ tickets });
    await expect(client.generate({ model: 'cogview/glm-image', prompt: '[unsafe]' })).rejects.toMatchObject({
      code: 'content-blocked',
    });
    expect(await tickets.list()).toEqual([]);
  });

  test('nothing is submitted if the ticket cannot be kept', async () => {
    const create = () => Promise.reject(new ImageError('storage', 'the disk is full'));
    const { client } = connect({ tickets: { ...memoryTicketStore(), create } });
    await expect(client.generate({ model: 'cogview/glm-image', prompt: 'HELLO' })).rejects.toMatchObject({
      code: 'storage',
    });
    expect(service.requests).toEqual([]);
  });

  test('a ticket of another key, or of another host, is not resumed', async () => {
    service.fault({ on: 'check', kind: 'status', status: 401, times: 'always' });
    const tickets = memoryTicketStore();
    const { pending } = await connect({ tickets }).client.run({ model: 'cogview/glm-image', prompt: 'HELLO' });
    const { client } = connect({ tickets, env: { ...service.env, ZHIPU_API_KEY: 'another-test-key' } });
    const before = service.requests.length;
    await expect(client.resume(pending[0]!.id)).rejects.toMatchObject({ code: 'auth' });
    await tickets.put({ ...pending[0]!, host: 'elsewhere.example' });
    await expect(connect({ tickets }).client.resume(pending[0]!.id)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('elsewhere.example'),
    });
    expect(service.requests.length).toBe(before);
  });
});

describe('failures', () => {
  test('a rate limit is waited for as long as the service says', async () => {
    service.fault({ on: 'generate', kind: 'failure', code: 'rate-limit', headers: { 'retry-after': '7' } });
    const { client, waits } = connect();
    const { images } = await client.generate({ model: 'cogview', prompt: 'a boat' });
    expect(images).toHaveLength(1);
    expect(Math.max(...waits)).toBeGreaterThanOrEqual(7000);
    expect(posts()).toBe(2);
  });

  test('a connection cut after the request was sent is not repeated, and may have been billed', async () => {
    service.fault({ on: 'generate', kind: 'cut' });
    await expect(connect().client.generate({ model: 'cogview', prompt: 'a boat' })).rejects.toMatchObject({
      code: 'network',
      mayHaveBeenBilled: true,
    });
    expect(posts()).toBe(1);
  });

  test('a refused connection is repeated, and nothing was billed', async () => {
    await service.close();
    const { client, waits } = connect();
    await expect(client.generate({ model: 'cogview', prompt: 'a boat' })).rejects.toMatchObject({
      code: 'network',
      mayHaveBeenBilled: false,
      message: expect.stringContaining(`127.0.0.1:${service.port}`),
    });
    expect(waits).toHaveLength(3);
    service = await emulator.start();
  });

  test('a hang ends with the deadline', async () => {
    service.fault({ on: 'generate', kind: 'hang' });
    const aborted = service.next('aborted');
    await expect(
      connect().client.generate({ model: 'cogview', prompt: 'a boat', timeout: 1500 }),
    ).rejects.toMatchObject({
      code: 'timeout',
      mayHaveBeenBilled: true,
    });
    await aborted;
  });

  test('a provider that throws anything else is reported, not hidden', async () => {
    const broken = { ...sketch(), generate: () => Promise.reject(new TypeError('oops')) };
    await expect(connect({ providers: [broken] }).client.generate({ prompt: 'x' })).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('oops'),
    });
  });
});

describe('fallback', () => {
  test('an empty account goes on to the next model, and attempts tell both', async () => {
    service.fault({ on: 'generate', kind: 'failure', code: 'quota' });
    const { images, attempts, errors } = await connect().client.generate({
      model: ['cogview', 'sketch'],
      prompt: 'a boat',
    });
    expect(images).toMatchObject([{ model: 'sketch/sketch-1' }]);
    expect(errors).toEqual([]);
    expect(attempts).toMatchObject([
      { model: 'cogview/cogview-4-250304', error: { code: 'quota' } },
      { model: 'sketch/sketch-1' },
    ]);
  });

  test('a refused prompt does not', async () => {
    await expect(connect().client.generate({ model: ['cogview', 'sketch'], prompt: '[unsafe]' })).rejects.toMatchObject(
      { code: 'content-blocked' },
    );
  });
});

test('a budget sees the price before anything is sent, and what was spent after', async () => {
  const seen: [string, Money | null][] = [];
  const budget = {
    check: async () => {},
    reserve: async ({ cost }: { cost: Money | null }) => {
      seen.push(['reserve', cost]);
      if ((cost?.amount ?? Infinity) > 0.15) throw new ImageError('budget', 'over budget');
      return {
        settle: async ({ costs }: { costs: readonly Money[] }) => void seen.push(['settle', costs[0] ?? null]),
      };
    },
  };
  const { client } = connect({ budget });
  await expect(client.generate({ model: 'cogview', prompt: 'a boat', n: 3 })).rejects.toMatchObject({ code: 'budget' });
  expect(service.requests).toEqual([]);
  service.fault({ on: 'generate', kind: 'refused' });
  await client.generate({ model: 'cogview', prompt: 'a boat', n: 2 });
  expect(seen.map(([what, cost]) => [what, cost?.amount])).toEqual([
    ['reserve', 0.18],
    ['reserve', 0.12],
    ['settle', 0.06],
  ]);
});

test('an input picture given as a URL is fetched for a model that takes none, without any key', async () => {
  const { client } = connect({ allowNetworks: ['127.0.0.0/8'] });
  const { images } = await client.generate({ model: 'cogview', prompt: 'a boat' });
  const url = images[0]!.sourceUrl!;
  const edited = await client.generate({ model: 'sketch', prompt: 'make it blue', images: [url] });
  expect(edited.images).toMatchObject([{ width: 1024, height: 1024 }]);
  expect(service.requests.at(-1)).toMatchObject({ method: 'GET', leaked: false });
  const guarded = connect().client.generate({ model: 'sketch', prompt: 'make it blue', images: [url] });
  await expect(guarded).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('loopback'),
  });
});
