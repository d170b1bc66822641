import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import { defineErrorMap } from '../access/error-map.ts';
import { exchange } from '../access/exchange.ts';
import { memoryBudget } from '../contract/budget.ts';
import type { ClientOptions } from '../contract/client.ts';
import { type ImageWriter, memoryImageStore, type PictureRecord } from '../contract/store.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(16, 16);
const instant = { now: () => Date.now(), sleep: async (_: number, signal?: AbortSignal) => signal?.throwIfAborted() };
const complain = defineErrorMap({ service: 'The service', codes: {} });
const row = {
  label: 'One',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
} as const;

/** A service of one model that costs `amount` USD: `asked` says what its address is and what came of a call. */
function service(id: string, baseURL: string, amount: number) {
  const prices = [{ amount, currency: 'USD', per: 'image' }] as const;
  return defineProvider({
    id,
    label: id,
    models: { one: { ...row, prices } },
    regions: { only: { baseURL } },
    keys: [{ env: `${id.toUpperCase()}_KEY` }],
    sign: (key) => ({ authorization: key }),
    async generate(_, context) {
      const { envelope } = await exchange(context, { to: 'draw', json: {}, spends: true });
      if (envelope.status >= 400) throw complain(envelope, {});
      return { outputs: [{ bytes: picture }] };
    },
  })();
}

