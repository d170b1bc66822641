import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProviderDefinition } from '@anyimage/core';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../config/config-schema.ts';
import { setTrust, trustOf } from '../config/trust.ts';
import { placeNow } from '../services/model-facts.ts';
import { providers } from '../services/providers.generated.ts';
import { loadSettings } from './settings.ts';

let root: string;
let home: string;
let project: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-')));
  home = join(root, 'home');
  project = join(root, 'project');
  await mkdir(join(project, '.git'), { recursive: true });
});

async function write(path: string, config: Config): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(config));
}

const user = (config: Config) => write(join(home, 'config.json'), config);
const shared = (config: Config) => write(join(project, 'anyimage.json'), config);
const load = (env: Record<string, string> = {}, folder = project) =>
  loadSettings({ env: { ANYIMAGE_HOME: home, ...env }, folder });

test('without any config the embedded provider draws into the current folder', async () => {
  const settings = await load();
  expect(settings).toMatchObject({ model: 'sketch', modelChosen: false, outputFolder: project, config: {}, notes: [] });
});

test('the environment wins over the project, the project over the person, key by key', async () => {
  await user({ model: 'cogview', output: '~/Pictures', aliases: { quick: 'cogview', own: 'sketch' } });
  expect(await load()).toMatchObject({
    model: 'cogview',
    modelChosen: true,
    outputFolder: join(homedir(), 'Pictures'),
  });
  await shared({ model: ['quick', 'sketch'], output: 'out', aliases: { team: 'sketch' } });
  const settings = await load({}, join(project, '.git'));
  expect(settings).toMatchObject({ model: ['quick', 'sketch'], outputFolder: join(project, 'out') });
  expect(settings.config.aliases).toEqual({ quick: 'cogview', own: 'sketch', team: 'sketch' });
  expect(await load({ ANYIMAGE_MODEL: 'sketch/sketch-1', ANYIMAGE_OUTPUT: '/pictures' })).toMatchObject({
    model: 'sketch/sketch-1',
    outputFolder: '/pictures',
  });
});

test('the folder of a person by name is no output folder, whoever says it', async () => {
  const refusal = { code: 'config', message: expect.stringContaining('the folder of a person by name') };
  await expect(load({ ANYIMAGE_OUTPUT: '~root/outs' })).rejects.toMatchObject(refusal);
  await user({ output: '~root/outs' });
  await expect(load()).rejects.toMatchObject(refusal);
  await user({});
  await shared({ output: '~root/outs' });
  await expect(load()).rejects.toMatchObject(refusal);
});

test('a project is looked for up to the folder with .git, and no further', async () => {
  await write(join(root, 'anyimage.json'), { model: 'cogview' });
  const below = join(project, 'src');
  await mkdir(below);
  expect((await load({}, below)).project).toBeUndefined();
  await shared({ model: 'cogview' });
  expect((await load({}, below)).project?.path).toBe(join(project, 'anyimage.json'));
});

const wishes: Config = {
  model: 'cogview',
  output: 'out',
  providers: { cogview: { baseURL: 'http://127.0.0.1:1/' } },
  budget: { currency: 'USD', allowUnknown: true },
  allowNetworks: ['10.0.0.0/8'],
  proxy: 'http://127.0.0.1:2',
};

