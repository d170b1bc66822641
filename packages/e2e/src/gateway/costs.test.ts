// What the gateway says that pictures cost, beside what each imitated service billed for them; and causes that come through.

import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as google } from '@anyimage/provider-google/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import { emulator as openrouter } from '@anyimage/provider-openrouter/emulator';
import { emulator as seedream } from '@anyimage/provider-seedream/emulator';
import { drawTestCard } from '@anyimage/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newGatewayPlace, type RunningGateway, startGateway } from './run-gateway.ts';

const emulators = { openai, cogview, google, bailian, seedream, openrouter };
type Service = Awaited<ReturnType<(typeof openai)['start']>>;

const services = new Map<string, Service>();
let gateway: RunningGateway;

beforeAll(async () => {
  for (const [name, emulator] of Object.entries(emulators)) services.set(name, await emulator.start({ checks: 0 }));
  const env = Object.assign({}, ...[...services.values()].map((service) => service.env));
  const place = await newGatewayPlace(env, { negotiation: 'adapt', limits: { concurrency: 8 } });
  gateway = await startGateway(place);
});
afterAll(async () => {
  await gateway.end('SIGTERM');
  await Promise.all([...services.values()].map((service) => service.close()));
});
beforeEach(() => {
  for (const service of services.values()) service.reset();
});

interface Told {
  readonly data?: readonly unknown[];
  readonly cost?: readonly { readonly amount: number; readonly currency: string }[] | null;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly anyimage: { readonly attempts?: readonly { readonly error: { readonly code: string } }[] };
  };
}

const photo = `data:image/png;base64,${Buffer.from(drawTestCard({ prompt: 'x', width: 512, height: 512 })).toString('base64')}`;

interface Asked {
  readonly model: string | readonly string[];
  readonly edit?: boolean;
  readonly [word: string]: unknown;
}

async function ask({ edit = false, ...words }: Asked): Promise<Told & { readonly status: number }> {
  const body = { prompt: 'a paper boat', ...words, ...(edit && { images: [{ image_url: photo }] }) };
  const answer = await fetch(`${gateway.url}/v1/images/${edit ? 'edits' : 'generations'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...((await answer.json()) as Told) };
}

/** What all of them billed, by currency. */
const billed = new Map<string, number>();

test.each<Asked & { readonly model: string }>([
  { model: 'openai/gpt-image-2', n: 8, quality: 'low', size: '1024x1024' },
  { model: 'openai/gpt-image-2', quality: 'high', size: '1536x1024' },
  { model: 'openai/gpt-image-2.5-flare', n: 2, quality: 'medium', edit: true },
  { model: 'cogview', n: 8 },
  { model: 'cogview', quality: 'hd' },
  { model: 'google', n: 8 },
  { model: 'google', resolution: '2K' },
  { model: 'google', n: 2, edit: true },
  { model: 'bailian', n: 8 },
  { model: 'bailian/qwen-image-edit-plus', n: 2, edit: true },
  { model: 'seedream', n: 8 },
  { model: 'seedream', edit: true },
  { model: 'openrouter', n: 8 },
  { model: 'openrouter', edit: true },
])('the cost of %j is within 1 %% of what the service billed', async (words) => {
  const service = services.get(words.model.split('/')[0]!)!;
  const told = await ask(words);
  expect(told.error).toBeUndefined();
  expect(told.data).toHaveLength((words.n as number | undefined) ?? 1);
  expect(told.cost).not.toBeNull();
  const sum = told.cost!.reduce((all, { amount }) => all + amount, 0);
  expect(sum).toBeGreaterThan(0);
  expect(Math.abs(sum - service.spent)).toBeLessThanOrEqual(service.spent / 100);
  billed.set(service.currency, (billed.get(service.currency) ?? 0) + service.spent);
});

test('what the key is told to have spent is what all of them billed', async () => {
  const { data } = (await (await fetch(`${gateway.url}/v1/usage`)).json()) as {
    data: readonly { readonly cost: number; readonly currency: string }[];
  };
  for (const [currency, sum] of billed) {
    const told = data.filter((row) => row.currency === currency).reduce((all, { cost }) => all + cost, 0);
    expect(Math.abs(told - sum), currency).toBeLessThanOrEqual(sum / 100);
  }
});

// Three accounts, each with its own trouble; what none can help is told as it is, with the causes of those before.
const three = ['openai/gpt-image-2', 'cogview', 'openrouter'] as const;
test.each([
  [['quota', 'quota', 'quota'], 429, 'insufficient_quota'],
  [['unavailable', 'rate-limit', 'quota'], 429, 'insufficient_quota'],
  [['quota', 'unavailable', 'content-blocked'], 400, 'moderation_blocked'],
  [['content-blocked', 'content-blocked', 'content-blocked'], 400, 'moderation_blocked'],
  [['auth', 'quota', 'auth'], 502, 'service_auth'],
  [['quota', 'auth', 'rate-limit'], 429, 'rate_limit_exceeded'],
] as const)('%j is told as %i %s', async (causes, status, code) => {
  for (const [index, cause] of causes.entries()) {
    const service = services.get(three[index]!.split('/')[0]!)!;
    service.fault({ on: 'generate', kind: 'failure', code: cause, headers: { 'retry-after': '0' }, times: 10 });
  }
  const told = await ask({ model: three });
  expect(told).toMatchObject({ status, error: { code } });
  // What may have been billed is asked of nobody else.
  const { attempts } = told.error!.anyimage;
  if (causes[0] === 'content-blocked') expect(attempts).toBeUndefined();
  else
    expect(attempts?.map(({ error }) => error)).toMatchObject(causes.map((cause) => ({ anyimage: { code: cause } })));
});
