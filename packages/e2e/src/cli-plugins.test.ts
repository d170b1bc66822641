// Plugins on the command line: installed from a folder, a tarball and a registry, updated, removed; and what must not be installed.

import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contractVersion } from '@anyimage/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PluginOptions, pluginFiles } from './plugin-files.ts';
import { packFiles, type Registry, startRegistry } from './registry.ts';
import { newPerson, type Person } from './run-cli.ts';

const key = 'test-key-of-paint-works';
const wide = { definition: { trustedHosts: ['.paint.example'] } };
let person: Person;
beforeEach(async () => {
  person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off', PAINT_API_KEY: key });
});

/** Writes a plugin into a folder of the person's, and gives its path. */
async function writePlugin(options: PluginOptions = {}, folder = options.id ?? 'paint'): Promise<string> {
  await writeFiles(folder, pluginFiles(options));
  return `./${folder}`;
}

async function writeFiles(folder: string, files: { readonly [path: string]: string }): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(person.folder, folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

const plugins = () => join(person.home, 'plugins');
/** What lies in the folder of plugins. */
const installed = async () => (await readdir(plugins()).catch(() => [])).sort();
const listed = async () => JSON.parse((await person.run('plugins', '--json')).stdout).plugins;

/** A run that was refused: what is said in its one line, and in the line below it. */
async function refused(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await person.run('plugins', 'add', ...words, '--yes');
  expect([code, stdout], stderr).toEqual([2, '']);
  expect(stderr.match(/^error: /gm), stderr).toHaveLength(1);
  expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(2);
  return stderr;
}

test('a folder without dependencies is installed without npm, listed, and removed without a trace', async () => {
  person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off', PATH: '' });
  const before = await readdir(person.home);
  const added = await person.run('plugins', 'add', await writePlugin(wide), '--yes');
  expect(added).toMatchObject({ code: 0, stdout: '' });
  for (const text of [
    'The service paint',
    'anyimage-provider-paint 1.0.0',
    '1 model',
    'MIT',
    `the folder ${join(person.folder, 'paint')}`,
    /sha512-[\w+/]{86}==/,
    'api.paint.example, all below paint.example get your pictures and the key',
    'PAINT_API_KEY',
    'paint 1.0.0 is installed',
  ]) {
    expect(added.stderr).toMatch(text);
  }
  const [entry] = await listed();
  expect(entry).toMatchObject({
    id: 'paint',
    version: '1.0.0',
    from: join(person.folder, 'paint'),
    models: ['paint-1'],
    works: true,
  });
  expect((await person.run('plugins')).stdout).toMatch(/^paint +anyimage-provider-paint +1\.0\.0 +1 model +yes /m);
  await person.pipe('test-key-for-this', 'keys', 'set', 'paint');
  const removed = await person.run('plugins', 'remove', 'paint');
  expect(removed).toMatchObject({ code: 0, stdout: '' });
  expect(removed.stderr).toMatch(
    /^paint is removed\n.*PAINT_API_KEY stays stored; anyimage keys remove PAINT_API_KEY deletes it\n$/,
  );
  expect(await person.run('keys', 'remove', 'PAINT_API_KEY')).toMatchObject({ code: 0 });
  expect((await readdir(person.home)).filter((name) => name !== 'keys.json')).toEqual(before);
});

test('nothing is fetched or installed without a yes', async () => {
  const { code, stdout, stderr } = await person.run('plugins', 'add', await writePlugin());
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    'error: a plugin is installed after a yes, and there is no terminal to ask at\n  try: --yes says it beforehand.\n',
  );
  expect(await readdir(person.home)).toEqual([]);
});

test('a tarball is installed; one that leads elsewhere is not', async () => {
  await writeFile(join(person.folder, 'paint.tgz'), await packFiles(pluginFiles()));
  await writeFile(
    join(person.folder, 'evil.tgz'),
    await packFiles({ ...pluginFiles({ id: 'evil' }), '../../evil.js': '' }),
  );
  expect(await refused('evil.tgz')).toContain('"package/../../evil.js" in it leads elsewhere');
  expect(await readdir(person.home)).toEqual([]);
  const { code, stdout } = await person.run('plugins', 'add', 'paint.tgz', '--yes', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    added: true,
    plugin: { id: 'paint', integrity: expect.stringMatching(/^sha512-/) },
  });
  expect(await listed()).toMatchObject([{ from: join(person.folder, 'paint.tgz') }]);
});

