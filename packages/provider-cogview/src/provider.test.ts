import { type Client, createClient, type Json, memoryTicketStore, type ProviderAccess } from '@anyimage/core';
import { type Emulator, plainContext } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { models } from './capabilities.ts';
import { emulator } from './emulator.ts';
import { cogview } from './provider.ts';

conformance({ provider: cogview, emulator });

let service: Emulator;
let client: Client;

beforeEach(async () => {
  service = await emulator.start();
  client = connect();
});
afterEach(async () => {
  await client.close();
  await service.close();
});

function connect(access: ProviderAccess = {}): Client {
  return createClient({ providers: [cogview({ ...access })], env: service.env });
}

/** What the service saw of a request, but the connection's own headers. */
function seen(index: number) {
  const { method, path, headers, body } = service.requests[index]!;
  return { method, path, type: headers['content-type'], authorization: headers.authorization, body };
}

describe('the request on the wire', () => {
  const envelope = {
    method: 'POST',
    path: '/api/paas/v4/images/generations',
    type: 'application/json',
    authorization: 'Bearer test-key',
  };

  test('plain', async () => {
    const { images, cost } = await client.generate({ model: 'cogview', prompt: 'a red kite' });
    expect(seen(0)).toEqual({ ...envelope, body: { model: 'cogview-4-250304', prompt: 'a red kite' } });
    expect(images).toMatchObject([
      { model: 'cogview/cogview-4-250304', mediaType: 'image/png', width: 1024, height: 1024 },
    ]);
    expect(images[0]!.expiresAt! - Date.now()).toBeGreaterThan(29 * 86_400_000);
    expect(cost).toEqual([{ amount: 0.06, currency: 'CNY', estimated: true }]);
    expect(service.requests[1]!.headers.authorization).toBeUndefined();
  });

  test('every option at once', async () => {
    await client.generate({
      model: 'cogview/cogview-4-250304',
      prompt: 'a red kite',
      size: '1152x864',
      quality: 'hd',
      user: 'user-000123',
      providerOptions: { watermark: false },
    });
    expect(seen(0).body).toEqual({
      model: 'cogview-4-250304',
      prompt: 'a red kite',
      size: '1152x864',
      quality: 'hd',
      watermark_enabled: false,
      user_id: 'user-000123',
    });
  });

  test('glm-image goes through the asynchronous endpoint', async () => {
    const instant = { now: () => Date.now(), sleep: async () => {} };
    const patient = createClient({ providers: [cogview()], env: service.env, clock: instant });
    const { images } = await patient.generate({ model: 'cogview/glm-image', prompt: 'HELLO', aspectRatio: '16:9' });
    expect(seen(0)).toEqual({
      ...envelope,
      path: '/api/paas/v4/async/images/generations',
      body: { model: 'glm-image', prompt: 'HELLO', size: '2048x1152' },
    });
    expect(seen(1)).toMatchObject({ method: 'GET', path: '/api/paas/v4/async-result/task-0001' });
    expect(images).toMatchObject([{ width: 2048, height: 1152 }]);
    await patient.close();
  });
});

test('what moderation found is in the result of a success', async () => {
  const { providerMetadata } = await client.generate({ model: 'cogview', prompt: 'a [slight] problem' });
  expect(providerMetadata).toEqual({ contentFilter: [{ role: 'assistant', level: 3 }] });
});

test('a refused prompt tells role and level', async () => {
  await expect(client.generate({ model: 'cogview', prompt: 'something [unsafe]' })).rejects.toMatchObject({
    code: 'content-blocked',
    serviceCode: '1301',
    details: { contentFilter: [{ role: 'user', level: 1 }] },
  });
});

test('a wrong key is told with host and region, and is shown nowhere', async () => {
  const error = await connect({ apiKey: 'wrong-test-key' })
    .generate({ model: 'cogview', prompt: 'x' })
    .catch((failure: unknown) => failure);
  expect(error).toMatchObject({ code: 'auth', hint: expect.stringContaining(`region china`) });
  expect(JSON.stringify(error)).not.toContain('wrong-test-key');
});

