// The MCP server with real clients of both eras of the protocol.

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { drawTestCard, pngSize } from '@anyimage/testkit';
import { Client as NewClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newServer, type RawServer, type ServerParameters, startRaw } from './run-mcp.ts';

/** What an agent sees of an answer. */
interface Answer {
  readonly content: readonly {
    readonly type: string;
    readonly text?: string;
    readonly data?: string;
    readonly mimeType?: string;
    readonly uri?: string;
    readonly size?: number;
  }[];
  readonly structuredContent: { readonly [field: string]: unknown };
  readonly isError?: boolean;
}

/** What all clients can do. */
interface AnyClient {
  listTools(): Promise<{ tools: { name: string; inputSchema: object; outputSchema?: object }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  readResource(resource: { uri: string }): Promise<{ contents: object[] }>;
  listResources(): Promise<{ resources: { uri: string }[] }>;
  close(): Promise<void>;
}

const open: AnyClient[] = [];
let settings: ServerParameters;
beforeEach(async () => {
  settings = await newServer();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
});

const me = { name: 'test', version: '1.0.0' };

const clients: Readonly<Record<string, () => Promise<AnyClient>>> = {
  async 'the 1.x client'() {
    const client = new OldClient(me);
    await client.connect(new OldTransport(settings));
    return client as unknown as AnyClient;
  },
  async 'the 2.x client in the old era'() {
    const client = new NewClient(me, { versionNegotiation: { mode: 'legacy' } });
    await client.connect(new NewTransport(settings));
    return client as unknown as AnyClient;
  },
  async 'the 2.x client in the new era'() {
    const client = new NewClient(me, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    await client.connect(new NewTransport(settings));
    return client as unknown as AnyClient;
  },
  async 'the 2.x client that finds out by itself'() {
    const client = new NewClient(me, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new NewTransport(settings));
    return client as unknown as AnyClient;
  },
};

async function connect(name: keyof typeof clients = 'the 1.x client') {
  const client = await clients[name]!();
  open.push(client);
  return {
    client,
    call: (tool: string, words: Record<string, unknown> = {}) =>
      client.callTool({ name: tool, arguments: words }) as Promise<Answer>,
  };
}

function textOf({ content }: Answer): string {
  return content.map(({ text }) => text ?? '').join('\n');
}

function imagesOf({ structuredContent }: Answer) {
  return structuredContent.images as {
    id: string;
    path: string;
    uri: string;
    width: number;
    height: number;
    bytes: number;
  }[];
}

describe.each(Object.keys(clients))('%s', (name) => {
  test('lists five tools with schemas', async () => {
    const { client } = await connect(name);
    const { tools } = await client.listTools();
    const names = ['generate_image', 'edit_image', 'get_image', 'list_models', 'estimate_cost'];
    expect(tools.map((tool) => tool.name)).toEqual(names);
    for (const { name, inputSchema, outputSchema } of tools) {
      expect(inputSchema).toMatchObject({ type: 'object' });
      expect(outputSchema !== undefined, name).toBe(name === 'generate_image' || name === 'edit_image');
    }
    for (const tool of tools.slice(0, 2)) expect(tool.outputSchema).toMatchObject({ type: 'object' });
  });

  test('gets a picture: short text, small preview, link to the full file, structured output', async () => {
    const { client, call } = await connect(name);
    const answer = await call('generate_image', { prompt: 'a paper boat at dawn', size: '1344x768', seed: 7 });
    expect(answer.isError ?? false).toBe(false);
    expect(answer.content.map(({ type }) => type)).toEqual(['text', 'image', 'resource_link']);
    const [text, preview, link] = answer.content;
    const [image] = imagesOf(answer);
    expect(text!.text).toContain(image!.path);
    expect(text!.text!.length).toBeLessThan(500);
    expect(preview!.mimeType).toBe('image/jpeg');
    expect(preview!.data!.length).toBeLessThanOrEqual(100_000);
    expect(link).toMatchObject({ uri: pathToFileURL(image!.path).href, mimeType: 'image/png', size: image!.bytes });
    expect(image).toMatchObject({ width: 1344, height: 768, uri: link!.uri, model: 'sketch/sketch-1', seed: 7 });
    const bytes = await readFile(image!.path);
    expect(pngSize(bytes)).toEqual({ width: 1344, height: 768 });
    const { contents } = await client.readResource({ uri: link!.uri! });
    expect(contents).toMatchObject([{ uri: link!.uri, mimeType: 'image/png', blob: bytes.toString('base64') }]);
    const { resources } = await client.listResources();
    const fileName = encodeURIComponent(image!.path.split('/').pop()!);
    expect(resources.map(({ uri }) => uri)).toContain(`anyimage://images/${fileName}`);
  });

  test('is refused with the reason and what to do', async () => {
    const { call } = await connect(name);
    const answer = await call('generate_image', { prompt: 'a boat', aspectRation: '16:9' });
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toBe(
      'generate_image has no argument “aspectRation” [invalid-request]\n' +
        'What to do: Did you mean aspectRatio?\nNothing was billed.',
    );
    const message = 'generate_image has no argument “aspectRation”';
    expect(answer.structuredContent).toEqual({
      errors: [{ code: 'invalid-request', message, hint: 'Did you mean aspectRatio?' }],
    });
  });
});

describe('generate_image', () => {
  test('makes several pictures, with a preview of each of the first eight', async () => {
    const { call } = await connect();
    const answer = await call('generate_image', { prompt: 'boats', n: 9, size: '256x256' });
    const count = (type: string) => answer.content.filter((one) => one.type === type).length;
    expect(imagesOf(answer)).toHaveLength(9);
    expect(count('resource_link')).toBe(9);
    expect(count('image')).toBe(8);
    expect(JSON.stringify(answer.content).length).toBeLessThan(500_000);
  });

  test('answers with what was made, where it lies, what it cost, and what comes next, in each half', async () => {
    const { call } = await connect();
    const answer = await call('generate_image', { prompt: 'a boat', size: '64x64' });
    const [image] = imagesOf(answer);
    expect(answer.structuredContent).toEqual({
      images: [
        {
          id: expect.stringMatching(/^p-[0-9a-f]{12}$/),
          path: expect.stringMatching(/\.png$/),
          uri: pathToFileURL(image!.path).href,
          width: 64,
          height: 64,
          mediaType: 'image/png',
          bytes: expect.any(Number),
          model: 'sketch/sketch-1',
          seed: expect.any(Number),
        },
      ],
      cost: [{ amount: 0, currency: expect.any(String) }],
      next: { say: expect.stringContaining('the person') },
    });
    const [, cost] = /^1 picture in [^,]+, (.*):$/m.exec(textOf(answer))!;
    expect(cost).toBe('free');
    expect(textOf(answer)).toContain('Next: Show the person');
  });

  test('says what came out otherwise than asked', async () => {
    const { call } = await connect();
    const answer = await call('generate_image', { prompt: 'a boat', quality: 'hd', n: 1 });
    expect(answer.structuredContent.applied).toEqual([{ option: 'quality', asked: 'hd', because: expect.any(String) }]);
    expect(textOf(answer)).toContain('Changed: quality hd was left out');
    const strict = await call('generate_image', { prompt: 'a boat', quality: 'hd', negotiation: 'strict' });
    expect(strict.isError).toBe(true);
    expect(strict.structuredContent.errors).toMatchObject([{ code: 'unsupported' }]);
  });

  test('a missing key is refused with the variable and where to set it', async () => {
    const { call } = await connect();
    const answer = await call('generate_image', { prompt: 'a boat', model: 'cogview' });
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(/Set ZHIPU_API_KEY .*`env` of this server/s);
  });

  test('tells how it goes, with growing progress', async () => {
    const client = new OldClient(me);
    await client.connect(new OldTransport(settings));
    open.push(client as unknown as AnyClient);
    const seen: { progress: number; message?: string }[] = [];
    const words = { name: 'generate_image', arguments: { prompt: 'boats', n: 2, size: '256x256' } };
    await client.callTool(words, undefined, { onprogress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen[0]!.message).toMatch(/^waiting for sketch/);
    const steps = seen.map(({ progress }) => progress);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });
});

describe('edit_image', () => {
  test('changes a picture of an earlier answer, by its name, and leaves the original', async () => {
    const { call } = await connect();
    const [made] = imagesOf(await call('generate_image', { prompt: 'a boat', size: '256x256' }));
    const before = await readFile(made!.path);
    const name = made!.path.split('/').pop()!;
    const answer = await call('edit_image', { images: [name], prompt: 'at night' });
    expect(imagesOf(answer)).toHaveLength(1);
    expect(imagesOf(answer)[0]!.path).not.toBe(made!.path);
    expect(await readFile(made!.path)).toEqual(before);
  });

  test('reads nothing outside the allowed folders, not even through a link', async () => {
    const outside = await newServer();
    const secret = join(outside.env.ANYIMAGE_HOME!, 'secret.png');
    await writeFile(secret, 'secret');
    const pictures = join(settings.env.ANYIMAGE_HOME!, 'pictures');
    await mkdir(pictures);
    await symlink(secret, join(pictures, 'link.png'));
    const { call } = await connect();
    for (const path of [
      secret,
      pathToFileURL(secret).href,
      'link.png',
      '../../etc/passwd',
      join(pictures, 'link.png'),
    ]) {
      const answer = await call('edit_image', { images: [path], prompt: 'x' });
      expect(answer.isError, path).toBe(true);
      expect(answer.structuredContent.errors).toMatchObject([{ code: 'invalid-request' }]);
      expect(textOf(answer)).toContain('ask the person to let this server read its folder');
    }
    const shown = await call('get_image', { id: 'link.png' });
    expect(shown.isError).toBe(true);
  });

  test('reads the folders that the client offers and those of ANYIMAGE_ROOTS', async () => {
    const other = await newServer();
    const folder = other.env.ANYIMAGE_HOME!;
    const { call } = await connect();
    const [made] = imagesOf(await call('generate_image', { prompt: 'a boat', size: '256x256' }));
    await writeFile(join(folder, 'mine.png'), await readFile(made!.path));

    const client = new OldClient(me, { capabilities: { roots: {} } });
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: pathToFileURL(folder).href }] }));
    await client.connect(new OldTransport(settings));
    open.push(client as unknown as AnyClient);
    const words = { images: [join(folder, 'mine.png')], prompt: 'at night' };
    expect((await client.callTool({ name: 'edit_image', arguments: words })).isError ?? false).toBe(false);

    settings = { ...settings, env: { ...settings.env, ANYIMAGE_ROOTS: folder } };
    const rooted = await connect('the 2.x client in the new era');
    expect((await rooted.call('edit_image', { ...words, images: ['mine.png'] })).isError ?? false).toBe(false);
  });
});