test('a project sets only what is harmless until it is trusted as it is', async () => {
  await user({ providers: { cogview: { region: 'china' } }, budget: { currency: 'EUR', perDay: 1 } });
  await shared(wishes);
  const before = await load();
  expect(before.config).toEqual({
    output: join(project, 'out'),
    providers: { cogview: { region: 'china' } },
    budget: { currency: 'EUR', perDay: 1 },
  });
  expect(before.providers.find(({ definition }) => definition.id === 'cogview')?.access).toEqual({ region: 'china' });
  expect(before.env.HTTPS_PROXY).toBeUndefined();
  expect(before.project).toMatchObject({
    trust: 'untrusted',
    refused: expect.arrayContaining(['model', 'proxy']),
  });
  expect(before.notes).toEqual([expect.stringMatching(/wants to set .*providers\.cogview\.baseURL.*anyimage trust/)]);

  await setTrust(home, before.project!.path, before.project!.hash);
  const trusted = await load();
  expect(trusted.config).toMatchObject({
    allowNetworks: ['10.0.0.0/8'],
    providers: { cogview: { region: 'china', baseURL: 'http://127.0.0.1:1/' } },
    budget: { currency: 'USD', perDay: 1 },
  });
  expect(trusted.env.HTTPS_PROXY).toBe('http://127.0.0.1:2');
  expect(trusted.notes).toEqual([]);

  await shared({ ...wishes, proxy: 'http://127.0.0.1:3' });
  const changed = await load();
  expect(changed.project?.trust).toBe('changed');
  expect(changed.env.HTTPS_PROXY).toBeUndefined();
  expect(changed.notes).toEqual([expect.stringContaining('it changed since you trusted it')]);
});

test.each(['sketch', 'cogview', 'auto', 'my-box', 'xai', 'quick', 'CogView', 'AUTO', 'Quick'])(
  'a name that means something to the person is no alias of a project without trust: %s',
  async (name) => {
    await user({ providers: { 'my-box': box, xai: {} }, aliases: { quick: 'sketch' } });
    await shared({ aliases: { [name]: 'cogview', team: 'sketch' } });
    const { config, notes, project: found } = await load();
    expect(config.aliases).toEqual({ quick: 'sketch', team: 'sketch' });
    expect(found?.refused).toEqual([`aliases.${name}`]);
    expect(notes).toEqual([expect.stringMatching(`wants to set aliases\\.${name}: not used.*anyimage trust shows`)]);
    await trustProject();
    expect((await load()).config.aliases).toEqual({ quick: 'sketch', team: 'sketch', [name]: 'cogview' });
  },
);

test('whatever aliases a project has, without trust a name of the person means what it does elsewhere', async () => {
  const names = ['sketch', 'cogview', 'auto', 'my-box', 'quick', 'team', 'constructor', 'toString', 'Sketch'];
  const aliases = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('cogview', 'sketch'), {
    noNullPrototype: true,
  });
  await fc.assert(
    fc.asyncProperty(aliases, aliases, async (own, theirs) => {
      await user({ model: 'sketch/sketch-1', providers: { 'my-box': box }, aliases: own });
      await shared({ aliases: theirs });
      const held = (await load()).config.aliases ?? {};
      const mine = [...Object.keys(own), 'sketch', 'cogview', 'auto', 'my-box'];
      const mineInSmall = mine.map((name) => name.toLowerCase());
      const isMine = (name: string) => mineInSmall.includes(name.toLowerCase());
      const kept = Object.entries(theirs).filter(([name, target]) => !isMine(name) && target === 'sketch');
      expect(new Map(Object.entries(held))).toEqual(new Map([...Object.entries(own), ...kept]));
    }),
    { numRuns: 60 },
  );
});

