// Calls of the MCP server that outlive a client, a request or the server: joined, told, brought home, ended.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTicketStore } from '@anyimage/host';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import type { Emulator, EmulatorFactory, StartOptions } from '@anyimage/testkit';
import { expect, type TestContext, test } from 'vitest';
import { type Message, newServer, type RawServer, startRaw } from './run-mcp.ts';

interface Document {
  readonly images?: readonly { readonly path: string }[];
  readonly pending?: readonly {
    readonly id: string;
    readonly state: string;
    readonly prompt: string;
    readonly model: string;
  }[];
  readonly errors?: readonly { readonly code: string; readonly mayHaveBeenBilled?: boolean }[];
  readonly next?: { readonly say: string; readonly tool?: string; readonly arguments?: object };
}

interface Told {
  readonly text: string;
  readonly document: Document;
  readonly isError: boolean;
}

interface Session extends RawServer {
  call(name: string, words?: object): Promise<Told>;
}

const drawing = { prompt: 'a paper boat' };

function toldIn({ result }: Message): Told {
  const {
    content,
    structuredContent,
    isError = false,
  } = result as {
    readonly content: readonly { readonly text?: string }[];
    readonly structuredContent: Document;
    readonly isError?: boolean;
  };
  return { text: content.map(({ text = '' }) => text).join('\n'), document: structuredContent, isError };
}

