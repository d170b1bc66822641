// Servers that a config adds as providers: by the command line and the MCP server.

import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { azureEmulator, emulator } from '@anyimage/provider-openai/emulator';
import { drawTestCard, type Emulator } from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';
import { newServer } from './run-mcp.ts';

const key = 'test-key-of-the-studio';
let service: Emulator;
let studio: { readonly kind: 'openai'; readonly baseURL: string; readonly keyEnv: string; readonly label: string };
let person: Person;
beforeEach(async () => {
  service = await emulator.start({ key });
  studio = { kind: 'openai', baseURL: service.env.OPENAI_BASE_URL!, keyEnv: 'STUDIO_API_KEY', label: 'Studio' };
  person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off', STUDIO_API_KEY: key });
});
afterEach(() => service.close());

const model = 'studio/gpt-image-2.5-flare';
const configure = (config: unknown, home = person.home) => writeFile(join(home, 'config.json'), JSON.stringify(config));
const document = async (...words: readonly string[]) => JSON.parse((await person.run(...words, '--json')).stdout);

describe('a server without peculiarities', () => {
  test('draws with the key of its variable, which is shown nowhere', async () => {
    person = await newPerson({ ...person.env, OPENAI_API_KEY: 'test-key-of-another' });
    await person.run('config', 'set', 'providers.studio', JSON.stringify(studio));
    expect(await person.run('a boat', '-m', model, '-o', 'boat.png')).toMatchObject({ code: 0, stdout: 'boat.png\n' });
    expect(service.requests).toMatchObject([{ point: 'generate', body: { model: 'gpt-image-2.5-flare' } }]);
    for (const words of [['providers'], ['keys'], ['doctor'], ['config', 'explain'], ['models', 'studio']]) {
      const { stdout, stderr } = await person.run(...words);
      expect(stdout + stderr).not.toContain(key);
    }
  });

  test('is a provider to every command', async () => {
    const wrong = await person.run('config', 'set', 'providers.studio.kind', 'openai');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('providers.studio needs a baseURL') });
    expect(await readdir(person.home)).toEqual([]);
    await configure({ providers: { studio }, aliases: { best: ['studio/gpt-image-2.5-flare', 'sketch'] } });
    expect(await person.run('use', 'studio')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('anyimage config set providers.studio.defaultModel MODEL'),
    });
    await person.run('config', 'set', 'providers.studio.defaultModel', 'gpt-image-2.5-flare');
    expect(await person.run('use', 'studio')).toMatchObject({ code: 0, stderr: 'studio draws from now on\n' });
    expect((await document('a boat')).images).toMatchObject([{ model }]);
    expect((await document('a boat', '-m', 'best')).images).toMatchObject([{ model }]);
    expect((await document('a boat', '-m', 'auto', '--quality', 'low')).images).toMatchObject([{ model }]);

    const { host } = new URL(studio.baseURL);
    expect((await person.run('providers')).stdout).toMatch(new RegExp(`^studio +Studio \\(openai\\) .*${host}$`, 'm'));
    expect((await document('providers')).providers.at(-1)).toMatchObject({
      id: 'studio',
      kind: 'openai',
      key: { needed: true, variable: 'STUDIO_API_KEY', from: 'environment' },
      defaultModel: model,
    });
    expect((await person.run('doctor')).stdout).toMatch(/studio: Studio \(openai\), 1 model$/m);
    expect((await person.run('config', 'explain', 'providers.studio.kind')).stdout).toContain('config.json');
  });

  test('takes its key from the key store', async () => {
    person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off' });
    await configure({ providers: { studio } });
    const stored = await person.pipe(`${key}\n`, 'keys', 'set', 'studio');
    expect(stored).toMatchObject({ code: 0, stderr: expect.stringContaining('STUDIO_API_KEY is kept in') });
    expect((await document('a boat', '-m', model)).images).toHaveLength(1);
    expect(await person.run('keys', 'remove', 'studio')).toMatchObject({ code: 0 });
    expect((await document('a boat', '-m', model)).error).toMatchObject({ code: 'auth' });
  });

  test('is there for an agent, too', async () => {
    const server = await newServer({ STUDIO_API_KEY: key });
    await configure(
      { providers: { studio: { ...studio, defaultModel: 'gpt-image-2.5-flare' } } },
      server.env.ANYIMAGE_HOME,
    );
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(new StdioClientTransport(server));
    try {
      const call = (name: string, words: object) => client.callTool({ name, arguments: { ...words } });
      const made = await call('generate_image', { prompt: 'a boat', model: 'studio' });
      expect(made.structuredContent).toMatchObject({ images: [{ model }] });
      const listed = await call('list_models', { provider: 'studio' });
      expect(listed.structuredContent).toMatchObject({ models: [{ model }] });
      expect(JSON.stringify([made, listed])).not.toContain(key);
    } finally {
      await client.close();
    }
  });
});

