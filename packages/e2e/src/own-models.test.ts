// Models of a person's own: from the command that adds one to the picture it draws.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { install, plugin } from './plugins.ts';
import { newPerson, type Person } from './run-cli.ts';
import { newServer } from './run-mcp.ts';
import { startTomorrow, type Tomorrow } from './tomorrow.ts';

const name = 'openai/gpt-image-3';
let tomorrow: Tomorrow;
let person: Person;
beforeEach(async () => {
  tomorrow = await startTomorrow('gpt-image-3', 'gpt-image-2.6-flare');
  person = await newPerson({ OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: tomorrow.baseURL, ANYIMAGE_KEYCHAIN: 'off' });
});
afterEach(() => tomorrow.close());

const userConfig = () => join(person.home, 'config.json');
const written = async () => JSON.parse(await readFile(userConfig(), 'utf8'));
const document = async (...words: readonly string[]) => JSON.parse((await person.run(...words, '--json')).stdout);
const add = (...words: readonly string[]) => person.run('models', 'add', name, ...words);

test('one command makes a model of tomorrow usable, and one more draws with it', async () => {
  const like = ['--like', 'openai/gpt-image-2.6-flare', '--set', 'size.default=1536x1024', '--set', 'perCall=2'];
  const added = await add(...like, '--price', '0.04USD/image');
  expect(added).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^openai\/gpt-image-3 .*0\.04 USD per image/s),
  });
  expect(added.stderr).toBe(
    `${name} is in ${userConfig()}: like openai/gpt-image-2.6-flare, but for your own size.default, perCall, prices\n`,
  );
  const { images, cost } = await document('a boat', '-m', name, '-n', '3');
  expect(images).toMatchObject([{ model: name }, { model: name }, { model: name }]);
  expect(cost).toMatchObject([{ amount: expect.any(Number), currency: 'USD' }]);
  expect(tomorrow.asked.map(({ n = 1 }) => n).sort()).toEqual([1, 2]);

  const planned = await document('a boat', '-m', name, '-n', '2', '--dry-run');
  expect(planned.plan).toMatchObject({ model: name, estimate: { amount: 0.08, currency: 'USD' } });
  const tooMuch = await document('a boat', '-m', name, '--quality', 'highest');
  expect(tooMuch.error).toMatchObject({
    code: 'unsupported',
    details: { nearest: expect.arrayContaining(['max', 'high']) },
  });
  expect(tomorrow.asked).toHaveLength(2);
  expect((await document('models', name)).models).toMatchObject([{ model: name, origin: 'own', status: 'stable' }]);
  expect((await person.run('models', 'openai')).stdout).toMatch(/openai\/gpt-image-3 .* own .*0\.04 USD/);
});

test('every command knows it: use, aliases, auto, config, doctor', async () => {
  await add('--like', 'gpt-image-2', '--price', '0.01USD/image');
  expect(await person.run('use', name)).toMatchObject({ code: 0, stderr: `${name} draws from now on\n` });
  expect((await document('a boat', '--dry-run')).plan).toMatchObject({ model: name });
  await person.run('config', 'set', 'aliases.next', name);
  expect((await document('a boat', '-m', 'next', '--dry-run')).plan).toMatchObject({ model: name });
  const byPrice = ['a boat', '-m', 'auto', '--prefer', 'quality', '--max-cost', '0.01 USD', '--quality', 'high'];
  expect((await document(...byPrice, '--size', '1024x1024', '--dry-run')).plan).toMatchObject({ model: name });
  expect((await person.run('config', 'get', `models.${name}`)).stdout).toBe(
    '{"like":"gpt-image-2","prices":[{"amount":0.01,"currency":"USD","per":"image"}]}\n',
  );
  expect((await document('config', 'explain', 'models')).settings).toMatchObject([
    { key: `models.${name}`, from: userConfig() },
  ]);
  expect((await person.run('doctor')).stdout).toMatch(/openai: OpenAI/);
  const removed = await person.run('models', 'remove', name);
  expect(removed).toMatchObject({ code: 0 });
  expect(removed.stderr).toMatch(/is in no table now.*model names it.*aliases\.next names it/s);
});

