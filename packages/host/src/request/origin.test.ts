// A failure that is due to a setting names the file and the line where that was written.

import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ErrorCode, ImageError, type ImageErrorFacts } from '@anyimage/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { clientOptions } from '../client-options.ts';
import { setTrust } from '../config/trust.ts';
import { loadSettings } from '../settings/settings.ts';
import { tellOrigin, tellOrigins } from './origin.ts';
import { modelWord, requestTarget } from './target.ts';

let home: string;
let folder: string;
beforeEach(async () => {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-origin-')));
  [home, folder] = [join(top, 'home'), join(top, 'project')];
  await mkdir(home);
  await mkdir(join(folder, '.git'), { recursive: true });
});

const userFile = () => join(home, 'config.json');
const projectFile = () => join(folder, 'anyimage.json');

async function load(texts: { readonly user?: string; readonly project?: string }, env: Record<string, string> = {}) {
  if (texts.user !== undefined) await writeFile(userFile(), texts.user);
  if (texts.project !== undefined) await writeFile(projectFile(), texts.project);
  const options = { env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ...env }, folder };
  const first = await loadSettings(options);
  if (first.project) await setTrust(home, first.project.path, first.project.hash);
  return loadSettings(options);
}

type Settings = Awaited<ReturnType<typeof load>>;

/** What a request comes to, as an app would tell it. */
async function ask(settings: Settings, words: { readonly model?: string | readonly string[] } = {}) {
  const named = requestTarget(words, settings);
  const client = createClient(clientOptions(settings));
  const outcome = await client.run({ prompt: 'a boat', ...words, model: modelWord(named.models) });
  await client.close();
  return tellOrigins(outcome, settings, named);
}

const two = (line: string) => `{\n  ${line}\n}\n`;

describe('a model that is wrong', () => {
  const project: readonly (readonly [string, string, number, string])[] = [
    ['a provider that there is not', two('"model": "paintr"'), 2, 'model'],
    ['a model that there is not', two('"model": "cogview/cogview-99"'), 2, 'model'],
    ['one that is retired', two('"model": "google/imagen-4.0-generate-001"'), 2, 'model'],
    ['the second of a list', '{\n  "model": [\n    "sketch",\n    "paintr"\n  ]\n}', 4, 'model'],
    [
      'one without a default',
      two('"providers": {"box": {"kind": "openai", "baseURL": "http://127.0.0.1:9/v1"}}, "model": "box"'),
      2,
      'model',
    ],
    ['an alias', '{\n  "model": "quick",\n  "aliases": {\n    "quick": "paintr"\n  }\n}', 4, 'aliases.quick'],
    [
      'a list of an alias',
      '{"model": "best",\n  "aliases": {\n "best": ["sketch",\n "paintr"]\n  }\n}',
      4,
      'aliases.best',
    ],
  ];

  test.each(project)('in a config: %s', async (_, text, line, key) => {
    for (const where of ['user', 'project'] as const) {
      const settings = await load({ [where]: text });
      const { error, sent } = await ask(settings);
      const place = `${where === 'user' ? userFile() : projectFile()}:${line}`;
      expect(error?.hint).toMatch(new RegExp(`The setting ${key.replace('.', '\\.')} comes from .*:${line}\\.$`));
      expect(error?.hint).toContain(place);
      expect(error).toMatchObject({ details: { setting: { key, place } }, mayHaveBeenBilled: false });
      expect(sent).toBe(false);
      await writeFile(where === 'user' ? userFile() : projectFile(), '{}');
    }
  });

  test('by the variable that names it', async () => {
    const { error } = await ask(await load({ user: two('"model": "sketch"') }, { ANYIMAGE_MODEL: 'paintr' }));
    expect(error?.hint).toMatch(/ The setting model comes from ANYIMAGE_MODEL\.$/);
  });

  test('in the project, where the person’s own config is right', async () => {
    const { error } = await ask(await load({ user: two('"model": "sketch"'), project: two('"model": "paintr"') }));
    expect(error?.hint).toContain(`model comes from ${projectFile()}:2.`);
  });

  test('that the request itself names is nobody’s setting', async () => {
    const settings = await load({ user: two('"model": "sketch", "aliases": {"quick": "paintr"}') });
    expect((await ask(settings, { model: 'paintr' })).error?.details).not.toHaveProperty('setting');
    expect((await ask(settings, { model: 'quick' })).error?.hint).toContain(
      `aliases.quick comes from ${userFile()}:2.`,
    );
  });

  test('and one that is right leaves errors alone', async () => {
    const { error } = await ask(await load({ user: two('"model": "cogview"') }));
    expect(error).toMatchObject({ code: 'auth' });
    expect(error?.details).not.toHaveProperty('setting');
  });

  test('as its service says', async () => {
    const settings = await load({ user: two('"model": ["cogview/glm-image", "openai/gpt-image-9"]') });
    const facts = { provider: 'openai', model: 'openai/gpt-image-9', status: 404, serviceCode: 'model_not_found' };
    const error = new ImageError('not-found', 'there is none', { ...facts, hint: 'Choose another.' });
    expect(tellOrigin(error, settings, requestTarget({}, settings)).hint).toBe(
      `Choose another. The setting model comes from ${userFile()}:2.`,
    );
    // What was made and is gone was no wrong name.
    const gone = error.with({ mayHaveBeenBilled: true });
    expect(tellOrigin(gone, settings, requestTarget({}, settings))).toBe(gone);
  });
});