test('a cloned project that names a server is not followed, and its server sees no request', async () => {
  const foreign = await emulator.start({ key });
  try {
    const path = join(person.folder, 'anyimage.json');
    await mkdir(join(person.folder, '.git'));
    await writeFile(
      path,
      JSON.stringify({ model, providers: { studio: { ...studio, baseURL: foreign.env.OPENAI_BASE_URL } } }),
    );
    const unknown = await person.run('a boat', '-m', model);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown provider "studio"') });
    expect(unknown.stderr).toMatch(/wants to set providers\.studio\.baseURL.*not used.*anyimage trust/);
    await configure({ model, providers: { studio } });
    expect(await person.run('a boat', '-o', 'boat.png')).toMatchObject({ code: 0 });
    expect([service.submissions, foreign.requests.length]).toEqual([1, 0]);
    const shown = (await person.run('trust')).stdout;
    expect(shown).toContain(`providers.studio.baseURL: "${studio.baseURL}" -> "${foreign.env.OPENAI_BASE_URL}"`);
    expect(shown).toContain(`the key in STUDIO_API_KEY would be sent to ${foreign.env.OPENAI_BASE_URL}`);
    expect(await person.run('trust', '--yes')).toMatchObject({ code: 0 });
    expect(await person.run('a boat', '-o', 'trusted.png')).toMatchObject({ code: 0 });
    expect([service.submissions, foreign.submissions]).toEqual([1, 1]);
  } finally {
    await foreign.close();
  }
});

