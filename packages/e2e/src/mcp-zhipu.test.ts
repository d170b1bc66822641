// The MCP server against an imitated service: clients with little patience, money, tickets, cancellation.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTicketStore } from '@anyimage/host';
import { emulator } from '@anyimage/provider-cogview/emulator';
import type { Emulator } from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { afterEach, expect, test, vi } from 'vitest';
import { newPerson } from './run-cli.ts';
import { newServer, type ServerParameters } from './run-mcp.ts';

interface Document {
  readonly images?: readonly { readonly path: string }[];
  readonly pending?: readonly { readonly id: string; readonly state: string }[];
  readonly errors?: readonly { readonly code: string; readonly mayHaveBeenBilled?: boolean }[];
}

const clients: Client[] = [];
let service: Emulator;
let settings: ServerParameters;

/** The service, and a server that draws with it. */
async function begin(options: Parameters<typeof emulator.start>[0] = {}) {
  service = await emulator.start(options);
  settings = await newServer({ ...service.env, ANYIMAGE_MODEL: 'cogview' });
}

/** Resolves when the service was asked at this point of its API. */
function asked(point: string): Promise<void> {
  return service.waitFor(() => service.requests.some((request) => request.point === point));
}

async function connect() {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport(settings));
  clients.push(client);
  return {
    client,
    async call(name: string, words: Record<string, unknown> = {}, options?: RequestOptions) {
      const { content, structuredContent, isError } = await client.callTool(
        { name, arguments: words },
        undefined,
        options,
      );
      const text = (content as { text?: string }[]).map((one) => one.text ?? '').join('\n');
      return { text, isError: isError ?? false, document: structuredContent as unknown as Document };
    },
  };
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await service.close();
});

test('a picture comes from the service, and its key is in no answer and no file', async () => {
  await begin();
  const { call } = await connect();
  const answer = await call('generate_image', { prompt: 'a paper boat', size: '1000x1000' });
  expect(answer.text).toContain('about 0.06 CNY');
  expect(answer.text).toMatch(/Changed: size 1000x1000 became \d+x\d+/);
  expect(service.submissions).toBe(1);
  const overview = await call('get_image');
  const models = await call('list_models', { text: 'cogview/glm-image' });
  const files: string[] = [];
  for (const entry of await readdir(settings.env.ANYIMAGE_HOME!, { recursive: true, withFileTypes: true })) {
    // The server is at work there: what is gone holds nothing.
    if (entry.isFile()) files.push(await readFile(join(entry.parentPath, entry.name), 'latin1').catch(() => ''));
  }
  expect(files.length).toBeGreaterThan(1);
  expect(JSON.stringify([answer, overview, models, files])).not.toContain(service.key);
});

test('a wrong key is refused with what to do, and nothing was billed', async () => {
  await begin();
  settings = { ...settings, env: { ...settings.env, ZHIPU_API_KEY: 'wrong-key' } };
  const { call } = await connect();
  const answer = await call('generate_image', { prompt: 'a boat' });
  expect(answer).toMatchObject({ isError: true, document: { errors: [{ code: 'auth' }] } });
  expect(answer.document.errors![0]).not.toHaveProperty('mayHaveBeenBilled');
  expect(answer.text).toContain('ZHIPU_API_KEY');
  expect(JSON.stringify(answer)).not.toContain('wrong-key');
});

test('what was made is shown when a neighbour fails', async () => {
  await begin({ faults: [{ on: 'generate', kind: 'refused' }] });
  const { call } = await connect();
  const answer = await call('generate_image', { prompt: 'a boat', n: 3 });
  expect(answer.isError).toBe(false);
  expect(answer.document.images).toHaveLength(2);
  expect(answer.text).toContain('A picture was not made');
  expect(answer.text).toContain('[content-blocked]');
});

test('a job that takes longer than the client waits is fetched by its ticket, submitted once', async () => {
  await begin();
  const { call } = await connect();
  const words = { prompt: 'a boat', model: 'cogview/glm-image', waitSeconds: 1 };
  const { isError, document, text } = await call('generate_image', words);
  expect(isError).toBe(false);
  expect(document.images).toBeUndefined();
  const [running] = document.pending!;
  expect(running).toMatchObject({ state: 'running' });
  expect(text).toContain(`get_image {"id":"${running!.id}"}`);
  const fetched = await call('get_image', { id: running!.id });
  expect(fetched.document.images).toHaveLength(1);
  expect(service.submissions).toBe(1);
  // Once more: it is shown, not made again.
  expect((await call('get_image', { id: running!.id })).document.images).toEqual(fetched.document.images);
  expect(service.submissions).toBe(1);
});

