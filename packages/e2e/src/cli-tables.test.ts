// Newer tables on the command line: fetched from a registry on loopback, shown, used, undone; and what must not be used.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contractVersion, type Json, type ModelCapabilities } from '@anyimage/core';
import {
  findInstalled,
  installedTables,
  keepUpdated,
  knownServices,
  loadSettings,
  proposeTables,
  takeTables,
} from '@anyimage/host';
import openai from '@anyimage/provider-openai/manifest.json' with { type: 'json' };
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PluginOptions, pluginFiles } from './plugin-files.ts';
import { install, plugin } from './plugins.ts';
import { packFiles, type Registry, startRegistry } from './registry.ts';
import { newPerson, type Person } from './run-cli.ts';

const name = 'anyimage-provider-paint';
const one: ModelCapabilities = {
  label: 'Paint 1',
  source: 'https://paint.example/docs',
  checked: '2026-11-20',
  operations: { generate: { wire: { path: 'pictures' } } },
  delivery: { as: 'bytes' },
  size: { presets: ['64x64', '96x64'], default: '64x64' },
  prices: [{ amount: 0.04, currency: 'USD', per: 'image' }],
};
const two = { ...one, label: 'Paint 2' };
const dearer = [{ amount: 0.05, currency: 'USD', per: 'image' }] as const;
const cheaper = [{ amount: 0.02, currency: 'USD', per: 'image' }] as const;
const definition = { models: { 'paint-1': one, 'paint-2': two }, defaultModel: 'paint-1' };
const three = { ...one, label: 'Paint 3', checked: '2026-12-01', size: { presets: ['8x8'], default: '8x8' } } as const;
/** A price more, a row more, and one that ends. */
const newer = {
  'paint-1': { ...one, checked: '2026-12-01', prices: dearer },
  'paint-2': { ...two, retires: '2027-01-01', successor: 'paint-3' },
  'paint-3': three,
} as const;

let registry: Registry;
let person: Person;
beforeEach(async () => {
  registry = await startRegistry();
  const { folder } = await newPerson();
  person = await newPerson({ ...registry.env(folder), ANYIMAGE_KEYCHAIN: 'off', PAINT_API_KEY: 'test-key-of-paint' });
  await publish('1.0.0', definition.models);
  await install(person.home, [installed()]);
});
afterEach(() => registry.close());

/** The plugin as it is after `plugins add`, with code that says what its manifest says. */
function installed() {
  const { provider } = plugin('paint', { definition }).entry.manifest;
  const code = (usual: string) =>
    usual.replace(/^const definition = .*$/m, `const definition = ${JSON.stringify(provider)};`);
  return plugin('paint', { definition, code });
}

async function publish(version: string, models: object, options: PluginOptions = {}): Promise<void> {
  const { definition: changes, ...others } = options;
  const table = { ...definition, models, ...changes } as PluginOptions['definition'] & object;
  await registry.publish(await packFiles(pluginFiles({ version, definition: table, ...others })));
}

const update = (...words: readonly string[]) => person.run('models', 'update', 'paint', ...words);
/** What holds of the models, by id, for any app of the person. */
async function held(): Promise<Readonly<Record<string, ModelCapabilities>>> {
  const { providers } = await loadSettings({ env: person.env, folder: person.folder });
  return { ...providers.find(({ definition }) => definition.id === 'paint')!.definition.models };
}
const kept = () => readFile(join(person.home, 'models', 'paint.json'), 'utf8').catch(() => '');

/** A table as an earlier update kept it. */
const earlier = { package: name, version: '1.1.0', integrity: 'sha512-x', at: 1, models: newer, previous: null };
const keepEarlier = () => keepUpdated(person.home, 'paint', () => earlier);

/** A run that was refused in one line, with a line that says what to do, and changed nothing. */
async function refused(...words: readonly string[]): Promise<string> {
  const before = await kept();
  const { code, stdout, stderr } = await update(...words);
  expect([code, stdout], stderr).toEqual([2, '']);
  expect(stderr.trimEnd().split('\n'), stderr).toEqual([
    expect.stringMatching(/^error: /),
    expect.stringMatching(/^ {2}try: /),
  ]);
  expect(await kept()).toBe(before);
  return stderr;
}