describe('get_image', () => {
  test('shows a file again, and without id the newest pictures', async () => {
    const { call } = await connect();
    const [made] = imagesOf(await call('generate_image', { prompt: 'a boat', size: '256x256', seed: 3 }));
    const again = await call('get_image', { id: made!.path });
    expect(again.content.map(({ type }) => type)).toEqual(['text', 'image', 'resource_link']);
    expect(imagesOf(again)).toMatchObject([{ path: made!.path, width: 256, model: 'sketch/sketch-1', seed: 3 }]);
    const overview = await call('get_image');
    const { path, id } = made!;
    expect(overview.structuredContent).toMatchObject({ images: [{ id, path }] });
    expect(overview.structuredContent).not.toHaveProperty('pending');
    const nothingOpen = 'Nothing is being made, and nothing that was paid for is missing.';
    expect(overview.structuredContent).toMatchObject({ next: { say: nothingOpen } });
    expect(overview.content[0]).toMatchObject({ text: expect.stringContaining(nothingOpen) });
  });

  test('shows an earlier picture by its id, at another size, a part of it, in another format, and draws nothing', async () => {
    const { call } = await connect();
    const [made] = imagesOf(await call('generate_image', { prompt: 'a boat', size: '512x256' }));
    const shown = await call('get_image', { id: made!.id, crop: '50%,0,50%,100%', size: '128', format: 'webp' });
    const [image] = imagesOf(shown);
    expect(image).toMatchObject({ id: made!.id, path: made!.path, width: 512, height: 256 });
    const { view } = image as unknown as { view: { path: string; uri: string } };
    expect(view).toMatchObject({ width: 128, height: 128, mediaType: 'image/webp' });
    expect((await readFile(view.path)).subarray(8, 12).toString()).toBe('WEBP');
    expect(textOf(shown)).toContain(`view of it: ${view.path} (128x128 webp, `);
    const [preview, link] = shown.content.slice(1);
    expect([preview!.mimeType, link!.uri]).toEqual(['image/jpeg', view.uri]);
    const overview = await call('get_image');
    expect(imagesOf(overview)).toHaveLength(1);
    const wrong = await call('get_image', { id: made!.id, crop: 'the boat' });
    expect(wrong).toMatchObject({
      isError: true,
      structuredContent: { errors: [{ hint: expect.stringContaining('25%') }] },
    });
  });

  test.each([
    ['in the old era', { mode: 'legacy' }],
    ['in the new era', { mode: { pin: '2026-07-28' } }],
  ] as const)(
    'a client that loses pictures beside structure gets small previews, and here none of it, %s',
    async (_, versionNegotiation) => {
      const client = new NewClient({ name: 'claude-code', version: '2.0.0' }, { versionNegotiation });
      await client.connect(new NewTransport(settings));
      open.push(client as unknown as AnyClient);
      const call = (name: string, words: Record<string, unknown>) =>
        client.callTool({ name, arguments: words }) as Promise<Answer>;
      const made = await call('generate_image', { prompt: 'boats', n: 3, size: '1024x1024' });
      const previews = made.content.filter(({ type }) => type === 'image');
      expect(previews).toHaveLength(2);
      expect(previews.reduce((sum, { data }) => sum + data!.length, 0)).toBeLessThanOrEqual(48_000);
      expect(made.structuredContent.next).toEqual({ say: expect.stringContaining('open the file') });
      const shown = await call('get_image', { id: imagesOf(made)[0]!.id });
      expect(shown.content.map(({ type }) => type)).toEqual(['text', 'image', 'resource_link']);
      expect(shown.structuredContent).toBeUndefined();
    },
  );

  test('without id, shows the newest five, or as many as are wanted', async () => {
    const { call } = await connect();
    await call('generate_image', { prompt: 'boats', n: 7, size: '64x64' });
    expect(imagesOf(await call('get_image'))).toHaveLength(5);
    expect(imagesOf(await call('get_image', { limit: 2 }))).toHaveLength(2);
  });

  test('shows a large picture as a small one, and says why there is no preview of one that is too large', async () => {
    const card = drawTestCard({ prompt: 'a boat', width: 3200, height: 2500, seed: 1 });
    const folder = join(settings.env.ANYIMAGE_HOME!, 'pictures');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'large.png'), card);
    // A webp of one colour, 16383x16383 px.
    const bomb = Buffer.from('UklGRh4AAABXRUJQVlA4TBEAAAAv/r//DwfQqhLVrP+BiOh/AAA=', 'base64');
    await writeFile(join(folder, 'bomb.webp'), bomb);
    const { call } = await connect();
    const large = await call('get_image', { id: 'large.png' });
    expect(large.content.map(({ type }) => type)).toEqual(['text', 'image', 'resource_link']);
    const shown = await call('get_image', { id: 'bomb.webp' });
    expect(shown.content.map(({ type }) => type)).toEqual(['text', 'text', 'resource_link']);
    expect(textOf(shown)).toContain('its 16383x16383 pixels are more than can be worked on here');
  });

  test('says what it knows when there is no such thing', async () => {
    const { call } = await connect();
    for (const id of ['t-00000000', 'c-00000000', 'nothing.png', 'sidecar.json']) {
      const answer = await call('get_image', { id });
      expect(answer.isError, id).toBe(true);
      expect(textOf(answer), id).toMatch(/What to do: ./);
    }
  });
});

