// Settings at the command line: config, environment, trust, budgets, doctor.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator } from '@anyimage/provider-cogview/emulator';
import type { Emulator } from '@anyimage/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

const small = ['--size', '64x64'] as const;
let service: Emulator;
let person: Person;
beforeEach(async () => {
  service = await emulator.start();
  person = await newPerson({ ...service.env, ANYIMAGE_KEYCHAIN: 'off' });
});
afterEach(() => service.close());

/** A project as it comes with a clone. */
async function project(config: unknown): Promise<string> {
  const path = join(person.folder, 'anyimage.json');
  await mkdir(join(person.folder, '.git'), { recursive: true });
  await writeFile(path, typeof config === 'string' ? config : JSON.stringify(config));
  return path;
}

const userConfig = () => join(person.home, 'config.json');

test('use writes the default, and says where it is overruled', async () => {
  expect(await person.run('use', 'cogview')).toMatchObject({ code: 0, stderr: 'cogview draws from now on\n' });
  expect(JSON.parse(await readFile(userConfig(), 'utf8'))).toEqual({ model: 'cogview' });
  expect(JSON.parse((await person.run('a boat', '--json')).stdout).images[0].model).toMatch(/^cogview\//);
  await person.run('use', 'cogview', 'sketch');
  expect(await person.run('use')).toMatchObject({ code: 0, stdout: 'cogview sketch\n' });
  expect(await person.run('use', 'cogveiw')).toMatchObject({ code: 2, stderr: expect.stringContaining('cogview') });
  await project({ model: 'sketch' });
  expect((await person.run('use', 'cogview')).stderr).toMatch(/anyimage\.json sets the model sketch here, and wins/);
});

test('headers of a config are sent with the key, and shown nowhere', async () => {
  const key = 'providers.cogview.headers.x-gateway-key';
  const said = [await person.run('config', 'set', key, 'test-header-value')];
  said.push(await person.run('config', 'get'), await person.run('config', 'explain', '--json'));
  said.push(await person.run('config', 'get', key));
  expect(said.at(-1)).toMatchObject({ code: 0, stdout: '***\n' });
  const outcome = await person.run('a boat', '-m', 'cogview', '--json');
  expect(outcome.code).toBe(0);
  const sent = service.requests.map(({ method, headers }) => [method, headers['x-gateway-key']]);
  expect(sent).toContainEqual(['POST', 'test-header-value']);
  expect(sent).toContainEqual(['GET', undefined]); // the picture, which is not asked for with the key
  await project({ providers: { cogview: { headers: { 'x-gateway-key': 'test-header-other' } } } });
  said.push(outcome, await person.run('trust', '--yes'), await person.run('doctor'));
  expect(JSON.stringify(said)).not.toContain('test-header');
});

test('use takes no name that only the project gives a meaning: the config of a person holds everywhere', async () => {
  const path = await project({
    aliases: { team: ['cogview', 'sketch'] },
    providers: { mine: { kind: 'openai', baseURL: 'http://127.0.0.1:9/v1' } },
  });
  await person.run('trust', '--yes');
  const refused = await person.run('use', 'team');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('anyimage use cogview sketch');
  for (const name of ['team', 'mine', 'mine/one']) {
    expect(await person.run('use', name)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`of ${path} alone`),
    });
  }
  expect(await readdir(person.home)).not.toContain('config.json');
  // An alias of the person's own, which the project has, too, means that of the person elsewhere.
  await person.run('config', 'set', 'aliases.team', 'sketch');
  expect(await person.run('use', 'team')).toMatchObject({ code: 0 });
  expect(JSON.parse(await readFile(userConfig(), 'utf8'))).toEqual({ aliases: { team: 'sketch' }, model: 'team' });
});

test('aliases and styles of the config are words of the command line', async () => {
  await person.run('config', 'set', 'aliases.quick', 'sketch');
  await person.run('config', 'set', 'styles.ink', 'ink on paper');
  const { stdout, code } = await person.run('a boat', '-m', 'quick', '--style', 'ink', ...small, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    prompt: { original: 'a boat', sent: 'a boat, ink on paper' },
    images: [{ model: 'sketch/sketch-1' }],
    applied: [{ option: 'style', asked: 'ink', sent: 'words in the prompt' }],
  });
});

