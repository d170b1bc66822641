// Named styles: those that ship, a person's own files, and what reaches the service of both.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator } from '@anyimage/provider-cogview/emulator';
import type { Emulator } from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';
import { newServer } from './run-mcp.ts';

let service: Emulator;
let person: Person;
beforeEach(async () => {
  service = await emulator.start();
  person = await newPerson({ ...service.env, ANYIMAGE_MODEL: 'cogview', ANYIMAGE_KEYCHAIN: 'off' });
});
afterEach(() => service.close());

interface Listed {
  readonly name: string;
  readonly from: string;
  readonly words?: string;
  readonly enhance?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

async function listed(...words: readonly string[]): Promise<readonly Listed[]> {
  return JSON.parse((await person.run('styles', ...words, '--json')).stdout).styles;
}

async function writeStyle(name: string, text: string): Promise<string> {
  const path = join(person.home, 'styles', `${name}.json`);
  await mkdir(join(person.home, 'styles'), { recursive: true });
  await writeFile(path, text);
  return path;
}

const sent = (point: string) => service.requests.filter((one) => one.point === point).map(({ body }) => body);

test('the words of a style that ships are in the prompt that is sent, and the result says so', async () => {
  const [style] = await listed('film-photo');
  expect(style).toMatchObject({ name: 'film-photo', from: 'shipped' });
  const { code, stdout } = await person.run('a paper boat', '--style', 'film-photo', '--json');
  expect(code).toBe(0);
  expect(sent('generate')).toMatchObject([{ prompt: `a paper boat, ${style!.words}` }]);
  expect(JSON.parse(stdout)).toMatchObject({
    applied: [
      {
        option: 'style',
        asked: 'film-photo',
        sent: 'words in the prompt',
        because: expect.stringContaining('of anyimage'),
      },
    ],
  });
});

test('a German prompt is translated with a style as without, and made again alike', async () => {
  await person.run('Ein Papierboot bei Sonnenaufgang', '--style', 'film-photo', '-o', 'boat.png');
  expect(sent('chat')).toHaveLength(1);
  await person.run('again', 'boat.png', '-o', 'again.png');
  const [first, second] = sent('generate');
  expect(second).toEqual(first);
  expect(JSON.stringify(first)).toContain('35mm');
});

test("a person's own file wins over the style that ships, and a mistake in it is told when it is named", async () => {
  const path = await writeStyle('film-photo', '{"about": "mine", "words": "my film"}');
  expect(await person.run('a boat', '--style', 'film-photo')).toMatchObject({ code: 0 });
  expect(sent('generate')).toMatchObject([{ prompt: 'a boat, my film' }]);
  await writeFile(path, '{\n  "wrods": "my film"\n}');
  expect(await person.run('a boat', '--style', 'comic')).toMatchObject({ code: 0 });
  const { code, stdout, stderr } = await person.run('a boat', '--style', 'film-photo', '--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'config', message: `${path}:2: unknown key "wrods"` } });
  expect(stderr).toContain('Did you mean words?');
  expect(service.submissions).toBe(2);
  const broken = (await listed()).find(({ name }) => name === 'film-photo');
  expect(broken).toMatchObject({ from: 'home', path, error: { code: 'config' } });
  expect((await person.run('styles')).stdout).toMatch(/film-photo +home +.*film-photo\.json:2: unknown key/);
});

test('the text model is asked for the style that enhance names; both words go together', async () => {
  const [style] = await listed('film-photo');
  await person.run('a paper boat', '--enhance', 'film-photo', '--style', 'comic', '-o', 'boat.png');
  expect(JSON.stringify(sent('chat'))).toContain(`Style: ${style!.enhance}.`);
  expect(JSON.stringify(sent('generate'))).toContain('a paper boat, in soft morning light, comic');
  // Made again, it is sent as it was, whatever became of the style.
  await writeStyle('film-photo', '{"words": "x", "enhance": "a text of my own"}');
  expect(await person.run('again', 'boat.png', '-o', 'again.png')).toMatchObject({ code: 0 });
  expect(sent('chat')).toHaveLength(1);
  expect(sent('generate')[1]).toEqual(sent('generate')[0]);
  // Asked anew, it is asked of the same style, though no flag says so.
  expect(await person.run('again', 'boat.png', '-m', 'cogview', '-o', 'anew.png')).toMatchObject({ code: 0 });
  expect(JSON.stringify(sent('chat').at(-1))).toContain('a text of my own');
});

test('a picture is made again byte for byte after its style of words was changed, and after it is gone', async () => {
  const artist = await newPerson({ ANYIMAGE_KEYCHAIN: 'off' });
  const bytes = (name: string) => readFile(join(artist.folder, name));
  const recorded = async (name: string) => JSON.parse(String(await bytes(`${name}.json`)));
  await artist.run('config', 'set', 'styles.mine', 'at night, in the snow');
  await artist.run('a red boat', '--style', 'mine', '--size', '96x64', '-o', 'boat.png');
  await artist.run('config', 'set', 'styles.mine', 'at noon, a green house');
  expect(await artist.run('again', 'boat.png', '-o', 'changed.png')).toMatchObject({ code: 0 });
  await artist.run('config', 'unset', 'styles.mine');
  expect(await artist.run('again', 'boat.png', '-o', 'gone.png')).toMatchObject({ code: 0 });
  expect(await artist.run('again', 'gone.png', '-o', 'later.png')).toMatchObject({ code: 0 });
  for (const name of ['changed.png', 'gone.png', 'later.png']) {
    expect(await bytes(name)).toEqual(await bytes('boat.png'));
    const { prompt, request, applied } = await recorded(name);
    expect(prompt).toEqual({ original: 'a red boat', sent: 'a red boat, at night, in the snow' });
    expect(request).toMatchObject({ prompt: 'a red boat', style: 'mine' });
    expect(applied).toMatchObject([{ option: 'style', asked: 'mine', sent: 'words in the prompt' }]);
  }
  const missing = await artist.run('again', 'boat.png', '--style', 'mine', '-o', 'missing.png');
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('there is no style "mine"')]);
});