describe('the model of a project that is not trusted', () => {
  test.each([
    // the person's choice, what the project wants, whether that is followed
    [undefined, 'sketch', true],
    [undefined, 'sketch/sketch-1', true],
    [undefined, 'cogview', false],
    [undefined, 'cogview/cogview-3-flash', false],
    [undefined, ['sketch', 'cogview'], false],
    [undefined, 'auto', false],
    [undefined, 'Auto', false],
    [undefined, 'OpenAI', false],
    [undefined, 'PAID', false],
    [undefined, 'Sketch', true],
    ['CogView', 'cogview/CogView-3-Flash', true],
    ['cogview', 'Mine', false],
    [undefined, 'mine', true],
    [undefined, 'no-such-model', true],
    ['cogview', 'sketch', true],
    ['cogview', 'cogview', true],
    ['cogview', 'cogview/cogview-4-250304', true],
    ['cogview', 'cogview/cogview-3-flash', true],
    ['cogview/cogview-3-flash', 'cogview', false],
    ['cogview', 'google', false],
    ['cogview', ['cogview', 'google'], false],
    [['cogview', 'google'], 'google', true],
    ['auto', 'auto', true],
    ['mine', 'google', true],
    ['cogview', 'mine', false],
    ['cogview', 'paid', false],
    ['cogview', 'free', true],
  ])('where the person has %j and it wants %j: followed %j', async (model, wanted, isFollowed) => {
    await user({ ...(model !== undefined && { model }), aliases: { mine: model === 'mine' ? 'google' : 'openai' } });
    if (model === undefined) await user({ aliases: { mine: 'sketch' } });
    await shared({ model: wanted, aliases: { free: 'sketch', paid: 'openai' } });
    const { model: used, notes, project: judged } = await load();
    expect(used).toEqual(isFollowed ? wanted : (model ?? 'sketch'));
    const refused = [...(isFollowed ? [] : ['model']), 'aliases.paid'];
    expect([...judged!.refused].sort()).toEqual(refused.sort());
    expect(notes).toEqual([expect.stringMatching(/wants to set .*: not used, .*anyimage trust shows/)]);
  });

  const free = { amount: 0, currency: 'USD', per: 'image' } as const;
  const dear = { ...free, amount: 9 };
  test.each([
    ['free', { prices: [free] }, true],
    ['of no known price', {}, false],
    ['with no price in its list', { prices: [] }, false],
    ['whose input pictures cost', { prices: [{ ...free, inputs: { amount: 1, per: 'image' } }] }, false],
    ['of which a further megapixel costs', { prices: [{ ...free, per: 'megapixel', further: 1 }] }, false],
    ['free for some requests', { prices: [{ ...free, when: { quality: 'low' } }] }, false],
    ['free for some, and dear', { prices: [{ ...free, when: { quality: 'low' } }, dear] }, false],
    ['with a dear operation', { prices: [free], operations: { generate: {}, edit: { prices: [dear] } } }, false],
    ['with a dear operation alone', { prices: [free], operations: { generate: { prices: [dear] } } }, false],
    [
      'with a dear family',
      {
        prices: [free],
        families: { option: 'family', rows: { big: { row: { operations: { generate: {} }, prices: [dear] } } } },
      },
      false,
    ],
  ])('of a server on this machine, a model %s is not taken at its word', async (_, facts, isFollowed) => {
    const row = {
      label: 'It',
      source: 'x',
      checked: '2026-11-20',
      operations: { generate: {} },
      delivery: { as: 'bytes' },
    };
    const definition = {
      id: 'it',
      label: 'It',
      models: { 'it-1': { ...row, ...facts } },
      regions: { here: { baseURL: 'http://127.0.0.1:9' } },
      keys: [],
    } as ProviderDefinition;
    const load = async () => Promise.reject(new Error('nothing is drawn'));
    await shared({ model: 'it/it-1' });
    const settings = await loadSettings({
      env: { ANYIMAGE_HOME: home },
      folder: project,
      providers: [...providers, { definition, load }],
    });
    expect(settings.model).toEqual(isFollowed ? 'it/it-1' : 'sketch');
  });

  test('an address that is none ends nothing that does not need it', async () => {
    await shared({ model: 'cogview/cogview-3-flash' });
    expect(await load({ ZHIPU_BASE_URL: 'no address' })).toMatchObject({ model: 'sketch' });
  });

  test('the environment is a choice of the person', async () => {
    await shared({ model: 'cogview' });
    expect(await load({ ANYIMAGE_MODEL: 'cogview' })).toMatchObject({ model: 'cogview', notes: [] });
  });
});

test('projects that are trusted at the same time all are', async () => {
  const paths = Array.from({ length: 8 }, (_, index) => `/project-${index}/anyimage.json`);
  await Promise.all(paths.map((path) => setTrust(home, path, 'hash')));
  const states = await Promise.all(paths.map((path) => trustOf(home, { path, hash: 'hash' })));
  expect(new Set(states)).toEqual(new Set(['trusted']));
});

