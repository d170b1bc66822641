// Newer tables that come by themselves, beside a call, where the person wants that.

import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ModelCapabilities } from '@anyimage/core';
import { drawTestCard } from '@anyimage/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pluginFiles } from './plugin-files.ts';
import { install, plugin } from './plugins.ts';
import { packFiles, type Registry, startRegistry } from './registry.ts';
import { newPerson, type Person } from './run-cli.ts';

const { entry } = plugin('paint');
const row = entry.manifest.provider.models['paint-1']!;
/** A row more, and a price that is lower. */
const models: Readonly<Record<string, ModelCapabilities>> = {
  'paint-1': { ...row, label: 'Paint one', prices: [{ amount: 0.001, currency: 'USD', per: 'image' }] },
  'paint-2': row,
};

let registry: Registry;
let person: Person;
/** What the service waits for before it answers. */
let ready: () => Promise<void> = async () => {};
const service = createServer(async (_, response) => {
  await ready();
  const picture = Buffer.from(drawTestCard({ prompt: 'a boat', width: 64, height: 64 })).toString('base64');
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ picture }));
});

beforeEach(async () => {
  registry = await startRegistry();
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${(service.address() as AddressInfo).port}/v1`;
  const { folder } = await newPerson();
  const own = { PAINT_API_KEY: 'test-key-of-paint', PAINT_BASE_URL: baseURL, ANYIMAGE_KEYCHAIN: 'off' };
  person = await newPerson({ ...registry.env(folder), ...own });
  await install(person.home, [plugin('paint')]);
  await registry.publish(await packFiles(pluginFiles({ version: '1.1.0', definition: { models } })));
});
afterEach(async () => {
  ready = async () => {};
  await registry.close();
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});

const draw = () => person.run('a boat', '-m', 'paint');
const read = (...path: readonly string[]) => readFile(join(person.home, ...path), 'utf8').catch(() => '');
const weekly = () => writeFile(join(person.home, 'config.json'), '{"updateModels": "weekly"}');

/** Waits until something has happened elsewhere. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether the table is not asked for again for days. */
async function isDone(): Promise<boolean> {
  const { providers } = JSON.parse((await read('table-updates.json')) || '{"providers": {}}');
  return providers.paint?.next > Date.now() + 86_400_000;
}

test('nothing is asked for unless the person wants it, and never without a call', async () => {
  expect(await draw()).toMatchObject({ code: 0 });
  await weekly();
  for (const words of [['--version'], ['models', 'paint'], ['a boat', '-m', 'paint', '--dry-run']]) {
    expect(await person.run(...words)).toMatchObject({ code: 0 });
  }
  expect([registry.requests, await read('table-updates.json')]).toEqual([[], '']);
});

test('a table comes beside a call, without lower prices, and once a week', async () => {
  await weekly();
  ready = () => until(isDone);
  const first = await draw();
  expect([first.code, first.stderr]).toEqual([
    0,
    expect.stringContaining(
      'the table of paint is that of 1.1.0 now (1 new, 1 changed); anyimage models update --undo takes it back\n',
    ),
  ]);
  const { updated } = JSON.parse(await read('models', 'paint.json'));
  expect(updated).toMatchObject({ version: '1.1.0', previous: null });
  expect(updated.models).toEqual({ ...models, 'paint-1': { ...models['paint-1'], prices: row.prices } });
  const asked = registry.requests.length;
  expect((await draw()).stderr).not.toContain('table');
  expect(registry.requests).toHaveLength(asked);
});

test('what was undone does not come again by itself', async () => {
  await weekly();
  const turns = { version: 1, providers: { paint: { next: 0, undone: '1.1.0' } } };
  await writeFile(join(person.home, 'table-updates.json'), JSON.stringify(turns));
  ready = () => until(isDone);
  expect((await draw()).stderr).not.toContain('table');
  expect(registry.requests).not.toEqual([]);
  expect(await read('models', 'paint.json')).toBe('');
});

test('it ends with the call, and is tried again an hour later', async () => {
  await weekly();
  registry.failing.set('/anyimage-provider-paint', 0);
  ready = () => until(() => registry.requests.length > 0);
  const cut = await draw();
  expect([cut.code, cut.stderr]).toEqual([0, expect.not.stringMatching(/table|npm|registry/)]);
  const { next } = JSON.parse(await read('table-updates.json')).providers.paint;
  expect(next - Date.now()).toBeLessThan(3_600_001);
  expect(next - Date.now()).toBeGreaterThan(3_000_000);
});

test('a registry that fails, and notes that are damaged, are nobody else’s affair', async () => {
  await weekly();
  registry.failing.set('/anyimage-provider-paint', 500);
  await writeFile(join(person.home, 'table-updates.json'), 'damaged');
  ready = () => until(() => registry.requests.length > 0);
  const failed = await draw();
  expect([failed.code, failed.stderr]).toEqual([0, expect.not.stringContaining('registry')]);
});