test('an update changes a price, adds a row and retires one, after it was shown; where keys go stays as it was', async () => {
  const evil = { regions: { world: { baseURL: 'https://evil.example/v1' } }, keys: [{ env: 'OPENAI_API_KEY' }] };
  const emulator = { emulator: undefined };
  await publish('1.1.0', newer, { definition: { ...evil, trustedHosts: ['.evil.example'] }, manifest: emulator });
  const before = await held();
  const shown = await update('--dry-run');
  expect(shown).toMatchObject({ code: 0, stdout: '' });
  for (const line of [
    /^paint {2}anyimage-provider-paint 1\.1\.0, where 1\.0\.0 is installed$/m,
    /^ +changed +paint-1 +prices: 0\.04 USD per image → 0\.05 USD per image$/m,
    /^ +retired +paint-2 +retires: none → 2027-01-01$/m,
    /^ +new +paint-3 .*Paint 3.*0\.04 USD/m,
  ]) {
    expect(shown.stderr).toMatch(line);
  }
  expect([await held(), await kept()]).toEqual([before, '']);
  const used = await update('--yes');
  expect(used).toMatchObject({ code: 0, stdout: '' });
  expect(used.stderr).toContain('paint: the table of 1.1.0 is used: 1 new, 1 changed, 1 retired\n');
  expect(used.stderr).toContain('anyimage models update --undo takes it back');
  expect(await held()).toEqual(mapRows(newer, (row) => ({ ...row, origin: 'updated' })));
  // The code is that which was installed: nothing of the package is here but its table.
  expect(JSON.parse((await person.run('plugins', '--json')).stdout).plugins).toMatchObject([{ version: '1.0.0' }]);
  expect(await readdir(join(person.home, 'plugins'))).toEqual(['paint-1.0.0', 'plugins.json']);
  const { stdout } = await person.run('models', 'paint/paint-3', '--json');
  expect(JSON.parse(stdout).models).toMatchObject([{ model: 'paint/paint-3', capabilities: { label: 'Paint 3' } }]);
  const { providers } = JSON.parse((await person.run('providers', '--json')).stdout);
  const paint = JSON.stringify(providers.find(({ id }: { id: string }) => id === 'paint'));
  expect(paint).toContain('api.paint.example');
  expect(paint).not.toMatch(/evil|OPENAI/);
});

test('the same again changes nothing, and an undo is exact and one step', async () => {
  const before = await held();
  await keepEarlier();
  await publish('1.1.0', newer);
  expect((await update('--yes')).stderr).toBe('paint: nothing is new in 1.1.0\n');
  expect(await update('--undo')).toMatchObject({
    code: 0,
    stderr: 'paint: the table of 1.0.0 holds again, in place of 1.1.0\n',
  });
  expect(await held()).toEqual(before);
  expect((await update('--undo')).stderr).toBe('there is no update to undo\n');
  // Nor does it come again by itself.
  const turns = JSON.parse(await readFile(join(person.home, 'table-updates.json'), 'utf8'));
  expect(turns.providers).toEqual({ paint: { undone: '1.1.0' } });
});

function mapRows(rows: object, change: (row: object) => object): object {
  return Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, change(row)]));
}

test('an undo goes back one step, to the update before', async () => {
  await keepEarlier();
  const first = await held();
  const { plugins } = await knownServices(person.home);
  const installed = findInstalled('paint', installedTables(plugins));
  const tables = { models: { 'paint-1': { ...newer['paint-1'], label: 'Paint one' } } };
  const next = { version: '1.2.0', integrity: 'sha512-y', tables };
  expect(await takeTables(person.home, proposeTables(person.home, installed, next), 2)).toBe(true);
  // A row that the newest does not have stays as it is.
  expect(await held()).toEqual({ ...first, 'paint-1': { ...first['paint-1'], label: 'Paint one' } });
  const { stdout } = await update('--undo', '--json');
  expect(JSON.parse(stdout)).toEqual({
    dryRun: false,
    undone: [{ provider: 'paint', package: name, version: '1.2.0', back: '1.1.0' }],
  });
  expect(await held()).toEqual(first);
  await update('--undo');
  expect(await held()).toEqual(first);
});

