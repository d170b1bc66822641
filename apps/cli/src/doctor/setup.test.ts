import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, type Environment, loadSettings } from '@anyimage/host';
import { expect, test } from 'vitest';
import { checkSetup } from './setup.ts';

async function checksOf(name: string, config: Config, env: Environment = {}) {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  await writeFile(join(home, 'config.json'), JSON.stringify(config));
  const settings = await loadSettings({ env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ...env }, folder: home });
  return (await checkSetup(settings)).filter((check) => check.name === name);
}

test.each<[Config, Environment, RegExp]>([
  [{}, { ANYIMAGE_MODEL: 'nope' }, /^nope: unknown provider "nope"$/],
  [{ model: '[]' }, {}, /unknown provider "\[\]"/],
  [{ model: ['sketch', 'cogview/nope'] }, {}, /^cogview\/nope: .* has no model "nope"$/],
  [{ model: 'mine', aliases: { mine: ['sketch', 'nope'] } }, {}, /unknown provider "nope"/],
  [{ model: 'loop', aliases: { loop: 'loop' } }, {}, /the alias "loop" names itself/],
])('a model that no request could use is an error: %j %j', async (config, env, message) => {
  const checks = await checksOf('model', config, env);
  expect(checks).toContainEqual({
    name: 'model',
    state: 'error',
    message: expect.stringMatching(message),
    hint: expect.any(String),
  });
});

test('a model that can be used is in order, and one that lacks its key is told with what to do', async () => {
  expect(await checksOf('model', {})).toEqual([{ name: 'model', state: 'ok', message: 'sketch' }]);
  expect(await checksOf('model', { model: 'auto' })).toEqual([{ name: 'model', state: 'ok', message: 'auto' }]);
  const aliases = { best: ['sketch', 'cogview'] };
  expect(await checksOf('model', { model: 'best', aliases })).toEqual([
    expect.objectContaining({ state: 'warning', message: 'sketch, then cogview: no key' }),
  ]);
});

test('an alias that cannot be used is a warning while another model draws', async () => {
  const checks = await checksOf('alias', { aliases: { good: 'cogview', bad: ['sketch', 'nope'] } });
  expect(checks).toMatchObject([{ state: 'warning', message: 'bad: unknown provider "nope"' }]);
});

test.each([
  ['ZHIPU_API_KEY', 'nodotnodotnodot', /no dot/],
  ['DASHSCOPE_API_KEY', 'sk-sp-0123456789', /coding plan/],
  ['OPENAI_API_KEY', 'AIza0123456789', /Google/],
  ['GEMINI_API_KEY', 'sk-0123456789', /Google/],
])('%s of another form is a warning that says why', async (variable, key, reason) => {
  const [check] = await checksOf('key', {}, { [variable]: key });
  expect(check).toMatchObject({ state: 'warning', message: expect.stringMatching(reason) });
  expect(JSON.stringify(check)).not.toContain(key);
});

test('a key for a server of one’s own may have any form', async () => {
  const env = { OPENAI_API_KEY: 'AIza0123456789', OPENAI_BASE_URL: 'https://paint.example/v1' };
  expect(await checksOf('key', {}, env)).toMatchObject([{ state: 'ok' }]);
});
