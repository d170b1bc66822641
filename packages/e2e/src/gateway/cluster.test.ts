// Several gateways and workers over a real Redis.

import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import { drawTestCard } from '@anyimage/testkit';
import { hasRedis } from '@anyimage/testkit/redis';
import { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from './cluster.ts';
import { spendBudget } from './cluster-budget.ts';
import { killCluster } from './cluster-kills.ts';
import { newGatewayPlace, startProgram, startWorker } from './run-gateway.ts';

const words = { model: 'openai/gpt-image-2.5-flare', prompt: 'a paper boat' };

describe.skipIf(!hasRedis)('several gateways and workers', () => {
  const forms: FormData[] = [];
  let service: Awaited<ReturnType<typeof openai.start>>;
  let jobs: Awaited<ReturnType<typeof bailian.start>>;
  let cluster: Cluster;
  beforeAll(async () => {
    service = await openai.start({ observe: ({ exchange }) => exchange.form && forms.push(exchange.form) });
    jobs = await bailian.start({ checks: 1_000_000 });
    const env = { ...service.env, ...jobs.env };
    cluster = await startCluster({ gateways: 2, workers: 2, env, config: { limits: { concurrency: 64 } } });
  }, 60_000);
  afterAll(() => Promise.all([cluster?.close(), service?.close(), jobs?.close()]));

  test('make at any of them what is asked at any of them, and one request once', async () => {
    const [one, other] = cluster.gateways;
    const named = { 'idempotency-key': 'one' };
    const both = await Promise.all([one!.generate(words, named), other!.generate(words, named)]);
    const [first, second] = await Promise.all(both.map(async (answer) => answer.json()));
    expect(second).toEqual(first);
    expect(await (await other!.generate(words, named)).json()).toEqual(first);
    expect(service.submissions).toBe(1);
  });

  test('edit with the bytes that came, and stream', async () => {
    const pictures = ['one', 'two'].map((prompt) => drawTestCard({ prompt, width: 64, height: 64 }));
    const files = pictures.map((bytes, index) => toFile(bytes, `${index}.png`, { type: 'image/png' }));
    const client = cluster.gateways[0]!.client();
    const { data } = await client.images.edit({ ...words, image: await Promise.all(files) });
    expect(data).toHaveLength(1);
    const sent = forms.at(-1)!.getAll('image[]') as Blob[];
    expect(await Promise.all(sent.map((blob) => blob.bytes()))).toEqual(pictures.map((bytes) => new Uint8Array(bytes)));
    const events: string[] = [];
    for await (const { type } of await client.images.generate({ ...words, stream: true, partial_images: 1 }))
      events.push(type);
    expect(events).toEqual(['image_generation.partial_image', 'image_generation.completed']);
  });

  test('spend no more together than the budget of a key', async () => {
    const run = await spendBudget(cluster, service, { requests: 100, allowed: 9 });
    expect(run).toMatchObject({ made: 9, refused: 91, others: [] });
    expect(run.spent).toBeLessThanOrEqual(run.budget + 1e-9);
    expect(run.counted).toBeCloseTo(run.spent, 6);
  });

  test('send nothing while Redis is away: 503; and make it once it is back', async () => {
    const [gateway] = cluster.gateways;
    const before = service.requests.length;
    await cluster.redis.kill();
    const refused = await gateway!.generate(words);
    expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([503, 'true']);
    expect(await refused.json()).toMatchObject({
      error: { code: 'service_unavailable', message: expect.stringContaining('Redis') },
    });
    expect((await fetch(`${gateway!.url}/readyz`)).status).toBe(503);
    expect(service.requests).toHaveLength(before);
    await cluster.redis.start();
    expect((await gateway!.client().images.generate(words)).data).toHaveLength(1);
    expect(service.requests).toHaveLength(before + 1);
  });

  test('go on with the job of a worker that is killed within 15 s, and submit nothing', async () => {
    const [one, other] = cluster.gateways;
    const taken = await fetch(`${one!.url}/v1/images/generations/async`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'bailian/wan2.5-t2i-preview', prompt: 'a paper boat' }),
    });
    await jobs.waitFor(() => jobs.requests.some(({ point }) => point === 'check'));
    // Whoever took it may go, too.
    expect(await one!.end('SIGTERM')).toBe(0);
    await Promise.all(cluster.workers.map((worker) => worker.end('SIGKILL')));
    const [before, killed] = [jobs.requests.length, performance.now()];
    cluster.workers.push(await startWorker(cluster.place));
    await jobs.waitFor(() => jobs.requests.length > before);
    expect((performance.now() - killed) / 1000).toBeLessThan(15);
    const told = await (await fetch(`${other!.url}${taken.headers.get('location')}`)).json();
    expect(told).toMatchObject({ status: 'in_progress' });
    expect(jobs.submissions).toBe(1);
  });
});

test.skipIf(!hasRedis)('gateways, workers and Redis that are killed at any moment send each request once', async () => {
  const { asked, made, refused, uncertain, others, twice } = await killCluster({
    seed: 5,
    kills: 3,
    requests: 4,
    everyRedis: 3,
  });
  expect({ others, twice }).toEqual({ others: [], twice: [] });
  expect(made + refused + uncertain).toBe(asked);
});

test('a worker says what it needs', async () => {
  const worker = startProgram(await newGatewayPlace({}), 'worker');
  await expect(worker.says('requests at a time')).rejects.toThrow('"store": {"redis"');
});