/** Serves HTTP on loopback, with a status of its own; 200 is a picture. */
async function listen(status: number): Promise<string> {
  const server = createServer((_, answer) =>
    answer.writeHead(status, { 'content-type': 'application/json' }).end('{}'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const nowhere = 'http://127.0.0.1:9';
const bothKeys = { FIRST_KEY: 'test-key', SECOND_KEY: 'test-key' };

async function connect(first: string, options: Partial<ClientOptions> = {}) {
  const providers = [service('first', first, 0.01), service('second', await listen(200), 0.05)];
  const client = createClient({ providers, env: bothKeys, clock: instant, maxRetries: 0, ...options });
  onTestFinished(() => client.close());
  return client;
}

const list = { model: ['first', 'second'], prompt: 'a boat' };

test.each<[what: string, first: () => string | Promise<string>, env: ClientOptions['env'], because: string]>([
  ['that nobody reaches', () => nowhere, bothKeys, 'not reached'],
  ['without a key', () => nowhere, { SECOND_KEY: 'test-key' }, 'no key that can be used'],
  ['whose key cannot be sent', () => nowhere, { ...bothKeys, FIRST_KEY: 'test\nkey' }, 'no key that can be used'],
  ['whose key is refused', () => listen(401), bothKeys, 'its key was refused'],
  ['that the key is not for', () => listen(403), bothKeys, 'not permitted with this key'],
  ['that has had enough', () => listen(429), bothKeys, 'rate limit'],
])('a model %s leads to the next of the list, which is told with the picture', async (_, first, env = {}, because) => {
  const records: PictureRecord[] = [];
  const memory = memoryImageStore();
  const client = await connect(await first(), {
    env,
    store: {
      ...memory,
      async open(hint) {
        const writer = await memory.open(hint);
        const commit: ImageWriter['commit'] = (facts, record) => {
          records.push(record);
          return writer.commit(facts, record);
        };
        return { ...writer, commit };
      },
    },
  });
  const outcome = await client.run(list);
  const told = { option: 'model', asked: 'first/one', sent: 'second/one', because };
  expect(outcome).toMatchObject({ images: [{ model: 'second/one' }], applied: [told], errors: [] });
  expect(outcome.attempts).toMatchObject([{ model: 'first/one', error: {} }, { model: 'second/one' }]);
  expect(records).toMatchObject([{ applied: [told] }]);
});

test.each<[what: string, first: () => string | Promise<string>, env: ClientOptions['env'], code: string]>([
  ['is missing', () => nowhere, { SECOND_KEY: 'test-key' }, 'auth'],
  ['cannot be sent', () => nowhere, { ...bothKeys, FIRST_KEY: 'test\nkey' }, 'auth'],
  ['is refused', () => listen(401), bothKeys, 'auth'],
  ['is not permitted', () => listen(403), bothKeys, 'permission'],
])('a key that %s ends a request that wants it so', async (_, first, env = {}, code) => {
  const client = await connect(await first(), { env });
  const outcome = await client.run({ ...list, refusedKey: 'stop' });
  expect(outcome).toMatchObject({ images: [], error: { code }, attempts: [{ model: 'first/one' }] });
});

test('a request that a refused key ends goes on all the same where nobody is reached; its plan is of the model without a key', async () => {
  const unreached = await connect(nowhere);
  expect(await unreached.run({ ...list, refusedKey: 'stop' })).toMatchObject({ images: [{ model: 'second/one' }] });
  const keyless = await connect(nowhere, { env: { SECOND_KEY: 'test-key' } });
  expect(await keyless.plan({ ...list, refusedKey: 'stop' })).toMatchObject({
    model: 'first/one',
    warnings: [{ code: 'key' }],
  });
});

test('a plan goes on where the key is missing, and says so', async () => {
  const client = await connect(nowhere, { env: { SECOND_KEY: 'test-key' } });
  expect(await client.plan(list)).toMatchObject({
    model: 'second/one',
    applied: [{ option: 'model', asked: 'first/one', sent: 'second/one' }],
    warnings: [],
  });
});

test('what else is wrong with a model without a key is no matter', async () => {
  const budget = memoryBudget({ currency: 'EUR', perRun: 1, rates: {} });
  const client = await connect(nowhere, { env: { SECOND_KEY: 'test-key' } });
  const large = { ...list, size: '8x8' as const };
  expect((await client.run(large)).attempts[0]).toMatchObject({ error: { code: 'auth' } });
  const limited = await connect(nowhere, { env: { SECOND_KEY: 'test-key' }, budget });
  expect((await limited.run(list)).attempts).toMatchObject([
    { error: { code: 'auth' } },
    { error: { code: 'budget' } },
  ]);
});

test('where no model of the list has a key, a plan is of the last, and a run refuses it', async () => {
  const client = await connect(nowhere, { env: {} });
  expect(await client.plan(list)).toMatchObject({ model: 'second/one', warnings: [{ code: 'key' }] });
  expect(await client.run(list)).toMatchObject({
    sent: false,
    error: { code: 'auth' },
    attempts: [
      { model: 'first/one', error: { code: 'auth' } },
      { model: 'second/one', error: { code: 'auth' } },
    ],
  });
});

test('a model that auto chose is no list: a key that is refused is told', async () => {
  const client = await connect(await listen(401));
  expect(await client.run({ model: 'auto', prompt: 'a boat', route: { prefer: 'price' } })).toMatchObject({
    error: { code: 'auth', model: 'first/one' },
    attempts: [{ model: 'first/one' }],
  });
});

test('a service that broke off may have been paid, and leads nowhere', async () => {
  const server = createServer((request) => request.socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const client = await connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(await client.run(list)).toMatchObject({ attempts: [{ error: { mayHaveBeenBilled: true } }] });
});

test('a ceiling and a budget hold for the next model, too', async () => {
  const dear = { code: 'budget' };
  const client = await connect(nowhere);
  const limited = { ...list, route: { maxCost: { amount: 0.02, currency: 'USD' } } };
  expect(await client.run(limited)).toMatchObject({ images: [], error: dear });
  const budget = memoryBudget({ currency: 'USD', perRun: 0.02 });
  const poor = await connect(nowhere, { budget });
  expect(await poor.run(list)).toMatchObject({ images: [], error: dear });
  // What was reserved for the first went back.
  await expect(
    budget.check({ model: 'first/one', cost: { amount: 0.02, currency: 'USD', estimated: true } }),
  ).resolves.toBeUndefined();
});
