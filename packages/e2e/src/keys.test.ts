// Keys at the command line: where they are kept, and that they are nowhere else.

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator } from '@anyimage/provider-cogview/emulator';
import type { Emulator } from '@anyimage/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

const key = 'test-key-that-is-nowhere-else';
let service: Emulator;
let person: Person;
beforeEach(async () => {
  service = await emulator.start({ key });
  const { ZHIPU_BASE_URL } = service.env;
  person = await newPerson({ ZHIPU_BASE_URL: ZHIPU_BASE_URL!, ANYIMAGE_KEYCHAIN: 'off', ANYIMAGE_DEBUG: '1' });
});
afterEach(() => service.close());

/** The files, below folder and home, that hold the key. */
async function filesWithKey(): Promise<string[]> {
  const found: string[] = [];
  for (const root of [person.folder, person.home]) {
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && (await readFile(path, 'latin1')).includes(key)) found.push(path);
    }
  }
  return found;
}

test('a stored key draws, and after every command it is in the key file and nowhere else', async () => {
  const keyFile = join(person.home, 'keys.json');
  const stored = await person.pipe(`${key}\n`, 'keys', 'set', 'cogview');
  expect(stored).toMatchObject({ code: 0, stderr: expect.stringContaining(`ZHIPU_API_KEY is kept in ${keyFile}`) });
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);

  const commands = [
    ['a boat', '-m', 'cogview', '-o', 'boat.png'],
    ['a boat', '-m', 'cogview', '-o', 'again.png', '--json'],
    ['a boat [unsafe]', '-m', 'cogview'],
    ['a boat', '-m', 'cogview', '--dry-run'],
    ['a poster', '-m', 'cogview/glm-image'],
    ['again', 'boat.png', '--force', '-o', 'boat.png'],
    ['info', 'boat.png'],
    ['history', '--rebuild'],
    ['keys', 'list'],
    ['keys', 'list', '--json'],
    ['keys', 'set', 'cogview', key],
    ['providers'],
    ['providers', '--json'],
    ['models'],
    ['use', 'cogview'],
    ['config', 'explain'],
    ['config', 'set', 'providers.cogview.region', 'china'],
    ['jobs', 'list'],
    ['trust'],
    ['doctor'],
    ['doctor', '--json'],
  ];
  for (const words of commands) {
    const { stdout, stderr } = await person.run(...words);
    expect(stdout + stderr, words.join(' ')).not.toContain(key);
    expect(await filesWithKey(), words.join(' ')).toEqual([keyFile]);
  }
  expect(service.submissions).toBeGreaterThanOrEqual(4);
  // An account that fails: the ticket stays on disk, and holds no key either.
  service.fault({ on: 'result', kind: 'status', status: 410 });
  await person.run('a boat', '-m', 'cogview');
  service.fault({ on: 'generate', kind: 'status', status: 500 });
  const failed = await person.run('a boat', '-m', 'cogview', '--json');
  expect(failed.stdout + failed.stderr).not.toContain(key);
  expect(await filesWithKey()).toEqual([keyFile]);
});

test('the search for keys finds one where it must not be', async () => {
  const careless = await newPerson({ ...service.env });
  await expect(careless.run(`a boat ${key}`, '--size', '64x64', '-o', 'boat.png')).rejects.toThrow('boat.png.json');
});

test('keys that are stored at the same time are all kept', async () => {
  const names = ['cogview', 'openai', 'google', 'bailian', 'seedream', 'ZAI_API_KEY'];
  // A home of its own to look for leaks in: in the common one, the others are writing the key file.
  const people = await Promise.all(names.map(() => newPerson(person.env)));
  const ended = await Promise.all(people.map((one, index) => one.pipe(key, 'keys', 'set', names[index]!)));
  expect(ended.map(({ code }) => code)).toEqual(names.map(() => 0));
  const { keys } = JSON.parse(await readFile(join(person.home, 'keys.json'), 'utf8'));
  expect(Object.keys(keys)).toHaveLength(names.length);
  expect(await readdir(person.home)).toEqual(['keys.json']);
});

