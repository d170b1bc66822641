// Providers of plugins: they are everywhere where those are that come with anyimage, and a broken one breaks nothing.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@anyimage/core';
import { contractVersion, createClient, ImageError } from '@anyimage/core';
import { clientOptions, knownServices, loadSettings } from '@anyimage/host';
import type { Emulator } from '@anyimage/testkit';
import * as testkit from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, expect, test } from 'vitest';
import { install, type PluginChanges, plugin } from './plugins.ts';
import { newPerson } from './run-cli.ts';
import { newServer } from './run-mcp.ts';

const services: Emulator[] = [];
const clients: Client[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(services.splice(0).map((service) => service.close()));
});

const newHome = () => mkdtemp(join(tmpdir(), 'anyimage-plugins-'));

/** The emulator of an installed plugin, by its own code. */
async function imitate(home: string, id: string): Promise<Emulator> {
  const known = (await knownServices(home)).emulators.find((one) => one.id === id);
  const service = await (await known!.load()).start({ key: 'test-key' });
  services.push(service);
  return service;
}

async function connect(env: Readonly<Record<string, string>>) {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport(await newServer(env)));
  clients.push(client);
  return async (name: string, words: Record<string, unknown> = {}) => {
    const { content, structuredContent } = await client.callTool({ name, arguments: words });
    const text = (content as { text?: string }[]).map((one) => one.text ?? '').join('\n');
    return { text, document: structuredContent as Record<string, unknown> };
  };
}

/** A picture of a model by a program over host and core; what was told beside it. */
async function draw(home: string, env: Readonly<Record<string, string>>, model: string, prompt = 'a boat') {
  const settings = await loadSettings({
    env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ...env },
    withoutProject: true,
  });
  const client = createClient(clientOptions(settings));
  try {
    return { ...(await client.run({ prompt, model })), notes: settings.notes };
  } finally {
    await client.close();
  }
}

test('a plugin draws, with the core of the program that loads it', async () => {
  const home = await newHome();
  await install(home, [plugin('it')]);
  const service = await imitate(home, 'it');
  const made = await draw(home, service.env, 'it');
  expect(made).toMatchObject({ notes: [], images: [{ model: 'it/it-1', mediaType: 'image/png' }] });
  const refused = await draw(home, service.env, 'it', 'blocked');
  expect(refused.error).toBeInstanceOf(ImageError);
  expect(refused.error).toMatchObject({ code: 'content-blocked', provider: 'it' });
});

/** The names that the shim of a package hands on. */
async function shimNames(home: string, name: string) {
  const text = await readFile(shimPath(home, name), 'utf8');
  return [...text.matchAll(/^ {2}(\w+),$/gm)].map((match) => match[1]);
}

function shimPath(home: string, name: string): string {
  return join(home, 'plugins', 'node_modules', '@anyimage', name, 'index.js');
}

async function expectAllNames(home: string): Promise<void> {
  expect(await shimNames(home, 'core')).toEqual(Object.keys(core).sort());
  expect(await shimNames(home, 'testkit')).toEqual(Object.keys(testkit).sort());
}

test('the shims have all names of core and testkit, also where another version wrote them', async () => {
  const home = await newHome();
  await install(home, [plugin('it')]);
  await imitate(home, 'it');
  await expectAllNames(home);
  await writeFile(shimPath(home, 'core'), 'export const { defineProvider } = {};');
  await imitate(home, 'it');
  await expectAllNames(home);
});

test('the command line imitates the service of a plugin and draws with it', async () => {
  const person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off' });
  await install(person.home, [plugin('it')]);
  const emulate = person.start('emulate', 'it');
  const lines = await emulate.lines(2);
  // Those of the bundle are no fewer than those of the packages.
  await expectAllNames(person.home);
  const env = Object.fromEntries(lines.map((line) => line.replace('export ', '').split('=') as [string, string]));
  const user = await newPerson({ ANYIMAGE_KEYCHAIN: 'off', ANYIMAGE_HOME: person.home, ...env });
  const made = await user.run('a boat', '-m', 'it', '--json');
  expect(JSON.parse(made.stdout).images).toMatchObject([{ model: 'it/it-1', width: 64 }]);
  expect((await user.run('use', 'it')).stderr).toContain('it draws from now on');
  expect(JSON.parse((await user.run('a boat', '--json')).stdout).images).toMatchObject([{ model: 'it/it-1' }]);
  emulate.child.kill('SIGINT');
  expect((await emulate.ended).stderr).toContain('2 submissions');
});

