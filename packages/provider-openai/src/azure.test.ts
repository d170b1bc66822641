// Azure OpenAI: a host of one's own, a key in a header of its own, models by the names of deployments.

import { type Client, createClient, type ModelCapabilities, type ProviderAccess, placeOf } from '@anyimage/core';
import { type Emulator, testCodec } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { afterEach, describe, expect, test } from 'vitest';
import { models } from './capabilities.ts';
import { type CompatibleOptions, openAICompatible } from './compatible.ts';
import { azureDeploymentsEmulator, azureEmulator } from './emulator.ts';

const keyEnv = 'AZURE_OPENAI_API_KEY';
const make = (options: CompatibleOptions = {}) => openAICompatible({ dialect: 'azure', id: 'azure', ...options });

conformance({
  provider: (access: ProviderAccess = {}) => make({ keyEnv, ...access }),
  emulator: azureEmulator,
  codec: testCodec(),
});

const token = 'eyJhbGciOiJub25lIn0.eyJhdWQiOiJ0ZXN0In0.test-key';
const retries = { now: () => Date.parse('2026-11-29'), sleep: async () => {} };
let services: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(services.map((each) => each.close()));
  services = [];
});

async function serve(emulator = azureEmulator, key = 'test-key'): Promise<Emulator> {
  const service = await emulator.start({ key });
  services.push(service);
  return service;
}

function connect(options: CompatibleOptions, env: Readonly<Record<string, string>> = {}): Client {
  const client = createClient({ providers: [make(options)], env, clock: retries });
  services.push(client);
  return client;
}

const kite = { model: 'azure/gpt-image-2', prompt: 'a kite' } as const;

describe('the key', () => {
  test('goes into a header of its own, and is that of either variable', async () => {
    const { env, requests, baseURL } = await serve();
    await connect({}, env).generate(kite);
    await connect({ baseURL, apiKey: 'test-key' }).generate(kite);
    await connect({}, { AZURE_API_KEY: 'test-key', AZURE_OPENAI_ENDPOINT: baseURL }).generate(kite);
    expect(requests.map(({ headers }) => [headers['api-key'], headers.authorization])).toEqual(
      Array(3).fill(['test-key', undefined]),
    );
  });

  test('goes as Bearer where it is a token, also from a function', async () => {
    const { requests, baseURL } = await serve(azureEmulator, token);
    for (const apiKey of [token, async () => token]) await connect({ baseURL, apiKey }).generate(kite);
    expect(requests.map(({ headers }) => [headers['api-key'], headers.authorization])).toEqual(
      Array(2).fill([undefined, `Bearer ${token}`]),
    );
  });

  test('that is wrong is told with its host, and is shown nowhere', async () => {
    const { baseURL } = await serve();
    const failure = await connect({ baseURL, apiKey: 'another-test-key' }).run(kite);
    expect(failure.error).toMatchObject({ code: 'auth', hint: expect.stringContaining('127.0.0.1') });
    expect(JSON.stringify(failure)).not.toContain('another-test-key');
  });

  test('that is given as Bearer is refused by the emulator', async () => {
    const { baseURL } = await serve();
    const headers = { authorization: 'Bearer test-key', 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'gpt-image-2', prompt: 'a kite' });
    expect((await fetch(`${baseURL}/images/generations`, { method: 'POST', headers, body })).status).toBe(401);
  });

  test('goes to no other host', async () => {
    const [service, foreign] = [await serve(), await serve()];
    service.fault({ on: 'generate', kind: 'redirect', to: `${foreign.baseURL}/images/generations`, status: 307 });
    const { error } = await connect({ baseURL: service.baseURL, apiKey: 'test-key' }).run(kite);
    expect(error?.message).toContain('redirected');
    expect(foreign.requests).toEqual([]);
  });
});

describe('the resource', () => {
  test('has to be named, and no key goes anywhere before', async () => {
    const { error } = await connect({ apiKey: 'test-key' }).run(kite);
    expect(error).toMatchObject({ code: 'config', hint: expect.stringContaining('AZURE_RESOURCE_NAME') });
  });

  test.each(['mine/../x', 'mine?', 'a b', 'me@elsewhere', 'elsewhere.example/'])(
    'that is %j is refused',
    async (name) => {
      const { error } = await connect({ apiKey: 'test-key' }, { AZURE_RESOURCE_NAME: name }).run(kite);
      expect(error).toMatchObject({ code: 'config', message: expect.stringContaining('AZURE_RESOURCE_NAME') });
    },
  );

  test('makes the host', () => {
    const place = placeOf(make(), {}, { AZURE_RESOURCE_NAME: ' Mine-1 ' });
    expect(place.baseURL).toBe('https://mine-1.openai.azure.com/openai/v1');
  });

  test('is known by its host', () => {
    expect(openAICompatible({ baseURL: 'https://mine.openai.azure.com/openai/v1', id: 'mine' }).label).toBe(
      'Azure OpenAI',
    );
    expect(openAICompatible({ baseURL: 'https://openai.azure.com.example/v1', id: 'mine' }).label).not.toContain(
      'Azure',
    );
  });

  test('may be given as the portal shows it, in a setting or in a variable', async () => {
    const { baseURL, requests } = await serve();
    const endpoint = `${new URL(baseURL).origin}/`;
    await connect({ baseURL: endpoint, apiKey: 'test-key' }).generate(kite);
    await connect({ baseURL: `${endpoint}?api-version=preview`, apiKey: 'test-key' }).generate(kite);
    await connect({ apiKey: 'test-key' }, { AZURE_OPENAI_ENDPOINT: endpoint }).generate(kite);
    await connect({ apiKey: 'test-key', textModel: 'some-text' }, { AZURE_OPENAI_ENDPOINT: endpoint }).generate({
      ...kite,
      enhance: true,
    });
    const drawing = '/openai/v1/images/generations';
    expect(requests.map(({ path }) => path)).toEqual([
      ...[drawing, `${drawing}?api-version=preview`, drawing],
      ...['/openai/v1/chat/completions', drawing],
    ]);
  });
});