describe('another setting', () => {
  const text = `{
  "output": "/nowhere/at/all",
  "proxy": "http://127.0.0.1:9",
  "budget": {
    "currency": "USD",
    "perCall": 0.001
  },
  "providers": {
    "cogview": {
      "baseURL": "http://127.0.0.1:9/wrong"
    },
    "bailian": {
      "region": "us"
    },
    "box": {
      "kind": "localai",
      "baseURL": "http://127.0.0.1:8/v1",
      "keyEnv": "BOX_KEY"
    }
  }
}`;
  const cases: readonly (readonly [string, ErrorCode, ImageErrorFacts])[] = [
    ['budget.perCall:6', 'budget', { details: { limit: 'perCall' } }],
    ['providers.cogview.baseURL:10', 'not-found', { provider: 'cogview', details: { option: 'baseURL' }, status: 404 }],
    ['providers.cogview.baseURL:10', 'network', { provider: 'cogview', details: { problem: 'unreached' } }],
    ['providers.cogview.baseURL:10', 'auth', { provider: 'cogview', status: 401 }],
    ['providers.cogview.baseURL:10', 'config', { provider: 'cogview', details: { option: 'baseURL' } }],
    ['providers.bailian.region:13', 'auth', { provider: 'bailian', status: 401 }],
    ['providers.bailian.region:13', 'config', { provider: 'bailian', details: { option: 'region' } }],
    ['providers.box.keyEnv:18', 'auth', { provider: 'box' }],
    ['output:2', 'storage', { details: { path: '/nowhere/at/all', code: 'ENOENT' } }],
    ['output:2', 'storage', { details: { path: '/nowhere/at/all/boat.png' } }],
  ];

  test.each(cases)('%s: %s', async (expected, code, facts) => {
    const settings = await load({ user: text });
    const error = tellOrigin(new ImageError(code, 'it failed', { hint: 'Look.', ...facts }), settings);
    const [key, line] = expected.split(':');
    expect(error.hint).toBe(`Look. The setting ${key} comes from ${userFile()}:${line}.`);
    expect(tellOrigin(error, settings)).toBe(error);
  });

  test('the proxy that lets nothing through', async () => {
    const message = 'the proxy 127.0.0.1:9, on the way to api.openai.com, refused the connection';
    const error = new ImageError('network', message, { provider: 'openai', hint: 'Look.' });
    expect(tellOrigin(error, await load({ user: text })).hint).toBe(
      `Look. The setting proxy comes from ${userFile()}:3.`,
    );
  });

  test.each([
    ['server', { provider: 'cogview', status: 500 }],
    ['content-blocked', { provider: 'cogview', status: 400 }],
    ['storage', { details: { path: '/elsewhere/boat.png' } }],
    ['storage', { details: { path: '/nowhere/at/allways/boat.png' } }],
    ['budget', { details: { limit: 'perDay' } }],
    ['network', { provider: 'openai' }],
    ['auth', { provider: 'openai', status: 401 }],
    ['invalid-request', { details: { option: 'size' } }],
  ] as const)('has nothing to do with %s %j', async (code, facts) => {
    const error = new ImageError(code, 'it failed', { hint: 'Look.', ...facts });
    expect(tellOrigin(error, await load({ user: text }))).toBe(error);
  });

  test('a request that cannot get to its base URL, and one that is over its budget', async () => {
    const settings = await load(
      { user: '{\n"model": "cogview",\n"providers": {"cogview": {\n"baseURL": "http://127.0.0.1:9/v4"}}}' },
      { ZHIPU_API_KEY: 'test-key' },
    );
    const named = requestTarget({}, settings);
    const client = createClient({ ...clientOptions(settings), maxRetries: 0 });
    const { error, attempts } = tellOrigins(await client.run({ prompt: 'x', model: 'cogview' }), settings, named);
    await client.close();
    expect(error).toMatchObject({
      code: 'network',
      hint: expect.stringContaining(`baseURL comes from ${userFile()}:4.`),
    });
    expect(attempts[0]?.error?.hint).toBe(error?.hint);
  });
});