test.each(['/elsewhere', '..', '../other', '~/Pictures', 'link/out', 'out/../../other'])(
  'an output folder outside the project needs trust: %s',
  async (output) => {
    await symlink(root, join(project, 'link'));
    await shared({ output });
    expect(await load()).toMatchObject({ outputFolder: project, project: { refused: ['output'] } });
  },
);

test.each(['out', '.', './a/b', '..hidden', 'inside/out'])('one inside does not: %s', async (output) => {
  await mkdir(join(project, 'real'));
  await symlink(join(project, 'real'), join(project, 'inside'));
  await shared({ output });
  expect(await load()).toMatchObject({ outputFolder: join(project, output), project: { refused: [] } });
});

test('the base URL of the environment wins over that of the config', async () => {
  await user({ providers: { cogview: { baseURL: 'http://127.0.0.1:1/' } } });
  const access = async (env: Record<string, string>) =>
    (await load(env)).providers.find(({ definition }) => definition.id === 'cogview')?.access ?? {};
  expect(await access({})).toEqual({ baseURL: 'http://127.0.0.1:1/' });
  expect(await access({ ZHIPU_BASE_URL: 'http://127.0.0.1:2/' })).toEqual({});
});

const box = { kind: 'openai', baseURL: 'http://127.0.0.1:8080/v1', keyEnv: 'BOX_KEY' } as const;

test('a provider of the config comes after the known ones, with its key and its place', async () => {
  const before = await load();
  await user({ providers: { 'my-box': box, xai: {} } });
  const settings = await load({ BOX_KEY: 'test-key' });
  expect(settings.providers.slice(0, -2).map(({ definition }) => definition.id)).toEqual(
    before.providers.map(({ definition }) => definition.id),
  );
  expect(settings.providers.slice(-2)).toMatchObject([
    { definition: { id: 'my-box', keys: [{ env: 'BOX_KEY' }] }, access: { baseURL: box.baseURL } },
    { definition: { id: 'xai', label: 'xAI' }, access: {} },
  ]);
  const values = settings.layers.find(({ kind }) => kind === 'user')!.values;
  expect(values.get('providers.xai.kind')).toEqual({ value: 'xai', from: join(home, 'config.json') });
});

test('a stored key stands in for the variable of an added provider', async () => {
  await user({ providers: { 'my-box': box } });
  const { keys } = await load({ ANYIMAGE_KEYCHAIN: 'off' });
  await keys.set('BOX_KEY', 'test-key', true);
  const { env, shownEnv } = await load({ ANYIMAGE_KEYCHAIN: 'off' });
  expect([env.BOX_KEY, shownEnv.BOX_KEY]).toEqual(['test-key', 'stored']);
  expect(JSON.stringify(env)).not.toContain('test-key');
});

test('a project adds a provider, or moves one, once it is trusted', async () => {
  await user({ providers: { 'my-box': box } });
  await shared({ providers: { 'my-box': { ...box, baseURL: 'http://127.0.0.1:1/v1' }, xai: {} } });
  const places = ({ providers }: Awaited<ReturnType<typeof load>>) =>
    Object.fromEntries(providers.slice(-2).map(({ definition, access }) => [definition.id, access?.baseURL]));
  const before = await load();
  expect(places(before)).toMatchObject({ 'my-box': box.baseURL });
  expect(before.project?.refused).toContain('providers.xai.kind');
  await setTrust(home, before.project!.path, before.project!.hash);
  expect(places(await load())).toEqual({ 'my-box': 'http://127.0.0.1:1/v1', xai: undefined });
});

const trustProject = async () => {
  const { project: found } = await load();
  await setTrust(home, found!.path, found!.hash);
};