test('an agent finds and uses it', async () => {
  await add('--like', 'gpt-image-2', '--price', '0.01USD/image');
  const server = await newServer({ ...person.env });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport(server));
  try {
    const call = (tool: string, words: object) => client.callTool({ name: tool, arguments: { ...words } });
    const listed = await call('list_models', { text: 'gpt-image-3' });
    expect(JSON.stringify(listed.structuredContent)).toContain(name);
    const made = await call('generate_image', { prompt: 'a boat', model: name });
    expect(made.structuredContent).toMatchObject({ images: [{ model: name }] });
  } finally {
    await client.close();
  }
});

describe('a row of a table', () => {
  test('is changed, and is as before when that is removed', async () => {
    const model = 'openai/gpt-image-2.6-flare';
    const before = (await document('models', model)).models[0];
    expect(await person.run('models', 'edit', model, '--set', 'quality=null', '--price', '0.5EUR/image')).toMatchObject(
      {
        code: 0,
        stderr: expect.stringContaining('as the table says, but for your own quality, prices'),
      },
    );
    const changed = (await document('models', model)).models[0];
    expect(changed).toMatchObject({ origin: 'own', label: before.label, capabilities: { label: before.label } });
    expect(changed.capabilities).not.toHaveProperty('quality');
    expect(await person.run('models', 'edit', model, '--unset', 'quality', '--set', 'perCall=3')).toMatchObject({
      code: 0,
    });
    expect((await written()).models[model]).toEqual({
      like: 'gpt-image-2.6-flare',
      prices: [{ amount: 0.5, currency: 'EUR', per: 'image' }],
      perCall: 3,
    });
    const removed = await person.run('models', 'remove', model);
    expect(removed).toMatchObject({ code: 0, stderr: expect.stringContaining('is again as its table says') });
    expect((await document('models', model)).models[0]).toEqual(before);
    expect(await written()).toEqual({});
  });

  test('is not taken by an added model without a word', async () => {
    const refused = await person.run('models', 'add', 'openai/gpt-image-2', '--like', 'gpt-image-1.5');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/there already\n.*models edit.*--force/) });
    await add('--like', 'gpt-image-2');
    expect(await add('--like', 'gpt-image-1.5')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('model of your own'),
    });
    expect(await add('--like', 'gpt-image-1.5', '--force')).toMatchObject({ code: 0 });
    expect((await written()).models).toEqual({ [name]: { like: 'gpt-image-1.5' } });
  });
});

test('models that are added and edited at the same time are all kept', async () => {
  await add('--like', 'gpt-image-2');
  const words = ['label=A', 'perCall=3', 'partials=2', 'size.default=auto'];
  const ended = await Promise.all([
    ...words.map((word) => person.run('models', 'edit', name, '--set', word)),
    person.run('models', 'add', 'openai/gpt-image-4', '--like', name),
  ]);
  expect(ended.map(({ code }) => code)).toEqual(ended.map(() => 0));
  expect((await written()).models).toEqual({
    [name]: { like: 'gpt-image-2', label: 'A', perCall: 3, partials: 2, size: { default: 'auto' } },
    'openai/gpt-image-4': { like: 'gpt-image-3' },
  });
  const twice = await Promise.all(
    ['a', 'b'].map((label) => person.run('models', 'add', 'openai/one', '--like', name, '--set', `label=${label}`)),
  );
  expect(twice.map(({ code }) => code).sort()).toEqual([0, 2]);
});

