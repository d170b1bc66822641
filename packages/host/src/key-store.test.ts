import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { ProviderDefinition } from '@anyimage/core';
import { beforeEach, expect, test } from 'vitest';
import { type KeyStoreOptions, openKeys } from './key-store.ts';
import type { Keychain } from './keychain.ts';
import { providers } from './providers.generated.ts';

const definitions: readonly ProviderDefinition[] = providers.map(({ definition }) => definition);
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
});

/** A keychain in memory that can be locked, and counts who asks. */
function memoryKeychain() {
  const secrets = new Map<string, string>();
  const asked: string[] = [];
  let locked = false;
  const opened = () => {
    if (locked) throw new Error('the keychain is locked\nin two lines');
    return secrets;
  };
  const keychain: Keychain = {
    get(name) {
      asked.push(name);
      return opened().get(name);
    },
    set: (name, secret) => void opened().set(name, secret),
    delete: (name) => void opened().delete(name),
  };
  return { keychain, secrets, asked, lock: () => (locked = true) };
}

const open = (options: KeyStoreOptions) => openKeys(home, { env: {}, ...options });
const filed = async () => JSON.parse(await readFile(join(home, 'keys.json'), 'utf8')).keys;

test('a key goes to the keychain, and the file only knows that it is there', async () => {
  const { keychain, secrets, asked } = memoryKeychain();
  const keys = await open({ keychain });
  expect(await keys.set('ZHIPU_API_KEY', 'test-key')).toEqual({ in: 'keychain' });
  expect(secrets.get('ZHIPU_API_KEY')).toBe('test-key');
  expect(await filed()).toEqual({ ZHIPU_API_KEY: { in: 'keychain' } });
  const again = await open({ keychain });
  const env = again.addTo({ PATH: '/bin' }, definitions);
  expect(again.stored).toEqual([{ name: 'ZHIPU_API_KEY', in: 'keychain' }]);
  expect(asked).toEqual([]);
  expect(env.ZHIPU_API_KEY).toBe('test-key');
  expect(env.ZHIPU_API_KEY).toBe('test-key');
  expect(asked).toEqual(['ZHIPU_API_KEY']);
});

test('where the keychain refuses, the key goes to a file that only this person can read, and it is said', async () => {
  const { keychain, lock } = memoryKeychain();
  lock();
  const keys = await open({ keychain });
  expect(await keys.set('ZHIPU_API_KEY', 'test-key')).toEqual({ in: 'file', refusal: 'the keychain is locked' });
  expect(keys.addTo({}, definitions).ZHIPU_API_KEY).toBe('test-key');
  expect((await stat(keys.path)).mode & 0o777).toBe(0o600);
  expect(await readdir(home)).toEqual(['keys.json']);
  expect((await open({ keychain })).exposed).toBe(false);
});

test('a keychain that refuses later is said once, and the key counts as missing', async () => {
  const { keychain, lock } = memoryKeychain();
  await (await open({ keychain })).set('ZHIPU_API_KEY', 'test-key');
  lock();
  const refusals: string[] = [];
  const keys = await open({ keychain, onRefused: (name, reason) => refusals.push(`${name}: ${reason}`) });
  const env = keys.addTo({}, definitions);
  expect([env.ZHIPU_API_KEY, env.ZHIPU_API_KEY]).toEqual(['', '']);
  expect(refusals).toEqual(['ZHIPU_API_KEY: the keychain is locked']);
  await expect(keys.remove('ZHIPU_API_KEY')).rejects.toMatchObject({ code: 'storage' });
  expect(await filed()).toHaveProperty('ZHIPU_API_KEY');
});

test('ANYIMAGE_KEYCHAIN=off and an explicit wish keep keys in the file', async () => {
  const { keychain, secrets } = memoryKeychain();
  await (await open({ keychain, env: { ANYIMAGE_KEYCHAIN: 'off' } })).set('ZHIPU_API_KEY', 'test-key');
  await (await open({ keychain })).set('ZAI_API_KEY', 'test-key', true);
  expect(secrets.size).toBe(0);
  expect(Object.keys(await filed())).toEqual(['ZHIPU_API_KEY', 'ZAI_API_KEY']);
});

test('a key is removed from where it is', async () => {
  const { keychain, secrets } = memoryKeychain();
  const keys = await open({ keychain });
  await keys.set('ZHIPU_API_KEY', 'test-key');
  await keys.set('ZAI_API_KEY', 'test-key', true);
  expect([await keys.remove('ZHIPU_API_KEY'), await keys.remove('ZAI_API_KEY'), await keys.remove('OTHER')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(secrets.size).toBe(0);
  expect(await filed()).toEqual({});
});

test('two programs that store keys do not lose one', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => open({ env: { ANYIMAGE_KEYCHAIN: 'off' } })));
  await one!.set('ZHIPU_API_KEY', 'test-key');
  await other!.set('ZAI_API_KEY', 'test-key');
  await one!.remove('ZHIPU_API_KEY');
  expect(Object.keys(await filed())).toEqual(['ZAI_API_KEY']);
});

test('what is set for this run wins over all stored keys of that provider', async () => {
  const keys = await open({ env: { ANYIMAGE_KEYCHAIN: 'off' } });
  await keys.set('ZHIPU_API_KEY', 'test-key');
  expect(keys.addTo({ ZAI_API_KEY: 'set' }, definitions)).toEqual({ ZAI_API_KEY: 'set' });
  expect(keys.addTo({ ZHIPU_API_KEY: ' ' }, definitions).ZHIPU_API_KEY).toBe('test-key');
});

test('no copy, log or JSON of the environment holds a stored key', async () => {
  const keys = await open({ env: { ANYIMAGE_KEYCHAIN: 'off' } });
  await keys.set('ZHIPU_API_KEY', 'test-key');
  const env = keys.addTo({ ZHIPU_API_KEY: '' }, definitions);
  expect(JSON.stringify(env) + inspect(env) + JSON.stringify({ ...env }) + inspect(keys)).not.toContain('test-key');
  expect(keys.addTo({}, definitions, () => '***').ZHIPU_API_KEY).toBe('***');
});

test('a damaged file is named, its text is not shown, and nothing is lost', async () => {
  const text = '{"keys": {"ZHIPU_API_KEY": {"in": "file", "key": "test-key"';
  await writeFile(join(home, 'keys.json'), text);
  const failure = await open({}).catch((error) => error);
  expect(failure).toMatchObject({ code: 'storage', message: expect.stringContaining('keys.json is damaged') });
  expect(JSON.stringify(failure) + failure.stack).not.toContain('test-key');
  expect(await readFile(join(home, 'keys.json'), 'utf8')).toBe(text);
});

test.skipIf(process.platform === 'win32')('a file that others can read is noticed', async () => {
  await writeFile(join(home, 'keys.json'), '{"keys": {}}', { mode: 0o644 });
  expect((await open({})).exposed).toBe(true);
});