test('a project moves a server of the person, which keeps its key', async () => {
  await user({ providers: { 'my-box': box, xai: { keyEnv: 'OWN_KEY' } } });
  await shared({ providers: { 'my-box': { baseURL: 'http://127.0.0.1:1/v1' }, xai: { defaultModel: 'grok' } } });
  const before = await load();
  expect(before.providers.at(-2)?.access).toEqual({ baseURL: box.baseURL });
  expect(before.notes).toEqual([
    expect.stringMatching(/wants to set providers\.my-box\.baseURL, providers\.xai\.defaultModel: not used/),
  ]);
  await trustProject();
  expect((await load()).config.providers).toEqual({
    'my-box': { ...box, baseURL: 'http://127.0.0.1:1/v1' },
    xai: { kind: 'xai', keyEnv: 'OWN_KEY', defaultModel: 'grok' },
  });
});

test('an entry of a project with a kind replaces that of the person whole, its key included', async () => {
  await user({ providers: { box: { ...box, textModel: 'qwen3' }, other: box } });
  await shared({ providers: { box: { kind: 'together', region: 'global' } } });
  await trustProject();
  const settings = await load();
  expect(settings.config.providers).toEqual({ box: { kind: 'together', region: 'global' }, other: box });
  expect(settings.providers.find(({ definition }) => definition.id === 'box')?.definition.keys).toEqual([
    { env: 'TOGETHER_API_KEY' },
  ]);
  const values = settings.layers.find(({ kind }) => kind === 'user')!.values;
  expect(values.get('providers.box.kind')?.value).toBe('openai');
  expect(values.has('providers.box.keyEnv')).toBe(false);
});

test.each<NonNullable<Config['providers']>>([
  { box: { baseURL: 'http://127.0.0.1:1/v1' } },
  { box: { kind: 'no such kind' } },
  { box: { kind: 'openai' } },
  { cogview: { region: 'nowhere' } },
  { cogview: { keyEnv: 'OWN_KEY' } },
  { cogviw: { region: 'china' } },
  { xai: {} },
])('what a project that is not trusted says of providers is a wish, never an error: %j', async (providers) => {
  const known = await load();
  await shared({ providers });
  const { notes, config, providers: all } = await load();
  expect(notes).toEqual([expect.stringContaining(`wants to set providers.${Object.keys(providers)[0]}.`)]);
  expect([config, all.length]).toEqual([{}, known.providers.length]);
});

test.each<[Config, Config, RegExp]>([
  [
    { providers: { pictures: { kind: 'siliconflow', region: 'china' } } },
    { providers: { pictures: { baseURL: 'http://127.0.0.1:1/v1' } } },
    /anyimage\.json:1 and .*config\.json do not go together: providers\.pictures has no region "china"/,
  ],
  [{}, { providers: { box: { baseURL: 'http://127.0.0.1:1/v1' } } }, /anyimage\.json:1: unknown provider "box"/],
  [{}, { providers: { cogview: { region: 'nowhere' } } }, /anyimage\.json:1: .* has no region "nowhere"/],
])('a trusted project that does not fit is refused, and can be left out: %j, %j', async (own, theirs, message) => {
  await user(own);
  await shared({ ...theirs, output: '../out' });
  const here = { env: { ANYIMAGE_HOME: home }, folder: project };
  await expect(loadSettings({ ...here, asTrusted: true })).rejects.toMatchObject({
    message: expect.stringMatching(message),
    hint: expect.not.stringContaining('--remove'),
  });
  await trustProject();
  await expect(load()).rejects.toMatchObject({
    code: 'config',
    message: expect.stringMatching(message),
    hint: expect.stringContaining('anyimage trust --remove'),
    details: { path: join(project, 'anyimage.json') },
  });
  const told: string[] = [];
  const settings = await loadSettings({ ...here, onConflict: (error) => told.push(error.message) });
  expect(told).toEqual([expect.stringMatching(message)]);
  expect(settings).toMatchObject({ project: { trust: 'trusted' }, outputFolder: join(root, 'out') });
  expect(settings.config.providers).toEqual(own.providers);
});

