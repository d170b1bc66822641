// What outlives a change of the settings, and what does not pile up with them.

import { mkdtemp, readdir, readlink, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Services } from './services.ts';
import { servicesSource } from './services.ts';

async function open() {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-services-')));
  const source = servicesSource({ ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' });
  onTestFinished(() => source.close());
  let change = 0;
  return {
    home,
    source,
    /** Writes another config, and gives the services that hold then. */
    async changed(): Promise<Services> {
      change += 1;
      await writeFile(join(home, 'config.json'), JSON.stringify({ aliases: { [`a${change}`]: 'sketch' } }));
      return source.get();
    },
  };
}

async function draw({ calls }: Services) {
  const facts = { model: 'sketch', prompt: 'a boat', n: 1 };
  const call = await calls.generate(
    facts,
    { model: 'sketch', prompt: 'a boat', size: '64x64' },
    { models: ['sketch'], origins: [undefined] },
  );
  expect((await call.done).images).toHaveLength(1);
  return call;
}

test('a call is known by its id after the settings changed, however often', async () => {
  const { source, changed } = await open();
  const first = await source.get();
  const call = await draw(first);
  let services = first;
  for (let time = 0; time < 3; time++) {
    const before = services;
    services = await changed();
    expect(services).not.toBe(before);
    expect(await services.calls.open(call.id)).toBe(call);
  }
  expect(services.settings.config.aliases).toEqual({ a3: 'sketch' });
});

test('who has the earlier settings still can draw with them, and everybody knows of the call', async () => {
  const { source, changed } = await open();
  const earlier = await source.get();
  await draw(earlier);
  const later = await changed();
  const call = await draw(earlier);
  expect(await later.calls.open(call.id)).toBe(call);
  expect(await draw(later)).not.toBe(call);
});

test('nothing is opened twice for a change of the settings', { skip: process.platform !== 'linux' }, async () => {
  const { home, source, changed } = await open();
  const filesOpen = async () => {
    const files = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    );
    return files.filter((path) => path.startsWith(home)).sort();
  };
  await draw(await source.get());
  const before = await filesOpen();
  for (let time = 0; time < 20; time++) await draw(await changed());
  expect(await filesOpen()).toEqual(before);
  expect(process.listeners('exit').length).toBeLessThan(20);
});
