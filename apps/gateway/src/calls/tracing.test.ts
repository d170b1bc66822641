import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emulator, endTestGateway, startTestGateway, type TestGateway } from '../../test/gateway.ts';

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

const model = 'openai/gpt-image-2.5-flare';
let service: Awaited<ReturnType<typeof emulator.start>>;
let collector: Server;
let endpoint: string;
let bodies: string[];

beforeEach(async () => {
  service = await emulator.start();
  bodies = [];
  collector = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    bodies.push(text);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
});
afterEach(async () => {
  collector.close();
  await service.close();
});

/** What a gateway tells of the work, once it has ended. */
async function spansOf(
  work: (gateway: TestGateway) => Promise<unknown>,
  tracing: object = {},
): Promise<readonly Span[]> {
  const gateway = await startTestGateway({ env: service.env, config: { tracing: { endpoint, ...tracing } } });
  await work(gateway);
  await endTestGateway(gateway);
  return bodies.flatMap((text) =>
    JSON.parse(text).resourceSpans.flatMap((one: { scopeSpans: { spans: Span[] }[] }) =>
      one.scopeSpans.flatMap(({ spans }) => spans),
    ),
  );
}

function attributesOf(span: Span | undefined): Record<string, unknown> {
  return Object.fromEntries(span?.attributes.map(({ key, value }) => [key, Object.values(value)[0]]) ?? []);
}

const words = { model, prompt: 'a secret boat', quality: 'low', size: '1024x1024', n: 2 };

test('a request, what it asks for and what was tried are one trace, without prompt and key', async () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const headers = { traceparent, authorization: 'Bearer my-own-test-key' };
  const spans = await spansOf(({ post }) => post('/v1/images/generations', words, headers));
  const [request, call, attempt] = [2, 1, 3].map((kind) => spans.find((span) => span.kind === kind));
  expect(spans.map(({ traceId }) => traceId)).toEqual(Array(3).fill('a'.repeat(32)));
  expect(request).toMatchObject({ name: 'POST /v1/images/generations', parentSpanId: 'b'.repeat(16) });
  expect([call?.parentSpanId, attempt?.parentSpanId]).toEqual([request?.spanId, call?.spanId]);
  expect(attributesOf(request)).toMatchObject({
    'http.route': '/v1/images/generations',
    'http.response.status_code': 200,
  });
  expect(attributesOf(call)).toMatchObject({
    'gen_ai.operation.name': 'generate_content',
    'gen_ai.output.type': 'image',
    'gen_ai.response.model': model,
    'gen_ai.request.choice.count': 2,
    'gen_ai.usage.output_tokens': expect.any(Number),
    'anyimage.pictures': 2,
    'anyimage.key.id': 'local',
    'anyimage.cost.amount': service.spent,
  });
  expect(attributesOf(attempt)).toMatchObject({
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-image-2.5-flare',
  });
  for (const secret of ['secret', 'test-key']) expect(bodies.join()).not.toContain(secret);
});

test('prompts are in them where the config says so', async () => {
  const spans = await spansOf(({ post }) => post('/v1/images/generations', words), { prompts: true });
  expect(attributesOf(spans.find(({ kind }) => kind === 1))['gen_ai.input.messages']).toContain('a secret boat');
});

test('a failure is one in each of them, by its code alone', async () => {
  service.fault({ on: 'generate', kind: 'failure', code: 'quota' });
  const spans = await spansOf(({ post }) => post('/v1/images/generations', words));
  const failed = spans.filter(({ status }) => status.code === 2);
  expect(failed.map((span) => attributesOf(span)['error.type'])).toEqual(['quota', 'quota']);
  expect(bodies.join()).not.toContain('exceeded');
});

test('a collector that is away holds nobody up', async () => {
  collector.close();
  const spans = await spansOf(async ({ post }) => {
    expect((await post('/v1/images/generations', words)).status).toBe(200);
  });
  expect(spans).toEqual([]);
});