/** A service, and what starts servers that draw with it. */
async function begin(
  { onTestFinished }: TestContext,
  options: StartOptions = {},
  { factory = cogview, model = 'cogview', env = {} }: { factory?: EmulatorFactory; model?: string; env?: object } = {},
) {
  const service = await factory.start(options);
  const settings = await newServer({ ...service.env, ANYIMAGE_MODEL: model, ...env });
  const home = settings.env.ANYIMAGE_HOME!;
  onTestFinished(() => service.close());
  return {
    service,
    async open(capabilities: object = {}): Promise<Session> {
      const raw = startRaw(settings);
      onTestFinished(async () => {
        raw.child.kill('SIGKILL');
        await raw.ended;
      });
      const clientInfo = { name: 'test', version: '1.0.0' };
      await raw.ask('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo });
      raw.notify('notifications/initialized');
      const call = async (name: string, words: object = {}) =>
        toldIn(await raw.ask('tools/call', { name, arguments: words }));
      return { ...raw, call };
    },
    async tickets() {
      const store = fileTicketStore(join(home, 'tickets'));
      const found = (await store.list()).filter(({ state }) => state !== 'done');
      await store.close();
      return found;
    },
    async pictures() {
      const names = await readdir(join(home, 'pictures')).catch(() => []);
      return names.filter((name) => name.endsWith('.png'));
    },
  };
}

/** A service whose answers take until the test says so. */
function slow() {
  const drawn = Promise.withResolvers<void>();
  const options: StartOptions = { latencyMs: 1, clock: { now: Date.now, sleep: () => drawn.promise } };
  return { options, draw: () => drawn.resolve() };
}

/** Resolves when the service was asked so often for what costs money. */
function sent(service: Emulator, times = 1): Promise<void> {
  return service.waitFor(() => service.requests.filter(({ spends }) => spends).length >= times);
}

function spent(service: Emulator): number {
  return service.requests.filter(({ spends }) => spends).length;
}

test('an equal call joins the first while that runs, and is another once the answer was delivered', async (context) => {
  const { options, draw } = slow();
  const { service, open } = await begin(context, options);
  const { call } = await open();
  const first = call('generate_image', drawing);
  await sent(service);
  const second = call('generate_image', { ...drawing, waitSeconds: 20 });
  const other = await call('generate_image', { prompt: 'a kite', waitSeconds: 0 });
  expect(other.document.pending).toMatchObject([{ state: 'running', prompt: 'a kite' }]);
  draw();
  const [one, two] = [await first, await second];
  expect(one.document.images).toHaveLength(1);
  expect(two.document.images).toEqual(one.document.images);
  expect(spent(service)).toBe(2);
  expect((await call('generate_image', drawing)).document.images).not.toEqual(one.document.images);
  expect(spent(service)).toBe(3);
});

test('an equal call in another server joins it, too', async (context) => {
  const { options, draw } = slow();
  const { service, open, pictures } = await begin(context, options);
  const [here, there] = await Promise.all([open(), open()]);
  const first = here.call('generate_image', { ...drawing, n: 2 });
  await sent(service, 2);
  const second = there.call('generate_image', { ...drawing, n: 2 });
  const early = await there.call('generate_image', { ...drawing, n: 2, waitSeconds: 0.1 });
  expect(early.document.pending).toMatchObject([{ state: 'running' }]);
  draw();
  const paths = [await first, await second].map(({ document }) => document.images!.map(({ path }) => path).sort());
  expect(paths[1]).toEqual(paths[0]);
  expect([spent(service), (await pictures()).length]).toEqual([2, 2]);
});

test('what is not sent when the client gives up is dropped, and what was sent comes home', async (context) => {
  const { options, draw } = slow();
  const { service, open, pictures, tickets } = await begin(context, options);
  const { begin: ask, notify, call } = await open();
  // Two at a time.
  const { id } = ask('tools/call', { name: 'generate_image', arguments: { ...drawing, n: 5 } });
  await sent(service, 2);
  notify('notifications/cancelled', { requestId: id, reason: 'the person changed their mind' });
  const { document } = await call('get_image');
  const [running] = document.pending!;
  draw();
  const fetched = await call('get_image', { id: running!.id });
  expect(fetched.document).toMatchObject({ images: [{}, {}], errors: [{ code: 'aborted', count: 3 }] });
  expect([spent(service), (await pictures()).length, await tickets()]).toEqual([2, 2, []]);
});

test('an equal call after the client gave up brings what was sent, and makes the rest', async (context) => {
  const { options, draw } = slow();
  const { service, open, pictures } = await begin(context, options);
  const { begin: ask, notify, call } = await open();
  const words = { ...drawing, n: 4 };
  const { id } = ask('tools/call', { name: 'generate_image', arguments: words });
  await sent(service, 2);
  notify('notifications/cancelled', { requestId: id });
  const again = call('generate_image', { ...words, waitSeconds: 30 });
  await call('get_image');
  draw();
  const { document } = await again;
  expect([document.images?.length, document.errors, spent(service), (await pictures()).length]).toEqual([
    4,
    undefined,
    4,
    4,
  ]);
});

test('an answer that came after the client had given up is given again', async (context) => {
  const { service, open } = await begin(context);
  const { begin: ask, notify, call } = await open();
  const { id, answer } = ask('tools/call', { name: 'generate_image', arguments: drawing });
  const { document } = toldIn(await answer);
  notify('notifications/cancelled', { requestId: id });
  expect((await call('generate_image', drawing)).document.images).toEqual(document.images);
  expect(spent(service)).toBe(1);
  await call('generate_image', drawing);
  expect(spent(service)).toBe(2);
});

test('after a kill the next server says what may have been billed, and pays again only when told to', async (context) => {
  const { service, open } = await begin(context, { faults: [{ on: 'generate', kind: 'hang' }] });
  const first = await open();
  first.begin('tools/call', { name: 'generate_image', arguments: drawing });
  await sent(service);
  first.child.kill('SIGKILL');
  await first.ended;
  const { call } = await open();
  for (const name of ['list_models', 'get_image', 'generate_image']) {
    const { text, document, isError } = await call(name, name === 'generate_image' ? drawing : {});
    expect({ name, isError }).toEqual({ name, isError: false });
    expect(document.pending).toMatchObject([{ state: 'uncertain', prompt: drawing.prompt, cost: [{ amount: 0.06 }] }]);
    expect(document.next!.say).toContain('again: true');
    expect(text).toMatch(/asked \d{4}-\d\d-\d\d \d\d:\d\d, .*0\.06 CNY/);
    expect(text).toContain(drawing.prompt);
    expect(text).toContain('may have been billed');
    expect(text).toContain('again: true');
    expect(text).not.toMatch(/resume|drop|ROOTS/);
  }
  const { document } = await call('get_image');
  const asked = await call('get_image', { id: document.pending![0]!.id });
  expect(asked.document).toMatchObject({ pending: [{ state: 'uncertain' }], errors: [{ mayHaveBeenBilled: true }] });
  for (const spelling of [
    { model: document.pending![0]!.model },
    { maxCost: '1 CNY' },
    { prompt: ` ${drawing.prompt} ` },
  ]) {
    const told = await call('generate_image', { ...drawing, ...spelling });
    expect(told.document.pending).toMatchObject([{ state: 'uncertain' }]);
  }
  expect(asked.text.match(/may have been billed/g)).toHaveLength(1);
  expect(spent(service)).toBe(1);
  expect((await call('generate_image', { ...drawing, again: true })).document.images).toHaveLength(1);
  expect(spent(service)).toBe(2);
  // It was made anew: nobody is told to pay for it once more.
  for (const words of [{}, { id: document.pending![0]!.id }]) {
    const later = await call('get_image', words);
    expect(later.document.pending).toMatchObject([{ phase: expect.stringContaining('made anew') }]);
    expect(later.document.next).toBeUndefined();
    expect(later.text).not.toContain('again: true');
  }
  expect((await call('list_models')).document.pending).toBeUndefined();
});

test('again: true by habit pays for nothing that is known', async (context) => {
  const { options, draw } = slow();
  const { service, open } = await begin(context, options);
  const { call } = await open();
  const first = call('generate_image', { ...drawing, again: true });
  await sent(service);
  const second = call('generate_image', { ...drawing, again: true });
  await call('get_image');
  draw();
  expect((await second).document.images).toEqual((await first).document.images);
  expect(spent(service)).toBe(1);
});

test('the id of a call of several pictures is known to the next server', async (context) => {
  const hang = { on: 'result', kind: 'hang' } as const;
  const { service, open } = await begin(context, { faults: [hang, hang] });
  const first = await open();
  const told = first.call('generate_image', { ...drawing, n: 2, waitSeconds: 3 });
  await service.waitFor(() => service.requests.filter(({ point }) => point === 'result').length === 2);
  const { id } = (await told).document.pending![0]!;
  expect(id).toMatch(/^c-/);
  first.child.kill('SIGKILL');
  await first.ended;
  const { call } = await open();
  const fetched = await call('get_image', { id });
  expect(fetched.document.images).toHaveLength(2);
  // How long they took is not known here.
  expect(fetched.text).toMatch(/^2 pictures, asked \d{4}-\d\d-\d\d \d\d:\d\d, about 0\.12 CNY:$/m);
  expect(fetched.document.pending).toBeUndefined();
  expect(spent(service)).toBe(2);
  // Asked again it is shown, by any server.
  const third = await open();
  expect((await third.call('get_image', { id })).document.images).toHaveLength(2);
});

test('a call of which nothing was sent says so in the next server', async (context) => {
  const { open } = await begin(context);
  const { call } = await open();
  const { text, isError } = await call('get_image', { id: 'c-0123456789ab' });
  expect(isError).toBe(true);
  expect(text).toContain('is not known');
});

test.for([
  ['stdin ends', (server: RawServer) => server.child.stdin.end(), 0],
  ['SIGTERM', (server: RawServer) => server.child.kill('SIGTERM'), 143],
] as const)('when %s, what is paid for comes home first', async ([, strike, code], context) => {
  const { options, draw } = slow();
  const { service, open, pictures, tickets } = await begin(context, options);
  const server = await open();
  server.begin('tools/call', { name: 'generate_image', arguments: drawing });
  await sent(service);
  strike(server);
  expect(await tickets()).toHaveLength(1);
  draw();
  expect(await server.ended).toEqual({ code, signal: null });
  expect([(await pictures()).length, await tickets()]).toEqual([1, []]);
  for (const line of server.lines) expect(line).toMatchObject({ jsonrpc: '2.0' });
  // Nobody saw it yet.
  const { call } = await open();
  expect((await call('generate_image', drawing)).document.images).toHaveLength(1);
  expect(spent(service)).toBe(1);
});

test.for([
  ['the time for it is over', { ANYIMAGE_GRACE_SECONDS: '0' }, 1],
  ['a second signal comes', {}, 2],
] as const)('when %s, the ticket is left', async ([, env, signals], context) => {
  const { service, open, tickets } = await begin(context, { checks: 100 }, { model: 'cogview/glm-image', env });
  const server = await open();
  server.begin('tools/call', { name: 'generate_image', arguments: drawing });
  for (let signal = 1; signal <= signals; signal++) {
    // Each is heard before the next.
    await service.next('request', ({ point }) => point === 'check');
    server.child.kill('SIGTERM');
  }
  expect(await server.ended).toEqual({ code: 143, signal: null });
  expect(await tickets()).toMatchObject([{ state: 'submitted', request: drawing }]);
});

test('without anything paid for, the end comes at once', async (context) => {
  const { open } = await begin(context, {}, { model: 'sketch' });
  const server = await open();
  server.begin('tools/call', { name: 'generate_image', arguments: { ...drawing, n: 40, size: '2048x2048' } });
  await server.ask('ping');
  server.child.stdin.end();
  expect(await server.ended).toEqual({ code: 0, signal: null });
});

test('a task that is cancelled is ended at the service', async (context) => {
  const { service, open, tickets } = await begin(
    context,
    { checks: 100 },
    { factory: bailian, model: 'bailian/wan2.2-t2i-flash' },
  );
  const server = await open({ tasks: { cancel: {}, list: {}, requests: {} } });
  const { result } = await server.ask('tools/call', { name: 'generate_image', arguments: drawing, task: {} });
  const { taskId } = (result as { task: { taskId: string } }).task;
  await sent(service);
  await service.waitFor(() => service.jobs.size > 0);
  const ended = await server.ask('tasks/cancel', { taskId });
  expect(ended.result).toMatchObject({ status: 'cancelled' });
  expect(service.requests.map(({ point }) => point)).toContain('cancel');
  expect(await tickets()).toEqual([]);
  const { text, document } = toldIn(await server.ask('tasks/result', { taskId }));
  expect(document).toMatchObject({ errors: [{ code: 'aborted', mayHaveBeenBilled: true }] });
  expect(document.pending).toBeUndefined();
  expect(text).not.toMatch(/Nothing was billed|get_image/);
  expect((await server.call('get_image', { id: taskId })).document.pending).toBeUndefined();
});

test('a task that cannot be cancelled says why, and goes on', async (context) => {
  const { service, open, tickets } = await begin(
    context,
    { checks: 100, faults: [{ on: 'cancel', kind: 'failure', code: 'server' }] },
    { factory: bailian, model: 'bailian/wan2.2-t2i-flash' },
  );
  const server = await open({ tasks: { cancel: {}, list: {}, requests: {} } });
  const { result } = await server.ask('tools/call', { name: 'generate_image', arguments: drawing, task: {} });
  const { taskId } = (result as { task: { taskId: string } }).task;
  await service.waitFor(() => service.jobs.size > 0);
  const { error } = await server.ask('tasks/cancel', { taskId });
  expect(error!.message).toMatch(/was not cancelled: Bailian answered/);
  expect(error!.message).toContain('get_image');
  expect(await tickets()).toMatchObject([{ state: 'submitted' }]);
  const told = await server.call('get_image', { id: taskId, waitSeconds: 0 });
  expect(told.document.pending).toMatchObject([{ prompt: drawing.prompt }]);
});

test('the id of no ticket begins nothing', async (context) => {
  const { open } = await begin(context);
  const { call } = await open();
  expect(await call('get_image', { id: 't-0123abcd', waitSeconds: 0 })).toMatchObject({
    isError: true,
    document: { errors: [{ code: 'not-found' }] },
  });
  expect((await call('get_image')).document.pending).toBeUndefined();
});

test('a call that goes on in another stands once', async (context) => {
  const { service, open } = await begin(
    context,
    { checks: 1000 },
    { factory: bailian, model: 'bailian/wan2.2-t2i-flash' },
  );
  const first = await open();
  await first.call('generate_image', { ...drawing, waitSeconds: 0 });
  first.child.kill('SIGKILL');
  await first.ended;
  const { call } = await open();
  const told = await call('generate_image', { ...drawing, waitSeconds: 0 });
  expect((await call('get_image')).document.pending).toEqual([
    { ...told.document.pending![0], phase: expect.any(String) },
  ]);
  expect(service.submissions).toBe(1);
});