test('the command line knows a plugin wherever it knows a provider', async () => {
  const user = await newPerson({ ANYIMAGE_KEYCHAIN: 'off', IT_API_KEY: 'test-key' });
  await install(user.home, [plugin('it')]);
  const { providers } = JSON.parse((await user.run('providers', '--json')).stdout);
  const key = expect.objectContaining({ variable: 'IT_API_KEY' });
  expect(providers).toContainEqual(expect.objectContaining({ id: 'it', emulator: 'it', models: 1, key }));
  expect((await user.run('models', 'it')).stdout).toContain('it/it-1');
  expect((await user.run('keys')).stdout).toContain('IT_API_KEY');
  const { stdout } = await user.run('a boat', '-m', 'auto', '--dry-run', '--size', '96x64', '--json');
  expect(stdout).toContain('it/it-1');
  expect((await user.run('config', 'set', 'providers.it.region', 'world')).code).toBe(0);
  const { stderr } = await user.run('config', 'set', 'providers.it.region', 'moon');
  expect(stderr).toContain('The service it has no region "moon"');
});

test('the MCP server lists and uses a plugin, also one that was added while it runs', async () => {
  const home = await newHome();
  const call = await connect({ ANYIMAGE_HOME: home });
  expect((await call('list_models', {})).text).not.toContain('it/it-1');
  await install(home, [plugin('it')]);
  const service = await imitate(home, 'it');
  expect((await call('list_models', { provider: 'it' })).text).toContain('it/it-1');
  const using = await connect({ ANYIMAGE_HOME: home, ...service.env });
  const { document } = await using('generate_image', { prompt: 'a boat', model: 'it' });
  expect(document).toMatchObject({ images: [{ model: 'it/it-1' }] });
});

/** What is wrong with a plugin, and what is said when it is asked to draw. */
const broken: Readonly<Record<string, PluginChanges & { readonly says: string; readonly hint?: string }>> = {
  throws: {
    code: () => "throw new Error('out of\\norder');",
    says: 'the plugin anyimage-provider-throws cannot be loaded: “out of”',
    hint: 'anyimage plugins update throws',
  },
  garbled: { code: () => 'export const make = (', says: 'cannot be loaded: ' },
  'asks-more': {
    code: (usual) => usual.replace('ImageError }', 'ImageError, paint }'),
    says: 'cannot be loaded: ',
    hint: 'Update anyimage',
  },
  lost: {
    code: (usual) => `import 'no-such-package';\n${usual}`,
    says: "cannot be loaded: “Cannot find package 'no-such-package'",
  },
  'no-factory': { code: () => 'export const other = 1;', says: 'cannot be used: ./dist/index.js exports no make' },
  'no-function': { code: () => 'export const make = {};', says: 'cannot be used: make is no function' },
  'no-provider': { code: () => 'export const make = () => ({});', says: 'what its factory makes is no provider' },
  'factory-throws': {
    code: () => "export const make = () => { throw new TypeError('no'); };",
    says: 'cannot be loaded: “no”',
  },
  'factory-lies': {
    code: () =>
      "export const make = () => ({ id: 'x', regions: {}, access: {}, sign() {}, get models() { throw 'no'; }, generate() {} });",
    says: 'cannot be loaded: “no”',
  },
  'other-id': {
    code: (usual) => usual.replace('"id":"other-id"', '"id":"cogview"'),
    says: 'its code says cogview, its manifest other-id',
  },
  'other-host': {
    code: (usual) => usual.replace('...definition', "...definition, trustedHosts: ['evil.example']"),
    says: 'its code talks to evil.example, which its manifest does not name',
  },
  'other-key': {
    code: (usual) => usual.replace('OTHER_KEY_API_KEY', 'OPENAI_API_KEY'),
    says: 'its code says other keys than its manifest',
  },
  'other-models': {
    code: (usual) => usual.replace('96x64', '960x640'),
    says: 'its code says other models than its manifest',
  },
  exits: { code: () => 'process.exit(0);', says: 'cannot be loaded: “it would have ended the whole program”' },
  'factory-exits': {
    code: () => 'export const make = () => process.exit(0);',
    says: 'cannot be loaded: “it would have ended the whole program”',
  },
  rejects: { code: () => "await Promise.reject(new Error('no'));", says: 'cannot be loaded: “no”' },
  'throws-nothing': { code: () => 'throw undefined;', says: 'cannot be loaded: ' },
  'newer-node': { node: '>=99', says: 'anyimage-provider-newer-node needs Node “>=99”' },
};

test.each(Object.entries(broken))(
  'a broken plugin says so when it is used: %s',
  async (id, { says, hint = 'anyimage plugins remove', ...changes }) => {
    const home = await newHome();
    await install(home, [plugin(id, changes), plugin('it')]);
    const service = await imitate(home, 'it');
    const env = { ...service.env, [`${id.toUpperCase().replaceAll('-', '_')}_API_KEY`]: 'test-key' };
    const { error, images, sent } = await draw(home, env, id);
    expect(error).toMatchObject({ code: 'config', message: expect.stringContaining(says) });
    expect(error?.message).not.toContain('\n');
    if (id !== 'newer-node') expect(error?.hint).toContain(hint);
    expect({ images, sent }).toEqual({ images: [], sent: false });
    expect(await draw(home, env, 'it')).toMatchObject({ images: [{ model: 'it/it-1' }] });
  },
);