test('a profile holds for a run, beside any command, or from now on', async () => {
  await writeFile(
    join(person.home, 'config.json'),
    JSON.stringify({ model: 'sketch', profiles: { work: { model: 'cogview' } } }),
  );
  expect(await person.run('use', '--profile', 'work')).toMatchObject({ code: 0, stdout: 'cogview\n' });
  expect(await person.run('a fox', '--profile=wrok')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean work?'),
  });
  await person.run('use', 'cogview/cogview-4', '--profile', 'work');
  await person.run('config', 'set', 'profile', 'work');
  const { stdout } = await person.run('config', 'explain', 'model');
  expect(stdout).toMatch(/^model = cogview\/cogview-4 .*\(profile work\)\n {2}over sketch/);
});

test('a setting that makes a request fail is told with the file and the line where it stands', async () => {
  const path = await project('{\n  "aliases": {"team": ["sketch", "paintr"]},\n  "model":\n    "team"\n}\n');
  const told = `aliases.team comes from ${path}:2.`;
  expect(await person.run('a boat', ...small)).toMatchObject({ code: 2, stderr: expect.stringContaining(told) });
  const planned = await person.run('a boat', '--dry-run', '--json');
  expect(JSON.parse(planned.stdout).error).toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining(told),
    details: { setting: { key: 'aliases.team', place: `${path}:2` } },
  });
  expect((await person.run('doctor')).stdout).toContain(told);
  expect((await person.run('a boat', ...small, '-m', 'paintr')).stderr).not.toContain('comes from');
  await project('{\n  "model": "sketch"\n}');
  await writeFile(userConfig(), '{\n  "output": "/dev/null/pictures"\n}');
  expect((await person.run('a boat', ...small)).stderr).toContain(`output comes from ${userConfig()}:2.`);
});

test('settings that are changed at the same time are all kept, and a list that does not fit is refused', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const ended = await Promise.all(names.map((name) => person.run('config', 'set', `styles.${name}`, name)));
  expect(ended.map(({ code }) => code)).toEqual(names.map(() => 0));
  const wrong = await person.run('config', 'set', 'model', '[]');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('a list of at least one') });
  expect(Object.keys(JSON.parse(await readFile(userConfig(), 'utf8')).styles).sort()).toEqual(names);
  expect(await readdir(person.home)).toEqual(['config.json']);
});

test('config get, set, unset and explain tell what holds and why', async () => {
  await person.run('config', 'set', 'model', 'cogview');
  await person.run('config', 'set', 'budget', '{"currency": "EUR", "perDay": 2}');
  await project({ model: 'sketch', output: 'out' });
  expect(await person.run('config', 'get', 'budget.perDay')).toMatchObject({ code: 0, stdout: '2\n' });
  expect(JSON.parse((await person.run('config', 'get', '--json')).stdout)).toMatchObject({ model: 'sketch' });
  const { settings } = JSON.parse((await person.run('config', 'explain', 'model', '--json')).stdout);
  expect(settings).toEqual([
    {
      key: 'model',
      value: 'sketch',
      from: join(person.folder, 'anyimage.json'),
      over: [
        { value: 'cogview', from: userConfig() },
        { value: 'sketch', from: 'default' },
      ],
    },
  ]);
  await person.run('config', 'set', 'output', 'elsewhere', '--project');
  expect((await person.run('a boat', ...small)).stdout).toMatch(/^elsewhere\/boat-/);
  expect(await person.run('config', 'unset', 'budget')).toMatchObject({ code: 0 });
  expect(JSON.parse(await readFile(userConfig(), 'utf8'))).toEqual({ model: 'cogview' });
});

