import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { providerCheck } from '../services/provider-check.ts';
import { providers } from '../services/providers.generated.ts';
import { changeConfig, configValue, editConfig, setTyped } from './config-edit.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  path = join(folder, 'home', 'config.json');
});

const edit = (key: string, value: Parameters<typeof editConfig>[2]) =>
  editConfig(path, key, value, providerCheck({ providers, isLeftOut: () => false }));
const read = async () => JSON.parse(await readFile(path, 'utf8'));

test('keys are set and removed, and the others stay in their order', async () => {
  await edit('model', 'sketch');
  await edit('budget.currency', 'EUR');
  await edit('budget.perDay', 2);
  await edit('providers.cogview.region', 'china');
  await edit('model', ['cogview', 'sketch']);
  expect(JSON.stringify(await read())).toBe(
    '{"model":["cogview","sketch"],"budget":{"currency":"EUR","perDay":2},"providers":{"cogview":{"region":"china"}}}',
  );
  await edit('providers.cogview.region', undefined);
  await edit('model', undefined);
  expect(await read()).toEqual({ budget: { currency: 'EUR', perDay: 2 } });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'home'))).toEqual(['config.json']);
});

test('what no config may have is refused, and the file stays', async () => {
  await edit('model', 'sketch');
  await expect(edit('modle', 'sketch')).rejects.toMatchObject({
    code: 'config',
    hint: expect.stringContaining('model'),
  });
  await expect(edit('budget.perDay', 2)).rejects.toMatchObject({ message: expect.stringContaining('budget.currency') });
  await expect(edit('budget..perDay', 2)).rejects.toMatchObject({ code: 'config' });
  for (const key of ['__proto__.model', 'providers.__proto__', 'aliases.__proto__']) {
    await expect(edit(key, 'sketch')).rejects.toMatchObject({ code: 'config' });
  }
  expect(await read()).toEqual({ model: 'sketch' });
});

test('a file with a mistake is not made worse', async () => {
  path = join(folder, 'config.json');
  await writeFile(path, '{"model": ');
  await expect(edit('model', 'sketch')).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining(path),
  });
  expect(await readFile(path, 'utf8')).toBe('{"model": ');
});

test('a key is removed though it is the mistake', async () => {
  path = join(folder, 'config.json');
  await writeFile(path, '{"providers": {"gone": {"region": "china"}}, "model": "sketch"}');
  await expect(edit('output', 'x')).rejects.toMatchObject({ code: 'config' });
  await expect(edit('output', undefined)).rejects.toMatchObject({ code: 'config' });
  await edit('providers.gone', undefined);
  expect(await read()).toEqual({ model: 'sketch' });
});

test('a value that is made of the one before loses nothing of what others write at the same time', async () => {
  const add = (name: string) =>
    changeConfig(path, 'aliases.all', (before = []) => [...(before as readonly string[]), name]);
  const names = ['a', 'b', 'c', 'd', 'e'];
  await Promise.all(names.map(add));
  expect((await read()).aliases.all.toSorted()).toEqual(names);
  await changeConfig(path, 'aliases.all', () => undefined);
  expect(await read()).toEqual({});
  const refusal = new Error('not now');
  await expect(
    changeConfig(path, 'model', () => {
      throw refusal;
    }),
  ).rejects.toMatchObject({ cause: refusal });
});

test('typed text becomes the value that fits', async () => {
  const value = (key: string, text: string) =>
    configValue(path, key, text, providerCheck({ providers, isLeftOut: () => false }));
  await edit('budget.currency', 'EUR');
  expect(await value('model', 'sketch')).toBe('sketch');
  expect(await value('model', '["cogview", "sketch"]')).toEqual(['cogview', 'sketch']);
  expect(await value('budget.perDay', '2.5')).toBe(2.5);
  expect(await value('budget.allowUnknown', 'true')).toBe(true);
  expect(await value('styles.year', '1984')).toBe('1984');
  await expect(value('budget.perDay', 'much')).rejects.toThrow(/number/);
});

