import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProviderManifest } from '@anyimage/core';
import { beforeEach, expect, test } from 'vitest';
import { type PluginEntry, pluginListPath, pluginListText, readPluginList } from './plugin-list.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
});

async function write(text: string): Promise<void> {
  await mkdir(dirname(pluginListPath(home)), { recursive: true });
  await writeFile(pluginListPath(home), text);
}

const row = {
  label: 'It 1 – größer',
  source: 'https://it.example/docs',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
} as const;

function plugin(id: string, more: Partial<ProviderManifest['provider']> = {}): PluginEntry {
  return {
    package: `@me/anyimage-provider-${id}`,
    version: '1.0.0',
    from: '/somewhere/it',
    folder: `${id}-1`,
    addedAt: '2026-11-29T12:00:00.000Z',
    manifest: {
      contract: 1,
      provider: {
        id,
        label: 'It',
        models: { 'it-1': row },
        regions: { world: { baseURL: 'https://it.example' } },
        keys: [{ env: 'IT_API_KEY' }],
        ...more,
      },
      factory: { module: './dist/index.js', name: 'it' },
      hosts: ['it.example'],
      config: {},
    },
  };
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test('a list that is not there is empty', async () => {
  expect(await readPluginList(home)).toEqual({ plugins: [], notes: [] });
});

test('what is written is read', async () => {
  const written = [plugin('one'), plugin('two', { unlisted: row }), plugin('three', { models: {}, unlisted: row })];
  await write(pluginListText(written));
  const { plugins, notes } = await readPluginList(home);
  expect(plain(plugins)).toEqual(plain(written));
  expect(notes).toEqual([]);
  await write(pluginListText(plugins));
  expect(plain((await readPluginList(home)).plugins)).toEqual(plain(written));
  await write(pluginListText([]));
  expect(await readPluginList(home)).toEqual({ plugins: [], notes: [] });
});

test('the list is JSON, also as somebody else lays it out', async () => {
  const written = [plugin('one'), plugin('two')];
  await write(pluginListText(written));
  const document = JSON.parse(await readFile(pluginListPath(home), 'utf8'));
  await write(JSON.stringify(document, null, 2));
  expect(plain((await readPluginList(home)).plugins)).toEqual(plain(written));
  await write(JSON.stringify({ version: 1, plugins: written }));
  expect(plain((await readPluginList(home)).plugins)).toEqual(plain(written));
});

test('a damaged entry or table stops no other', async () => {
  const { folder: _, ...nowhere } = plugin('two');
  const broken = [
    nowhere,
    { ...plugin('two'), folder: '../..' },
    { ...plugin('two'), package: '../evil' },
    { ...plugin('two'), manifest: {} },
    null,
    plugin('two', { keys: [{}] as never }),
    plugin('two', { regions: {} }),
  ];
  await write(JSON.stringify({ version: 1, plugins: [plugin('one'), ...broken, plugin('three')] }));
  const { plugins, notes } = await readPluginList(home);
  expect(plugins.map(({ manifest }) => manifest.provider.id)).toEqual(['one', 'three']);
  expect(notes).toHaveLength(broken.length);
  expect(notes[0]).toMatch(/plugins\.json: entry 2 is damaged, and not used/);

  await write(pluginListText([plugin('one'), plugin('two')]).replace(/^\{"models".*\},$/m, '{"models":{"a":{}}},'));
  const [one, two] = (await readPluginList(home)).plugins;
  expect(one!.manifest.provider.models).toEqual({});
  expect(two!.manifest.provider.models).toEqual({ 'it-1': row });
});

test.each(['', '{', '[]', '{"version":1}', '{"plugins":[]}'])('a file that is no list is told: %s', async (text) => {
  await write(text);
  await expect(readPluginList(home)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('plugins.json: it is damaged'),
  });
});

test('a list of a newer version is left as it is', async () => {
  await write('{"version":2,"plugins":{}}');
  await expect(readPluginList(home)).rejects.toMatchObject({ message: expect.stringContaining('newer version') });
});
