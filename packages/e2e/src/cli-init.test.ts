// Setting up: a service with its key, tried for nothing; the config in an editor; what means nothing is not kept.

import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import type { Emulator } from '@anyimage/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atTerminal, hasTerminal } from './at-terminal.ts';
import { newPerson } from './run-cli.ts';

let services: Emulator[];
let env: Record<string, string>;
beforeAll(async () => {
  services = await Promise.all([cogview.start(), openai.start()]);
  const places = Object.entries(Object.assign({}, ...services.map((service) => service.env)));
  env = {
    ...Object.fromEntries(places.filter(([name]) => !name.endsWith('_KEY')) as [string, string][]),
    ANYIMAGE_KEYCHAIN: 'off',
  };
});
afterAll(() => Promise.all(services.map((service) => service.close())));

const beginner = () => newPerson(env);
const keyOf = async (home: string) => JSON.parse(await readFile(join(home, 'keys.json'), 'utf8')).keys;
const configOf = async (home: string) => JSON.parse(await readFile(join(home, 'config.json'), 'utf8'));

describe('anyimage init', () => {
  test('keeps a key that its service takes, and draws with it from then on; nothing is billed', async () => {
    const person = await beginner();
    const { code, stderr } = await person.pipe('test-key\n', 'init', 'openai');
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/the key works: OpenAI listed \d+ models/);
    expect(Object.keys(await keyOf(person.home))).toEqual(['OPENAI_API_KEY']);
    expect(await configOf(person.home)).toEqual({ model: 'openai' });
    expect(services.map(({ submissions }) => submissions)).toEqual([0, 0]);
  });

  test('a service that tells nobody for nothing is told as such; a program gets a document', async () => {
    const person = await beginner();
    const { code, stdout, stderr } = await person.pipe('test-key', 'init', 'cogview', '--no-use', '--json');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('the first picture will show it');
    expect(JSON.parse(stdout)).toEqual({
      provider: 'cogview',
      key: { name: 'ZHIPU_API_KEY', from: 'file', works: null },
      used: false,
    });
    await expect(access(join(person.home, 'config.json'))).rejects.toThrow();
  });

  test('a key that is refused, looks like none or is missing is not kept, and what to do is said', async () => {
    const person = await beginner();
    const refusals: readonly (readonly [stdin: string, words: string[], told: RegExp])[] = [
      ['a-wrong-key-0123', ['init', 'openai'], /OpenAI does not take the key: .*; nothing was stored/],
      ['"quoted-key"', ['init', 'openai'], /this is no key: it has quotation marks/],
      ['', ['init', 'openai'], /no key for OpenAI was given\n.*platform\.openai\.com.*< key\.txt/],
      ['', ['init'], /nobody can be asked\n.*anyimage init cogview < key\.txt/],
      ['test-key', ['init', 'opanai'], /no service "opanai"\n.*Did you mean openai/],
    ];
    for (const [stdin, words, told] of refusals) {
      const { code, stderr } = await person.pipe(stdin, ...words);
      expect(code).toBe(2);
      expect(stderr).toMatch(told);
    }
    await expect(access(join(person.home, 'keys.json'))).rejects.toThrow();
  });

  test.skipIf(!hasTerminal)('asks at a terminal, and never shows the key', async () => {
    const person = await beginner();
    const { code, shown } = await atTerminal(
      person,
      [
        ['Which one?', 'openai'],
        ['not shown:', 'test-key'],
      ],
      'init',
    );
    expect(code, shown).toBe(0);
    expect(shown).toContain('OpenAI is ready');
    expect(shown).not.toContain('test-key');
    expect(await configOf(person.home)).toEqual({ model: 'openai' });
    const again = await atTerminal(person, [['Store another key?', 'n']], 'init', 'openai');
    expect(again.shown).toContain('the key works');
  });

  test.skipIf(!hasTerminal).each([
    ['Store another key?', ['init', 'openai']],
    ['Which region', ['init', 'cogview']],
    ['Which one?', ['init']],
    ['not shown:', ['keys', 'set', 'openai']],
    ['Draw?', ['a boat', '-m', 'openai']],
  ])('Ctrl-C at %j of %j ends it, and nothing is changed or sent', async (question, words) => {
    const person = await newPerson({ ...env, OPENAI_API_KEY: 'test-key' });
    const { code, shown } = await atTerminal(person, [[question, '\u0003']], ...words);
    expect(code, shown).toBe(130);
    expect(shown).not.toContain('is ready');
    for (const name of ['config.json', 'keys.json', 'agreed.json']) {
      await expect(access(join(person.home, name))).rejects.toThrow();
    }
    expect(services.map(({ submissions }) => submissions)).toEqual([0, 0]);
  });
});