test('a key that the keychain did not delete is told, and can be removed later', async () => {
  const path = join(person.home, 'keys.json');
  await writeFile(path, JSON.stringify({ keys: { ZHIPU_API_KEY: { in: 'keychain' } } }), { mode: 0o600 });
  const moved = await person.pipe(key, 'keys', 'set', 'cogview', '--file');
  expect(moved).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/warning: the keychain still holds an older ZHIPU_API_KEY.*KEYCHAIN is off/),
  });
  const removed = {
    code: 2,
    stderr: expect.stringContaining('the keychain did not delete it: ANYIMAGE_KEYCHAIN is off'),
  };
  expect(await person.run('keys', 'remove', 'cogview')).toMatchObject(removed);
  expect(await filesWithKey()).toEqual([]);
  const { stdout, stderr } = await person.run('keys', 'list');
  expect(stdout).toMatch(/ZHIPU_API_KEY +cogview +.*not set/);
  expect(stderr).toContain('anyimage keys remove ZHIPU_API_KEY deletes it');
  expect(await person.run('keys', 'remove', 'ZHIPU_API_KEY')).toMatchObject(removed);
});

test('a key that is removed is gone', async () => {
  await person.pipe(key, 'keys', 'set', 'ZAI_API_KEY');
  expect(JSON.parse((await person.run('keys', 'list', '--json')).stdout).keys).toContainEqual({
    name: 'ZAI_API_KEY',
    provider: 'cogview',
    region: 'international',
    set: true,
    from: 'file',
  });
  expect(await person.run('keys', 'remove', 'cogview')).toMatchObject({
    code: 0,
    stderr: 'ZAI_API_KEY is forgotten\n',
  });
  expect(await filesWithKey()).toEqual([]);
  expect(await person.run('keys', 'remove', 'cogview')).toMatchObject({ code: 2 });
});

test('the environment wins over what is stored, and it is said', async () => {
  const rich = await newPerson({ ...service.env, ANYIMAGE_KEYCHAIN: 'off' });
  const { stderr } = await rich.pipe('test-key-of-another-day', 'keys', 'set', 'cogview');
  expect(stderr).toContain('ZHIPU_API_KEY is set in the environment, and wins over it');
  expect(await rich.run('a boat', '-m', 'cogview', '-o', 'boat.png')).toMatchObject({ code: 0 });
});

test.each([
  [['cogview'], 'your-api-key', /placeholder/],
  [['cogview'], '', /no key for Zhipu CogView was given/],
  [['cogview', key], '', /command line/],
  [['cogveiw'], key, /cogview/],
  [['sketch'], key, /needs no key/],
  [['cogview', '--region', 'mars'], key, /china, international/],
])('keys set %j with %j on stdin is refused, and nothing is stored', async (words, stdin, reason) => {
  const { code, stderr } = await person.pipe(stdin, 'keys', 'set', ...words);
  expect(code).toBe(2);
  expect(stderr).toMatch(reason);
  expect(stderr).not.toContain(key);
  expect(await readdir(person.home)).toEqual([]);
});

test('a region chooses the variable', async () => {
  const { stderr } = await person.pipe(key, 'keys', 'set', 'cogview', '--region', 'international');
  expect(stderr).toContain('ZAI_API_KEY is kept');
});

test.runIf(process.platform === 'linux')(
  'a keychain that refuses is one line, and the key goes to the file',
  async () => {
    const locked = await newPerson({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(person.home, 'no-bus')}` });
    const { code, stderr } = await locked.pipe(key, 'keys', 'set', 'cogview');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^ {2}warning: the keychain refused: .+\nZHIPU_API_KEY is kept in .*keys\.json/m);
  },
);