const table = { label: 'Paint', regions: { global: { baseURL: 'https://api.paint.example' } }, keys: [] };
const bad: readonly (readonly [
  what: string,
  options: PluginOptions & { without?: string; file?: string },
  said: string | RegExp,
])[] = [
  ['without a package.json', { without: 'package.json' }, 'it has no package.json'],
  ['without the keyword', { about: { keywords: ['image'] } }, 'has no keyword "anyimage-provider"'],
  ['without a manifest', { without: 'dist/manifest.json' }, /has no \.\/dist\/manifest\.json, .*anyimage-manifest/],
  ['without its code', { without: 'dist/index.js' }, 'has no ./dist/index.js'],
  ['whose name leads elsewhere', { about: { name: '../../evil' } }, 'no name that a plugin may have'],
  ['that is called as core', { about: { name: '@anyimage/core' } }, 'no name that a plugin may have'],
  [
    'whose code lies elsewhere',
    { manifest: { factory: { module: '../../x.js', name: 'x' } } },
    /\.\.\/x\.js|factory\.module/,
  ],
  ['of a later contract', { manifest: { contract: contractVersion + 1 } }, 'try: Update anyimage'],
  ['of no contract', { manifest: { contract: 'x' } }, 'contract'],
  [
    'with an invalid table',
    { manifest: { provider: { ...table, id: 'paint', models: { a: { label: 1 } } } } },
    'models.a',
  ],
  ['with a manifest that is no JSON', { file: '{' }, 'its ./dist/manifest.json is not JSON'],
  [
    'with a manifest that goes on and on',
    { file: ' '.repeat(5 * 2 ** 20) },
    'its ./dist/manifest.json cannot be read: it is longer than',
  ],
  [
    'with a manifest of many levels',
    { file: `${'['.repeat(20_000)}${']'.repeat(20_000)}` },
    'its ./dist/manifest.json is nested too deep',
  ],
  ['that does not name a host', { manifest: { hosts: [] } }, 'which its hosts do not name'],
  ['with the id of another', { about: { name: 'paint' }, id: 'openai' }, 'the id openai is that of OpenAI'],
  [
    'with the key of another',
    { definition: { keys: [{ env: 'OPENAI_API_KEY' }] } },
    'the variable OPENAI_API_KEY is that of OpenAI',
  ],
  ['for another Node', { about: { engines: { node: '>=99' } } }, /needs Node .?>=99/],
  ['that is of a workspace', { about: { dependencies: { zod: 'workspace:^' } } }, 'pnpm pack'],
  [
    'that gets code from elsewhere',
    { about: { dependencies: { zod: 'git+https://x.example/y' } } },
    'zod is not installed from',
  ],
];
test.each(bad)(
  'a plugin %s is refused in one line, and nothing is left of it',
  async (_, { without, file, ...options }, said) => {
    const spec = await writePlugin(options, 'it');
    if (file !== undefined) await writeFiles('it', { 'dist/manifest.json': file });
    if (without) await rm(join(person.folder, 'it', without));
    expect(await refused(spec)).toMatch(said);
    expect(await readdir(person.home)).toEqual([]);
  },
);

test('what is not there, or may be two things, is refused', async () => {
  expect(await refused('./nope')).toContain(`there is nothing at ${join(person.folder, 'nope')}`);
  expect(await refused('git+https://x.example/it')).toContain('neither a package nor a path');
  expect(await refused((await writePlugin()).slice(2))).toContain(
    'Write ./paint for what lies here, npm:paint for the package.',
  );
  expect(await person.run('plugins', 'remove', 'nope')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no plugin "nope" is installed'),
  });
});

test('a plugin does not take what another has; the same one again replaces itself', async () => {
  await person.run('plugins', 'add', await writePlugin(), '--yes');
  const [first] = await installed();
  const other = await writePlugin({ about: { name: 'other' } }, 'other');
  expect(await refused(other)).toContain('the id paint is that of “The service paint”');
  expect(await refused(await writePlugin({ id: 'dab', definition: { keys: [{ env: 'PAINT_API_KEY' }] } }))).toContain(
    'the variable PAINT_API_KEY is that of “The service paint”',
  );
  await writePlugin({ version: '1.1.0' });
  const again = await person.run('plugins', 'add', './paint', '--yes');
  expect(again).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('paint 1.1.0 is installed in place of 1.0.0'),
  });
  expect(await listed()).toMatchObject([{ id: 'paint', version: '1.1.0' }]);
  expect(await installed()).toEqual([expect.not.stringMatching(first!), 'plugins.json']);
});