test.each<[words: readonly string[], said: RegExp]>([
  [['--like', 'openai/gpt-imag-2'], /has no model "gpt-imag-2".*\n.*Did you mean openai\/gpt-image-2 or/],
  [['--like', 'google/gemini'], /that is a model of another provider/],
  [['--like', 'gpt-image-2', '--price', '0.04'], /has no currency\n.*Write --price 0\.04USD\/image/],
  [['--like', 'gpt-image-2', '--set', 'siz.default=1K'], /siz is no word of a table here: did you mean size\?/],
  [
    ['--like', 'gpt-image-2', '--set', 'size.tiers=[1K]'],
    /size\.tiers must be a list\n.*is no JSON.*--set 'size\.tiers=/,
  ],
  [['--like', 'gpt-image-2', '--set', 'qualty=null'], /the row has no "qualty".*\n.*Did you mean quality\?/],
  [['--like', 'gpt-image-2', '--set', 'quality.default=best'], /quality\.default must be one of the values/],
  [['--like', 'gpt-image-2', '--set', 'perCall=many'], /perCall must be a number/],
  [
    ['--like', 'gpt-image-2', '--set', 'prices=[{"amount":1,"per":"image"}]'],
    /prices\.0\.currency must be USD, CNY or EUR/,
  ],
  [['--like', 'gpt-image-2', '--set', 'perCall=2', '--set', 'perCall=3'], /perCall is given twice/],
  [['--like', 'gpt-image-2', '--set', '__proto__.polluted=1'], /__proto__/],
])('%j is refused in one line, and nothing is written', async (words, said) => {
  const { code, stdout, stderr } = await add(...words);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(said);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  expect(await readdir(person.home)).not.toContain('config.json');
});

test('of a name that is none, the nearest is told', async () => {
  const said = async (...words: readonly string[]) => {
    const { code, stderr } = await person.run('models', ...words);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await said('add', 'opanai/gpt-image-3', '--like', 'x')).toContain('Did you mean openai/gpt-image-3?');
  expect(await said('add', 'openai')).toContain('names no model');
  expect(await said('add', 'cogview/cogview-9')).toContain('--like cogview/cogview-');
  expect(await said('edit', 'openai/gpt-imag-2', '--set', 'perCall=2')).toContain('Did you mean openai/gpt-image-2');
  expect(await said('edit', 'openai/gpt-image-2')).toContain('nothing is to be changed');
  expect(await said('remove', 'openai/gpt-image-2')).toContain('is no model of your own');
});

test.each([
  [
    '{\n  "models": {\n    "openai/gpt-image-3": {\n      "like": "gpt-image-2",\n      "perCal": 2\n    }\n  }\n}',
    ':5: ',
    'did you mean perCall?',
  ],
  ['{\n  "models": {\n    "openai/gpt-image-3": { "like": "gpt-imag-2" }\n  }\n}', ':3: ', 'Did you mean gpt-image-2'],
  [
    '{"models": {"openai/gpt-image-3": {"like": "gpt-image-2",\n"prices": [{"amount": 1,\n"per": "image"}]}}}',
    ':2: ',
    'currency',
  ],
  ['{"models": {\n"gpt-image-3": {"like": "gpt-image-2"}}}', ':2: ', 'PROVIDER/MODEL'],
  ['{"models": {\n"openai/gpt\\u200bimage": {"like": "gpt-image-2"}}}', ':2: ', 'hidden characters'],
  ['{"models": {\n"openai/a": {"like": "b"}, "openai/b": {"like": "a"}}}', ':2: ', 'like this one'],
])('a config with a wrong model is refused by file and line: %j', async (text, place, said) => {
  await writeFile(userConfig(), text);
  const { code, stderr } = await person.run('a boat', '-m', 'sketch');
  expect([code, stderr]).toEqual([2, expect.stringContaining(`${userConfig()}${place}`)]);
  expect(stderr).toContain(said);
});

test('a wrong model can be removed, and one of a provider that is gone is a note', async () => {
  const gone = { 'bfl/flux-9': { like: 'flux-2' } };
  await writeFile(userConfig(), JSON.stringify({ models: { ...gone, [name]: { like: 'gpt-imag-2' } } }));
  expect(await person.run('models', 'remove', name)).toMatchObject({ code: 0 });
  const { code, stderr } = await person.run('a boat', '--size', '64x64');
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /note: the config's models\.bfl\/flux-9 does not count: there is no provider bfl\. .*plugins add/,
  );
});

