import { connect } from 'node:net';
import { hasRedis, startRedis, type TestRedis } from '@anyimage/testkit/redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { emulator, endTestGateway, startTestGateway, type TestGateway } from '../../test/gateway.ts';

type Service = Awaited<ReturnType<typeof emulator.start>>;
const model = 'openai/gpt-image-2.5-flare';
let service: Service;
let gateway: TestGateway;

let redis: TestRedis | undefined;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.close());
afterEach(async () => {
  await endTestGateway(gateway);
  await service.close();
});

const generate = (headers: Record<string, string> = {}, words: object = {}) =>
  gateway.post(
    '/v1/images/generations',
    { model, prompt: 'a paper boat', quality: 'low', size: '1024x1024', ...words },
    headers,
  );
/** As far as tests look into it. */
interface Told {
  readonly data: readonly unknown[];
  readonly status?: string;
  readonly error: { readonly anyimage: { readonly tickets: readonly string[] } };
}
const jsonOf = async (answer: Response | Promise<Response>) => (await (await answer).json()) as Told;

/** What a service can do to a picture that it has begun. */
const afterSubmit = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 504 },
  { kind: 'failure', code: 'server' },
  { kind: 'cut', at: 'headers' },
  { kind: 'cut', at: 'body' },
  { kind: 'malformed' },
  { kind: 'truncated' },
  { kind: 'html' },
  { kind: 'json' },
] as const;