test.each(['cogview-4-250304', 'cogview-4', 'glm-image', 'cogview-3-flash'])(
  'German is translated for %s',
  async (id) => {
    const clock = { now: () => Date.now(), sleep: async () => {} };
    const german = createClient({ providers: [cogview()], env: service.env, clock, prompts: { detect: () => 'de' } });
    const { prompt } = await german.generate({ model: `cogview/${id}`, prompt: 'ein Hut' });
    expect(prompt.sent).toBe('[in English] ein Hut');
    await german.close();
  },
);

test('an address without an API is told with the variable that it comes from', async () => {
  const env = { ...service.env, ZHIPU_BASE_URL: `${service.origin}/api/wrong` };
  const astray = createClient({ providers: [cogview()], env });
  const hint = expect.stringContaining(`${service.origin}/api/wrong, which comes from ZHIPU_BASE_URL`);
  await expect(astray.generate({ model: 'cogview', prompt: 'x' })).rejects.toMatchObject({
    code: 'not-found',
    serviceCode: '1222',
    hint,
  });
  await astray.close();
});

describe('a job whose state cannot be asked', () => {
  const page = '<!doctype html><html><body>sign in</body></html>';
  const gate = (status: number, body: Json = page, times = 1) => ({ kind: 'status', status, body, times }) as const;

  test.each([
    ['a page with 404', gate(404)],
    ['a page with 400', gate(400)],
    ['a page with 403', gate(403)],
    ['1222', gate(400, { error: { code: '1222', message: 'The API does not exist' } })],
    ['1211', gate(400, { error: { code: '1211', message: 'The model does not exist' } })],
    ['a service that goes on in another form', gate(200, { hello: 'world' }, 5)],
  ])('keeps its ticket: %s', async (_, effect) => {
    service.fault({ on: 'check', ...effect });
    const clock = { now: () => Date.now(), sleep: async () => {} };
    const tickets = memoryTicketStore();
    const patient = createClient({ providers: [cogview()], env: service.env, clock, tickets });
    const { error, pending } = await patient.run({ model: 'cogview/glm-image', prompt: 'HELLO' });
    expect(error).toMatchObject({ mayHaveBeenBilled: true, hint: expect.stringContaining('resume ticket') });
    expect(await tickets.list()).toEqual(pending);
    const resumed = await patient.resume(pending[0]!.id);
    expect(resumed.images).toHaveLength(1);
    expect(service.submissions).toBe(1);
    await patient.close();
  });
});

test('a ticket resumed below a wrong base URL stays, and the hint says which URL that was', async () => {
  service.fault({ on: 'check', kind: 'status', status: 404 });
  const clock = { now: () => Date.now(), sleep: async () => {} };
  const tickets = memoryTicketStore();
  const patient = createClient({ providers: [cogview()], env: service.env, clock, tickets });
  const { pending } = await patient.run({ model: 'cogview/glm-image', prompt: 'HELLO' });
  const env = { ...service.env, ZHIPU_BASE_URL: `${service.origin}/api/wrong` };
  const astray = createClient({ providers: [cogview()], env, clock, tickets });
  const { id } = pending[0]!;
  const { error } = await astray.runTicket(id);
  expect(error?.hint).toContain(`resume ticket ${id}`);
  expect(error?.hint).toContain(`${service.origin}/api/wrong, which comes from ZHIPU_BASE_URL`);
  expect((await patient.runTicket(id)).images).toHaveLength(1);
  expect(await tickets.list()).toEqual([]);
  await astray.close();
  await patient.close();
});

