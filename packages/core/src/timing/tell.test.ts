// What a caller hears while it waits: each step of each call, and of each picture in it.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import type { ImageProvider, Progress, ProviderFunctions } from '../contract/provider.ts';
import type { CallProgress, ToldCall } from '../contract/request.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(16, 16);
const instant = { now: () => Date.now(), sleep: async () => {} };
let server: Server | undefined;
afterEach(() => void server?.close());

/** The address of a picture. */
async function served(): Promise<string> {
  server = createServer((_, response) => response.setHeader('content-type', 'image/png').end(picture));
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/boat.png`;
}

function paint(functions: Partial<ProviderFunctions>, row: Partial<ModelCapabilities> = {}): ImageProvider {
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
        prices: [{ amount: 1, currency: 'USD', per: 'image' }],
        ...row,
      },
    },
    regions: { only: { baseURL: 'http://127.0.0.1:9' } },
    keys: [],
    sign: () => ({}),
    ...functions,
  })();
}

interface Heard {
  readonly progress: CallProgress;
  readonly index: number;
  readonly call: ToldCall;
}

async function hear(provider: ImageProvider, n = 1): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  const client = createClient({ providers: [provider], env: {}, clock: instant, allowNetworks: ['127.0.0.0/8'] });
  await client.run({
    prompt: 'a boat',
    n,
    onProgress: (progress, index, call) => heard.push({ progress, index, call }),
  });
  await client.close();
  return heard;
}

function steps(heard: readonly Heard[]): readonly unknown[] {
  return heard.map(({ progress }) => {
    if ('partial' in progress) return 'partial';
    const { index, phase } = progress;
    return index === undefined ? phase : `${phase} ${index}`;
  });
}

test('a call is waited for, sent, and each of its pictures is made or not', async () => {
  const error = new ImageError('content-blocked', 'no');
  const generate = async () => ({ outputs: [{ bytes: picture }, { error }] });
  const heard = await hear(paint({ generate }, { operations: { generate: { perCall: 2 } } }), 2);
  expect(steps(heard).slice(0, 2)).toEqual(['waiting', 'sent']);
  expect(steps(heard).slice(2).sort()).toEqual(['failed 1', 'made 0']);
});

test('calls are told apart, with the pictures that each makes and what they cost', async () => {
  const heard = await hear(paint({ generate: async () => ({ outputs: [{ bytes: picture }] }) }), 2);
  const calls = [0, 1].map((at) => heard.find(({ index }) => index === at)?.call);
  expect(calls).toMatchObject([
    { model: 'paint/one', mode: 'call', first: 0, n: 1, cost: { amount: 1, currency: 'USD' } },
    { first: 1, n: 1 },
  ]);
});

test('a job is accepted, queued and running, and its picture fetched, as far as its length tells', async () => {
  const url = await served();
  const states = [
    { state: 'queued', position: 2 },
    { state: 'running', fraction: 0.5 },
    { state: 'done', result: { outputs: [{ url }] } },
  ] as const;
  let asked = 0;
  const jobs = { submit: async () => 'job-1', check: async () => states[asked++]! };
  const heard = await hear(paint({ jobs }, { modes: ['job'] }));
  expect([...new Set(steps(heard))]).toEqual([
    'waiting',
    'sent',
    'accepted',
    'queued',
    'running',
    'fetching 0',
    'made 0',
  ]);
  expect(heard.find(({ progress }) => 'phase' in progress && progress.phase === 'queued')?.progress).toMatchObject({
    position: 2,
  });
  expect(heard.at(-2)?.progress).toEqual({ phase: 'fetching', index: 0, fraction: 1 });
  expect(heard[0]?.call.mode).toBe('job');
});

test('a call that is refused waits to be sent once more, and says why', async () => {
  let sent = 0;
  const busy = new ImageError('rate-limit', 'busy', { retryable: true });
  const generate = async () => {
    if (sent++ === 0) throw busy;
    return { outputs: [{ bytes: picture }] };
  };
  const heard = await hear(paint({ generate }));
  expect(steps(heard)).toEqual(['waiting', 'sent', 'waiting', 'waiting', 'sent', 'made 0']);
  expect(heard[2]?.progress).toMatchObject({ error: { code: 'rate-limit' } });
});

test('a call that fails is told with its error', async () => {
  const generate = async () => {
    throw new ImageError('invalid-request', 'no');
  };
  const heard = await hear(paint({ generate }));
  expect(heard.at(-1)?.progress).toMatchObject({ phase: 'failed', error: { code: 'invalid-request' } });
});

test.each<[given: object, told: object]>([
  [{ fraction: Number.NaN, position: 0 }, {}],
  [{ fraction: 75 }, {}],
  [{ fraction: -0.1, position: 1.5 }, {}],
  [
    { fraction: 0, position: 1 },
    { fraction: 0, position: 1 },
  ],
])('a share or place that cannot be is not passed on: %j', async (given, told) => {
  const generate: ProviderFunctions['generate'] = async (_, context) => {
    context.report({ phase: 'running', ...given } as Progress);
    return { outputs: [{ bytes: picture }] };
  };
  const heard = await hear(paint({ generate }));
  expect(heard.map(({ progress }) => progress)).toContainEqual({ phase: 'running', ...told });
});