describe.each(hasRedis ? ['by itself', 'with a worker over Redis'] : ['by itself'])('a gateway %s', (how) => {
  beforeEach(async () => {
    service = await emulator.start();
    gateway = await startTestGateway({ env: service.env, redis: how === 'by itself' ? undefined : redis?.url });
  });

  test.each(afterSubmit)('after %o the client, which would try again twice, sends one request', async (fault) => {
    service.fault({ on: 'generate', ...fault });
    const failure = await gateway
      .client()
      .images.generate({ model, prompt: 'a paper boat' })
      .then(
        () => undefined,
        (error: unknown) => error as { status: number; headers: Headers; message: string },
      );
    expect(failure?.status).toBeGreaterThanOrEqual(400);
    expect(failure?.headers.get('x-should-retry')).toBe('false');
    expect(service.requests).toHaveLength(1);
  });

  test('what costs nothing is tried again by the client, and made once', async () => {
    service.fault({ on: 'generate', kind: 'failure', code: 'unavailable', headers: { 'retry-after': '0' }, times: 5 });
    const { data } = await gateway.client({ maxRetries: 4 }).images.generate({ model, prompt: 'a paper boat' });
    expect(data).toHaveLength(1);
    expect(service.submissions).toBe(1);
  });

  test('the same Idempotency-Key joins, and returns what was made, without a second picture', async () => {
    const key = { 'idempotency-key': 'one' };
    const [first, second] = await Promise.all([jsonOf(generate(key)), jsonOf(generate(key))]);
    const third = await jsonOf(generate(key));
    expect(second.data).toEqual(first.data);
    expect(third).toEqual(first);
    expect(service.submissions).toBe(1);
    const other = await generate(key, { prompt: 'another' });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ error: { code: 'idempotency_key_reused' } });
  });

  test('equal requests are two, unless the client says that it tries again', async () => {
    await jsonOf(generate());
    await jsonOf(generate());
    expect(service.submissions).toBe(2);
    const again = await jsonOf(generate({ 'x-stainless-retry-count': '1' }));
    expect(again.data).toHaveLength(1);
    expect(service.submissions).toBe(2);
  });

  test('two equal requests that are cut find each its own picture', async () => {
    const signals = [new AbortController(), new AbortController()];
    const cut = signals.map(({ signal }) =>
      fetch(`${gateway.url}/v1/images/generations`, {
        method: 'POST',
        signal,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, prompt: 'a paper boat' }),
      }).catch(() => undefined),
    );
    await service.waitFor(() => service.requests.length === 2);
    for (const controller of signals) controller.abort();
    await Promise.all(cut);
    const body = { model, prompt: 'a paper boat' };
    const tries = ['1', '1'].map((count) =>
      gateway.post('/v1/images/generations', body, { 'x-stainless-retry-count': count }),
    );
    const answers = await Promise.all(tries);
    expect(new Set(answers.map(({ headers }) => headers.get('x-anyimage-request'))).size).toBe(2);
    for (const answer of answers)
      expect(await answer.json()).toMatchObject({ data: [{ b64_json: expect.any(String) }] });
    expect(service.submissions).toBe(2);
  });

  describe('a client that is cut', () => {
    /** Sends a request by hand, and cuts the connection once so many bytes of the answer are here. */
    async function cutAt(bytes: number, headers = ''): Promise<void> {
      const body = JSON.stringify({ model, prompt: 'a paper boat', quality: 'low' });
      const { hostname, port } = new URL(gateway.url);
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST /v1/images/generations HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`,
      );
      let seen = 0;
      await new Promise<void>((resolve) => {
        if (bytes === 0) void service.waitFor(() => service.requests.length === 1).then(() => resolve());
        socket.on('data', (chunk) => {
          seen += chunk.length;
          if (seen >= bytes) resolve();
        });
        socket.on('close', () => resolve());
      });
      socket.destroy();
    }

    test.each([0, 1, 100, 1000])('after %i bytes gets the same picture by its own further try', async (bytes) => {
      await cutAt(bytes);
      const again = await jsonOf(
        gateway.post(
          '/v1/images/generations',
          { model, prompt: 'a paper boat', quality: 'low' },
          { 'x-stainless-retry-count': '1' },
        ),
      );
      expect(again.data).toHaveLength(1);
      expect(service.submissions).toBe(1);
    });

    test.each([0, 1, 1000])('after %i bytes gets it by its Idempotency-Key', async (bytes) => {
      await cutAt(bytes, 'idempotency-key: mine\r\n');
      const again = await jsonOf(
        gateway.post(
          '/v1/images/generations',
          { model, prompt: 'a paper boat', quality: 'low' },
          { 'idempotency-key': 'mine' },
        ),
      );
      expect(again.data).toHaveLength(1);
      expect(service.submissions).toBe(1);
    });
  });

  test('what nobody can tell of is 409 with its ticket, also after a restart', async () => {
    service.fault({ on: 'generate', kind: 'cut' });
    const key = { 'idempotency-key': 'cut' };
    const first = await generate(key);
    expect(first.status).toBe(502);
    const { error } = await jsonOf(first);
    expect(error.anyimage).toMatchObject({ may_have_been_billed: true, tickets: [expect.stringMatching(/^t-/)] });
    for (const restarted of [false, true]) {
      if (restarted) {
        await gateway.close();
        gateway = await gateway.restart();
      }
      const second = await generate(key);
      expect(second.status).toBe(409);
      expect(second.headers.get('x-should-retry')).toBe('false');
      expect(await second.json()).toMatchObject({
        error: { code: 'request_uncertain', anyimage: { tickets: error.anyimage.tickets } },
      });
    }
    expect(service.requests).toHaveLength(1);
  });

  test('what was made is known after a restart', async () => {
    const key = { 'idempotency-key': 'kept' };
    const first = await jsonOf(generate(key));
    await gateway.close();
    gateway = await gateway.restart();
    expect(await jsonOf(generate(key))).toEqual(first);
    expect(service.submissions).toBe(1);
  });

  test('a refusal of the service is answered again, and not asked again', async () => {
    const key = { 'idempotency-key': 'unsafe' };
    const asked = () => generate(key, { prompt: '[unsafe] boat' });
    const [first, second] = [await asked(), await asked()];
    expect([first.status, second.status]).toEqual([400, 400]);
    expect(await first.json()).toMatchObject({
      error: { type: 'image_generation_user_error', code: 'moderation_blocked' },
    });
    expect(service.requests).toHaveLength(1);
  });

  test('a task is answered at once, and its picture fetched later, by its own key alone', async () => {
    const taken = await gateway.post('/v1/images/generations/async', { model, prompt: 'a boat' });
    expect(taken.status).toBe(202);
    const place = taken.headers.get('location') ?? '';
    expect(Number(taken.headers.get('retry-after'))).toBeGreaterThan(0);
    await service.waitFor(() => service.requests.length === 1);
    let task: Partial<Told> = {};
    do task = await jsonOf(fetch(`${gateway.url}${place}`));
    while (task.status === 'queued' || task.status === 'in_progress');
    expect(task).toMatchObject({ object: 'image.task', status: 'completed', data: [{ b64_json: expect.any(String) }] });
    expect((await fetch(`${gateway.url}/v1/images/tasks/nope`)).status).toBe(404);
    expect(service.submissions).toBe(1);
  });

  test('a task of which nobody can tell has failed, with its ticket', async () => {
    service.fault({ on: 'generate', kind: 'cut' });
    const taken = await gateway.post('/v1/images/generations/async', { model, prompt: 'a boat' });
    let task: Partial<Told> = {};
    do task = await jsonOf(fetch(`${gateway.url}${taken.headers.get('location')}`));
    while (task.status === 'queued' || task.status === 'in_progress');
    expect(task).toMatchObject({ status: 'failed', error: { anyimage: { tickets: [expect.stringMatching(/^t-/)] } } });
    await gateway.close();
    gateway = await gateway.restart();
    expect(await jsonOf(fetch(`${gateway.url}${taken.headers.get('location')}`))).toEqual(task);
    expect(service.requests).toHaveLength(1);
  });

  test('a task that was not sent when its gateway ended goes on with the next', async () => {
    service.fault({ on: 'generate', kind: 'failure', code: 'unavailable', headers: { 'retry-after': '3' } });
    const taken = await gateway.post('/v1/images/generations/async', { model, prompt: 'a boat' });
    await service.waitFor(() => service.requests.length === 1);
    await gateway.close();
    gateway = await gateway.restart();
    await service.waitFor(() => service.submissions === 1);
    let task: Partial<Told> = {};
    do task = await jsonOf(fetch(`${gateway.url}${taken.headers.get('location')}`));
    while (task.status === 'queued' || task.status === 'in_progress');
    expect(task).toMatchObject({ status: 'completed', data: [{ b64_json: expect.any(String) }] });
  });

  test('the next model of a list is asked where nothing can have been made, and each cause arrives', async () => {
    const list = ['openai/gpt-image-2', model];
    service.fault({ on: 'generate', kind: 'failure', code: 'quota' });
    const made = await jsonOf(generate({}, { model: list }));
    expect(made).toMatchObject({
      model,
      attempts: [{ model: 'openai/gpt-image-2', error: { code: 'insufficient_quota' } }, { model }],
    });
    service.fault({ on: 'generate', kind: 'failure', code: 'quota' });
    service.fault({ on: 'generate', kind: 'failure', code: 'quota' });
    const failed = await generate({}, { model: list });
    expect([failed.status, failed.headers.get('x-should-retry')]).toEqual([429, 'false']);
    expect(await failed.json()).toMatchObject({
      error: { code: 'insufficient_quota', anyimage: { attempts: [{ error: { code: 'insufficient_quota' } }, {}] } },
    });
    service.fault({ on: 'generate', kind: 'status', status: 500 });
    expect((await generate({}, { model: list })).status).toBe(502);
    expect(service.requests).toHaveLength(5);
  });
});