test('a lower price is named, and not used unless it is asked for by its own word', async () => {
  await publish('1.1.0', { 'paint-1': { ...one, prices: cheaper, label: 'Better' } });
  const said = await update('--yes');
  expect(said.stderr).toMatch(/^ +lower +paint-1 +generate: prices: 0\.04 USD per image → 0\.02 USD per image$/m);
  expect(said.stderr).toContain('--accept-lower-prices uses them');
  expect((await held())['paint-1']).toMatchObject({ label: 'Better', prices: one.prices });
});

test('a lower price that was held back is used when that is asked for', async () => {
  await keepUpdated(person.home, 'paint', () => ({ ...earlier, models: { 'paint-1': { ...one, label: 'Better' } } }));
  await publish('1.1.0', { 'paint-1': { ...one, prices: cheaper, label: 'Better' } });
  const used = await update('--yes', '--accept-lower-prices');
  expect([used.code, used.stderr]).toEqual([0, expect.stringContaining('is used: 1 changed')]);
  expect(used.stderr).not.toContain('stay as they were');
  expect((await held())['paint-1']).toMatchObject({ label: 'Better', prices: cheaper });
});

test('the newest that is out and understood is used: what is not is named, and so is a row that the code does not know', async () => {
  const odd = { ...three, operations: { generate: { wire: { path: 'remixes' } } } };
  await publish('1.2.0', { 'paint-1': { ...one, label: 'Taken back' } }, { about: { deprecated: 'wrong prices' } });
  await publish('1.3.0-rc.1', { 'paint-1': { ...one, label: 'Early' } });
  await publish('9.0.0', { 'paint-1': { ...one, label: 'Withdrawn' } });
  await publish('1.1.0', { ...newer, 'paint-3': odd });
  await publish('2.0.0', { 'paint-9': one }, { manifest: { contract: contractVersion + 1 } });
  const { code, stderr } = await update('--yes');
  expect([code, stderr]).toEqual([0, expect.stringContaining('2.0.0 speaks another version of the contract')]);
  expect(stderr).toMatch(/^ +left out +paint-3 +this version does not know its “wire\.path "remixes"”$/m);
  expect(stderr).toContain('the table of 1.1.0 is used');
  expect(await held()).toMatchObject({ 'paint-1': { label: 'Paint 1', prices: dearer }, 'paint-2': {} });
  expect(Object.keys(await held())).toEqual(['paint-1', 'paint-2']);
});

// All that is refused of a package is in published-tables.test.ts of the host.
const bad: readonly (readonly [what: string, models: Json, options: PluginOptions, said: string | RegExp])[] = [
  [
    'whose row is none, of a name with control characters,',
    { 'paint\u001b[31m': { label: 1 } } as unknown as Json,
    {},
    'models',
  ],
  [
    'of another provider',
    {},
    { definition: { id: 'openai', models: { x: one }, defaultModel: 'x' } },
    'is the package of openai now',
  ],
];
test.each(bad)('a manifest %s is refused in one line, and what was there holds', async (_, models, options, said) => {
  await keepEarlier();
  await publish('1.2.0', models as object, options);
  expect(await refused('--yes')).toMatch(said);
  expect(await held()).toHaveProperty('paint-3');
});

test('a package that is not what was published, or is cut off, is refused, and what was there holds', async () => {
  await keepEarlier();
  await publish('1.2.0', definition.models);
  const path = `/${name}/-/${name}-1.2.0.tgz`;
  registry.changed.set(path, (tarball) => Buffer.concat([tarball, Buffer.from('more')]));
  expect(await refused('--yes')).toContain('is not what was published');
  registry.changed.set(path, (tarball) => tarball.subarray(0, tarball.length / 2));
  expect(await refused('--yes')).toMatch(/is not what was published|npm could not get|cannot be reached/);
});

test('no npm, no package, and a registry that fails or is down are told as that, once', async ({ skip }) => {
  expect((await update('--yes')).stderr).toBe('paint: the registry has no table newer than 1.0.0\n');
  registry.failing.set(`/${name}`, 500);
  expect(await refused('--yes')).toContain(`the registry failed for ${name}`);
  registry.failing.set(`/${name}`, 404);
  expect(await refused('--yes')).toContain(`there is no package for ${name}`);
  await registry.close();
  const down = await person.run('models', 'update', '--yes');
  expect(down.code).toBe(2);
  expect(down.stderr.match(/^error: the registry cannot be reached/gm), down.stderr).toHaveLength(1);
  expect(down.stderr).toContain('the other providers were not asked after');
  const beside = await readdir(dirname(process.execPath));
  if (beside.includes('npm')) skip('there is an npm beside this Node, which would be taken');
  person = await newPerson({ PATH: '/nowhere' });
  const { code, stderr } = await person.run('models', 'update', '--yes');
  expect([code, stderr.match(/^error: npm is needed/gm)]).toEqual([2, ['error: npm is needed']]);
});

