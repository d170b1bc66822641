import { lstat, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { ProviderDefinition } from '@anyimage/core';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { providers } from '../services/providers.generated.ts';
import type { Notice } from '../text/notice.ts';
import { type KeyStoreOptions, openKeys } from './key-store.ts';
import type { Keychain } from './keychain.ts';

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
  return { keychain, secrets, asked, lock: () => (locked = true), unlock: () => (locked = false) };
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
  const refusals: Notice[] = [];
  const keys = await open({ keychain, onNotice: (notice) => refusals.push(notice) });
  const env = keys.addTo({}, definitions);
  expect([env.ZHIPU_API_KEY, env.ZHIPU_API_KEY]).toEqual(['', '']);
  expect(refusals).toEqual([{ kind: 'key-refused', name: 'ZHIPU_API_KEY', reason: 'the keychain is locked' }]);
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

test('a key that moves to the file leaves no older one in the keychain', async () => {
  const { keychain, secrets } = memoryKeychain();
  const keys = await open({ keychain });
  await keys.set('ZHIPU_API_KEY', 'test-key-1');
  expect(await keys.set('ZHIPU_API_KEY', 'test-key-2', true)).toEqual({ in: 'file' });
  expect(secrets.size).toBe(0);
  expect(await filed()).toEqual({ ZHIPU_API_KEY: { in: 'file', key: 'test-key-2' } });
});

test('an older key that the keychain would not delete is told, and removed with the newer one', async () => {
  const { keychain, secrets, lock, unlock } = memoryKeychain();
  const keys = await open({ keychain });
  await keys.set('ZHIPU_API_KEY', 'test-key-1');
  lock();
  const refusal = 'the keychain is locked';
  expect(await keys.set('ZHIPU_API_KEY', 'test-key-2')).toEqual({ in: 'file', refusal, older: refusal });
  expect(await keys.set('ZHIPU_API_KEY', 'test-key-3', true)).toEqual({ in: 'file', older: refusal });
  expect(keys.reveal('ZHIPU_API_KEY')).toBe('test-key-3');
  unlock();
  expect(await (await open({ keychain })).remove('ZHIPU_API_KEY')).toBe(true);
  expect(secrets.size).toBe(0);
  expect(await filed()).toEqual({});
});

test('what the keychain does not delete is not used any more, and can be removed later', async () => {
  const { keychain, secrets, lock, unlock } = memoryKeychain();
  const keys = await open({ keychain });
  await keys.set('ZHIPU_API_KEY', 'test-key-1');
  lock();
  await keys.set('ZHIPU_API_KEY', 'test-key-2');
  await expect(keys.remove('ZHIPU_API_KEY')).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/ZHIPU_API_KEY is not used any more.*keychain did not delete.*is locked/),
  });
  expect(await readFile(keys.path, 'utf8')).not.toContain('test-key');
  unlock();
  for (const store of [keys, await open({ keychain })]) {
    expect([store.stored, store.undeleted]).toEqual([[], ['ZHIPU_API_KEY']]);
    expect(store.reveal('ZHIPU_API_KEY')).toBeUndefined();
    expect('ZHIPU_API_KEY' in store.addTo({}, definitions)).toBe(false);
  }
  await keys.remove('ZHIPU_API_KEY');
  expect([secrets.size, keys.undeleted]).toEqual([0, []]);
});

test('a key that was to be removed is used again once it is set again', async () => {
  const { keychain, secrets, lock, unlock } = memoryKeychain();
  const keys = await open({ keychain });
  await keys.set('ZHIPU_API_KEY', 'test-key-1');
  lock();
  await keys.remove('ZHIPU_API_KEY').catch(() => {});
  unlock();
  await keys.set('ZHIPU_API_KEY', 'test-key-2');
  expect(keys.reveal('ZHIPU_API_KEY')).toBe('test-key-2');
  await keys.remove('ZHIPU_API_KEY');
  expect(secrets.size).toBe(0);
});

test('a keychain that refuses does not keep a key of the file from being removed', async () => {
  const { keychain, lock } = memoryKeychain();
  lock();
  const keys = await open({ keychain });
  await keys.set('ZHIPU_API_KEY', 'test-key');
  expect(await keys.remove('ZHIPU_API_KEY')).toBe(true);
  expect(await filed()).toEqual({});
});

test('a key of the file whose older one is in the keychain unknown to the file is removed from both', async () => {
  const { keychain, secrets } = memoryKeychain();
  secrets.set('ZHIPU_API_KEY', 'test-key-1');
  const keys = await open({ keychain });
  await keys.set('ZHIPU_API_KEY', 'test-key-2', true);
  secrets.set('ZHIPU_API_KEY', 'test-key-1');
  await keys.remove('ZHIPU_API_KEY');
  expect(secrets.size).toBe(0);
});

test('whatever is done to a key in whatever order, once it is forgotten it is nowhere', async () => {
  const step = fc.constantFrom('set', 'set in file', 'remove', 'lock', 'unlock');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
      const { keychain, secrets, lock, unlock } = memoryKeychain();
      let newest: string | undefined;
      for (const [index, name] of steps.entries()) {
        if (name === 'lock') lock();
        if (name === 'unlock') unlock();
        const keys = await open({ keychain });
        if (name.startsWith('set')) {
          newest = `test-key-${index}`;
          await keys.set('ZHIPU_API_KEY', newest, name === 'set in file');
        }
        if (name === 'remove') {
          newest = undefined;
          const isRemoved = await keys.remove('ZHIPU_API_KEY').catch(() => undefined);
          const rest = `${await readFile(keys.path, 'utf8').catch(() => '')}${[...secrets.values()]}`;
          if (isRemoved !== undefined) expect(rest).not.toContain('test-key');
        }
      }
      unlock();
      expect((await open({ keychain })).reveal('ZHIPU_API_KEY')).toBe(newest);
    }),
    { numRuns: 200 },
  );
});

test('programs that store keys at the same time do not lose one', async () => {
  const names = ['ZHIPU_API_KEY', 'ZAI_API_KEY', 'A_KEY', 'B_KEY', 'C_KEY', 'D_KEY'];
  const stores = await Promise.all(names.map(() => open({ env: { ANYIMAGE_KEYCHAIN: 'off' } })));
  await Promise.all(stores.map((store, index) => store.set(names[index]!, 'test-key')));
  expect(Object.keys(await filed()).sort()).toEqual(names.toSorted());
  await Promise.all(stores.slice(1).map((store, index) => store.remove(names[index + 1]!)));
  expect(Object.keys(await filed())).toEqual(['ZHIPU_API_KEY']);
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

test.skipIf(process.platform === 'win32')(
  'a link to the file of keys stays one, and only this person can read what it leads to',
  async () => {
    const target = join(await mkdtemp(join(tmpdir(), 'anyimage-dotfiles-')), 'keys.json');
    await writeFile(target, '{"anyimage":1,"keys":{}}', { mode: 0o644 });
    await symlink(target, join(home, 'keys.json'));
    const keys = await open({ env: { ANYIMAGE_KEYCHAIN: 'off' } });
    await keys.set('ZHIPU_API_KEY', 'test-key');
    expect((await lstat(join(home, 'keys.json'))).isSymbolicLink()).toBe(true);
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect(await filed()).toEqual({ ZHIPU_API_KEY: { in: 'file', key: 'test-key' } });
  },
);
