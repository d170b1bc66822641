// The MCP server with what a person has set up at the command line: config, keys, trust, budget, history, prompt help.

import { mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulator } from '@anyimage/provider-cogview/emulator';
import type { Emulator } from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newPerson } from './run-cli.ts';
import { newServer, type ServerParameters } from './run-mcp.ts';

interface Document {
  readonly images: readonly { readonly path: string; readonly model: string }[];
  readonly applied: readonly object[];
  readonly models?: readonly { readonly model: string; readonly default?: true; readonly configured?: boolean }[];
}

const key = 'test-key-of-the-person';
const clients: Client[] = [];
let service: Emulator;
let server: ServerParameters;
let home: string;
let folder: string;

/** The address of the service is known, its key is not. */
beforeEach(async () => {
  service = await emulator.start({ key });
  folder = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-mcp-project-')));
  await mkdir(join(folder, '.git'));
  server = { ...(await newServer({ ZHIPU_BASE_URL: service.env.ZHIPU_BASE_URL! })), cwd: folder };
  home = server.env.ANYIMAGE_HOME!;
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await service.close();
});

async function connect(env: Readonly<Record<string, string>> = {}) {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ ...server, env: { ...server.env, ...env } }));
  clients.push(client);
  return async (name: string, words: Record<string, unknown> = {}) => {
    const { content, structuredContent, isError } = await client.callTool({ name, arguments: words });
    const text = (content as { text?: string }[]).map((one) => one.text ?? '').join('\n');
    return { text, isError: isError ?? false, document: structuredContent as unknown as Document };
  };
}