describe("models of one's own", () => {
  const rowOf = ({ providers }: Awaited<ReturnType<typeof load>>, id: string) =>
    providers.find(({ definition }) => definition.id === 'openai')!.definition.models[id];
  const free = [{ amount: 0, currency: 'USD', per: 'image' }];

  test("lie over the tables, a project's over the person's once it is trusted", async () => {
    await user({ models: { 'openai/next': { like: 'gpt-image-2' }, 'openai/mine': { like: 'next', perCall: 2 } } });
    await shared({ models: { 'openai/next': { like: 'gpt-image-2', prices: free } } });
    const before = await load();
    expect(before.project?.refused).toEqual(['models.openai/next']);
    expect(before.notes).toEqual([expect.stringMatching(/wants to set models\.openai\/next: not used/)]);
    expect(rowOf(before, 'next')).toMatchObject({ origin: 'own' });
    expect(rowOf(before, 'next')!.prices).not.toEqual(free);
    expect(rowOf(before, 'mine')).toMatchObject({ origin: 'own', perCall: 2 });
    expect(before.withoutOwn.flatMap(({ definition }) => Object.keys(definition.models))).not.toContain('next');
    await trustProject();
    const after = await load();
    expect(rowOf(after, 'next')).toMatchObject({ prices: free });
    expect(rowOf(after, 'mine')).toMatchObject({ prices: free, perCall: 2 });
  });

  test('of a project that do not fit are refused by file and line, or left out', async () => {
    await user({ models: { 'openai/mine': { like: 'gpt-image-2' } } });
    await writeFile(
      join(project, 'anyimage.json'),
      '{"output": "out",\n"models": {\n"openai/next": {"like": "mien"}}}',
    );
    expect((await load()).project?.refused).toEqual(['models.openai/next']);
    await trustProject();
    await expect(load()).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(/anyimage\.json:3: .*mien/),
      hint: expect.stringMatching(/trust --remove.*Did you mean mine\?/),
    });
    const told: string[] = [];
    const here = { env: { ANYIMAGE_HOME: home }, folder: project };
    const settings = await loadSettings({ ...here, onConflict: (error) => told.push(error.message) });
    expect(told).toHaveLength(1);
    expect(settings).toMatchObject({ outputFolder: join(project, 'out') });
    expect(rowOf(settings, 'mine')).toMatchObject({ origin: 'own' });
  });

  test('of a server that a project replaces are not for that one', async () => {
    const box = { kind: 'openai', baseURL: 'http://127.0.0.1:1/v1', defaultModel: 'flux' };
    await user({ providers: { box }, models: { 'box/next': { like: 'flux', prices: [] } } });
    expect((await load()).config.models).toEqual({ 'box/next': { like: 'flux', prices: [] } });
    await shared({ providers: { box: { kind: 'openai', baseURL: 'http://127.0.0.1:2/v1', defaultModel: 'other' } } });
    await trustProject();
    expect((await load()).config.models).toBeUndefined();
  });
});

test('the line of the project that does not fit is named', async () => {
  await shared({});
  await writeFile(join(project, 'anyimage.json'), '{\n"providers": {\n"cogview": {\n"region": "nowhere"}}}');
  await trustProject();
  await expect(load()).rejects.toMatchObject({ message: expect.stringContaining('anyimage.json:4: ') });
});

test('what would hold if a project were trusted can be seen before', async () => {
  await shared({ providers: { box: { kind: 'openai', baseURL: 'http://127.0.0.1:1/v1' } } });
  const settings = await loadSettings({ env: { ANYIMAGE_HOME: home }, folder: project, asTrusted: true });
  expect(settings).toMatchObject({ project: { trust: 'trusted' }, config: { providers: { box: { kind: 'openai' } } } });
  expect((await load()).project?.trust).toBe('untrusted');
});