/** What keeps a plugin from being listed, and the note about it. */
const unlisted: Readonly<Record<string, PluginChanges & { readonly note: string }>> = {
  newer: {
    manifest: { contract: contractVersion + 1 },
    note: 'speaks version 2 of the contract with providers, and this anyimage version 1: it is not used. Update anyimage.',
  },
  older: { manifest: { contract: 0 }, note: 'it is not used. Update the plugin: anyimage plugins update older.' },
  'takes-id': { definition: { id: 'openai' }, note: 'is not used: the id openai is that of OpenAI' },
  'takes-key': {
    definition: { keys: [{ env: 'OPENAI_API_KEY' }] },
    note: 'the variable OPENAI_API_KEY is that of OpenAI',
  },
  'takes-emulator': {
    manifest: { emulator: { id: 'zhipu', module: './x.js', name: 'x', keyEnv: 'A', baseURLEnv: 'B' } },
    note: 'the name zhipu is that of another emulator',
  },
  'no-table': { definition: { regions: {} }, note: 'is damaged, and not used' },
};

test('broken plugins break nothing else: every command and the MCP server work', async () => {
  const person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off' });
  const all = Object.entries({ ...broken, ...unlisted }).map(([id, changes]) => plugin(id, changes));
  const emulatorless = plugin('imitates', { emulator: () => "throw new Error('no');" });
  await install(person.home, [...all, emulatorless, plugin('it')]);

  const { stdout, stderr, code } = await person.run('models', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).models.map((one: { model: string }) => one.model)).toEqual(
    expect.arrayContaining(['it/it-1', 'throws/throws-1']),
  );
  for (const { note } of Object.values(unlisted)) expect(stderr).toContain(note);
  expect(stderr.trim().split('\n')).toHaveLength(Object.keys(unlisted).length);
  expect(await person.run('a boat', '--size', '64x64')).toMatchObject({ code: 0 });
  expect(await person.run('emulate', 'imitates')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('cannot be loaded: “no”'),
  });

  const doctor = JSON.parse((await person.run('doctor', '--json')).stdout) as {
    checks: { state: string; message: string }[];
  };
  const errors = doctor.checks.filter(({ state }) => state === 'error').map(({ message }) => message);
  expect(errors, errors.join('\n')).toHaveLength(Object.keys(broken).length);
  expect(doctor.checks).toContainEqual(
    expect.objectContaining({ state: 'ok', message: expect.stringContaining('it: The service it') }),
  );

  const call = await connect({ ANYIMAGE_HOME: person.home });
  const listed = await call('list_models', { provider: 'it' });
  expect(listed.text).toContain('it/it-1');
  expect(listed.text).toContain('Update anyimage.');
  const failed = await call('generate_image', { prompt: 'a boat', model: 'no-provider' });
  expect(failed.text).toMatch(/no-provider|NO_PROVIDER/);
  expect((await call('generate_image', { prompt: 'a boat', size: '64x64' })).document).toMatchObject({
    images: [{ model: 'sketch/sketch-1' }],
  });
});

test('a plugin that prints, fails beside its work and leaves a timer behind spoils no answer, and holds nothing up', async () => {
  const disk = join(await newHome(), 'a folder of größe');
  await mkdir(disk);
  const noise = `console.log('noise');
setInterval(() => {}, 60_000);
setTimeout(() => { throw new Error('late'); });
Promise.reject(new Error('loose'));
`;
  const rude = plugin('rude', { code: (usual) => noise + usual });
  const home = await newHome();
  await install(home, [rude]);
  const service = await imitate(home, 'rude');
  const person = await newPerson({ ...service.env, ANYIMAGE_KEYCHAIN: 'off' }, disk);
  await install(person.home, [rude]);
  const { code, stdout, stderr } = await person.run('a boat', '-m', 'rude', '--json');
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).images).toMatchObject([{ model: 'rude/rude-1' }]);
  for (const said of ['noise', 'failed beside its work: “late”', 'failed beside its work: “loose”']) {
    expect(stderr).toContain(said);
  }
});

test.each(['{', '{"version":2}', ''])(
  'a list that cannot be read is one line, and all else works: %j',
  async (text) => {
    const person = await newPerson();
    await install(person.home, []);
    await writeFile(join(person.home, 'plugins', 'plugins.json'), text);
    const made = await person.run('a boat', '--size', '64x64', '-o', 'boat.png');
    expect(made).toMatchObject({ code: 0, stderr: expect.stringMatching(/plugins are not used: .*plugins\.json/) });
    expect(await readdir(person.folder)).toContain('boat.png');
  },
);