test('a translated prompt is sent again as it was, also where nothing of it is remembered', async () => {
  await person.run('Ein Papierboot bei Sonnenaufgang', '--style', 'film-photo', '-o', 'boat.png');
  await rm(join(person.home, 'prompts'), { recursive: true });
  await person.run('again', 'boat.png', '-o', 'again.png');
  expect(sent('generate')[1]).toEqual(sent('generate')[0]);
  expect(sent('chat')).toHaveLength(1);
  const record = JSON.parse(await readFile(join(person.folder, 'again.png.json'), 'utf8'));
  expect(record.prompt.original).toBe('Ein Papierboot bei Sonnenaufgang');
  await person.run('again', 'boat.png', '--translate', 'auto', '-o', 'anew.png');
  expect(sent('chat')).toHaveLength(2);
});

test('a style without a name is none', async () => {
  const { code, stdout } = await person.run('a boat', '--style', '', '--dry-run', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).plan.calls[0].style).toBeUndefined();
});

test('a job that is fetched later knows the style that was named, and is made again with its words once', async ({
  onTestFinished,
}) => {
  const jobs = await bailian.start({ checks: 1 });
  onTestFinished(() => jobs.close());
  const waiting = await newPerson({ ...jobs.env, ANYIMAGE_MODEL: 'bailian/wan2.2-t2i-flash' });
  const checked = jobs.next('answered', ({ point }) => point === 'check');
  const { child, ended } = waiting.start('a boat', '--style', 'comic');
  await checked;
  child.kill('SIGKILL');
  await ended;
  expect(await waiting.run('jobs', 'resume', 'all', '-o', 'boat.png')).toMatchObject({ code: 0 });
  const told = JSON.parse((await waiting.run('info', 'boat.png', '--json')).stdout);
  expect(told).toMatchObject({ prompt: { original: 'a boat' }, request: { prompt: 'a boat', style: 'comic' } });
  const { stdout } = await waiting.run('again', 'boat.png', '--dry-run', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ plan: { calls: [{ prompt: told.prompt.sent }] } });
  expect(told.prompt.sent).toMatch(/^a boat, comic book panel/);
  expect(jobs.submissions).toBe(1);
});