describe('deployments', () => {
  test('called like their models need nothing; another name needs a row, else much is unknown', async () => {
    const { baseURL, requests } = await serve();
    const client = connect({ baseURL, apiKey: 'test-key' });
    const named = await client.generate({ ...kite, size: '1536x864', user: 'u-1' });
    expect(named.warnings).toEqual([]);
    const other = await client.generate({ ...kite, model: 'azure/our-painter' });
    expect(other.warnings.map(({ code }) => code)).toContain('unlisted');
    expect(requests.map(({ body }) => (body as { model: string }).model)).toEqual(['gpt-image-2', 'our-painter']);
    const full = client.plan({ ...kite, size: '1920x1080' });
    await expect(full).rejects.toMatchObject({
      code: 'unsupported',
      details: { nearest: expect.arrayContaining(['1920x1088']) },
    });
  });

  test('of other names take rows like those of their models', async () => {
    const { baseURL, requests } = await serve();
    const own = { 'our-painter': { like: 'gpt-image-2', quality: { values: ['low'], default: 'low' } } } as const;
    const client = connect({ baseURL, apiKey: 'test-key', models: own });
    const painter = { ...kite, model: 'azure/our-painter' } as const;
    const { warnings, cost } = await client.generate({ ...painter, size: '1536x864', quality: 'low' });
    expect(warnings).toEqual([]);
    expect(cost).toMatchObject([{ currency: 'USD' }]);
    expect(requests[0]!.body).toMatchObject({ model: 'our-painter', size: '1536x864' });
    await expect(client.plan({ ...painter, quality: 'high' })).rejects.toMatchObject({ code: 'unsupported' });
    const lost = connect({ baseURL, apiKey: 'test-key', models: { 'our-painter': { like: 'gpt-image-3' } } });
    await expect(lost.plan(painter)).rejects.toMatchObject({
      code: 'config',
      hint: expect.stringContaining('gpt-image-2'),
    });
  });

  test('are not those of the list of models, which is not asked for', () => {
    expect(make().discover).toBeUndefined();
  });

  test('have the rows of models that OpenAI does not end, at prices that are not sure', () => {
    const { models: rows } = make();
    const ending = Object.entries<ModelCapabilities>(models).filter(
      ([id, { retires }]) => retires || /-\d\d$/.test(id),
    );
    expect(Object.keys(models).filter((id) => !Object.hasOwn(rows, id))).toEqual(ending.map(([id]) => id));
    const { prices, ...facts } = rows['gpt-image-2']!;
    const { prices: usual, ...own } = models['gpt-image-2'];
    expect(facts).toEqual(own);
    expect(prices).toEqual(usual.map((price) => ({ ...price, unsure: true })));
  });

  test('had paths of their own before version 1, and a version goes with every request', async () => {
    const { baseURL, requests } = await serve(azureDeploymentsEmulator);
    const base = `${baseURL}?api-version=2026-01-01-preview`;
    const client = connect({ baseURL: base, apiKey: 'test-key', textModel: 'some text' });
    const { images } = await client.generate({ ...kite, model: 'azure/our-painter' });
    expect(images).toHaveLength(1);
    await client.generate({ ...kite, enhance: true });
    expect(requests.map(({ path }) => path)).toEqual([
      '/openai/deployments/our-painter/images/generations?api-version=2026-01-01-preview',
      '/openai/deployments/some%20text/chat/completions?api-version=2026-01-01-preview',
      '/openai/deployments/gpt-image-2/images/generations?api-version=2026-01-01-preview',
    ]);
    const { error } = await connect({ baseURL, apiKey: 'test-key' }).run(kite);
    expect(error).toMatchObject({ code: 'not-found', hint: expect.stringContaining('check the base URL') });
  });
});

describe('refusals', () => {
  test('a deployment that is not there', async () => {
    const { baseURL } = await serve();
    const { error } = await connect({ baseURL, apiKey: 'test-key' }).run({ ...kite, model: 'azure/nobody' });
    expect(error).toMatchObject({
      code: 'not-found',
      serviceCode: 'DeploymentNotFound',
      hint: expect.stringContaining('Name a deployment of this resource'),
    });
  });

  test('a filter tells what it found', async () => {
    const { baseURL } = await serve();
    const { error } = await connect({ baseURL, apiKey: 'test-key' }).run({ ...kite, prompt: 'something [unsafe]' });
    expect(error).toMatchObject({ code: 'content-blocked', details: { safetyViolations: ['violence'] } });
  });

  test('too many requests say when to come again', async () => {
    const service = await serve();
    service.fault({ on: 'generate', kind: 'failure', code: 'rate-limit', times: 'always' });
    const client = createClient({
      providers: [make({ baseURL: service.baseURL, apiKey: 'test-key' })],
      env: {},
      maxRetries: 0,
    });
    services.push(client);
    expect((await client.run(kite)).error).toMatchObject({ code: 'rate-limit', retryable: true, retryAfter: 7000 });
  });
});
