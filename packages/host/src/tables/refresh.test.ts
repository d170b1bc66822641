import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient, defineProvider, ImageError, type LazyProvider } from '@anyimage/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepListed, keptPath, readKept } from './kept.ts';
import { openTables } from './kept-tables.ts';
import { withTables } from './merged.ts';
import { type Asking, askBeside, askFirst, dueCatalogues, refreshModels } from './refresh.ts';

const hour = 3_600_000;
const week = 168 * hour;

let http: Server;
let answer: (response: ServerResponse) => void;
let asked: number;
let baseURL: string;
const clients: Client[] = [];
beforeEach(async () => {
  asked = 0;
  answer = (response) => response.end(JSON.stringify(['new']));
  http = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    answer(response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

const row = (label: string) =>
  ({
    label,
    source: 'https://hub.example/models',
    checked: '2026-11-29',
    operations: { generate: {} },
    delivery: { as: 'bytes' },
  }) as const;

/** A hub whose catalogue is a list of ids; what is said of one that ends in `?` is not understood. */
const hub = (id: string) =>
  defineProvider({
    id,
    label: 'Hub',
    models: { old: row('Old') },
    catalogue: true,
    regions: { world: { baseURL } },
    keys: [{ env: 'HUB_KEY' }],
    sign: () => ({}),
    async discover({ http }) {
      const answer = await http.send({ to: 'models' });
      const ids = (await answer.json()) as string[];
      if (!Array.isArray(ids)) throw new ImageError('bad-response', 'the catalogue is no list');
      return ids.map((id) => (id.endsWith('?') ? { id } : { id, row: row(id) }));
    },
    generate: async () => ({ outputs: [] }),
  });

/** Settings, a client by them, and what was told to the log. */
async function open({ env = { HUB_KEY: 'test-key' }, home = '', ids = ['hub'] } = {}) {
  const place = home || (await mkdtemp(join(tmpdir(), 'anyimage-')));
  const tables = openTables(place);
  const providers = ids.map((id): LazyProvider => {
    const made = hub(id)();
    const { access: _, generate: __, discover: ___, sign: ____, ...definition } = made;
    return withTables({ definition, load: async () => () => made }, { tables, env });
  });
  const client = createClient({ providers, env, maxRetries: 0 });
  clients.push(client);
  const log: string[] = [];
  const settings = { home: place, providers, shownEnv: env, tables };
  const asking: Asking = { settings, client, log: (event, facts) => log.push(`${event} ${JSON.stringify(facts)}`) };
  return { home: place, settings, asking, log, models: () => Object.keys(providers[0]!.definition.models) };
}

const list = (at: number, ...ids: readonly string[]) => ({
  baseURL,
  at,
  models: ids.map((id) => ({ id, row: row(id) })),
});

test('what a catalogue says counts at once, and is kept', async () => {
  const { home, asking, models } = await open();
  expect(await refreshModels('hub', asking)).toMatchObject({ list: { models: [{ id: 'new' }] } });
  expect(models()).toEqual(['old', 'new']);
  expect(readKept(home, 'hub').listed).toMatchObject({
    baseURL,
    models: [{ id: 'new', row: { ...row('new'), checked: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } }],
  });
});

test.each<[string, (response: ServerResponse) => void]>([
  ['is down', (response) => response.destroy()],
  ['fails', (response) => response.writeHead(500).end('{}')],
  ['is malformed', (response) => response.end('[')],
  ['is cut off', (response) => response.writeHead(200).write('["new"', () => response.destroy())],
  ['is of another shape', (response) => response.end('{"data":[]}')],
  ['names no models', (response) => response.end('[]')],
  ['says of no model what it can do', (response) => response.end('["new?","newer?"]')],
  ['is huge', (response) => response.end(`[${'{},'.repeat(600_000)}"new"]`)],
])('a catalogue that %s leaves what was kept', async (_, how) => {
  const { home, asking, models, log } = await open();
  await keepListed(home, 'hub', list(Date.now() - 2 * week, 'kept'));
  const before = await readFile(keptPath(home, 'hub'), 'utf8');
  answer = how;
  await expect(refreshModels('hub', asking)).rejects.toBeInstanceOf(ImageError);
  await askFirst(['hub/unknown'], asking);
  expect(models()).toEqual(['old', 'kept']);
  expect(await readFile(keptPath(home, 'hub'), 'utf8')).toBe(before);
  expect(log).toEqual([expect.stringMatching(/^models-not-refreshed \{"provider":"hub","error":"[^\\]+"\}$/)]);
});

test('two refreshes at once end with a whole list', async () => {
  const one = await open();
  const other = await open({ home: one.home });
  await Promise.all([one, other].map(({ asking }) => refreshModels('hub', asking)));
  expect(readKept(one.home, 'hub').listed).toMatchObject({ models: [{ id: 'new' }] });
});

test('a list that cannot be kept counts all the same, and says why once', async () => {
  const { home, asking, models, log } = await open();
  await writeFile(join(home, 'models'), 'a file in the place of a folder');
  const { unkept } = await refreshModels('hub', asking);
  expect(unkept).toMatchObject({
    code: 'storage',
    message: expect.stringContaining(`could not keep the models of services in ${home}`),
  });
  expect(models()).toEqual(['old', 'new']);
  expect(log).toEqual([]);
});

test.skipIf(process.getuid?.() === 0)('nor does a home that is read-only spoil anything', async () => {
  const { home, asking, models } = await open();
  await mkdir(join(home, 'models'));
  await chmod(join(home, 'models'), 0o500);
  expect((await refreshModels('hub', asking)).unkept).toMatchObject({ code: 'storage' });
  expect(models()).toEqual(['old', 'new']);
});

const none = { first: [], beside: [] };
test.each<[string, readonly string[], number | undefined, object]>([
  ['a model in no table, before the first list', ['hub/x'], undefined, { first: ['hub'], beside: [] }],
  ['a model in no table, with a list of today', ['hub/x'], 2 * hour, { first: ['hub'], beside: [] }],
  ['a model in no table, with a list of this hour', ['hub/x'], hour / 2, none],
  ['a written model, before the first list', ['hub/old'], undefined, { first: [], beside: ['hub'] }],
  ['a model of a list of this week', ['hub/kept'], week - hour, none],
  ['a model of an older list', ['sketch', 'hub/kept'], week + hour, { first: [], beside: ['hub'] }],
  ['a model of a list of tomorrow', ['hub/kept'], -hour, { first: [], beside: ['hub'] }],
  ['the provider alone, which means its first model', ['hub'], hour / 2, none],
  ['auto, before the first list', ['auto'], undefined, { first: ['hub'], beside: [] }],
  ['auto, with a list of this week', ['auto'], 2 * hour, none],
  ['auto, with an older one', ['auto'], week + hour, { first: [], beside: ['hub'] }],
  ['a model of another provider', ['hubble/x', 'sketch'], undefined, none],
])('a catalogue is needed by %s: %j', async (_, models, age, due) => {
  const { home, settings } = await open();
  const now = Date.now();
  if (age !== undefined) await keepListed(home, 'hub', list(now - age, 'kept'));
  expect(dueCatalogues(models, settings, now)).toEqual(due);
});

test('no catalogue is asked without a key, nor of a server that another list is of before it is due there', async () => {
  expect(dueCatalogues(['auto', 'hub/x'], (await open({ env: {} as { HUB_KEY: string } })).settings)).toEqual(none);
  const { home, settings } = await open();
  await keepListed(home, 'hub', { ...list(Date.now(), 'kept'), baseURL: 'https://elsewhere.example' });
  expect(dueCatalogues(['hub/x'], settings)).toEqual({ first: ['hub'], beside: [] });
});

test('a request that needs a catalogue gets it first, and only then', async () => {
  const { asking, models } = await open();
  await askFirst(['hub/old', 'sketch'], asking);
  expect(asked).toBe(0);
  await askFirst(['hub/new'], asking);
  expect([asked, models()]).toEqual([1, ['old', 'new']]);
  await askFirst(['hub/newer'], asking);
  expect(asked).toBe(1);
});

test('a service that does not answer is left alone for a while', async () => {
  answer = (response) => response.writeHead(500).end('{}');
  const { asking, settings, log } = await open();
  await askFirst(['hub/new'], asking);
  await askFirst(['hub/new'], asking);
  expect([asked, log.length]).toEqual([1, 1]);
  expect(dueCatalogues(['hub/new'], settings, Date.now() + hour).first).toEqual(['hub']);
});

test('a list that comes beside a call is kept', async () => {
  const { home, asking, models } = await open();
  const end = askBeside(['hub/old'], asking);
  await expect.poll(() => readKept(home, 'hub').listed).toBeDefined();
  await end();
  expect(models()).toEqual(['old', 'new']);
});

test('one that has not come when the call ends is given up without a word', async () => {
  const { promise: came, resolve } = Promise.withResolvers<void>();
  answer = () => resolve();
  const { home, asking, log } = await open();
  const end = askBeside(['hub/old'], asking);
  await came;
  await end();
  expect([readKept(home, 'hub'), log]).toEqual([{}, []]);
});