describe('list_models', () => {
  interface Row {
    readonly model: string;
    readonly price: string;
    readonly default?: true;
    readonly also?: string;
    readonly key?: string;
  }

  test('says in few words what there is, which one draws, for how much, and who needs a key', async () => {
    const { call } = await connect();
    const { content, structuredContent } = await call('list_models');
    for (const half of [content, structuredContent]) expect(JSON.stringify(half).length).toBeLessThan(2048);
    expect(content[0]!.text).toMatch(/^Default, when no model is named: sketch \(free, on this machine/);
    expect(structuredContent).toMatchObject({
      default: expect.stringMatching(/^sketch \(free/),
      models: [{ model: 'sketch/sketch-1', price: 'free', default: true, local: true }],
      withoutKey: expect.arrayContaining([{ provider: 'cogview', key: 'ZHIPU_API_KEY', models: expect.any(Number) }]),
    });
  });

  test('filters, with names in any case', async () => {
    const { call } = await connect();
    const list = async (words: Record<string, unknown>) =>
      (await call('list_models', words)).structuredContent.models as readonly Row[];
    expect(await list({ text: 'GLM', provider: 'CogView' })).toMatchObject([
      { model: 'cogview/glm-image', price: '0.1 CNY', key: 'missing: ZHIPU_API_KEY' },
    ]);
    const editors = await list({ operation: 'edit' });
    expect(editors.map(({ model }) => model)).toContain('sketch/sketch-1');
    for (const { also } of editors) expect(also).toContain('edit');
    for (const { key } of await list({ configured: true })) expect(key).toBeUndefined();
    for (const { model } of await list({ provider: 'cogview' })) expect(model).toMatch(/^cogview\//);
    const cheap = await list({ provider: 'cogview', maxPrice: '0.06 CNY' });
    expect(cheap.map(({ price }) => price)).toEqual(expect.arrayContaining(['0.06 CNY', 'free']));
    expect(cheap.map(({ model }) => model)).not.toContain('cogview/glm-image');
  });

  test('a misprint is answered with the name that was meant', async () => {
    const { call } = await connect();
    const answer = await call('list_models', { text: 'glm-imagee' });
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toContain('Did you mean cogview/glm-image');
  });

  test('shows all about one model, its own options as JSON Schema', async () => {
    const { call } = await connect();
    const answer = await call('list_models', { text: 'sketch/sketch-1' });
    expect(answer.structuredContent.models).toMatchObject([
      { capabilities: { generate: { providerOptions: { properties: { horizon: { minimum: 0.2 } } } } } },
    ]);
    expect(textOf(answer)).toMatch(/providerOptions: time: .*; horizon: a number from/);
  });
});

describe('estimate_cost', () => {
  test('says which model would draw, for how much and how long, and sends and makes nothing', async () => {
    const { call } = await connect();
    const answer = await call('estimate_cost', { prompt: 'a boat', n: 2, quality: 'hd' });
    expect(answer.structuredContent).toMatchObject({
      model: 'sketch/sketch-1',
      operation: 'generate',
      n: 2,
      cost: [{ amount: 0, currency: 'USD' }],
      applied: [{ option: 'quality', asked: 'hd' }],
    });
    expect(textOf(answer)).toMatch(
      /^sketch\/sketch-1 would make 2 pictures \(generate\): free, usually .*Nothing was sent/,
    );
    expect(await readdir(join(settings.env.ANYIMAGE_HOME!, 'pictures')).catch(() => [])).toEqual([]);
  });

  test('of auto it tells the next choices and their prices, also without a key', async () => {
    settings = { ...settings, env: { ...settings.env, ZHIPU_API_KEY: 'test-key' } };
    const { call } = await connect();
    const auto = await call('estimate_cost', { prompt: 'a boat', prefer: 'price', size: '1024x1024' });
    expect(auto.structuredContent.choices).toMatchObject([
      { model: expect.any(String), cost: [{ currency: 'CNY' }] },
      {},
    ]);
    const named = await call('estimate_cost', { prompt: 'a boat', model: 'openai' });
    expect(textOf(named)).toContain('Warning: no key for OpenAI');
    const { model, costUnknown, next } = named.structuredContent;
    expect({ costUnknown, next }).toMatchObject({
      costUnknown: true,
      next: { tool: 'list_models', arguments: { text: model } },
    });
  });
});

describe('the protocol', () => {
  let raw: RawServer;
  const hello = (protocolVersion: string) => ({ protocolVersion, capabilities: {}, clientInfo: me });

  beforeEach(() => {
    raw = startRaw(settings);
  });
  afterEach(() => {
    raw.child.kill();
    return raw.ended;
  });

  test('nothing but messages is on stdout, and closing stdin ends the process', async () => {
    await raw.ask('initialize', hello('2025-11-25'));
    raw.notify('notifications/initialized');
    const words = { name: 'generate_image', arguments: { prompt: 'a boat' }, _meta: { progressToken: 1 } };
    await raw.ask('tools/call', words);
    await raw.ask('tools/call', { name: 'no_such_tool', arguments: {} });
    await raw.ask('resources/read', { uri: 'file:///etc/passwd' });
    await raw.ask('no/such/method');
    raw.child.stdin.write('this is no JSON\n');
    await raw.ask('tools/list');
    raw.child.stdin.end();
    expect(await raw.ended).toEqual({ code: 0, signal: null });
    expect(raw.lines.length).toBeGreaterThan(6);
    for (const line of raw.lines) expect(line).toMatchObject({ jsonrpc: '2.0' });
  });

  test('a file outside the output folder is no resource', async () => {
    await raw.ask('initialize', hello('2025-11-25'));
    const { error } = await raw.ask('resources/read', { uri: 'file:///etc/passwd' });
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('no picture of the output folder') });
  });

  test('clients from before resource links get none', async () => {
    const { result } = await raw.ask('initialize', hello('2024-11-05'));
    expect(result!.protocolVersion).toBe('2024-11-05');
    const answer = await raw.ask('tools/call', {
      name: 'generate_image',
      arguments: { prompt: 'a boat', size: '256x256' },
    });
    expect((answer.result as unknown as Answer).content.map(({ type }) => type)).toEqual(['text', 'image']);
  });

  test('an input picture may come in the message itself', async () => {
    await raw.ask('initialize', hello('2025-11-25'));
    const made = await raw.ask('tools/call', {
      name: 'generate_image',
      arguments: { prompt: 'a boat', size: '2048x2048' },
    });
    const [image] = imagesOf(made.result as unknown as Answer);
    const data = `data:image/png;base64,${(await readFile(image!.path)).toString('base64')}`;
    const { result } = await raw.ask('tools/call', {
      name: 'edit_image',
      arguments: { images: [data], prompt: 'at night' },
    });
    const [edited] = imagesOf(result as unknown as Answer);
    expect(edited).toMatchObject({ width: 2048 });
    expect((await readFile(`${edited!.path}.json`, 'utf8')).length).toBeLessThan(4000);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the process', async (signal) => {
    await raw.ask('initialize', hello('2025-11-25'));
    await raw.ask('tools/call', { name: 'list_models', arguments: {} });
    raw.child.kill(signal);
    expect(await raw.ended).toEqual({ code: signal === 'SIGINT' ? 130 : 143, signal: null });
  });
});

describe('the inspector', () => {
  const manifest = createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector/package.json');
  const inspector = join(dirname(manifest), 'clients/launcher/build/index.js');

  /** Runs it as a person does; settings of the server go through its own flag. */
  function inspect(...words: readonly string[]) {
    const { ANYIMAGE_HOME } = settings.env;
    const target = ['-e', `ANYIMAGE_HOME=${ANYIMAGE_HOME}`, settings.command, ...settings.args];
    return promisify(execFile)(process.execPath, [inspector, '--cli', ...target, ...words], {
      env: settings.env,
      maxBuffer: 10 ** 7,
    });
  }

  test('lists the tools and finds no fault in their schemas', async () => {
    const { stdout, stderr } = await inspect('--method', 'tools/list', '--strict');
    expect(JSON.parse(stdout).tools).toHaveLength(5);
    expect(stderr).not.toMatch(/warning|error/i);
  });

  test('calls a tool', async () => {
    const words = ['--tool-name', 'generate_image', '--tool-arg', 'prompt=a boat', 'size=256x256'];
    const { stdout } = await inspect('--method', 'tools/call', ...words);
    const answer: Answer = JSON.parse(stdout);
    expect(imagesOf(answer)).toMatchObject([{ width: 256, height: 256 }]);
    expect(await readdir(join(settings.env.ANYIMAGE_HOME!, 'pictures'))).toHaveLength(2);
  });
});