test('an update asks only where more is wanted, and keeps what is there until then', async () => {
  await person.run('plugins', 'add', await writePlugin(), '--yes');
  expect((await person.run('plugins', 'update')).stderr).toContain(`paint 1.0.0 is what there is at ${person.folder}`);
  await writePlugin({ version: '1.1.0' });
  expect(await person.run('plugins', 'update', 'paint')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('paint 1.1.0 is installed in place of 1.0.0'),
  });
  const before = await installed();
  const regions = { world: { baseURL: 'https://other.example' } };
  await writePlugin({ version: '2.0.0', definition: { regions, keys: [{ env: 'OTHER_API_KEY' }] } });
  const asked = await person.run('plugins', 'update', '--json');
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('other.example (new) get your pictures and the key');
  expect(JSON.parse(asked.stdout)).toMatchObject({
    plugins: [
      {
        id: 'paint',
        before: '1.1.0',
        updated: false,
        error: { message: expect.stringContaining('pictures and keys for other.example, the key in OTHER_API_KEY') },
      },
    ],
  });
  expect(await installed()).toEqual(before);
  expect(await person.run('plugins', 'update', '--yes')).toMatchObject({ code: 0 });
  expect(await listed()).toMatchObject([{ version: '2.0.0', keys: ['OTHER_API_KEY'] }]);
  expect(await installed()).toHaveLength(2);
  // What was added is gone: the plugin stays as it is.
  await rm(join(person.folder, 'paint'), { recursive: true });
  expect(await person.run('plugins', 'update')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is nothing at'),
  });
  expect(await listed()).toMatchObject([{ version: '2.0.0' }]);
});

test('a plugin whose files are gone is told as that, and installed again by an update', async () => {
  await person.run('plugins', 'add', await writePlugin(), '--yes');
  const [folder] = await installed();
  await rm(join(plugins(), folder!), { recursive: true });
  const { stdout, stderr } = await person.run('plugins');
  expect(stdout).toMatch(/^paint .* no +\//m);
  expect(stderr).toMatch(/warning: .*index\.js is missing\. anyimage plugins update paint installs it again/);
  expect(await person.run('plugins', 'update')).toMatchObject({ code: 0 });
  expect(await listed()).toMatchObject([{ works: true }]);
});

test('two adds at once are both done; of the same plugin one stays', async () => {
  const specs = await Promise.all([writePlugin(), writePlugin({ id: 'dab' })]);
  const runs = await Promise.all([...specs, './paint'].map((spec) => person.run('plugins', 'add', spec, '--yes')));
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, expect.any(String)]));
  expect((await listed()).map(({ id }: { id: string }) => id).sort()).toEqual(['dab', 'paint']);
  expect(await installed()).toHaveLength(3);
});

test('a disk that takes no more is told as that, and nothing is half installed', async () => {
  const spec = await writePlugin({ code: `/* ${'x'.repeat(20_000)} */` });
  const { ended } = person.startWithin('ulimit -f 8', ['plugins', 'add', spec, '--yes']);
  const { code, stderr } = await ended;
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: could not get .*\n {2}try: .*\n$/)]);
  expect(await readdir(person.home)).toEqual([]);
});

test('a list of a newer version, or a damaged one, is left as it is', async () => {
  const spec = await writePlugin();
  await mkdir(plugins());
  const list = join(plugins(), 'plugins.json');
  for (const [text, said] of [
    ['{"version": 99}', 'newer version of anyimage'],
    ['{"plug', 'it is damaged'],
  ] as const) {
    await writeFile(list, text);
    expect(await refused(spec)).toContain(said);
    expect(await readFile(list, 'utf8')).toBe(text);
    expect(await installed()).toEqual(['plugins.json']);
  }
});

let registry: Registry | undefined;
afterEach(async () => {
  await registry?.close();
  registry = undefined;
});

/** A person whose npm asks a registry of the test's. */
async function withRegistry(): Promise<Registry> {
  registry = await startRegistry();
  const { folder } = await newPerson();
  person = await newPerson({ ...registry.env(folder), ANYIMAGE_KEYCHAIN: 'off', PAINT_API_KEY: key });
  return registry;
}

