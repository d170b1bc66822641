// The MCP server among messages that nobody would send on purpose: each request is answered, at once, and nothing else happens.

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newServer, type ServerParameters } from './run-mcp.ts';

/** Between a ping and its answer, ms. */
const patienceMs = 2000;

interface Hostile {
  /** A line, without its end. */
  readonly text: string;
  /** The id of the request, if it is one that is answered with it. */
  readonly id?: string | number;
}

class Wire {
  readonly child;
  /** Lines of stdout that are no message. */
  readonly strays: string[] = [];
  /** Errors without an id. */
  nameless = 0;
  readonly answered = new Map<unknown, number>();
  readonly #waiting = new Map<unknown, (message: unknown) => void>();
  #rest = '';

  constructor({ command, args, env, cwd }: ServerParameters) {
    this.child = spawn(command, args, { env, stdio: 'pipe', ...(cwd !== undefined && { cwd }) });
    this.child.stdin.on('error', () => {});
    this.child.stderr.resume();
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
  }

  /** Resolves once the text has left for the server. */
  send(text: string | Buffer): Promise<void> {
    return new Promise((resolve) => this.child.stdin.write(text, () => resolve()));
  }

  ask(id: unknown, method: string, params: object = {}): Promise<unknown> {
    const answer = this.answerTo(id);
    void this.send(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answer;
  }

  /** Resolves with the answer to a request that is sent otherwise. */
  answerTo(id: unknown): Promise<unknown> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** ms until a ping is answered. */
  async ping(id: string): Promise<number> {
    const startedAt = performance.now();
    await this.ask(id, 'ping');
    return performance.now() - startedAt;
  }

  async hello(protocolVersion = '2025-11-25'): Promise<void> {
    await this.ask('hello', 'initialize', {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    });
    await this.send('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#read(line);
  }

  #read(line: string): void {
    let message: { readonly jsonrpc?: unknown; readonly id?: unknown; readonly method?: unknown };
    try {
      message = JSON.parse(line);
    } catch {
      this.strays.push(line);
      return;
    }
    if (message.jsonrpc !== '2.0') this.strays.push(line);
    if (message.method !== undefined) return;
    if (message.id === null) this.nameless += 1;
    this.answered.set(message.id, (this.answered.get(message.id) ?? 0) + 1);
    this.#waiting.get(message.id)?.(message);
  }
}

let settings: ServerParameters;
let around: string;
let wire: Wire;
beforeEach(async () => {
  around = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-hostile-')));
  const home = join(around, 'home');
  await mkdir(home);
  const cwd = join(around, 'cwd');
  await mkdir(cwd);
  await writeFile(join(around, 'secret.png'), 'secret');
  settings = { ...(await newServer({ HOME: around, ANYIMAGE_HOME: home })), cwd };
  wire = new Wire(settings);
});
afterEach(() => {
  wire.child.kill('SIGKILL');
});

const tools = ['generate_image', 'edit_image', 'get_image', 'list_models', 'estimate_cost', 'no_such_tool', ''];
const words = [
  ...[
    'prompt',
    'images',
    'mask',
    'id',
    'text',
    'size',
    'n',
    'seed',
    'model',
    'route',
    'providerOptions',
    'waitSeconds',
  ],
  ...['__proto__', 'constructor', 'toString', 'style', 'quality', 'operation', 'expand', 'background', 'user', 'crop'],
];
const odd: readonly unknown[] = [
  ...[
    '',
    ' ',
    '\u0000',
    '\ud800',
    '../../secret.png',
    'file:///etc/passwd',
    '/etc/passwd',
    '~/secret.png',
    '\\\\server\\share\\x',
  ],
  ...[
    'data:image/png;base64,AAAA',
    'data:,',
    'http://169.254.169.254/x',
    '$HOME',
    '-1',
    '1e999',
    'NaN',
    '\u202e',
    'x'.repeat(20_000),
  ],
  ...[0, -0, -1, 1.5, 1e300, 2 ** 53, true, false, null, [], {}, [[]], { a: { b: { c: [] } } }, [null], ['a', 1, {}]],
];
const methods = [
  ...[
    'tools/call',
    'tools/list',
    'resources/read',
    'resources/list',
    'resources/templates/list',
    'prompts/get',
    'prompts/list',
  ],
  ...[
    'completion/complete',
    'resources/subscribe',
    'resources/unsubscribe',
    'tasks/get',
    'tasks/result',
    'tasks/list',
    'tasks/cancel',
  ],
  ...[
    'ping',
    'initialize',
    'logging/setLevel',
    'server/discover',
    'sampling/createMessage',
    'no/such',
    '',
    'x'.repeat(5000),
  ],
];

const value = fc.oneof(fc.constantFrom(...odd), fc.jsonValue({ maxDepth: 3 }));
const someWords = fc.dictionary(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })), value, {
  maxKeys: 5,
});
const params = fc.oneof(
  { arbitrary: fc.record({ name: fc.constantFrom(...tools), arguments: someWords }), weight: 4 },
  fc.record({ name: value, arguments: value, task: value, _meta: value }, { requiredKeys: [] }),
  fc.record({
    uri: fc.oneof(value, fc.constantFrom('anyimage://images/x', 'anyimage://images/..%2f..%2fsecret.png', 'anyimage:')),
  }),
  fc.record({ taskId: value }),
  fc.record({ ref: value, argument: value }),
  fc.record({
    ref: fc.record({ type: fc.constant('ref/prompt'), name: value }),
    argument: fc.record({ name: value, value }),
  }),
  value,
);
// What makes pictures is not what is tried here: a prompt that is fine would be drawn.
const harmless = (given: unknown) => !/"prompt":"[^"]|"images":\[?"data/.test(JSON.stringify(given) ?? '');

/** A request, a notification, an answer to nothing, a list of them, or a line that is none of these. */
function hostile(index: number) {
  const id = `h${index}`;
  const request = fc
    .record({
      jsonrpc: fc.constant('2.0'),
      id: fc.constant(id),
      method: fc.constantFrom(...methods),
      params: params.filter(harmless),
    })
    .map((message): Hostile => ({ text: JSON.stringify(message), id }));
  const bent = fc
    .record(
      { jsonrpc: value, id: value, method: value, params: value, result: value, error: value },
      { requiredKeys: [] },
    )
    .map((message): Hostile => ({ text: JSON.stringify(message) }));
  const noise = fc.string({ maxLength: 60 }).map((text): Hostile => ({ text: text.replaceAll('\n', ' ') }));
  const cut = request.map(({ text }): Hostile => ({ text: text.slice(0, Math.floor(text.length / 2)) }));
  return fc.oneof({ arbitrary: request, weight: 6 }, bent, noise, cut);
}

test('10,000 hostile messages: every request is answered once, a ping beside each within 2 s, nothing else is written', async () => {
  await wire.hello();
  const count = 10_000;
  const expected: (string | number)[] = [];
  let slowest = 0;
  for (let from = 0; from < count; from += 100) {
    const pings: Promise<number>[] = [];
    const lines: string[] = [];
    for (let index = from; index < from + 100; index++) {
      const [one] = fc.sample(hostile(index), { seed: 20_261_129 + index, numRuns: 1 });
      lines.push(one!.text);
      if (one!.id !== undefined) expected.push(one!.id);
    }
    for (const [offset, line] of lines.entries()) {
      void wire.send(`${line}\n`);
      pings.push(wire.ping(`p${from + offset}`));
    }
    slowest = Math.max(slowest, ...(await Promise.all(pings)));
  }
  await expect.poll(() => expected.filter((id) => !wire.answered.has(id)), { timeout: 20_000 }).toEqual([]);
  expect(slowest).toBeLessThan(patienceMs);
  expect(expected.filter((id) => wire.answered.get(id) !== 1)).toEqual([]);
  expect(wire.strays).toEqual([]);
  expect(wire.child.exitCode).toBeNull();
  // Outside the library nothing was made.
  expect((await readdir(around)).sort()).toEqual(['cwd', 'home', 'secret.png']);
  expect(await readdir(join(around, 'cwd'))).toEqual([]);
}, 120_000);

/** A call of edit_image with a picture of so many MiB in the message itself, as a client writes it: the id comes last. */
async function sendLarge(id: string, mebibytes: number): Promise<void> {
  const part = Buffer.alloc(2 ** 20, 'A');
  await wire.send(
    '{"method":"tools/call","params":{"name":"edit_image","arguments":{"images":["data:image/png;base64,',
  );
  for (let index = 0; index < mebibytes; index++) await wire.send(part);
  await wire.send(`"],"prompt":"at night"}},"jsonrpc":"2.0","id":"${id}"}\n`);
}

test('a message of 50 MB is read, one over the limit is answered, and the server lives on, a ping beside each', async () => {
  await wire.hello();
  const answer = wire.answerTo('large');
  await sendLarge('large', 50);
  expect(await wire.ping('p1')).toBeLessThan(15_000);
  expect(await wire.ping('p2')).toBeLessThan(patienceMs);
  expect(JSON.stringify(await answer).length).toBeLessThan(10_000);
  const refusal = wire.answerTo('too-large');
  await sendLarge('too-large', 101);
  expect(await wire.ping('p3')).toBeLessThan(patienceMs);
  expect(await refusal).toMatchObject({ error: { code: -32600, message: expect.stringContaining('path or URL') } });
  expect(wire.strays).toEqual([]);
}, 60_000);

test('a message of a great many values keeps nobody waiting', async () => {
  await wire.hello();
  const many = `{"jsonrpc":"2.0","id":"many","method":"tools/call","params":{"name":"list_models","arguments":{"a":[${'{},'.repeat(8_000_000)}0]}}}\n`;
  const answer = wire.ask('after', 'ping');
  void wire.send(many);
  await answer;
  expect(await wire.ping('p1')).toBeLessThan(patienceMs);
  await expect.poll(() => wire.answered.get('many'), { timeout: 10_000 }).toBe(1);
}, 60_000);