test('whatever two configs say of a server, a key never goes to a base URL beside another kind', async () => {
  const entry = fc.record(
    {
      kind: fc.constantFrom('openai', 'together', 'localai', 'toString'),
      baseURL: fc.constantFrom('http://127.0.0.1:1/v1', 'https://studio.example/v1'),
      keyEnv: fc.constantFrom('A_KEY', 'B_KEY'),
      region: fc.constantFrom('global', 'china'),
    },
    { requiredKeys: [] },
  );
  const id = fc.constantFrom('box', 'xai', 'cogview', 'constructor');
  const seen = { env: { ANYIMAGE_HOME: home }, folder: project, asTrusted: true, onConflict: () => {} };
  await fc.assert(
    fc.asyncProperty(id, entry, entry, async (name, own, theirs) => {
      await user({ providers: { [name]: own } });
      await shared({ providers: { [name]: theirs } });
      const settings = await loadSettings(seen).catch((error) => {
        expect(error).toMatchObject({ code: 'config', message: expect.stringContaining('config.json') });
        return undefined;
      });
      const merged = settings?.config.providers?.[name];
      const isTheirs = merged && theirs.kind !== undefined && merged.kind === theirs.kind && own.kind !== theirs.kind;
      if (isTheirs) expect(merged).toEqual(theirs);
    }),
    { numRuns: 60 },
  );
});

test.each([
  [{}, {}, undefined],
  [{ maxImageBytes: 5 }, {}, 5],
  [{ maxImageBytes: 5 }, { ANYIMAGE_MAX_IMAGE_BYTES: ' 200000000 ' }, 200_000_000],
])('the largest picture: %j and %j make %j', async (config, env, bytes) => {
  await user(config);
  expect((await load(env)).maxImageBytes).toBe(bytes);
});

test.each(['0', '-1', '1.5', '1e9', 'Infinity', 'large', '99999999999999'])(
  '%j is no largest picture',
  async (text) => {
    const message = expect.stringContaining('ANYIMAGE_MAX_IMAGE_BYTES must be a whole number from 1 to');
    await expect(load({ ANYIMAGE_MAX_IMAGE_BYTES: text })).rejects.toMatchObject({ code: 'config', message });
  },
);

test('where each value is from is told by layers', async () => {
  await user({ model: 'cogview' });
  await shared({ model: 'sketch' });
  const { layers } = await load({ ANYIMAGE_MODEL: 'cogview/glm-image' });
  expect(layers.map(({ kind, values }) => [kind, values.get('model')])).toEqual([
    ['environment', { value: 'cogview/glm-image', from: 'ANYIMAGE_MODEL' }],
    ['project', { value: 'sketch', from: join(project, 'anyimage.json') }],
    ['user', { value: 'cogview', from: join(home, 'config.json') }],
    ['default', { value: 'sketch', from: 'default' }],
  ]);
});

test('a mistake in a config is an error that names file and line', async () => {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'config.json'), '{\n"modle": "sketch"}');
  await expect(load()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('config.json:2') });
});