test('a budget that refuses unknown prices is told of when a model has none', async () => {
  await person.run('config', 'set', 'budget', '{"currency": "USD", "perCall": 0.1}');
  const added = await add('--like', 'gpt-image-2.6-flare');
  expect(added.stderr).toMatch(/warning: what openai\/gpt-image-3 costs is not known.*--price 0\.04USD\/image/);
  expect((await document('a boat', '-m', name)).error).toMatchObject({ code: 'budget' });
  await person.run('models', 'edit', name, '--price', '0.06USD/image');
  expect((await document('a boat', '-m', name)).images).toHaveLength(1);
  expect((await document('a boat', '-m', name, '-n', '2')).error).toMatchObject({ code: 'budget' });
  expect(tomorrow.asked).toHaveLength(1);
});

test('the models of a project count when it is trusted, and not before', async () => {
  await mkdir(join(person.folder, '.git'), { recursive: true });
  await person.run('config', 'set', 'budget', '{"currency": "USD", "perCall": 0.1}');
  await add('--like', 'gpt-image-2', '--price', '0.2USD/image');
  const changed = await person.run('models', 'edit', name, '--price', '0USD/image', '--project');
  expect(changed).toMatchObject({ code: 0, stdout: expect.stringContaining('free') });
  expect(changed.stderr).toMatch(/wants to set models\.openai\/gpt-image-3: not used, you have not trusted it/);
  expect((await document('a boat', '-m', name)).error).toMatchObject({ code: 'budget' });
  const shown = await person.run('trust');
  expect(shown.stdout).toContain(`models.${name}: {"like":"gpt-image-2","prices":[{"amount":0.2`);
  expect(shown.stdout).toContain(`the prices of ${name} would be what it says`);
  expect(await person.run('trust', '--yes')).toMatchObject({ code: 0 });
  expect((await document('a boat', '-m', name)).images).toHaveLength(1);
  const mine = await person.run('models', 'edit', name, '--price', '0.3USD/image');
  expect(mine.stderr).toMatch(/anyimage\.json sets it here, and wins/);
  expect(await person.run('models', 'remove', name, '--project')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('another config has a model of your own of this name'),
  });
});

test('a model of a server of one’s own gets a price and sizes', async () => {
  const studio = { kind: 'openai', baseURL: tomorrow.service.baseURL, keyEnv: 'OPENAI_API_KEY' };
  await person.run('config', 'set', 'providers.studio', JSON.stringify(studio));
  const model = 'studio/gpt-image-2.6-flare';
  const size = 'size={"presets":["1024x1024"],"default":"1024x1024"}';
  expect(await person.run('models', 'add', model, '--set', size, '--price', '0.03EUR/image')).toMatchObject({
    code: 0,
  });
  expect((await document('a boat', '-m', model, '--dry-run')).plan).toMatchObject({
    estimate: { amount: 0.03, currency: 'EUR' },
  });
  expect((await document('a boat', '-m', model)).images).toMatchObject([{ model, width: 1024 }]);
  expect((await document('models', 'studio')).models).toMatchObject([{ model, origin: 'own' }]);
});

test('a model of a plugin is one like any, and a note when the plugin is gone', async () => {
  await install(person.home, [plugin('paint')]);
  const model = 'paint/paint-2';
  expect(await person.run('models', 'add', model, '--like', 'paint-1', '--price', '0.5USD/image')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('like paint/paint-1, but for your own prices'),
  });
  expect((await document('models', 'paint')).models).toMatchObject([{ origin: 'written' }, { model, origin: 'own' }]);
  await install(person.home, []);
  const { code, stderr } = await person.run('a boat', '--size', '64x64');
  expect(code).toBe(0);
  expect(stderr).toContain(`the config's models.${model} does not count: there is no provider paint.`);
});
