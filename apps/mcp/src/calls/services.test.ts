import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ServicesSource, servicesSource } from './services.ts';

/** A server's services in a home of its own, with a budget, so that everything that can be opened is. */
async function servicesInHome() {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-services-'));
  await mkdir(home, { recursive: true });
  const source = servicesSource({ ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' });
  const configure = (perDay: number) =>
    writeFile(join(home, 'config.json'), JSON.stringify({ budget: { currency: 'EUR', perDay } }));
  return { source, configure };
}

async function draw(source: ServicesSource): Promise<void> {
  await source.use(async ({ calls }) => {
    const facts = { model: 'sketch', prompt: 'a boat', n: 1 };
    const request = { model: 'sketch', prompt: 'a boat', size: '64x64' } as const;
    const call = await calls.generate(facts, request, { models: ['sketch'], origins: [undefined] });
    expect((await call.done).errors).toEqual([]);
  });
}

test.runIf(process.platform === 'linux')('a change of the config leaves no file open', async () => {
  const { source, configure } = await servicesInHome();
  const openFiles = async () => (await readdir('/proc/self/fd')).length;
  try {
    const counts: number[] = [];
    for (let change = 1; change <= 12; change++) {
      await configure(change);
      await draw(source);
      counts.push(await openFiles());
    }
    expect(counts.at(-1)! - counts[1]!).toBeLessThan(3);
  } finally {
    await source.close();
  }
});

test('services that were replaced while somebody uses them go on until they have what they asked for', async () => {
  const { source, configure } = await servicesInHome();
  try {
    await configure(1);
    await source.use(async (old) => {
      await configure(22);
      await source.use(async (fresh) => expect(fresh).not.toBe(old));
      const request = { model: 'sketch', prompt: 'a boat', size: '64x64' } as const;
      const call = await old.calls.generate({ model: 'sketch', prompt: 'a boat', n: 1 }, request, {
        models: ['sketch'],
        origins: [undefined],
      });
      expect((await call.done).errors).toEqual([]);
    });
  } finally {
    await source.close();
  }
});
