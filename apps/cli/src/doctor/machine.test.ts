import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '@anyimage/host';
import { expect, test } from 'vitest';
import { checkMachine } from './machine.ts';

const home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
const named = async (name: string, env: Record<string, string>) =>
  (await checkMachine({ env: { ANYIMAGE_HOME: home, ...env } })).find((check) => check.name === name);
const proxy = (env: Record<string, string>) => named('proxy', env);

test('the home is written to, and left as it was', async () => {
  expect(await named('home', {})).toEqual({ name: 'home', state: 'ok', message: home });
  const later = join(home, 'not', 'there');
  expect(await named('home', { ANYIMAGE_HOME: later })).toMatchObject({ state: 'ok', message: later });
  expect(await readdir(home)).toEqual([]);
});

test('a home that cannot be written to is an error', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'anyimage-')), 'file');
  await writeFile(file, '');
  for (const path of [file, join(file, 'home')]) {
    expect(await named('home', { ANYIMAGE_HOME: path })).toEqual({
      name: 'home',
      state: 'error',
      message: expect.stringContaining(`could not write to the folder ${path}`),
      hint: expect.stringContaining('ANYIMAGE_HOME'),
    });
  }
});

test('a proxy of the config is told as such', async () => {
  const path = join(home, 'config.json');
  await writeFile(path, '{"proxy": "http://me:secret@proxy.example:8080"}');
  const settings = await loadSettings({ env: { ANYIMAGE_HOME: home }, folder: home });
  expect(await checkMachine(settings)).toContainEqual({
    name: 'proxy',
    state: 'ok',
    message: `proxy.example:8080 (${path})`,
  });
  const env = { ANYIMAGE_HOME: home, http_proxy: 'http://other.example' };
  expect(await checkMachine(await loadSettings({ env, folder: home }))).toContainEqual({
    name: 'proxy',
    state: 'ok',
    message: 'other.example (http_proxy)',
  });
});

test('the proxy is named by host, never with its password', async () => {
  expect(await proxy({ HTTPS_PROXY: 'http://me:secret@proxy.example:8080', NO_PROXY: 'localhost' })).toEqual({
    name: 'proxy',
    state: 'ok',
    message: 'proxy.example:8080 (HTTPS_PROXY), not for localhost',
  });
  expect(await proxy({ https_proxy: 'proxy.example:8080' })).toMatchObject({ state: 'ok' });
  expect(await proxy({})).toMatchObject({ state: 'ok', message: 'none' });
});

test('a proxy that is none is an error, without its value', async () => {
  const check = await proxy({ HTTP_PROXY: 'socks5://me:secret@proxy.example' });
  expect(check).toMatchObject({ state: 'error', message: 'HTTP_PROXY holds no http(s) proxy URL' });
  expect(JSON.stringify(check)).not.toContain('secret');
});
