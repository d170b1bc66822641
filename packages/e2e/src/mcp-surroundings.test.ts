// The MCP server where clients really start it: with folders, variables and proxies as people and programs leave them.

import { chmod, mkdir, mkdtemp, readdir, realpath, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { drawTestCard, type Emulator } from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newPerson } from './run-cli.ts';
import { newServer, type RawServer, type ServerParameters, startRaw } from './run-mcp.ts';

interface Answer {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent: {
    readonly images?: readonly { readonly path: string }[];
    readonly errors?: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
  };
  readonly isError?: boolean;
}

const servers: RawServer[] = [];
let around: string;
beforeEach(async () => {
  around = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-around-')));
});
afterEach(async () => {
  for (const { child } of servers) child.kill();
  await Promise.all(servers.splice(0).map(({ ended }) => ended));
});

async function begin(parameters: ServerParameters): Promise<RawServer> {
  const server = startRaw(parameters);
  servers.push(server);
  const clientInfo = { name: 'test', version: '1.0.0' };
  await server.ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  return server;
}

async function call(server: RawServer, name: string, words: object = {}): Promise<Answer> {
  const { result } = await server.ask('tools/call', { name, arguments: words });
  return result as unknown as Answer;
}

const dollar = '$';
/** What a client was to put a value in place of. */
const slot = (name: string) => `${dollar}{${name}}`;

const small = { prompt: 'a boat', size: '64x64', model: 'sketch' };

describe('folders', () => {
  test.each(['~/made', 'made', './made'])(
    '%s means the same in ANYIMAGE_OUTPUT, ANYIMAGE_HOME and -o',
    async (written) => {
      const own = { HOME: around, ANYIMAGE_HOME: join(around, 'home') };
      const person = await newPerson(own);
      const cwd = person.folder;
      const place = written.startsWith('~') ? join(around, 'made') : join(await realpath(cwd), 'made');
      const output = await begin({ ...(await newServer({ ...own, ANYIMAGE_OUTPUT: written })), cwd });
      const [one] = (await call(output, 'generate_image', small)).structuredContent.images!;
      expect(one!.path.startsWith(place)).toBe(true);
      const home = await begin({ ...(await newServer({ ...own, ANYIMAGE_HOME: written })), cwd });
      const [other] = (await call(home, 'generate_image', small)).structuredContent.images!;
      expect(other!.path.startsWith(join(place, 'pictures'))).toBe(true);
      const made = await person.run('a boat', '--size', '64x64', `--output=${written}/flag/boat.png`);
      expect(made.code).toBe(0);
      expect(await readdir(join(place, 'flag'))).toContain('boat.png');
      expect(await readdir(cwd)).not.toContain('~');
    },
  );

  test('a folder in the config is meant from where the config lies, whichever app reads it', async () => {
    const home = join(around, 'home');
    await mkdir(home);
    await writeFile(join(home, 'config.json'), JSON.stringify({ output: 'album' }));
    const own = { HOME: around, ANYIMAGE_HOME: home };
    const server = await begin(await newServer(own));
    await call(server, 'generate_image', small);
    const person = await newPerson(own);
    expect((await person.run('a boat', '--size', '64x64')).code).toBe(0);
    const pictures = (await readdir(join(home, 'album'))).filter((name) => name.endsWith('.png'));
    expect(pictures).toHaveLength(2);
  });

  test('~ and relative folders count in ANYIMAGE_ROOTS, too', async () => {
    await mkdir(join(around, 'cwd', 'near'), { recursive: true });
    await mkdir(join(around, 'far'));
    const card = drawTestCard({ prompt: 'a boat', width: 64, height: 64, seed: 1 });
    await writeFile(join(around, 'cwd', 'near', 'one.png'), card);
    await writeFile(join(around, 'far', 'two.png'), card);
    const parameters = await newServer({ HOME: around, ANYIMAGE_ROOTS: `~/far:near:${slot('workspaceFolder')}` });
    const server = await begin({ ...parameters, cwd: join(around, 'cwd') });
    for (const name of ['one.png', 'two.png', '~/far/two.png']) {
      expect((await call(server, 'get_image', { id: name })).isError ?? false, name).toBe(false);
    }
  });

  test('roots that are no folders of this machine are passed over, and the others stay', async () => {
    const card = drawTestCard({ prompt: 'a boat', width: 64, height: 64, seed: 1 });
    await writeFile(join(around, 'mine.png'), card);
    const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities: { roots: {} } });
    const uris = [
      'https://example.com/',
      'file://server/share',
      'vscode-remote://box/x',
      '',
      'not a uri',
      'file:///%2F',
    ];
    const roots = [...uris, pathToFileURL(around).href].map((uri) => ({ uri }));
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots }));
    await client.connect(new StdioClientTransport(await newServer()));
    const answer = await client.callTool({ name: 'get_image', arguments: { id: join(around, 'mine.png') } });
    await client.close();
    expect(answer.isError ?? false).toBe(false);
  });
});