describe('a project and a server of the person', () => {
  let path: string;
  const share = async (config: unknown) => {
    path = join(person.folder, 'anyimage.json');
    await mkdir(join(person.folder, '.git'), { recursive: true });
    await writeFile(path, JSON.stringify(config));
  };
  const elsewhere = 'http://127.0.0.1:1/v1';

  test('only its base URL can be changed, with trust, which says which key would go there', async () => {
    await configure({ providers: { studio } });
    await share({ providers: { studio: { baseURL: elsewhere } } });
    const before = await person.run('a boat', '-m', model, '-o', 'boat.png');
    expect(before).toMatchObject({ code: 0, stderr: expect.stringContaining('wants to set providers.studio.baseURL') });
    const shown = await person.run('trust', '--json');
    expect(shown.code).toBe(2);
    expect(JSON.parse(shown.stdout)).toEqual({
      path,
      trusted: false,
      changes: [{ key: 'providers.studio.baseURL', now: studio.baseURL, wanted: elsewhere }],
      sentKeys: [{ provider: 'studio', variables: ['STUDIO_API_KEY'], to: elsewhere }],
    });
    expect(await person.run('trust', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`the key in STUDIO_API_KEY would be sent to ${elsewhere}\n`),
    });
    expect((await document('config', 'get', 'providers.studio'))['providers.studio.baseURL']).toBe(elsewhere);
  });

  test('a host that reads like another is shown as it is reached, and the folder cannot hide what is asked', async () => {
    await configure({ providers: { studio } });
    const folder = join(person.folder, 'plain\u001b[2K\nproject');
    await mkdir(join(folder, '.git'), { recursive: true });
    const lookAlike = 'https://\u0430pi.openai.com/v1';
    const project = { providers: { studio: { baseURL: lookAlike } }, proxy: 'http://pr\u043exy.example/' };
    await writeFile(join(folder, 'anyimage.json'), JSON.stringify(project));
    const { code, stdout, stderr } = await person.run('trust', folder);
    expect([code, stderr]).toEqual([2, expect.not.stringContaining('\u001b')]);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/plain project\/anyimage\.json would change:$/),
      `  providers.studio.baseURL: "${studio.baseURL}" -> "https://xn--pi-6kc.openai.com/v1"`,
      '  proxy: null -> "http://xn--prxy-65d.example/"',
      '  the key in STUDIO_API_KEY would be sent to https://xn--pi-6kc.openai.com/v1',
      '',
    ]);
    const shown = await person.run('trust', folder, '--json');
    expect(JSON.parse(shown.stdout).sentKeys[0].to).toBe('https://xn--pi-6kc.openai.com/v1');
    expect(await person.run('trust', folder, '--yes')).toMatchObject({ stderr: expect.not.stringContaining('\u001b') });
    expect(await person.run('trust', folder)).toMatchObject({ stderr: expect.not.stringContaining('\u001b') });
    expect(await person.run('trust', folder, '--remove')).toMatchObject({
      stderr: expect.not.stringContaining('\u001b'),
    });
  });

  test('another kind is another server, without the key', async () => {
    await configure({ providers: { studio } });
    await share({ providers: { studio: { kind: 'localai', baseURL: elsewhere } } });
    const { stdout } = await person.run('trust', '--yes');
    expect(stdout).toContain('providers.studio.keyEnv: "STUDIO_API_KEY" -> null');
    expect(stdout).not.toContain('would be sent');
    expect((await document('providers')).providers.at(-1)).toMatchObject({
      kind: 'localai',
      label: 'LocalAI',
      key: { needed: false },
      baseURL: elsewhere,
    });
  });

  test('what does not fit is refused before it is trusted, and locks nothing afterwards', async () => {
    await configure({ providers: { studio: { kind: 'siliconflow', region: 'china' } } });
    await share({ providers: { studio: { baseURL: elsewhere } } });
    const apart = /anyimage\.json:1 and .*config\.json do not go together: .*region "china"/;
    const early = await person.run('trust', '--yes');
    expect(early).toMatchObject({ code: 2, stderr: expect.stringMatching(apart) });
    expect(await readdir(person.home)).not.toContain('trust.json');

    await configure({ providers: { studio } });
    expect(await person.run('trust', '--yes')).toMatchObject({ code: 0 });
    await configure({ providers: { studio: { kind: 'siliconflow', region: 'china' } } });
    for (const words of [['a boat', '-m', 'sketch'], ['providers']]) {
      const { code, stderr } = await person.run(...words);
      expect([code, stderr]).toEqual([2, expect.stringMatching(apart)]);
      expect(stderr).toContain('anyimage trust --remove');
    }
    for (const words of [
      ['trust'],
      ['config', 'get'],
      ['config', 'explain'],
      ['config', 'set', 'model', 'sketch'],
      ['config', 'unset', 'model'],
    ]) {
      const { code, stderr } = await person.run(...words);
      expect([words, code, stderr]).toEqual([words, 0, expect.stringMatching(apart)]);
    }
    expect(await person.run('doctor')).toMatchObject({ code: 1, stdout: expect.stringMatching(apart) });
    const removed = await person.run('trust', '--remove');
    expect(removed).toMatchObject({ code: 0, stderr: `${path} is not trusted any more\n` });
    expect(await person.run('providers')).toMatchObject({ code: 0 });
  });

  test('config set --project takes a part of it, and says what does not fit', async () => {
    await configure({ providers: { studio } });
    await share({});
    const fits = await person.run('config', 'set', '--project', 'providers.studio.baseURL', elsewhere);
    expect(fits).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') });
    const unknown = await person.run('config', 'set', '--project', 'providers.studoi.baseURL', elsewhere);
    expect(unknown).toMatchObject({ code: 0, stderr: expect.stringMatching(/warning: .*unknown provider "studoi"/) });
    expect(await person.run('config', 'unset', '--project', 'providers.studoi')).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ providers: { studio: { baseURL: elsewhere } } });
  });
});

test('a budget holds for a gateway on this machine that takes a key', async () => {
  await configure({ providers: { studio }, budget: { currency: 'USD', perDay: 1 } });
  const { images, error } = await document('a boat', '-m', model);
  expect([images, error]).toEqual([[], expect.objectContaining({ code: 'budget' })]);
  expect(service.submissions).toBe(0);
});

