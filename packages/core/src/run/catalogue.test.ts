// Catalogues of services: rows that are taken over as they are, and what a catalogue may do that is down, slow, huge, malformed or hostile.

import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { closedPort, serve } from '../../test/loopback.ts';
import { defineProvider } from '../access/define-provider.ts';
import { exchange } from '../access/exchange.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { Client } from '../contract/client.ts';
import type { ImageError } from '../contract/errors.ts';
import { createClient } from '../create-client.ts';
import { checkTable } from '../tables/check-table.ts';
import { withOwnModels } from '../tables/own-models.ts';
import { tableOf } from '../tables/table-of.ts';

const today = '2026-11-29';
const clock = { now: () => Date.parse(`${today}T12:00:00Z`), sleep: async () => {} };

const row: ModelCapabilities = {
  label: 'Boats',
  source: 'https://hub.example/models',
  checked: '2020-01-01',
  size: { presets: ['512x512', '1024x1024'], default: '512x512' },
  prices: [{ amount: 0.02, currency: 'USD', per: 'image' }],
  delivery: { as: 'bytes' },
  operations: { generate: {} },
};

const define = () =>
  defineProvider({
    id: 'hub',
    label: 'Hub',
    models: {},
    catalogue: true,
    regions: { only: { baseURL: 'https://hub.example' } },
    keys: [],
    sign: () => ({}),
    // As trusting as a provider can be: what comes is handed on.
    async discover(context) {
      const { body } = await exchange(context, { to: 'models' });
      return (body as { data: [] }).data;
    },
  });

/** A client of a hub whose catalogue is the body. */
async function clientOf(body: string | Buffer): Promise<Client> {
  const { origin } = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  return clientAt(origin);
}

function clientAt(baseURL: string): Client {
  const client = createClient({ providers: [define()({ baseURL })], clock, maxRetries: 0 });
  onTestFinished(() => client.close());
  return client as Client;
}

const listOf = async (data: unknown) => (await clientOf(JSON.stringify({ data }))).discover('hub');
const refusalOf = (client: Client, timeout?: number) =>
  client.discover('hub', { ...(timeout !== undefined && { timeout }) }).then(
    () => expect.unreachable('it was not refused'),
    (error: ImageError) => error,
  );

test('rows of a catalogue are as old as the answer, and say nothing of where they come from', async () => {
  const { models, warnings } = await listOf([
    { id: 'boats-1', row: { ...row, origin: 'own', hues: 3 } },
    { id: 'other' },
  ]);
  expect(models).toEqual([{ id: 'boats-1', row: { ...row, hues: 3, checked: today } }, { id: 'other' }]);
  expect(warnings).toEqual([]);
});

test('a model that is in a catalogue alone is negotiated and priced like a written one', async () => {
  const list = await listOf([{ id: 'tomorrow/boats', row }]);
  const hub = define()({ models: tableOf(list) });
  const client = createClient({ providers: [hub], clock });
  onTestFinished(() => client.close());
  const plan = await client.plan({ model: 'hub/tomorrow/boats', prompt: 'a boat', size: '1024x1024' });
  expect(plan).toMatchObject({ model: 'hub/tomorrow/boats', estimate: { amount: 0.02, currency: 'USD' } });
  await expect(client.plan({ model: 'hub/tomorrow/boats', prompt: 'a boat', size: '1000x1000' })).rejects.toMatchObject(
    {
      code: 'unsupported',
      details: { nearest: expect.arrayContaining(['1024x1024']) },
    },
  );
  expect(await client.plan({ model: 'auto', prompt: 'a boat' })).toMatchObject({ model: 'hub/tomorrow/boats' });
});

test('a row that is wrong leaves its id, and is told with those beside it', async () => {
  const wrong = { ...row, prices: [{ amount: -1, currency: 'USD', per: 'image' }] };
  const data = [
    { id: 'right', row },
    { id: 'minus', row: wrong },
    { id: 'none', row: null },
    { id: 'list', row: [] },
    { id: 'text', row: 'open' },
    { id: 'odd', label: 5, retires: 'soon' },
  ];
  const { models, warnings } = await listOf(data);
  expect(models.map(({ id, ...facts }) => [id, Object.keys(facts)])).toEqual([
    ['right', ['row']],
    ...['minus', 'none', 'list', 'text', 'odd'].map((id) => [id, []]),
  ]);
  expect(warnings).toEqual([
    {
      code: 'provider',
      message:
        'the catalogue of Hub says wrongly what 4 models can do, which count as unknown: ' +
        'minus (prices.0.amount must not be negative), none (the row must be an object), list (the row must be an object) and 1 more',
    },
  ]);
});