test('a key of another service is warned of when it is stored, and again when the service refuses it', async () => {
  const person = await newPerson({ ANYIMAGE_KEYCHAIN: 'off' });
  const { code, stderr } = await person.pipe('sk-or-v1-0123456789', 'keys', 'set', 'openai');
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/wrong key: .* of OpenRouter/) });
});

describe('anyimage config', () => {
  test('set model refuses what means nothing, as use does', async () => {
    const person = await beginner();
    for (const [value, told] of [
      ['nosuch', /no model or provider "nosuch"/],
      ['["cogview", "cogview/glm-imagge"]', /Did you mean cogview\/glm-image/],
    ] as const) {
      const { code, stderr } = await person.run('config', 'set', 'model', value);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(told) });
    }
    await expect(access(join(person.home, 'config.json'))).rejects.toThrow();
    expect(await person.run('config', 'set', 'model', '["cogview", "auto"]')).toMatchObject({ code: 0 });
  });

  test('path says where it is, and edit keeps the old one unless the new one is right', async () => {
    const person = await newPerson({ ...env, EDITOR: './editor --wait' });
    const file = join(person.home, 'config.json');
    expect(await person.run('config', 'path')).toMatchObject({ code: 0, stdout: `${file}\n` });
    expect(await person.run('config', 'path', '--project', '--json')).toMatchObject({
      stdout: expect.stringContaining('"exists": false'),
    });
    const editWith = async (script: string) => {
      await writeFile(join(person.folder, 'editor'), `#!/bin/sh\ntest "$1" = --wait || exit 1\nfile=$2\n${script}\n`, {
        mode: 0o755,
      });
      return person.run('config', 'edit');
    };
    expect(await editWith(`echo '{ "model":   "sketch" }' > "$file"`)).toMatchObject({ code: 0 });
    expect(await readFile(file, 'utf8')).toBe('{ "model":   "sketch" }\n');
    expect((await editWith('true')).stderr).toContain('is as it was');

    const wrong = await editWith(`echo '{ "modle": "sketch" }' > "$file"`);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/config\.json:1: unknown key "modle"\n.*Did you mean model\?/);
    const [, copy] = /what you wrote is in (.*)\n/.exec(wrong.stderr)!;
    expect(await readFile(copy!, 'utf8')).toContain('modle');

    const raced = await editWith(`echo '{ "model": "auto" }' > "$file"; echo '{}' > '${file}'`);
    expect(raced).toMatchObject({ code: 2, stderr: expect.stringContaining('changed meanwhile') });
    expect((await editWith('exit 3')).stderr).toMatch(/the editor .* did not work: it ended with exit code 3/);
    expect(await readFile(file, 'utf8')).toBe('{}\n');

    const unknown = await editWith(`echo '{ "model": "nosuch" }' > "$file"`);
    expect(unknown).toMatchObject({ code: 0, stderr: expect.stringContaining('warning: there is no model') });
  });

  test('edit without an editor and without a terminal says what to do', async () => {
    const person = await beginner();
    expect(await person.run('config', 'edit')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Set EDITOR'),
    });
  });
});