test.each([
  ['{\n  "modle": "sketch"\n}', 'anyimage.json:2: unknown key "modle"', /Did you mean model\?/],
  ['{\n  "aliases": {\n    "quick": 7\n  }\n}', 'anyimage.json:3: aliases.quick must be', /./],
  ['{\n  "model": "sketch",\n', 'anyimage.json:', /Correct the file/],
])('a config with a mistake is refused by file and line, before anything is made: %j', async (text, message, hint) => {
  await project(text);
  const { code, stdout, stderr } = await person.run('a boat', ...small, '--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ images: [], error: { code: 'config' } });
  expect(JSON.parse(stdout).error.message).toContain(message);
  expect(stderr).toMatch(hint);
  expect((await readdir(person.folder)).sort()).toEqual(['.git', 'anyimage.json']);
  expect(await person.run('doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining(message) });
});

test('a cloned project that wants another server and a plugin gets the one when it is trusted, and the other never', async () => {
  const foreign = await emulator.start();
  try {
    const wishes = { model: 'cogview', providers: { cogview: { baseURL: foreign.origin } }, plugins: ['./evil.mjs'] };
    const path = await project(wishes);
    await writeFile(
      join(person.folder, 'evil.mjs'),
      "import { writeFileSync } from 'node:fs'; writeFileSync('loaded', '');",
    );
    const dryRun = await person.run('a boat', '--dry-run');
    expect(dryRun.stderr).toMatch(/wants to set providers\.cogview\.baseURL, model: not used.*anyimage trust/);
    expect(await person.run('a boat', '-o', 'boat.png')).toMatchObject({ code: 0 });
    expect(service.submissions).toBe(0);
    expect(await person.run('a boat', '-m', 'cogview', '-o', 'paid.png')).toMatchObject({ code: 0 });
    expect(service.submissions).toBe(1);
    expect(foreign.requests).toHaveLength(0);

    const shown = await person.run('trust');
    expect(shown).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing was changed') });
    expect(shown.stdout).toContain(`providers.cogview.baseURL: "${service.env.ZHIPU_BASE_URL}" -> "${foreign.origin}"`);
    expect(await readdir(person.home)).not.toContain('trust.json');

    expect(await person.run('trust', '--yes')).toMatchObject({ code: 0 });
    expect((await person.run('a boat', '--dry-run')).stderr).toContain(
      'names plugins, which counts no more. Plugins are added by: anyimage plugins add',
    );
    await writeFile(path, JSON.stringify({ ...wishes, proxy: 'http://127.0.0.1:9' }));
    expect((await person.run('a boat', '--dry-run')).stderr).toContain('it changed since you trusted it');
    expect(foreign.requests).toHaveLength(0);
    expect(await readdir(person.folder)).not.toContain('loaded');
  } finally {
    await foreign.close();
  }
});

test('a cloned project does not make a name of the person mean another model until it is trusted', async () => {
  await project({ aliases: { sketch: 'cogview', team: 'sketch' } });
  const { stdout, stderr } = await person.run('a boat', '-m', 'sketch', ...small, '--json');
  expect(JSON.parse(stdout).images).toMatchObject([{ model: 'sketch/sketch-1' }]);
  expect(stderr).toMatch(/wants to set aliases\.sketch: not used, you have not trusted it; anyimage trust/);
  expect(await person.run('a boat', '-m', 'team', ...small)).toMatchObject({ code: 0 });
  expect(service.requests).toHaveLength(0);
  expect((await person.run('trust')).stdout).toContain('aliases.sketch: null -> "cogview"');
  expect(await person.run('trust', '--yes')).toMatchObject({ code: 0 });
  const trusted = await person.run('a boat', '-m', 'sketch', '--json');
  expect(JSON.parse(trusted.stdout).images[0].model).toMatch(/^cogview\//);
});

test('a budget refuses before anything is sent, over all runs of a day', async () => {
  await person.run('config', 'set', 'budget', '{"currency": "CNY", "perDay": 0.12}');
  expect(await person.run('a boat', '-m', 'cogview', '-n', '2', '-o', 'a.png')).toMatchObject({ code: 0 });
  const { code, stdout } = await person.run('a boat', '-m', 'cogview', '--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    images: [],
    error: { code: 'budget', details: { limit: 'perDay', allowed: 0.12, spent: 0.12, asked: 0.06 } },
  });
  expect(service.submissions).toBe(2);
  expect(await person.run('a boat', '-m', 'sketch', ...small)).toMatchObject({ code: 0 });
});

test('explain tells what holds where a key is not set, and refuses what is no key', async () => {
  expect(await person.run('config', 'explain', 'output')).toMatchObject({
    code: 0,
    stdout: `output = ${person.folder}  default\n  The folder for pictures.\n`,
  });
  expect(await person.run('config', 'explain', 'proxy')).toMatchObject({
    code: 0,
    stdout: 'proxy is not set\n  The HTTP proxy, where the environment names none.\n',
  });
  const { settings } = JSON.parse((await person.run('config', 'explain', 'output', '--json')).stdout);
  expect(settings).toMatchObject([{ key: 'output', value: person.folder, from: 'default', over: [] }]);
  expect(await person.run('config', 'explain', 'outptu')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"outptu" is not set'),
  });
});

test('an alias that names itself is told as such', async () => {
  await person.run('config', 'set', 'aliases.loop', 'loop');
  for (const words of [
    ['a boat', '-m', 'loop'],
    ['use', 'loop'],
  ]) {
    const { code, stderr } = await person.run(...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining('the alias "loop" names itself')]);
    expect(stderr).not.toContain('Did you mean loop');
  }
});

test('doctor finds all in order, and says what is not', async () => {
  await person.run('a boat', ...small);
  const { code, stdout } = await person.run('doctor', '--json');
  expect(code).toBe(0);
  const { checks, errors } = JSON.parse(stdout);
  expect(errors).toBe(0);
  const messages = checks.map((check: { name: string; message: string }) => `${check.name}: ${check.message}`);
  expect(messages).toContainEqual(expect.stringMatching(/^Node: \d+/));
  expect(messages).toContainEqual('history: 1 picture');
  expect(messages).toContainEqual(expect.stringMatching(/^MCP server: .*generate_image/));
  expect(messages).toContainEqual(expect.stringMatching(/^key: ZHIPU_API_KEY \(environment\) for Zhipu CogView/));
  expect(stdout).not.toContain(service.key);

  const other = await newPerson({
    ANYIMAGE_KEYCHAIN: 'off',
    OPENAI_API_KEY: '"sk-01234567"',
    HTTPS_PROXY: 'socks5://x',
  });
  await writeFile(join(other.home, 'library.sqlite'), 'no database, but long enough to look like one'.repeat(100));
  const told = await other.run('doctor');
  expect(told.code).toBe(1);
  expect(told.stdout).toMatch(/OPENAI_API_KEY.*quotation marks/);
  expect(told.stdout).toMatch(/HTTPS_PROXY holds no http/);
  expect(told.stdout).toMatch(/index was damaged and was made anew/);
  expect(told.stdout).not.toContain('01234567');
});

test('a home that cannot be written to costs the history, not the picture', async () => {
  const blocked = join(person.folder, 'file');
  await writeFile(blocked, '');
  const unlucky = await newPerson({ ANYIMAGE_HOME: join(blocked, 'home') });
  const { code, stderr } = await unlucky.run('a boat', ...small, '-o', 'boat.png');
  expect(code).toBe(0);
  expect(stderr).toMatch(/warning: the history lacks this picture: .*file/);
  expect((await readdir(unlucky.folder)).sort()).toEqual(['boat.png', 'boat.png.json']);
  expect(await unlucky.run('use', 'sketch')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: .*config\.json/),
  });
});

test('the JSON Schema can be given to an editor, and the table of providers to a person', async () => {
  expect(JSON.parse((await person.run('config', 'schema')).stdout).properties).toHaveProperty('allowNetworks');
  const { providers } = JSON.parse((await person.run('providers', '--json')).stdout);
  expect(providers).toContainEqual(
    expect.objectContaining({
      id: 'cogview',
      key: { needed: true, variable: 'ZHIPU_API_KEY', from: 'environment' },
      baseURL: service.env.ZHIPU_BASE_URL,
    }),
  );
  expect((await person.run('providers')).stdout).toMatch(/sketch .*none needed/);
});