const scripts = { scripts: { preinstall: 'echo > ran', install: 'echo > ran', postinstall: 'echo > ran' } };

test('a package and what it needs come from the registry, with no script run and no copy of core', async () => {
  const { publish, url, requests } = await withRegistry();
  await publish(await packFiles(pluginFiles({ about: { ...scripts, dependencies: { brush: '^1.0.0' } } })));
  await publish(
    await packFiles({
      'package.json': JSON.stringify({
        name: 'brush',
        version: '1.2.0',
        ...scripts,
        dependencies: { '@anyimage/core': '1.0.0' },
      }),
    }),
  );
  await publish(await packFiles({ 'package.json': '{"name": "@anyimage/core", "version": "1.0.0"}' }));
  const { code, stderr } = await person.run('plugins', 'add', 'anyimage-provider-paint', '--yes');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(`${url}anyimage-provider-paint/-/anyimage-provider-paint-1.0.0.tgz`);
  expect(stderr).toContain('brush 1.2.0');
  expect(stderr).toContain('not run, though there are some of anyimage-provider-paint, brush');
  expect(requests).toContain('GET /brush/-/brush-1.2.0.tgz');
  const files = await readdir(plugins(), { recursive: true });
  expect(files.filter((path) => /ran$|@anyimage.core/.test(path))).toEqual([]);
  expect(files.filter((path) => /node_modules.brush$/.test(path))).toHaveLength(1);
  expect(await readdir(person.folder)).toEqual([]);
  expect(await listed()).toMatchObject([{ from: 'anyimage-provider-paint', version: '1.0.0' }]);
  await person.run('plugins', 'remove', 'paint');
  expect(await installed()).toEqual([]);
});

test('a registry that has no such package, refuses, or is away is told as that', async () => {
  const { failing, publish, close } = await withRegistry();
  expect(await refused('nope')).toContain('there is no package for nope');
  failing.set('/secret', 401);
  expect(await refused('secret')).toContain('the registry refuses secret');
  await publish(await packFiles(pluginFiles({ about: { dependencies: { gone: '1' } } })));
  expect(await refused('anyimage-provider-paint')).toContain(
    'there is no package for what anyimage-provider-paint needs',
  );
  await close();
  expect(await refused('nope')).toContain('the registry cannot be reached for nope');
  expect((await readdir(person.home)).filter((name) => name === 'plugins')).toEqual([]);
});

test('Ctrl-C leaves nothing, and what a killed add left is swept by the next', async () => {
  const { failing } = await withRegistry();
  failing.set('/slow', 0);
  const isAsked = async (name: string) => {
    while (!registry?.requests.includes(`GET /${name}`)) await new Promise((resolve) => setImmediate(resolve));
  };
  const first = person.start('plugins', 'add', 'slow', '--yes');
  await isAsked('slow');
  first.child.kill('SIGINT');
  expect(await first.ended).toMatchObject({ code: 130, stderr: 'interrupted; nothing was installed\n' });
  expect(await installed()).toEqual([]);
  failing.set('/slower', 0);
  const second = person.start('plugins', 'add', 'slower', '--yes');
  await isAsked('slower');
  second.child.kill('SIGKILL');
  await second.ended;
  expect(await installed()).toEqual([expect.stringMatching(/^\.adding-/)]);
  expect(await refused('nope')).toContain('there is no package for nope');
  expect(await installed()).toEqual([]);
});

test('npm is not given the keys of services, and its absence is told', async ({ skip }) => {
  const beside = await readdir(dirname(process.execPath));
  if (beside.includes('npm')) skip('there is an npm beside this Node, which would be taken');
  person = await newPerson({ PATH: '/nowhere:relative' });
  expect(await refused('anything')).toContain('npm is needed to get anything');
  const bin = join(person.folder, 'bin');
  await writeFiles('bin', { npm: `#!/bin/sh\nexport > ${person.folder}/seen\nexit 1\n` });
  await chmod(join(bin, 'npm'), 0o755);
  const env = { PAINT_API_KEY: key, ZHIPU_API_KEY: key, ARK_API_KEY: key, SOME_API_KEY: key, MY_SETTING: 'yes' };
  const folder = person.folder;
  person = await newPerson({ PATH: bin, ...env });
  expect(await refused('anything')).toContain('npm could not get anything');
  const seen = await readFile(join(folder, 'seen'), 'utf8');
  expect(seen).toContain('MY_SETTING');
  expect(seen).not.toContain(key);
});
