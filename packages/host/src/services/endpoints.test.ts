import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type LazyProvider } from '@anyimage/core';
import { drawTestCard } from '@anyimage/testkit';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config } from '../config/config-schema.ts';
import { readEndpoints } from './endpoints.ts';
import { findModel } from './find-model.ts';
import { providers } from './providers.generated.ts';

const definitions = providers.map(({ definition }) => definition);
const refuse = (_: readonly PropertyKey[], message: string) => new Error(message) as never;
const read = async (entries: Config['providers']): Promise<LazyProvider[]> => [
  ...(await readEndpoints(entries, { definitions, isLeftOut: () => false }, refuse)),
];

let http: Server;
let baseURL: string;
let asked: { path: string | undefined; authorization: string | undefined; body: unknown }[];
beforeEach(async () => {
  asked = [];
  const picture = Buffer.from(drawTestCard({ prompt: 'a boat', width: 64, height: 64 })).toString('base64');
  http = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { authorization } = request.headers;
    asked.push({ path: request.url, authorization, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: [{ b64_json: picture }] }));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
});
afterEach(async () => {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

async function draw(added: readonly LazyProvider[], model: string, env = {}) {
  const client = createClient({ providers: added, env });
  try {
    return await client.run({ prompt: 'a boat', negativePrompt: 'fog', model });
  } finally {
    await client.close();
  }
}

test('draws in the words of its kind, with the key of its variable and none but that', async () => {
  const added = await read({
    'my-box': { kind: 'localai', baseURL, defaultModel: 'flux' },
    studio: { kind: 'openai', baseURL, keyEnv: 'STUDIO_API_KEY', label: 'Studio' },
  });
  const env = { STUDIO_API_KEY: 'test-key-studio', OPENAI_API_KEY: 'test-key-openai' };
  const byId = await draw(added, 'my-box', env);
  expect(byId).toMatchObject({ images: [{ model: 'my-box/flux' }], warnings: [], cost: [{ amount: 0 }] });
  expect(await draw(added, 'studio/some-model', env)).toMatchObject({ images: [{ model: 'studio/some-model' }] });
  expect(asked).toMatchObject([
    { path: '/v1/images/generations', authorization: undefined, body: { model: 'flux', prompt: 'a boat|fog' } },
    { authorization: 'Bearer test-key-studio', body: { model: 'some-model', prompt: 'a boat' } },
  ]);
  const { error } = await draw(added, 'studio/some-model');
  expect(error).toMatchObject({ code: 'auth', message: 'no key for Studio: STUDIO_API_KEY not set' });
  expect(asked).toHaveLength(2);
});

test('its default model is a model like any other, also for auto', async () => {
  const added = await read({ 'my-box': { kind: 'openai', baseURL, defaultModel: 'org/flux' } });
  expect(findModel(added, 'my-box')).toMatchObject({ id: 'org/flux', row: { label: 'org/flux' } });
  expect(await draw(added, 'auto')).toMatchObject({ images: [{ model: 'my-box/org/flux' }] });
  const [known] = await read({ xai: { defaultModel: 'grok-imagine-image' } });
  expect(known!.definition.models['grok-imagine-image']!.label).toBe('Grok Imagine');
});

test('a text model of its own helps with prompts', async () => {
  const [box] = await read({ box: { kind: 'openai', baseURL, textModel: 'qwen3' } });
  expect((await box!.load())(box!.access).text).toBeDefined();
});

test('its definition is that of its code, and survives JSON', async () => {
  const added = await read({ xai: {}, siliconflow: { region: 'international' }, box: { kind: 'vllm', baseURL } });
  for (const { definition, access, load } of added) {
    const made = (await load())(access);
    expect(made).toMatchObject({ ...definition, access });
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
  }
});

test('known providers are left alone', async () => {
  expect(await read(undefined)).toEqual([]);
  expect(await read({ cogview: { baseURL } })).toEqual([]);
});

test('any id and any name of a model make a provider', async () => {
  const id = fc
    .stringMatching(/^[a-z][a-z0-9-]*$/)
    .filter((one) => one !== 'auto' && definitions.every((known) => known.id !== one));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(id, fc.constant('constructor')),
      fc.string({ minLength: 1, unit: 'binary' }),
      async (name, model) => {
        const added = await read({ [name]: { kind: 'openai', baseURL, defaultModel: model } });
        expect(findModel(added, name)?.id).toBe(model);
      },
    ),
    {
      examples: [
        ['constructor', '__proto__'],
        ['a', '\ud800'],
      ],
    },
  );
});
