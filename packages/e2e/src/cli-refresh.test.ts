// models --refresh where the answers cannot be kept, and what the list says of models that are in no table.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator as google } from '@anyimage/provider-google/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import { expect, test } from 'vitest';
import { newPerson } from './run-cli.ts';

test('answers that cannot be kept are shown all the same, with one warning', async ({ onTestFinished }) => {
  const services = [await openai.start(), await google.start()];
  onTestFinished(async () => void (await Promise.all(services.map((service) => service.close()))));
  const person = await newPerson(Object.assign({}, ...services.map(({ env }) => env)));
  await writeFile(join(person.home, 'models'), 'a file in the place of a folder');
  for (const words of [[], ['openai']]) {
    const { code, stdout, stderr } = await person.run('models', ...words, '--refresh');
    expect([code, stdout]).toEqual([3, expect.stringContaining('openai/gpt-image')]);
    expect(stderr).toMatch(/openai lists \d+ models/);
    expect(stderr.match(/could not keep the models of services/g)).toHaveLength(1);
    expect(stderr).not.toContain('unexpected');
  }
});

test('a model in no table is said to be retired where its service says so', async () => {
  const person = await newPerson({ OPENAI_API_KEY: 'test-key-openai', ANYIMAGE_KEYCHAIN: 'off' });
  const models = [{ id: 'gpt-image-8', retires: '2020-01-01' }, { id: 'gpt-image-9' }];
  const list = { baseURL: 'https://api.openai.com/v1', at: Date.parse('2026-11-20'), models };
  await mkdir(join(person.home, 'models'));
  await writeFile(join(person.home, 'models', 'openai.json'), JSON.stringify(list));
  const { stdout } = await person.run('models', 'openai');
  expect(stdout).toMatch(/openai\/gpt-image-8 +retired, listed +2026-11-20/);
  expect(stdout).toMatch(/openai\/gpt-image-9 +listed +2026-11-20/);
});