test.each([
  ['model', '[]', 'model must be a model, or a list of at least one'],
  ['model', '{"sketch": 1}', 'model must be a model, or a list'],
  ['styles.foo', '{"about":"a"}', 'styles.foo must be text'],
  ['output', '["a"]', 'output must be text'],
  ['budget', '[]', 'budget must be an object'],
])('a list or an object that does not fit is refused, never kept as text: %s %s', async (key, text, message) => {
  const refusal = { code: 'config', message: expect.stringContaining(message) };
  await expect(
    configValue(path, key, text, providerCheck({ providers, isLeftOut: () => false })),
  ).rejects.toMatchObject(refusal);
});

test('whatever JSON is typed, a list or an object never becomes text', async () => {
  const keys = fc.constantFrom('model', 'output', 'styles.foo', 'aliases.foo', 'allowNetworks', 'budget', 'proxy');
  await fc.assert(
    fc.asyncProperty(keys, fc.json(), async (key, text) => {
      const value = await configValue(path, key, text, providerCheck({ providers, isLeftOut: () => false })).catch(
        (error) => {
          expect(error).toMatchObject({ code: 'config' });
          return undefined;
        },
      );
      if (typeof JSON.parse(text) === 'object' && JSON.parse(text) !== null) expect(value).not.toBeTypeOf('string');
    }),
    { numRuns: 200 },
  );
});

test('changes at the same time are all kept', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `style${index}`);
  await Promise.all(names.map((name) => edit(`styles.${name}`, name)));
  expect(Object.keys((await read()).styles).sort()).toEqual(names);
  await Promise.all(names.map((name) => edit(`styles.${name}`, undefined)));
  expect(await read()).toEqual({});
});

test('a server of one’s own is set whole, then key by key', async () => {
  const set = async (key: string, text: string) =>
    edit(key, await configValue(path, key, text, providerCheck({ providers, isLeftOut: () => false })));
  const lone = expect.stringContaining('providers.my-box needs a baseURL');
  const both = expect.stringContaining('anyimage config set providers.my-box \'{"kind":"openai","baseURL":');
  await expect(set('providers.my-box.kind', 'openai')).rejects.toMatchObject({ message: lone, hint: both });
  await expect(set('providers.my-box.baseURL', 'http://127.0.0.1:8080/v1')).rejects.toMatchObject({ hint: both });
  await set('providers.my-box', '{"kind":"openai","baseURL":"http://127.0.0.1:8080/v1"}');
  await set('providers.my-box.defaultModel', 'flux');
  await set('providers.xai.region', 'global');
  const whole = {
    'my-box': { kind: 'openai', baseURL: 'http://127.0.0.1:8080/v1', defaultModel: 'flux' },
    xai: { region: 'global' },
  };
  expect(await read()).toEqual({ providers: whole });
  await expect(edit('providers.my-box.baseURL', undefined)).rejects.toMatchObject({ message: lone });
  await expect(set('providers.my-box.keyEnv', 'test-key')).rejects.toThrow('must be the name of a variable');
  expect(await read()).toEqual({ providers: whole });
  await edit('providers.my-box', undefined);
  expect(await read()).toEqual({ providers: { xai: { region: 'global' } } });
});

test('a project’s config may hold part of a server, which the person’s has the rest of', async () => {
  const value = await configValue(path, 'providers.my-box.baseURL', 'http://127.0.0.1:1/v1');
  await editConfig(path, 'providers.my-box.baseURL', value);
  expect(await read()).toEqual({ providers: { 'my-box': { baseURL: 'http://127.0.0.1:1/v1' } } });
  await expect(configValue(path, 'providers.my-box.baseURL', 'no URL')).rejects.toThrow('must be an http(s) URL');
  await editConfig(path, 'providers.my-box', undefined);
  expect(await read()).toEqual({});
});