test('two updates at once are one, and undone as one', async () => {
  const before = await held();
  await publish('1.1.0', newer);
  const runs = await Promise.all([update('--yes'), update('--yes')]);
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, expect.any(String)]));
  expect(await held()).toHaveProperty('paint-3');
  await update('--undo');
  expect(await held()).toEqual(before);
});

test('a home that may not be written to is told as that, and nothing is fetched without a yes', async () => {
  await publish('1.1.0', newer);
  expect(await refused()).toContain('tables are used after a yes, and there is no terminal to ask at');
  // Root may write anywhere, but not into a file.
  await writeFile(join(person.home, 'models'), '');
  const { code, stderr } = await update('--yes');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: could not keep the models .*\n {2}try: /m)]);
});

test('when the code becomes newer than the table that was kept, the code counts', async () => {
  await keepEarlier();
  await publish('1.2.0', { 'paint-1': { ...one, label: 'By the code' } });
  expect((await person.run('plugins', 'update', 'paint', '--yes')).code).toBe(0);
  expect(await held()).toEqual({ 'paint-1': { ...one, label: 'By the code' } });
  expect((await update('--undo')).stderr).toBe('there is no update to undo\n');
  await publish('1.3.0', newer);
  expect((await update('--yes')).stderr).toContain('where 1.2.0 is installed');
  expect(JSON.parse(await kept()).updated).toMatchObject({ version: '1.3.0', previous: null });
});

test('a plugin from a folder is not asked for in the registry, which may know another of its name', async () => {
  const { entry, files } = installed();
  await install(person.home, [{ entry: { ...entry, from: join(person.folder, 'paint') }, files }]);
  await publish('1.1.0', newer);
  const asked = registry.requests.length;
  expect(await update('--yes')).toMatchObject({
    code: 0,
    stderr: `paint: anyimage plugins update paint fetches it again from ${join(person.folder, 'paint')}, its table with it\n`,
  });
  expect(registry.requests).toHaveLength(asked);
});

test('the providers that come with anyimage are updated with all others, and undone with them', async () => {
  await publish('1.1.0', newer);
  const [id, row] = Object.entries(openai.provider.models)[0]!;
  const manifest = {
    ...openai,
    provider: { ...openai.provider, models: { [id]: { ...row, label: 'A better label' } } },
  };
  const about = { name: '@anyimage/provider-openai', version: '0.1.0', keywords: ['anyimage-provider'] };
  const exports = { './manifest.json': './dist/manifest.json' };
  await registry.publish(
    await packFiles({
      'package.json': JSON.stringify({ ...about, exports }),
      'dist/manifest.json': JSON.stringify(manifest),
    }),
  );
  const { code, stdout, stderr } = await person.run('models', 'update', '--yes', '--json');
  expect(code, stderr).toBe(0);
  const { tables } = JSON.parse(stdout) as { tables: { provider: string; used: boolean }[] };
  expect(tables.filter(({ used }) => used)).toMatchObject([
    { provider: 'openai', installed: '0.0.0', version: '0.1.0', integrity: expect.stringMatching(/^sha512-/) },
    { provider: 'paint', installed: '1.0.0', version: '1.1.0', rows: [{}, {}, { model: 'paint-3', kind: 'new' }] },
  ]);
  const label = async () => JSON.parse((await person.run('models', `openai/${id}`, '--json')).stdout).models[0].label;
  expect(await label()).toBe('A better label');
  expect((await person.run('doctor')).stdout).toMatch(/tables .*openai: of @anyimage\/provider-openai@0\.1\.0/s);
  expect((await person.run('models', 'update', '--undo')).stderr).toMatch(/^openai: .*\npaint: .*\n$/);
  expect(await label()).toBe(row.label);
  expect(await held()).not.toHaveProperty('paint-3');
});
