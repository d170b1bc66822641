import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AskOptions } from './calls.ts';
import { servicesSource } from './services.ts';

const model = 'cogview/cogview-4-250304';
const named = { models: [model], origins: [undefined] };

/** Servers one after the other, with one home folder. */
async function servers() {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-calls-'));
  const start = () => {
    const source = servicesSource({ ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ZHIPU_API_KEY: 'test-key' });
    onTestFinished(() => source.close());
    return async (options: AskOptions) => {
      const { calls } = await source.get();
      return calls.generate({ model, prompt: 'a boat', n: 1 }, { model, prompt: 'a boat' }, named, options);
    };
  };
  return { start, open: () => readdir(join(home, 'requests')).catch(() => []) };
}

const refused = () => Promise.reject(new Error('asked, and it was a no'));

test('what is refused before it is sent is no open request', async () => {
  const { start, open } = await servers();
  await expect(start()({ before: refused })).rejects.toThrow('a no');
  expect(await open()).toEqual([]);
});

test('a request whose server ended while the person was asked is asked about again, and stays open if that is a no', async () => {
  const { start, open } = await servers();
  const asked = Promise.withResolvers<void>();
  void start()({
    before() {
      asked.resolve();
      return new Promise(() => {});
    },
  });
  await asked.promise;
  const before = await open();
  expect(before).toHaveLength(2);
  await expect(start()({ before: refused })).rejects.toThrow('a no');
  expect(await open()).toEqual(before);
});