describe.skipIf(process.platform === 'win32')('an edit changes what the file says, and nothing else of it', () => {
  test.each([0o600, 0o640, 0o644, 0o660, 0o664, 0o666, 0o400, 0o755])('mode %o', async (mode) => {
    await edit('model', 'sketch');
    await chmod(path, mode);
    const before = process.umask(0o077);
    try {
      await edit('model', 'cogview');
    } finally {
      process.umask(before);
    }
    expect((await stat(path)).mode & 0o7777).toBe(mode);
    expect(await read()).toEqual({ model: 'cogview' });
  });

  test.skipIf(process.getuid?.() !== 0)('owner and group', async () => {
    await edit('model', 'sketch');
    await chown(path, 1234, 5678);
    await edit('model', 'cogview');
    expect(await stat(path)).toMatchObject({ uid: 1234, gid: 5678 });
  });

  test.each([
    ['a link', 1, true],
    ['a row of links', 3, true],
    ['a link to a file that is not there yet', 2, false],
  ])('%s', async (_, links, isThere) => {
    const files = join(folder, 'dotfiles');
    await mkdir(join(folder, 'home'));
    await mkdir(files);
    const target = join(files, 'anyimage.json');
    if (isThere) await writeFile(target, '{"model":"sketch"}', { mode: 0o664 });
    const mode = isThere ? (await stat(target)).mode : 0o100600;
    const row = [path, ...Array.from({ length: links - 1 }, (_, index) => join(files, `link-${index}`))];
    for (const [index, link] of row.entries()) {
      const to = row[index + 1] ?? target;
      await symlink(index === 0 ? to : `./${to.split('/').at(-1)}`, link);
    }
    await edit('model', 'cogview');
    for (const link of row) expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readlink(path)).toBe(row[1] ?? target);
    expect((await lstat(target)).isFile()).toBe(true);
    expect((await stat(target)).mode).toBe(mode);
    expect(await read()).toEqual({ model: 'cogview' });
    expect((await readdir(files)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('a link that leads up from a folder that is a link itself', async () => {
    const files = join(folder, 'dotfiles', 'anyimage');
    await mkdir(files, { recursive: true });
    await symlink(files, join(folder, 'home'));
    await symlink('../shared.json', path);
    const target = join(folder, 'dotfiles', 'shared.json');
    await writeFile(target, '{"output":"pictures"}');
    await edit('model', 'cogview');
    expect(JSON.parse(await readFile(target, 'utf8'))).toEqual({ output: 'pictures', model: 'cogview' });
    expect(await readdir(folder)).toEqual(['dotfiles', 'home']);
  });

  test('links in a circle are refused', async () => {
    await mkdir(join(folder, 'home'));
    await symlink(path, path);
    await expect(edit('model', 'sketch')).rejects.toMatchObject({ code: 'storage' });
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });
});

describe('a limit of the budget is said with its currency', () => {
  test('which is set with it, and stays where it is said again', async () => {
    expect(await setTyped(path, 'budget.perDay', '1 USD')).toBe('1 USD');
    await setTyped(path, 'budget.perCall', '$0.20');
    await setTyped(path, 'budget.perRun', '3');
    expect(await read()).toEqual({ budget: { currency: 'USD', perDay: 1, perCall: 0.2, perRun: 3 } });
  });

  test('or refused with the line that says it', async () => {
    await expect(setTyped(path, 'budget.perDay', '1')).rejects.toMatchObject({
      code: 'config',
      hint: expect.stringContaining('anyimage config set budget.perDay "1 USD"'),
    });
    await expect(setTyped(path, 'budget.perDay', '1 GBP')).rejects.toThrow('must be USD, CNY or EUR');
    await setTyped(path, 'budget.perDay', '1 USD');
    await expect(setTyped(path, 'budget.perRun', '7 CNY')).rejects.toMatchObject({
      message: 'the budget is in USD, so its perRun cannot be in CNY',
    });
    expect(await read()).toEqual({ budget: { currency: 'USD', perDay: 1 } });
    await setTyped(path, 'budget.perDay', '7 CNY');
    expect(await read()).toEqual({ budget: { currency: 'CNY', perDay: 7 } });
  });

  test('and what another currency is worth, as a number, with its day', async () => {
    await setTyped(path, 'budget.perDay', '1 USD');
    await setTyped(path, 'budget.rates.CNY', '0.14');
    const { budget } = await read();
    expect(budget.rates.CNY).toEqual({ rate: 0.14, date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  });

  test('as is what a call may cost before one is asked', async () => {
    await setTyped(path, 'askAbove', '0.5 USD');
    expect(await read()).toEqual({ askAbove: { amount: 0.5, currency: 'USD' } });
  });
});
