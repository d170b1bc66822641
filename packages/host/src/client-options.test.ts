import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientRequest, createClient } from '@anyimage/core';
import { afterAll, expect, test } from 'vitest';
import { clientOptions } from './client-options.ts';
import { loadSettings, type Settings } from './settings/settings.ts';
import { shippedStyles } from './styles/styles.generated.ts';
import { stylesFolder } from './styles/styles.ts';

const home = await mkdtemp(join(tmpdir(), 'anyimage-styles-'));
const env = { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ZHIPU_API_KEY: 'test-key' };
const loaded = await loadSettings({ env, folder: home });
await mkdir(stylesFolder({ home }));
const clients: ReturnType<typeof createClient>[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

function connect(styles: Settings['config']['styles'] = {}) {
  const client = createClient(clientOptions({ ...loaded, config: { styles } }));
  clients.push(client);
  return client;
}

/** The prompt that would be sent, and why. */
async function plan(words: ClientRequest, client = connect({ ink: 'ink on paper', watercolor: 'my own water' })) {
  const { calls, applied } = await client.plan({ model: 'cogview', prompt: 'a boat', ...words });
  return { prompt: calls[0]!.prompt, style: calls[0]!.style, because: applied.map((one) => one.because) };
}

test('a style of the config, of the folder and one that ships are words of the prompt', async () => {
  await writeFile(join(stylesFolder({ home }), 'mine.json'), '{"words": "mine alone"}');
  expect(await plan({ style: 'ink' })).toMatchObject({
    prompt: 'a boat, ink on paper',
    because: ['ink is a style of your config: its words were added to the prompt'],
  });
  expect(await plan({ style: 'mine' })).toMatchObject({
    prompt: 'a boat, mine alone',
    because: [expect.stringContaining('mine is a style of yours')],
  });
  expect(await plan({ style: 'comic' })).toMatchObject({
    prompt: `a boat, ${shippedStyles.comic.words}`,
    because: [expect.stringContaining('comic is a style of anyimage')],
  });
});

test("a model's own style wins over one that ships, and a person's own over both", async () => {
  const sketch = { model: 'sketch', style: 'watercolor' };
  expect(await plan(sketch, connect())).toEqual({ prompt: 'a boat', style: 'watercolor', because: [] });
  expect((await plan(sketch)).prompt).toBe('a boat, my own water');
});

test('a misspelt style is refused with what is near', async () => {
  await expect(plan({ style: 'film-foto' })).rejects.toMatchObject({
    code: 'unsupported',
    details: { nearest: ['film-photo'] },
  });
});

test('a mistake in a file counts when its style is named, and only then', async () => {
  const path = join(stylesFolder({ home }), 'broken.json');
  await writeFile(path, '{"words": 7}');
  await expect(plan({ style: 'broken' })).rejects.toMatchObject({ message: `${path}:1: words must be text` });
  expect(await plan({ style: 'ink' })).toMatchObject({ prompt: 'a boat, ink on paper' });
  await rm(path);
});

test('the embedded provider draws what is asked for, and nothing that a style only speaks of', async () => {
  const client = connect();
  for (const style of Object.keys(shippedStyles)) {
    const { images } = await client.generate({ model: 'sketch', prompt: 'a boat', style, size: '64x64' });
    expect(images[0]!.metadata, style).toMatchObject({ understood: { subjects: [{ id: 'boat' }] } });
  }
});

test('what a run may cost goes on counting when the settings are read anew', async () => {
  const budgetOf = (perRun: number) =>
    clientOptions({ ...loaded, config: { budget: { currency: 'EUR', perRun } } }).budget!;
  const ask = { model: 'm', intent: 'i', cost: { amount: 0.6, currency: 'EUR', estimated: true } };
  await budgetOf(1).reserve(ask);
  await expect(budgetOf(1).check(ask)).rejects.toMatchObject({ details: { limit: 'perRun', spent: 0.6 } });
  await expect(budgetOf(1.1).reserve(ask)).rejects.toMatchObject({ details: { limit: 'perRun', spent: 0.6 } });
});