describe('the base URL that is told is the one that is asked', () => {
  const urls = ['https://one.example/v1', 'https://two.example/v1', 'https://three.example/v1'] as const;

  /** What is told of a provider's base URL, and what is asked. */
  async function told(id: string, env: Record<string, string>) {
    const settings = await load(env);
    const provider = settings.providers.find(({ definition }) => definition.id === id)!;
    const place = placeNow(provider, settings.env)!;
    const layer = settings.layers.find(({ values }) => values.has(`providers.${id}.baseURL`));
    return { told: layer?.values.get(`providers.${id}.baseURL`)?.value, ...place, definition: provider.definition };
  }

  test('a variable of another region than that of the key decides nothing', async () => {
    const env = { ZAI_API_KEY: 'test-key', ZHIPUAI_BASE_URL: urls[0] };
    expect(await told('cogview', env)).toMatchObject({ told: undefined, region: 'international' });
    await user({ providers: { cogview: { baseURL: urls[1] } } });
    expect(await told('cogview', env)).toMatchObject({ told: urls[1], baseURL: urls[1] });
    await user({ providers: { cogview: { region: 'china' } } });
    expect(await told('cogview', env)).toMatchObject({ told: urls[0], baseURL: urls[0], region: 'china' });
  });

  test('whatever the environment and the config say', async () => {
    const cases = {
      cogview: ['ZHIPU_API_KEY', 'ZAI_API_KEY', 'ZHIPU_BASE_URL', 'ZHIPUAI_BASE_URL', 'ZAI_BASE_URL'],
      google: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GOOGLE_VERTEX_BASE_URL'],
      bailian: ['DASHSCOPE_API_KEY', 'DASHSCOPE_HTTP_BASE_URL'],
    } as const;
    const ids = Object.keys(cases) as (keyof typeof cases)[];
    const setting = fc.constantFrom(...ids).chain((id) =>
      fc.record({
        id: fc.constant(id),
        variables: fc.subarray([...cases[id]]),
        region: fc.option(fc.nat({ max: 3 })),
        baseURL: fc.option(fc.constantFrom('https://mine.example/v1')),
      }),
    );
    await fc.assert(
      fc.asyncProperty(setting, async ({ id, variables, region, baseURL }) => {
        const env = Object.fromEntries(
          variables.map((name, index) => [name, name.endsWith('_KEY') ? 'test-key' : urls[index % urls.length]!]),
        );
        const { definition } = await told(id, {});
        const regions = Object.keys(definition.regions);
        const chosen = region === null ? undefined : regions[region % regions.length];
        await user({ providers: { [id]: { ...(chosen && { region: chosen }), ...(baseURL && { baseURL }) } } });
        const found = await told(id, env);
        const own = definition.regions[found.region]!.baseURL.replace(/\/+$/, '');
        expect(found.baseURL).toBe(found.told ?? own);
        await rm(join(home, 'config.json'));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a profile', () => {
  const own: Config = {
    model: 'sketch',
    output: '/all',
    budget: { currency: 'USD', perDay: 1, perRun: 1 },
    profiles: {
      work: { model: ['cogview', 'sketch'], budget: { currency: 'CNY', perDay: 7 } },
      Fun: { output: '/fun' },
    },
  };

  test('holds over the rest of the config, its budget whole, and says where it is from', async () => {
    await user({ ...own, profile: 'work' });
    const settings = await load();
    expect(settings).toMatchObject({ profile: 'work', model: ['cogview', 'sketch'], outputFolder: '/all' });
    expect(settings.config.budget).toEqual({ currency: 'CNY', perDay: 7 });
    const from = settings.layers.find(({ values }) => values.has('model'))!.values.get('model')!.from;
    expect(from).toBe(`${join(home, 'config.json')} (profile work)`);
  });

  test('is one for a run, in any capitals, and none by that word', async () => {
    await user({ ...own, profile: 'work' });
    expect(await load({ ANYIMAGE_PROFILE: 'fun' })).toMatchObject({
      profile: 'Fun',
      model: 'sketch',
      outputFolder: '/fun',
    });
    expect(await load({ ANYIMAGE_PROFILE: 'none' })).toMatchObject({ model: 'sketch', outputFolder: '/all' });
    expect(await load({ ANYIMAGE_PROFILE: ' ' })).toMatchObject({ profile: 'work' });
  });

  test('wins over a project where it is asked for now, and only there; a project has none', async () => {
    await user({ ...own, profile: 'fun' });
    await shared({ model: 'sketch/sketch-1', output: 'out', profile: 'work', profiles: { work: { model: 'auto' } } });
    expect(await load()).toMatchObject({
      profile: 'Fun',
      model: 'sketch/sketch-1',
      outputFolder: join(project, 'out'),
    });
    const asked = await load({ ANYIMAGE_PROFILE: 'fun' });
    expect(asked).toMatchObject({ model: 'sketch/sketch-1', outputFolder: '/fun' });
    expect(asked.notes).toContainEqual(expect.stringContaining('names profiles, which count in your own config alone'));
  });

  test('that there is not is told with those that there are', async () => {
    await user(own);
    await expect(load({ ANYIMAGE_PROFILE: 'wrok' })).rejects.toMatchObject({
      code: 'config',
      message: 'there is no profile "wrok", which --profile or ANYIMAGE_PROFILE names',
      hint: expect.stringContaining('work'),
    });
    await user({ profile: 'work' });
    await expect(load()).rejects.toMatchObject({
      hint: expect.stringContaining('anyimage config set profiles.work.model'),
    });
  });
});