test('a row that holds the key is none', async () => {
  const { origin } = await serve((_, response) => {
    const data = [{ id: 'boats', row: { ...row, label: 'Boats for test-key-hub' } }];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
  });
  const client = createClient({ providers: [define()({ baseURL: origin, apiKey: 'test-key-hub' })], clock });
  onTestFinished(() => client.close());
  const { models, warnings } = await client.discover('hub');
  expect(models).toEqual([{ id: 'boats' }]);
  expect(warnings[0]?.message).toContain('boats (the row holds the key)');
});

describe('a catalogue is told in one line', () => {
  const isOneLine = (error: ImageError) => expect(error.message).toMatch(/^[^\n\p{Cc}]{1,1000}$/u);

  test('that is down', async () => {
    const error = await refusalOf(clientAt(`http://127.0.0.1:${await closedPort()}`));
    expect(error).toMatchObject({ code: 'network', provider: 'hub' });
    isOneLine(error);
  });

  test('that is slow', async () => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":[');
    });
    const error = await refusalOf(clientAt(origin), 100);
    expect(error).toMatchObject({ code: 'timeout', hint: expect.stringContaining('without the list') });
    isOneLine(error);
  });

  test('that never ends', async () => {
    const { origin } = await serve((_, response) => {
      const rows = Buffer.from(' of boats'.repeat(100_000));
      const more = () => response.write(rows, (error) => error || more());
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":["');
      more();
    });
    const error = await refusalOf(clientAt(origin));
    expect(error).toMatchObject({ code: 'bad-response', provider: 'hub' });
    isOneLine(error);
  });

  test.each<[what: string, body: string]>([
    ['that is no JSON', '<html>'],
    ['that is cut off', '{"data": [{"id": "bo'],
    ['that is empty', ''],
    ['of another shape', '{"models": [{"id": "boats"}]}'],
    ['that is an object of models', '{"data": {"boats": {}}}'],
    ['that is nothing', 'null'],
    ['that is a text', '"boats"'],
  ])('%s', async (_, body) => {
    const error = await refusalOf(await clientOf(body));
    expect(error).toMatchObject({ code: 'bad-response', provider: 'hub' });
    isOneLine(error);
  });

  test('of very many models', async () => {
    const data = Array.from({ length: 20_000 }, (_, index) => ({ id: `m${index}` }));
    const { models, warnings } = await listOf(data);
    expect(models).toHaveLength(2000);
    expect(warnings.map(({ message }) => message)).toEqual([
      'the catalogue of Hub has 20,000 models, more than 2,000: the others are left out',
    ]);
  });
});

test('whatever a catalogue says, what is taken over is a table, and the rest is told in a few lines', async () => {
  let body = '';
  const { origin } = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  const client = clientAt(origin);
  const id = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      'boats',
      '__proto__',
      'constructor',
      'toString',
      'red\u001b[31m',
      'a\u202eb',
      'two words',
      'x'.repeat(300),
    ),
    fc.jsonValue(),
  );
  const hostile = fc
    .tuple(fc.constantFrom(...Object.keys(row), '__proto__', 'families', 'options', 'wire'), fc.jsonValue())
    .map(([word, value]) => `${JSON.stringify(row).slice(0, -1)},${JSON.stringify(word)}:${JSON.stringify(value)}}`);
  const rows = fc.oneof(
    fc.constant(JSON.stringify(row)),
    hostile,
    fc.jsonValue().map((value) => JSON.stringify(value)),
  );
  const entry = fc.tuple(id, rows, fc.jsonValue()).map(([one, row, label]) => {
    return `{"id":${JSON.stringify(one)},"row":${row},"label":${JSON.stringify(label)},"__proto__":{"polluted":true}}`;
  });
  const entries = fc.array(
    fc.oneof(
      entry,
      fc.jsonValue().map((value) => JSON.stringify(value)),
    ),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(entries, async (data) => {
      body = `{"data":[${data.join(',')}]}`;
      const { models, warnings } = await client.discover('hub');
      const table = tableOf({ models });
      expect(checkTable(table)).toBeUndefined();
      expect(Object.values(withOwnModels(define()(), table).models)).toHaveLength(Object.keys(table).length);
      expect(warnings.length).toBeLessThanOrEqual(2);
      for (const { message } of warnings) expect(message).toMatch(/^[^\n\p{Cc}\u202e]{1,1000}$/u);
      expect(models.length === data.length).toBe(
        !warnings.some(({ message }) => message.includes('no request can name')),
      );
      expect({}).not.toHaveProperty('polluted');
    }),
    { numRuns: 50 },
  );
});