test.each(['cogview-4-250304', 'glm-image'])('that Z.ai may not leave out the watermark is told: %s', async (id) => {
  const clock = { now: () => Date.now(), sleep: async () => {} };
  const access = { region: 'international', baseURL: service.baseURL, apiKey: service.key };
  for (const [region, watermark, isUnsure] of [
    ['international', false, true],
    ['international', true, false],
    ['china', false, false],
  ] as const) {
    const there = createClient({ providers: [cogview({ ...access, region })], env: {}, clock });
    const { warnings } = await there.generate({ model: `cogview/${id}`, prompt: 'x', providerOptions: { watermark } });
    expect(warnings.some(({ message }) => /watermark/.test(message))).toBe(isUnsure);
    await there.close();
  }
});

describe('the text model', () => {
  function write(system: string, user: string) {
    const provider = cogview();
    return provider.text!.write({ system, user }, plainContext(provider, service));
  }

  test('asks the default model, without thinking', async () => {
    const { text, usage } = await write('Translate to English. Answer with the text only.', '一只在海边的猫');
    expect(text).not.toBe('');
    expect(usage).toMatchObject({ textIn: expect.any(Number), textOut: expect.any(Number) });
    expect(seen(0).body).toMatchObject({ model: 'glm-4.7-flash', thinking: { type: 'disabled' }, stream: false });
  });

  test('asks the older model where the default is not offered', async () => {
    service.fault({ on: 'chat', kind: 'failure', code: 'not-found' });
    await write('Translate to English.', 'ein Boot');
    expect(seen(1).body).toMatchObject({ model: 'glm-4-flash-250414' });
    expect(seen(1).body).not.toHaveProperty('thinking');
  });
});

// Reviewed against docs/providers/cogview.md section 3.2.
describe('sizes', () => {
  const cogviewSizes = {
    yes: [
      '1024x1024',
      '768x1344',
      '864x1152',
      '1344x768',
      '1152x864',
      '1440x720',
      '720x1440',
      '512x512',
      '2048x1024',
      '1024x2048',
      '1456x1440',
      '528x2048',
    ],
    no: ['1000x1000', '2064x512', '2048x2048', '496x1024', '1024x1032', '2048x1040', '511x512', '1x1'],
    unsure: [],
  };
  const listedOnly = {
    yes: ['1024x1024', '768x1344', '864x1152', '1344x768', '1152x864', '1440x720', '720x1440'],
    no: ['512x512', '2048x1024'],
    unsure: [],
  };
  const sizes: Record<keyof typeof models, { yes: string[]; no: string[]; unsure: string[] }> = {
    'cogview-4-250304': cogviewSizes,
    'cogview-4': cogviewSizes,
    'cogview-3-flash': cogviewSizes,
    'glm-image': {
      yes: [
        '1280x1280',
        '1568x1056',
        '1056x1568',
        '1472x1088',
        '1088x1472',
        '1728x960',
        '960x1728',
        '2048x2048',
        '1024x1024',
        '1024x2048',
      ],
      no: ['1000x1024', '1024x1040', '2080x1024', '480x1024', '2049x2048'],
      unsure: ['960x960', '512x512', '960x1024', '512x2048'],
    },
    'cogview-3-plus': listedOnly,
    'cogview-3': { yes: [], no: ['1024x1024'], unsure: [] },
  };
  const rows = Object.entries(sizes).flatMap(([model, lists]) =>
    Object.entries(lists).flatMap(([verdict, list]) => list.map((size) => [model, size, verdict] as const)),
  );

  test.each(rows)('%s %s %s', async (model, size, verdict) => {
    const plan = client.plan({ model: `cogview/${model}`, prompt: 'x', size: size as `${number}x${number}` });
    if (verdict === 'no')
      return expect(plan).rejects.toMatchObject({ code: 'unsupported', details: { option: 'size' } });
    const codes = (await plan).warnings.map(({ code }) => code);
    expect(codes.includes('unsure')).toBe(verdict === 'unsure');
  });
});