describe('the folder of the start', () => {
  test('the root of the disk', async () => {
    const server = await begin({ ...(await newServer()), cwd: '/' });
    expect((await call(server, 'generate_image', small)).structuredContent.images).toHaveLength(1);
  });

  test('one that is gone', async () => {
    const gone = join(around, 'gone');
    await mkdir(gone);
    const parameters = await newServer();
    const args = ['-c', 'rmdir "$PWD" && exec "$0" "$@"', parameters.command, ...parameters.args];
    const server = await begin({ ...parameters, command: '/bin/sh', args, cwd: gone });
    const large = { ...small, size: '2048x2048' };
    const answer = await call(server, 'generate_image', large);
    expect(answer.structuredContent.images).toHaveLength(1);
    expect(answer.content.map(({ type }) => type)).toContain('image');
    expect((await call(server, 'list_models')).isError ?? false).toBe(false);
  });

  test('one where nothing may be written', async () => {
    const locked = join(around, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o555);
    const server = await begin({ ...(await newServer()), cwd: locked });
    expect((await call(server, 'generate_image', small)).structuredContent.images).toHaveLength(1);
    expect(await readdir(locked)).toEqual([]);
  });
});

describe('values that a client did not fill in', () => {
  let service: Emulator;
  beforeEach(async () => {
    service = await emulator.start();
  });
  afterEach(() => service.close());

  test.each([
    ...[
      slot('ZHIPU_API_KEY'),
      slot('env:ZHIPU_API_KEY'),
      slot('input:key'),
      '$ZHIPU_API_KEY',
      '%ZHIPU_API_KEY%',
      '{{ZHIPU_API_KEY}}',
    ],
    ...[
      'undefined',
      'null',
      'your key',
      'your-api-key-here',
      'YOUR_API_KEY',
      '<your-key>',
      'sk-...',
      'REPLACE_ME',
      '***',
      '""',
    ],
  ])('%j is no key: it is said before anything is sent, by the server and by the command line', async (key) => {
    const env = { ...service.env, ZHIPU_API_KEY: key, ANYIMAGE_MODEL: 'cogview' };
    const server = await begin(await newServer(env));
    const answer = await call(server, 'generate_image', { prompt: 'a boat' });
    const word = 'ZHIPU_API_KEY holds a placeholder that was not filled in';
    expect(answer.structuredContent.errors).toMatchObject([{ code: 'auth', message: expect.stringContaining(word) }]);
    const person = await newPerson(env);
    const { code, stderr } = await person.run('a boat');
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining(word)]);
    expect(code).not.toBe(0);
    expect(service.requests).toHaveLength(0);
  });

  test('a stored key is used in place of one', async () => {
    const person = await newPerson({ ...service.env, ZHIPU_API_KEY: slot('ZHIPU_API_KEY') });
    expect((await person.pipe(service.key, 'keys', 'set', 'cogview')).code).toBe(0);
    expect((await person.run('a boat', '-m', 'cogview', '-o', 'boat.png')).code).toBe(0);
  });

  test.each(['ANYIMAGE_OUTPUT', 'ANYIMAGE_HOME', 'ANYIMAGE_MODEL', 'ANYIMAGE_ROOTS'])(
    '%s counts as not set',
    async (name) => {
      const cwd = join(around, 'cwd');
      await mkdir(cwd);
      for (const value of [`${slot('workspaceFolder')}/x`, 'undefined', '%APPDATA%']) {
        const server = await begin({ ...(await newServer({ HOME: around, [name]: value })), cwd });
        const answer = await call(server, 'generate_image', { prompt: 'a boat', size: '64x64' });
        expect(answer.structuredContent.images, value).toHaveLength(1);
        expect(JSON.stringify(answer.content), value).toContain(`${name} does not count`);
      }
      expect(await readdir(cwd)).toEqual([]);
    },
  );
});

describe('a proxy', () => {
  test('a service on this machine is reached past it', async () => {
    let asked = 0;
    const proxy = createServer((_, response) => {
      asked += 1;
      response.writeHead(502).end('no');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const service = await emulator.start();
    const server = await begin(await newServer({ ...service.env, HTTP_PROXY: url, HTTPS_PROXY: url }));
    const answer = await call(server, 'generate_image', { prompt: 'a boat', model: 'cogview' });
    expect(answer.structuredContent.images).toHaveLength(1);
    expect(asked).toBe(0);
    await service.close();
    proxy.close();
  });
});

describe('work', () => {
  test.each([
    ['a picture of 4096 px is drawn', { prompt: 'a forest by a lake at dawn', size: '4096x4096', model: 'sketch' }],
    ['ten are drawn', { prompt: 'a boat', size: '1024x1024', n: 10, model: 'sketch' }],
  ])('while %s, a ping is answered within 2 s', async (_, words) => {
    const server = await begin(await newServer());
    await call(server, 'list_models');
    let isOver = false;
    const drawn = call(server, 'generate_image', words).finally(() => {
      isOver = true;
    });
    let slowest = 0;
    while (!isOver) {
      const at = performance.now();
      await server.ask('ping');
      slowest = Math.max(slowest, performance.now() - at);
    }
    expect((await drawn).structuredContent.images!.length).toBeGreaterThan(0);
    expect(slowest).toBeLessThan(2000);
  });
});
