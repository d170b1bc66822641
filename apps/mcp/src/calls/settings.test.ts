import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { readSettings } from './settings.ts';

let home: string;
let folder: string;
beforeEach(async () => {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-settings-')));
  [home, folder] = [join(top, 'home'), join(top, 'project')];
  await mkdir(home);
  await mkdir(join(folder, '.git'), { recursive: true });
});

function read(env: Readonly<Record<string, string>> = {}) {
  return readSettings({ env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ...env }, folder });
}

function configure(place: string, config: object): Promise<void> {
  return writeFile(join(place, place === home ? 'config.json' : 'anyimage.json'), JSON.stringify(config));
}

test('nothing set: pictures in the home folder, the embedded provider, time to bring home what is paid for', async () => {
  expect(await read()).toMatchObject({
    home,
    outputFolder: join(home, 'pictures'),
    roots: [],
    model: 'sketch',
    graceSeconds: 60,
  });
  expect((await read()).waitSeconds).toBeUndefined();
});

test('everything can be set, and variables win over the config', async () => {
  await configure(home, { model: 'openai', output: '/elsewhere' });
  expect(await read()).toMatchObject({ model: 'openai', outputFolder: resolve('/elsewhere') });
  const settings = await read({
    ANYIMAGE_OUTPUT: ' /out ',
    ANYIMAGE_ROOTS: ['/a', ' /b ', ''].join(delimiter),
    ANYIMAGE_MODEL: 'cogview/glm-image',
    ANYIMAGE_WAIT_SECONDS: '20',
    ANYIMAGE_GRACE_SECONDS: '5',
  });
  expect(settings).toMatchObject({
    outputFolder: resolve('/out'),
    roots: [resolve('/a'), resolve('/b')],
    model: 'cogview/glm-image',
    waitSeconds: 20,
    graceSeconds: 5,
  });
});

test.each(['', ' '])('%j is no time to wait: the default holds', async (text) => {
  expect((await read({ ANYIMAGE_WAIT_SECONDS: text })).waitSeconds).toBeUndefined();
});

test.each(['0', '0.5', '3600'])('%s seconds are waited', async (text) => {
  expect((await read({ ANYIMAGE_WAIT_SECONDS: text })).waitSeconds).toBe(Number(text));
});

test.each(['soon', '-1', 'Infinity', 'NaN', '3601', '1e9', '0x10', '45s', '9'.repeat(400)])(
  '%s is no time to wait, which is told with its range',
  async (text) => {
    for (const name of ['ANYIMAGE_WAIT_SECONDS', 'ANYIMAGE_GRACE_SECONDS']) {
      await expect(read({ [name]: text })).rejects.toMatchObject({
        code: 'config',
        message: expect.stringContaining(`${name} must be a number from 0 to 3600, such as 45`),
      });
    }
  },
);

test("a relative folder of the person's config is meant from the home folder, one of a project from the project", async () => {
  await configure(home, { output: 'drawings' });
  expect((await read()).outputFolder).toBe(join(home, 'drawings'));
  await configure(folder, { output: 'art' });
  expect((await read()).outputFolder).toBe(join(folder, 'art'));
});

test('a project that is not trusted sends keys and pictures nowhere', async () => {
  await configure(folder, { output: '/tmp', providers: { cogview: { baseURL: 'http://127.0.0.1:1/' } } });
  const { outputFolder, config, notes } = await read();
  expect(outputFolder).toBe(join(home, 'pictures'));
  expect(config.providers).toBeUndefined();
  expect(notes).toEqual([expect.stringContaining('output, providers.cogview.baseURL: not used')]);
});