describe('Azure OpenAI', () => {
  let azure: Emulator;
  beforeEach(async () => {
    azure = await azureEmulator.start({ key });
    person = await newPerson({ ...azure.env, ANYIMAGE_KEYCHAIN: 'off' });
  });
  afterEach(() => azure.close());

  test('draws with a deployment by its name, with the key in a header of its own, which is shown nowhere', async () => {
    await configure({ providers: { azure: { defaultModel: 'gpt-image-2' } } });
    expect(await document('a boat', '-m', 'azure', '--size', '1536x864')).toMatchObject({
      images: [{ model: 'azure/gpt-image-2', width: 1536 }],
      warnings: [],
    });
    expect((await document('a boat', '-m', 'azure/our-painter')).warnings).toMatchObject([{ code: 'unlisted' }]);
    const [first] = azure.requests;
    expect([first!.path, first!.headers['api-key'], first!.headers.authorization]).toEqual([
      '/openai/v1/images/generations',
      key,
      undefined,
    ]);
    expect(await person.run('models', 'add', 'azure/our-painter', '--like', 'azure/gpt-image-2')).toMatchObject({
      code: 0,
    });
    const like = await document('a boat', '-m', 'azure/our-painter', '--size', '1536x864');
    expect(like).toMatchObject({ images: [{ model: 'azure/our-painter', width: 1536 }], warnings: [] });
    const lost = await person.run('a boat', '-m', 'azure/nobody');
    expect(lost).toMatchObject({ code: expect.any(Number), stderr: expect.stringContaining('Name a deployment') });
    const { stdout, stderr } = await person.run('doctor');
    expect(stdout + stderr).not.toContain(key);
  });

  test('asks for a resource where none is named, and its list of models is not asked for', async () => {
    await configure({ providers: { 'my-azure': { kind: 'azure' } } });
    person = await newPerson({ ANYIMAGE_HOME: person.home, ANYIMAGE_KEYCHAIN: 'off', AZURE_API_KEY: key });
    const { error } = await document('a boat', '-m', 'my-azure/gpt-image-2');
    expect(error).toMatchObject({ code: 'config', hint: expect.stringContaining('AZURE_RESOURCE_NAME') });
    expect((await person.run('models', 'my-azure', '--refresh')).stderr).toContain('cannot be asked');
    expect(azure.requests).toEqual([]);
  });
});

describe('a server with an accent', () => {
  let http: Server;
  let asked: { authorization: string | undefined; body: unknown }[];
  let baseURL: string;
  beforeEach(async () => {
    asked = [];
    const picture = Buffer.from(drawTestCard({ prompt: 'a boat', width: 64, height: 64 })).toString('base64');
    http = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const { authorization } = request.headers;
      asked.push({ authorization, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: [{ b64_json: picture }] }));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    baseURL = `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
  });
  afterEach(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  test('is asked in its own words, without a key on this machine', async () => {
    await configure({ providers: { 'my-box': { kind: 'localai', baseURL, defaultModel: 'flux' } } });
    const made = await document('a boat', '-m', 'my-box', '--negative-prompt', 'fog', '--seed', '7');
    expect(made).toMatchObject({ images: [{ model: 'my-box/flux', seed: 7 }], cost: [{ amount: 0 }], warnings: [] });
    expect(asked).toEqual([
      {
        authorization: undefined,
        body: { model: 'flux', prompt: 'a boat|fog', response_format: 'b64_json', seed: 7 },
      },
    ]);
  });
});

test('the code of servers is loaded only where a config names one', async () => {
  const mark = 'sd_cpp_extra_args';
  const loads = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'anyimage-loaded-'));
    await newRun(folder, 'models');
    const [report] = await readdir(folder);
    const { result } = JSON.parse(await readFile(join(folder, report!), 'utf8'));
    const files = (result as { url: string }[]).map(({ url }) => url).filter((url) => url.startsWith('file:'));
    const texts = await Promise.all(files.map((url) => readFile(fileURLToPath(url), 'utf8')));
    return texts.join('\n').includes(mark);
  };
  const newRun = async (coverage: string, ...words: readonly string[]) => {
    const { home } = person;
    const other = await newPerson({ NODE_V8_COVERAGE: coverage, ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' });
    expect(await other.run(...words)).toMatchObject({ code: 0 });
  };
  await configure({ providers: { openai: { baseURL: studio.baseURL }, cogview: { region: 'china' } } });
  expect(await loads()).toBe(false);
  await configure({ providers: { studio } });
  expect(await loads()).toBe(true);
});