test('what a config says of a plugin that is left out is a note, and stops no command', async () => {
  const person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off' });
  const config = {
    providers: { newer: { region: 'world' }, box: { kind: 'localai', baseURL: 'http://127.0.0.1:9/v1' } },
  };
  await writeFile(join(person.home, 'config.json'), JSON.stringify(config));
  const note = "the config's providers.newer does not count: no plugin with the id newer is used";
  const damage = async (text: string) => writeFile(join(person.home, 'plugins', 'plugins.json'), text);
  for (const leaveOut of [
    () => install(person.home, [plugin('newer', { manifest: { contract: contractVersion + 1 } })]),
    () => install(person.home, [plugin('newer', { definition: { keys: [{ env: 'OPENAI_API_KEY' }] } })]),
    () => install(person.home, [plugin('newer', { definition: { regions: {} } })]),
    () => damage('{"plug'),
  ]) {
    await leaveOut();
    const { notes, providers } = await loadSettings({ env: person.env, withoutProject: true });
    expect(notes).toContain(note);
    expect(providers.map(({ definition }) => definition.id)).toContain('box');
  }
  const made = await person.run('a boat', '--size', '64x64');
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining(note) });
  expect(await person.run('config', 'unset', 'providers.newer.region')).toMatchObject({ code: 0 });
  await install(person.home, []);
  await writeFile(join(person.home, 'config.json'), JSON.stringify(config));
  expect(await person.run('a boat')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('unknown provider "newer"'),
  });
});

test('what names a plugin after it is removed is told that none of its id is used, and how one is added', async () => {
  const person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off' });
  const config = { model: 'paint', aliases: { night: 'paint/paint-1' }, providers: { paint: { region: 'world' } } };
  await writeFile(join(person.home, 'config.json'), JSON.stringify(config));
  await install(person.home, [plugin('paint')]);
  const removed = await person.run('plugins', 'remove', 'paint');
  expect(removed.stderr).toContain('paint is the model of your config; anyimage use MODEL chooses another');
  expect(removed.stderr).toContain('anyimage config unset aliases.night');
  const says = 'No plugin with the id paint is used; anyimage plugins add PACKAGE adds one.';
  for (const words of [['a boat'], ['a boat', '-m', 'night'], ['a boat', '-m', 'paint/paint-1'], ['use', 'paint']]) {
    const { code, stderr } = await person.run(...words);
    expect([words, code, stderr]).toEqual([words, 2, expect.stringContaining(says)]);
  }
});

test('removing a plugin that was left out takes no settings from the one whose id it has', async () => {
  const person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off' });
  const config = { providers: { openai: { baseURL: 'https://mine.example/v1' } } };
  await writeFile(join(person.home, 'config.json'), JSON.stringify(config));
  await install(person.home, [plugin('other', { definition: { id: 'openai' } })]);
  const { stderr } = await person.run('plugins', 'remove', 'anyimage-provider-other');
  expect(stderr).toBe('openai is removed\n');
  expect(JSON.parse(await readFile(join(person.home, 'config.json'), 'utf8'))).toMatchObject(config);
});

test('a plugin that is updated or removed while a program knows it as it was says so', async () => {
  const home = await newHome();
  const env = { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', IT_API_KEY: 'test-key' };
  await install(home, [plugin('it')]);
  const client = createClient(clientOptions(await loadSettings({ env, withoutProject: true })));
  const { entry, files } = plugin('it');
  await rm(join(home, 'plugins', entry.folder), { recursive: true });
  const draws = async () => (await client.run({ prompt: 'a boat', model: 'it' })).error;
  expect(await draws()).toMatchObject({ hint: 'anyimage plugins update it installs it again.' });
  await install(home, [{ entry: { ...entry, folder: 'it-1.1.0' }, files }]);
  expect(await draws()).toMatchObject({
    code: 'config',
    message: 'the plugin anyimage-provider-it was updated meanwhile',
  });
  await install(home, []);
  expect(await draws()).toMatchObject({
    code: 'config',
    message: 'the plugin anyimage-provider-it was removed meanwhile',
  });
  await client.close();
});

test('auto passes over a plugin whose code cannot be loaded, and nothing is paid for it', async () => {
  const home = await newHome();
  await install(home, [plugin('broken', { code: () => "throw new Error('no');" }), plugin('it')]);
  const service = await imitate(home, 'it');
  const { images, attempts } = await draw(home, { ...service.env, BROKEN_API_KEY: 'test-key' }, 'auto');
  expect(images).toMatchObject([{ model: 'it/it-1' }]);
  expect(attempts.map(({ model }) => model)).toEqual(['broken/broken-1', 'it/it-1']);
  expect(service.submissions).toBe(1);
});