test('a job outlives the server: the next one fetches it by its ticket, submitted once', async () => {
  await begin({ checks: 100 });
  const first = await connect();
  const { document } = await first.call('generate_image', {
    prompt: 'a boat',
    model: 'cogview/glm-image',
    waitSeconds: 1,
  });
  const { id } = document.pending![0]!;
  await first.client.close();
  for (const job of service.jobs.values()) (job as { checksLeft: number }).checksLeft = 0;
  const { call } = await connect();
  const overview = await call('get_image');
  expect(overview.document.pending).toMatchObject([{ id, state: 'waiting' }]);
  expect(overview.text).toContain('paid for and not here yet; cogview/glm-image');
  expect(overview.text).toContain(`get_image {"id":"${id}"}`);
  // Who asks twice at the same time gets the same picture twice, not two.
  const [fetched, twin] = await Promise.all([call('get_image', { id }), call('get_image', { id })]);
  expect(fetched.document.images).toHaveLength(1);
  expect(twin.document.images).toEqual(fetched.document.images);
  // Its sidecar says what was asked in the words of a request, so that it can be made again.
  const { request } = JSON.parse(await readFile(`${fetched.document.images![0]!.path}.json`, 'utf8'));
  expect(request).toMatchObject({ prompt: 'a boat', n: 1 });
  for (const word of ['sent', 'limits', 'partials', 'options']) expect(request).not.toHaveProperty(word);
  const person = await newPerson(settings.env);
  const again = await person.run('again', fetched.document.images![0]!.path, '--dry-run', '--json');
  expect(again).toMatchObject({ code: 0 });
  expect(JSON.parse(again.stdout)).toMatchObject({
    plan: { model: 'cogview/glm-image', calls: [{ prompt: 'a boat', n: 1 }] },
  });
  expect(service.submissions).toBe(1);
  expect((await call('get_image')).document.pending).toBeUndefined();
});

test('a service that hangs: the client gets an answer in time and can look again', async () => {
  await begin({ faults: [{ on: 'generate', kind: 'hang' }] });
  const { call } = await connect();
  const { isError, document, text } = await call('generate_image', { prompt: 'a boat', waitSeconds: 0.2 });
  expect(isError).toBe(false);
  const { id } = document.pending![0]!;
  expect(text).toContain(`get_image {"id":"${id}"}`);
  const again = await call('get_image', { id, waitSeconds: 0 });
  expect(again.document.pending).toMatchObject([{ state: 'running' }]);
  expect((await call('get_image')).document.pending).toMatchObject([{ state: 'running' }]);
  await asked('generate');
  expect(service.submissions).toBe(1);
});

test('a call that the client gave up for lack of time goes on, and is fetched without a second submission', async () => {
  const drawn = Promise.withResolvers<void>();
  await begin({ latencyMs: 1, clock: { now: Date.now, sleep: () => drawn.promise } });
  const { call } = await connect();
  // Only the client's patience is on these timers; it ends when the service has been asked.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const answer = expect(call('generate_image', { prompt: 'a boat' })).rejects.toThrow('timed out');
  await asked('generate');
  vi.advanceTimersByTime(60_000);
  vi.useRealTimers();
  await answer;
  const overview = await call('get_image');
  const { id } = overview.document.pending![0]!;
  drawn.resolve();
  expect((await call('get_image', { id })).document.images).toHaveLength(1);
  expect(service.submissions).toBe(1);
});

test('tickets that were edited or damaged are shown and fetched as far as they say where their picture is', async () => {
  await begin();
  service.fault({ on: 'result', kind: 'status', status: 410 });
  const { call } = await connect();
  await call('generate_image', { prompt: 'a boat' });
  const folder = join(settings.env.ANYIMAGE_HOME!, 'tickets');
  const store = fileTicketStore(folder);
  const [ticket] = await store.list();
  await store.close();
  const damaged = {
    't-time': { at: 1e300, expiresAt: 'soon' },
    't-many': { request: { ...ticket!.request, n: 1e9 }, place: { first: 0, count: 1e9 } },
    't-null': { service: null, outputs: null, request: null, state: 'submitted', mode: 'job' },
  };
  for (const [id, changes] of Object.entries(damaged)) {
    await writeFile(join(folder, `${id}.json`), JSON.stringify({ ...ticket, id, ...changes }));
  }
  const shown = await call('get_image');
  expect(shown.isError).toBe(false);
  for (const id of Object.keys(damaged)) expect(shown.text).toContain(id);
  for (const id of ['t-time', 't-many']) {
    const fetched = await call('get_image', { id });
    expect(fetched).toMatchObject({ isError: false, document: { images: [{ path: expect.any(String) }] } });
  }
  const lost = await call('get_image', { id: 't-null' });
  expect(lost.document).toMatchObject({ pending: [{ id: 't-null' }], errors: [{ mayHaveBeenBilled: true }] });
  expect(lost.text).not.toMatch(/resume|drop/);
  expect((await call('get_image')).isError).toBe(false);
});