test('a style that became words is told as such, a text model with the plan', async () => {
  const { stderr } = await person.run('a boat', '--style', 'comic', '--enhance', '--dry-run');
  expect(stderr).toContain('note: comic is a style of anyimage: its words were added to the prompt');
  expect(stderr).not.toContain('left out');
  expect(stderr).toContain('enhance: the text model of cogview');
  expect(service.requests).toHaveLength(0);
});

test('a file whose name is no name for a style is listed as such and not suggested', async () => {
  await writeStyle('a b', '{"words": "x"}');
  const { code, stderr } = await person.run('styles', 'a b');
  expect([code, stderr]).toEqual([2, expect.not.stringContaining('mean a b')]);
  expect((await listed()).find(({ name }) => name === 'a b')).toMatchObject({
    error: { code: 'config', hint: 'Rename the file.' },
  });
});

test('a style of a project is told to be of the project, also where it is not trusted', async () => {
  await writeFile(join(person.folder, 'anyimage.json'), '{"styles": {"comic": "of this project"}}');
  const { stderr } = await person.run('a boat', '--style', 'comic', '--dry-run');
  expect(stderr).toContain('prompt a boat, of this project');
  expect(stderr).toContain('comic is a style of the project');
  expect((await person.run('styles')).stdout).toMatch(/^comic +project +of this project$/m);
});

test('a misspelt style is refused with what is near, before anything is sent', async () => {
  const { code, stderr } = await person.run('a boat', '--style', 'film-foto');
  expect(code).toBe(2);
  expect(stderr).toContain(
    'there is no style "film-foto", and cogview/cogview-4-250304 has none of that name; nearest',
  );
  expect(stderr).toContain('try: Use --style film-photo.');
  expect(service.requests).toHaveLength(0);
  expect(await person.run('styles', 'film-foto')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean film-photo?'),
  });
});

test('a style of the model is the model’s', async () => {
  const { stdout } = await person.run('a boat', '-m', 'sketch', '--style', 'watercolor', '--size', '64x64', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ prompt: { original: 'a boat' }, applied: [] });
});

test('styles lists where each is from, and shows one', async () => {
  await writeStyle('my-ink', '{"words": "ink on paper"}');
  await person.run('config', 'set', 'styles.noir', 'black and white');
  expect(await listed()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'comic', from: 'shipped', about: expect.any(String) }),
      expect.objectContaining({ name: 'my-ink', from: 'home', path: join(person.home, 'styles', 'my-ink.json') }),
      expect.objectContaining({ name: 'noir', from: 'config', path: join(person.home, 'config.json') }),
    ]),
  );
  const { code, stdout, stderr } = await person.run('styles');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^STYLE +FROM +ABOUT\n/);
  expect(stdout).toMatch(/^my-ink +home +ink on paper$/m);
  expect(stderr).toContain(join(person.home, 'styles', 'NAME.json'));
  expect((await person.run('styles', 'noir')).stdout).toMatch(/^noir {2}black and white\n.*config\.json\n.*--style/);
  expect((await person.run('--help')).stdout).toContain('one of anyimage styles');
});

test('an agent has the same styles, and a file that changes counts with the next call', async () => {
  const server = await newServer({ ...service.env, ANYIMAGE_MODEL: 'cogview', ANYIMAGE_HOME: person.home });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport(server));
  const draw = (words: object) =>
    client.callTool({ name: 'generate_image', arguments: { prompt: 'a boat', ...words } });
  try {
    const { tools } = await client.listTools();
    const style = tools.find(({ name }) => name === 'generate_image')!.inputSchema.properties!.style;
    const names = (await listed()).filter(({ from }) => from === 'shipped').map(({ name }) => name);
    expect(names.filter((name) => !(style as { description: string }).description.includes(name))).toEqual([]);

    await draw({ style: 'comic' });
    expect(JSON.stringify(sent('generate'))).toContain('a boat, comic book panel');
    for (const enhance of ['first wish', 'second wish']) {
      await writeStyle('mine', JSON.stringify({ words: 'x', enhance }));
      await draw({ enhance: 'mine' });
      expect(JSON.stringify(sent('chat').at(-1))).toContain(enhance);
    }
    const refused = await draw({ style: 'comics', negotiation: 'strict' });
    expect(refused).toMatchObject({ isError: true });
    expect(JSON.stringify(refused.content)).toContain('nearest: comic');
  } finally {
    await client.close();
  }
});