const configure = (config: unknown) =>
  writeFile(join(home, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
const person = () => newPerson(server.env);
const boat = { prompt: 'a paper boat', size: '64x64' };
const withKey = () => connect({ ZHIPU_API_KEY: key });
const chats = () => service.requests.filter(({ point }) => point === 'chat').length;

test('what the agent makes is in the history of the person', async () => {
  const call = await connect();
  const { document } = await call('generate_image', boat);
  const history = await (await person()).run('history', 'paper', '--json');
  expect(JSON.parse(history.stdout).pictures).toMatchObject([
    { path: document.images[0]!.path, prompt: 'a paper boat', exists: true },
  ]);
});

test('models, aliases and styles of the config hold for the agent, and variables win', async () => {
  await configure({ model: 'mine', aliases: { mine: 'sketch' }, styles: { ink: 'ink on paper' } });
  const call = await connect();
  const { document, text } = await call('generate_image', { ...boat, style: 'ink' });
  expect(document).toMatchObject({
    images: [{ model: 'sketch/sketch-1', prompt: 'a paper boat, ink on paper' }],
    applied: [{ option: 'style', asked: 'ink' }],
  });
  expect(text).toContain('ink is a style of your config');
  expect((await call('generate_image', { ...boat, model: 'mine' })).document.images).toHaveLength(1);
  const usual = async (list: typeof call) =>
    (await list('list_models')).document.models!.filter((one) => one.default).map(({ model }) => model);
  expect(await usual(call)).toEqual(['sketch/sketch-1']);
  expect(await usual(await connect({ ANYIMAGE_MODEL: 'cogview/glm-image' }))).toEqual(['cogview/glm-image']);
});

test('a mistake in the config is told by file and line; once it is corrected, the next call works', async () => {
  await configure('{\n  "modle": "sketch"\n}');
  const call = await connect();
  for (const tool of ['generate_image', 'list_models', 'get_image']) {
    const answer = await call(tool, tool === 'generate_image' ? boat : {});
    expect(answer).toMatchObject({ isError: true, document: { errors: [{ code: 'config' }] } });
    expect(answer.text).toMatch(/config\.json:2: unknown key "modle".*\nWhat to do: Did you mean model\?/);
  }
  await expect(clients[0]!.listResources()).rejects.toThrow('config.json:2: unknown key "modle"');
  await configure({ model: 'sketch' });
  expect(await call('generate_image', boat)).toMatchObject({ isError: false, document: { images: [{}] } });
});

test('a model that a config names wrongly is told with the file and the line where it stands', async () => {
  const call = await connect();
  await writeFile(
    join(folder, 'anyimage.json'),
    '{\n  "aliases": {"team": "cogview/cogview-99"},\n  "model": "team"\n}\n',
  );
  const usual = await call('generate_image', boat);
  expect(usual.isError).toBe(true);
  expect(usual.text).toContain(`aliases.team comes from ${join(folder, 'anyimage.json')}:2.`);
  expect(usual.text).toContain('Nothing was billed.');
  const named = await call('generate_image', { ...boat, model: 'cogview/cogview-99' });
  expect(named.isError).toBe(true);
  expect(named.text).not.toContain('anyimage.json');
});

test('a key that the person stores while the server runs is used with the next call, and told to nobody', async () => {
  const call = await connect({ ANYIMAGE_MODEL: 'cogview' });
  const refused = await call('generate_image', { prompt: 'a boat' });
  expect(refused).toMatchObject({ isError: true, document: { errors: [{ code: 'auth' }] } });
  expect(refused.text).toContain('anyimage keys set');
  await (await person()).pipe(`${key}\n`, 'keys', 'set', 'cogview', '--force');
  const made = await call('generate_image', { prompt: 'a boat' });
  expect(made.document.images).toHaveLength(1);
  const models = await call('list_models', { provider: 'cogview', configured: true });
  expect(models.document.models!.length).toBeGreaterThan(0);
  const sidecar = await readFile(`${made.document.images[0]!.path}.json`, 'utf8');
  expect(JSON.stringify([refused, made, models, sidecar])).not.toContain(key);
});

test('a project that is not trusted sends nothing elsewhere, and the person is told once', async () => {
  const elsewhere = await emulator.start({ key });
  const baseURL = elsewhere.env.ZHIPU_BASE_URL!;
  await writeFile(join(folder, 'anyimage.json'), JSON.stringify({ providers: { cogview: { baseURL } } }));
  delete server.env.ZHIPU_BASE_URL;
  await configure({ providers: { cogview: { baseURL: service.env.ZHIPU_BASE_URL } } });
  const call = await withKey();
  const { text, document } = await call('generate_image', { prompt: 'a boat', model: 'cogview' });
  const note = 'anyimage.json wants to set providers.cogview.baseURL: not used, you have not trusted it';
  expect(text).toContain(note);
  expect(JSON.stringify(document)).toContain(note);
  expect((await call('generate_image', { prompt: 'a boat', model: 'cogview' })).text).not.toContain('not trusted');
  expect([service.submissions, elsewhere.submissions]).toEqual([2, 0]);
  await elsewhere.close();
});

test('a project that is not trusted does not make the name of a provider mean another', async () => {
  await writeFile(join(folder, 'anyimage.json'), JSON.stringify({ aliases: { sketch: 'cogview' } }));
  const { text, document } = await (await withKey())('generate_image', { ...boat, model: 'sketch' });
  expect(document.images).toMatchObject([{ model: 'sketch/sketch-1' }]);
  expect(text).toContain('anyimage.json wants to set aliases.sketch: not used, you have not trusted it');
  expect(service.requests).toHaveLength(0);
});

test('the budget of the person holds for the agent', async () => {
  await configure({ budget: { currency: 'CNY', perDay: 0.1 } });
  const call = await withKey();
  const words = { prompt: 'a boat', model: 'cogview' };
  expect((await call('generate_image', words)).isError).toBe(false);
  const refused = await call('generate_image', words);
  expect(refused).toMatchObject({ isError: true, document: { errors: [{ code: 'budget' }] } });
  expect(refused.text).toContain('Nothing was billed.');
  expect(service.submissions).toBe(1);
});

test('a prompt in a language that the model does not know is translated, by any server once', async () => {
  const words = { prompt: 'Ein Papierboot bei Sonnenaufgang', model: 'cogview' };
  const call = await withKey();
  const { document, text } = await call('generate_image', words);
  expect(document.applied).toMatchObject([{ option: 'prompt', asked: words.prompt, sent: 'A paper boat at sunrise' }]);
  expect(text).toContain('became “A paper boat at sunrise');
  await (await withKey())('generate_image', words);
  expect(chats()).toBe(1);
  const untouched = await call('generate_image', { ...words, translate: 'never' });
  expect(untouched.document).not.toHaveProperty('applied');
});

test('a prompt is enriched in a style of the config', async () => {
  await configure({ styles: { noir: 'black and white, hard shadows' } });
  const call = await withKey();
  await call('generate_image', { prompt: 'a boat', model: 'cogview', enhance: 'noir' });
  const [chat] = service.requests;
  expect(chat!.point).toBe('chat');
  expect(JSON.stringify(chat!.body)).toContain('black and white, hard shadows');
});

test('auto without a preference and a ceiling takes what is free and no drawing by rules', async () => {
  const call = await connect({ ZHIPU_API_KEY: key, OPENAI_API_KEY: key });
  for (const words of [{}, { background: 'white' }]) {
    const plan = await call('estimate_cost', { prompt: 'a boat', model: 'auto', ...words });
    expect(plan.document).toMatchObject({ model: 'cogview/cogview-3-flash', cost: [{ amount: 0 }] });
  }
});

test('auto chooses as the route says, what a request may cost holds for every model, and a named model leaves no choice', async () => {
  const call = await withKey();
  const cheap = await call('generate_image', { prompt: 'a boat', model: 'auto', route: { prefer: 'price' } });
  expect(cheap.document.applied).toMatchObject([{ option: 'model', asked: 'auto', sent: expect.any(String) }]);
  expect(cheap.text).toContain('chosen for its price among');
  const dear = await call('generate_image', {
    prompt: 'a boat',
    model: 'cogview',
    route: { maxCost: { amount: 0.01, currency: 'CNY' } },
  });
  expect(dear.text).toContain('at most 0.01 CNY is allowed [budget]');
  const refused = await call('generate_image', { prompt: 'a boat', model: 'sketch', route: { prefer: 'price' } });
  expect(refused.text).toContain(
    'prefer (price) is for model "auto"; a named model leaves no choice [invalid-request]',
  );
});
