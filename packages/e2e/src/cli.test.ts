// The command line with the embedded provider: no key, no network.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { encodePng, pngSize } from '@anyimage/testkit';
import { describe, expect, test } from 'vitest';
import { newPerson, type Person, program } from './run-cli.ts';

const documentKeys = ['applied', 'attempts', 'cost', 'errors', 'images', 'pending', 'prompt', 'timings', 'warnings'];

test('a prompt alone makes a picture with a readable name and a sidecar, and prints its path', async () => {
  const person = await newPerson();
  const { code, stdout, stderr } = await person.run('a', 'paper', 'boat', 'at', 'dawn');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^paper-boat-at-dawn-[0-9a-f]{4}\.png\n$/);
  const name = stdout.trim();
  expect((await readdir(person.folder)).sort()).toEqual([name, `${name}.json`]);
  expect(pngSize(await readFile(join(person.folder, name)))).toEqual({ width: 1024, height: 1024 });
  expect(stderr).toContain('1024x1024 png');
  expect(stderr).not.toContain('\u001b');
});

test('size and output are exactly as asked, and the sidecar tells how to make it again', async () => {
  const person = await newPerson();
  const words = ['a red sailboat at sunset', '--size', '320x200', '--seed', '7', '-o', 'boat.png'];
  expect(await person.run(...words)).toMatchObject({ code: 0, stdout: 'boat.png\n' });
  const bytes = await readFile(join(person.folder, 'boat.png'));
  expect(pngSize(bytes)).toEqual({ width: 320, height: 200 });
  expect(JSON.parse(await readFile(join(person.folder, 'boat.png.json'), 'utf8'))).toMatchObject({
    anyimage: 1,
    prompt: { original: 'a red sailboat at sunset' },
    model: 'sketch/sketch-1',
    seed: 7,
    request: { size: '320x200', seed: 7 },
    width: 320,
    height: 200,
    bytes: bytes.length,
  });
  await person.run(...words.slice(0, -1), 'again.png');
  expect(await readFile(join(person.folder, 'again.png'))).toEqual(bytes);
});

test('several pictures of one output are numbered, all paths are printed', async () => {
  const person = await newPerson();
  const { code, stdout } = await person.run('a tree', '-n', '3', '--size', '64x64', '-o', 'trees/tree.png');
  expect(code).toBe(0);
  expect(stdout.trim().split('\n').sort()).toEqual([1, 2, 3].map((number) => join('trees', `tree-${number}.png`)));
  expect(await readdir(join(person.folder, 'trees'))).toHaveLength(6);
});

test('the ending chooses the format; what the model cannot make is converted and said', async () => {
  const person = await newPerson();
  await person.run('a boat', '--size', '64x64', '-o', 'boat.webp');
  expect((await readFile(join(person.folder, 'boat.webp'))).toString('latin1', 8, 12)).toBe('WEBP');
  const { stdout } = await person.run('a boat', '--size', '64x64', '-o', 'boat.gif', '--json');
  expect((await readFile(join(person.folder, 'boat.gif'))).toString('latin1', 0, 3)).toBe('GIF');
  expect(JSON.parse(stdout)).toMatchObject({
    images: [{ mediaType: 'image/gif' }],
    applied: [{ option: 'outputFormat', asked: 'gif', sent: 'png' }],
  });
  expect(await readdir(join(person.home, 'originals'))).toEqual([expect.stringMatching(/^boat-.*\.png$/)]);
});

test('a picture can be made of a picture', async () => {
  const person = await newPerson();
  await person.run('a house', '--size', '80x64', '-o', 'day.png');
  expect(await person.run('at night', '-i', 'day.png', '-o', 'night.png')).toMatchObject({ code: 0 });
  const [day, night] = await Promise.all(['day.png', 'night.png'].map((name) => readFile(join(person.folder, name))));
  expect(pngSize(night!)).toEqual({ width: 80, height: 64 });
  expect(night).not.toEqual(day);
});

test('pictures go to ANYIMAGE_OUTPUT, and the prompt can come from stdin', async () => {
  const person = await newPerson({ ANYIMAGE_OUTPUT: 'gallery' });
  const { stdout } = await person.pipe('a lighthouse\n', '-', '--size', '64x64', '--json');
  const document = JSON.parse(stdout);
  expect(document.prompt.original).toBe('a lighthouse');
  expect(document.images[0].path.startsWith(join(person.folder, 'gallery', 'lighthouse-'))).toBe(true);
});

test('--json prints one document: absolute paths, sizes, seed, cost', async () => {
  const person = await newPerson();
  const { code, stdout } = await person.run('a boat', '--size', '64x64', '--seed', '1', '-n', '2', '--json');
  const document = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(Object.keys(document).sort()).toEqual(documentKeys);
  expect(document.images).toHaveLength(2);
  for (const [index, image] of document.images.entries()) {
    const bytes = await readFile(image.path);
    expect(image).toEqual({
      path: expect.stringContaining(person.folder),
      width: 64,
      height: 64,
      mediaType: 'image/png',
      bytes: bytes.length,
      model: 'sketch/sketch-1',
      seed: 1 + index,
    });
  }
  expect(document.cost).toEqual([{ amount: 0, currency: 'USD', estimated: expect.any(Boolean) }]);
});

const refusals: readonly (readonly [title: string, words: string[], code: string, hint: RegExp])[] = [
  ['an empty prompt', [''], 'invalid-request', /prompt/],
  ['no picture at all', ['boat', '-n', '0'], 'invalid-request', /-n/],
  ['half a picture', ['boat', '-n', '1.5'], 'invalid-request', /-n/],
  ['a count that is no number', ['boat', '-n', 'two'], 'invalid-request', /./],
  ['a size in other words', ['boat', '--size', 'large'], 'invalid-request', /--size/],
  ['a size that the model cannot make', ['boat', '--size', '10x10'], 'unsupported', /--size 64x64.*--adapt/],
  ['a quality that the model does not have', ['boat', '--quality', 'hd'], 'unsupported', /--quality/],
  ['an option that the model does not have', ['boat', '--option', 'tme=night'], 'unsupported', /--option time/],
  ['an unknown provider', ['boat', '-m', 'sketsch'], 'not-found', /sketch/],
  ['an unknown model', ['boat', '-m', 'cogview/cogview4'], 'not-found', /cogview\/cogview-4/],
  ['a missing key', ['boat', '-m', 'cogview'], 'auth', /ZHIPU_API_KEY.*https:.*sketch/],
  ['an input that does not exist', ['at night', '-i', 'none.png'], 'invalid-request', /./],
  ['an input that is no picture', ['at night', '-i', 'notes.txt'], 'invalid-request', /./],
  ['an existing output', ['boat', '-o', 'notes.png'], 'storage', /--force/],
  ['an output folder that is a file', ['boat', '-o', 'notes.txt/boat.png'], 'storage', /folder/],
  ['an output that is no picture', ['boat', '-o', 'boat.txt'], 'invalid-request', /\.png/],
  ['an unknown flag', ['boat', '--sise', '64x64'], 'invalid-request', /--size/],
  ['a flag without its value', ['boat', '--size'], 'invalid-request', /./],
  ['a word that is nearly a command', ['modles'], 'invalid-request', /anyimage models.*anyimage make modles/],
];

test.each(refusals)(
  '%s is refused before anything is sent, for people and for programs',
  async (_, words, code, hint) => {
    const person = await newPerson();
    const files = ['notes.png', 'notes.txt'];
    for (const name of files) await writeFile(join(person.folder, name), 'mine');
    const [shown, told] = await Promise.all([person.run(...words), person.run(...words, '--json')]);

    expect(shown).toMatchObject({ code: 2, stdout: '' });
    expect(shown.stderr).toMatch(/^error: .+\n {2}try: .+/);
    expect(shown.stderr).toMatch(hint);
    expect(told.code).toBe(2);
    const document = JSON.parse(told.stdout);
    expect(Object.keys(document).sort()).toEqual([...documentKeys, 'error'].sort());
    expect(document).toMatchObject({ images: [], error: { code }, errors: [document.error] });
    expect(document.error.hint).toMatch(hint);
    expect((await readdir(person.folder)).sort()).toEqual(files);
    for (const name of files) expect(await readFile(join(person.folder, name), 'utf8')).toBe('mine');
  },
);

test('--force replaces, --adapt takes the nearest and says so', async () => {
  const person = await newPerson();
  await writeFile(join(person.folder, 'boat.png'), 'mine');
  const { code, stderr } = await person.run('boat', '--size', '10x10', '--adapt', '--force', '-o', 'boat.png');
  expect(code).toBe(0);
  expect(stderr).toContain('changed: --size 10x10 to 64x64');
  expect(pngSize(await readFile(join(person.folder, 'boat.png')))).toEqual({ width: 64, height: 64 });
});

test.each([
  ['boat', '-o', `${'x'.repeat(300)}.png`],
  ['boat', '-o', `${'x'.repeat(248)}.png`],
  ['boat', '-o', 'notes.png'],
])('an output that cannot be written is refused by --dry-run, too: %s', async (...words) => {
  const person = await newPerson();
  await writeFile(join(person.folder, 'notes.png'), 'mine');
  expect(await person.run(...words, '--dry-run')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^error: .+\n {2}try: /),
  });
  expect(await readdir(person.folder)).toEqual(['notes.png']);
});

test('--dry-run shows the calls and the price, and makes nothing', async () => {
  const person = await newPerson();
  const words = ['boat', '-m', 'cogview', '-n', '3', '--dry-run'];
  const { code, stdout, stderr } = await person.run(...words);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toMatch(/3 calls.*0\.18 CNY[\s\S]*nothing was sent/);
  const document = JSON.parse((await person.run(...words, '--json')).stdout);
  expect(Object.keys(document).sort()).toEqual([...documentKeys, 'plan'].sort());
  expect(document.plan.calls).toHaveLength(3);
  expect(await person.run('boat', '--size', '10x10', '--dry-run')).toMatchObject({ code: 2 });
  expect(await readdir(person.folder)).toEqual([]);
});

const noImageLibrary = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ resolve(name, context, next) {
    if (name === 'sharp') throw Object.assign(new Error('no sharp here'), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(name, context);
  } });`)}`;

describe('--dry-run refuses what a run refuses before anything is sent, in the same words', () => {
  const keys = { ZHIPU_API_KEY: 'test-key', ZHIPU_BASE_URL: 'http://127.0.0.1:9', OPENAI_API_KEY: 'test-key' };
  const masked = ['a moon', '-m', 'openai', '-i', 'day.png', '--mask', 'sky.png'];
  const budget = (limits: object) => ['config', 'set', 'budget', JSON.stringify({ currency: 'CNY', ...limits })];
  test.each([
    [
      'a key with characters that no key has',
      { ...keys, ZHIPU_API_KEY: 'test-kéy' },
      [],
      ['boat', '-m', 'cogview'],
      /characters that no key has/,
    ],
    [
      'more than the budget allows',
      keys,
      budget({ perCall: 0.01 }),
      ['boat', '-m', 'cogview'],
      /budget for one request/,
    ],
    ['more than the day allows', keys, budget({ perDay: 0.01 }), ['boat', '-m', 'cogview'], /budget for today/],
    [
      'a price in a currency without a rate',
      keys,
      budget({ currency: 'USD', perCall: 9 }),
      ['boat', '-m', 'cogview'],
      /the price is in CNY, the budget in USD/,
    ],
    [
      'a price that nobody knows',
      keys,
      budget({ perCall: 9 }),
      ['boat', '-m', 'openai/nobodys-model'],
      /price of openai\/nobodys-model is unknown/,
    ],
    ['a mask that nothing can encode', { ...keys, NODE_OPTIONS: `--import ${noImageLibrary}` }, [], masked, /sharp/],
  ])('%s', async (_, env, settings, words, says) => {
    const person = await newPerson(env);
    if (settings.length) expect(await person.run(...settings)).toMatchObject({ code: 0 });
    const white = { width: 64, height: 64, palette: [[255, 255, 255]] as const, row: () => new Uint8Array(64) };
    for (const name of ['day.png', 'sky.png']) await writeFile(join(person.folder, name), encodePng(white));
    const planned = await person.run(...words, '--dry-run');
    expect(planned).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
    expect(await person.run(...words)).toEqual(planned);
  });
});

test('nothing at all shows what could be asked', async () => {
  const person = await newPerson();
  expect(await person.run()).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Examples:') });
});

test('help and version go to stdout', async () => {
  const person = await newPerson();
  const help = await person.run('--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const word of ['Examples:', '--aspect-ratio', 'anyimage keys', 'ANYIMAGE_OUTPUT', 'Exit codes']) {
    expect(help.stdout).toContain(word);
  }
  expect(await person.run('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  expect(await person.run('jobs', 'resume', '--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('[id...]'),
  });
});

test('models are listed with price, sizes and whether a key is set, never the key', async () => {
  const person = await newPerson({ ZAI_API_KEY: 'test-key' });
  const { stdout } = await person.run('models');
  expect(stdout).toMatch(/sketch\/sketch-1 .*none needed.*free/);
  expect(stdout).toMatch(/cogview\/glm-image .*set .*0\.015 USD/);
  expect((await person.run('models', 'cogview/glm-image')).stdout).toMatch(/--size +1280x1280/);
  const { models } = JSON.parse((await person.run('models', '--operation', 'edit', '--json')).stdout);
  expect(models[0]).toMatchObject({ model: 'sketch/sketch-1', key: { needed: false } });
  for (const { capabilities } of models) expect(Object.keys(capabilities.operations)).toContain('edit');
  expect(JSON.stringify(models) + stdout).not.toContain('test-key');
  expect(await person.run('models', 'cogviw')).toMatchObject({ code: 2, stderr: expect.stringContaining('cogview') });
});

test('the key of one service is worth advice, and chooses nothing', async () => {
  const person = await newPerson({ ZHIPU_API_KEY: 'test-key' });
  const { stderr, stdout } = await person.run('boat', '--size', '64x64', '--json');
  expect(JSON.parse(stdout).images[0].model).toBe('sketch/sketch-1');
  expect(stderr).toContain('ZHIPU_API_KEY is set: -m cogview');
  expect((await person.run('boat', '--size', '64x64', '-m', 'sketch')).stderr).not.toContain('ZHIPU_API_KEY');
});

test('a reader that leaves early sees no stack trace', async () => {
  const person = await newPerson();
  const { child, ended } = person.start('models', '--json');
  child.stdout!.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

/** The command in a shell, where `anyimage` stands for it. */
function shell(person: Person, script: string) {
  const child = spawn('bash', ['-c', `anyimage() { exec "${process.execPath}" "${program}" "$@"; }; ${script}`], {
    cwd: person.folder,
    env: person.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { child, ended: ended.then(([stdout, stderr, [code]]) => ({ code, stdout, stderr })) };
}

describe.skipIf(process.platform === 'win32')('in a shell', () => {
  test('a folder that was deleted is no defect of ours', async () => {
    const person = await newPerson();
    const inGone = (words: string) =>
      shell(person, `mkdir gone && cd gone && rmdir ../gone && anyimage ${words}`).ended;
    expect(await inGone('boat')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: the current folder does not exist any more\n {2}try: .+\n$/),
    });
    expect(await inGone('history')).toMatchObject({ code: 0 });
  });

  test('a pipe of the shell is a picture', async () => {
    const person = await newPerson();
    await person.run('a house', '--size', '80x64', '-o', 'day.png');
    const ways = ['-i /dev/stdin < day.png', '-i <(cat day.png)', '-i file:///dev/stdin < <(cat day.png)'];
    for (const [index, way] of ways.entries()) {
      expect(await shell(person, `anyimage night -o ${index}.png ${way}`).ended).toMatchObject({ code: 0 });
      expect(pngSize(await readFile(join(person.folder, `${index}.png`)))).toEqual({ width: 80, height: 64 });
    }
    expect(await shell(person, 'cat day.png | anyimage night -i /dev/stdin --dry-run').ended).toMatchObject({
      code: 0,
    });
  });

  test('a pipe with a name, which may never get a writer, is refused', async () => {
    const person = await newPerson();
    for (const words of ['-i ff', '-i ff --dry-run', '-i day.png --mask ff', '-i /dev/null']) {
      const { ended } = shell(person, `rm -f ff; mkfifo ff; anyimage night ${words}`);
      expect(await ended).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/, not a file\n {2}try: /),
      });
    }
  });

  test('a pipe that is never written to is given up in time', async () => {
    const person = await newPerson();
    const { child, ended } = person.start('night', '-i', '/dev/stdin', '--timeout', '200ms');
    expect(await ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('200 ms') });
    expect(child.stdin!.writableEnded).toBe(false);
  });

  test.runIf(existsSync('/dev/full'))(
    'what cannot be printed is one line on stderr, and the picture is kept',
    async () => {
      const person = await newPerson();
      expect(await shell(person, 'anyimage boat --size 64x64 -o boat.png > /dev/full').ended).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/^error: not all could be printed: the disk is full$/m),
      });
      expect(await readdir(person.folder)).toEqual(['boat.png', 'boat.png.json']);
      const { code, stderr } = await shell(person, 'anyimage models --json > /dev/full').ended;
      expect({ code, stderr }).toEqual({ code: 3, stderr: 'error: not all could be printed: the disk is full\n' });
      expect(await shell(person, 'anyimage boat --size 64x64 > /dev/full 2>&1').ended).toMatchObject({ code: 3 });
      expect(await shell(person, 'anyimage boat --size 10x10 --json > /dev/full').ended).toMatchObject({ code: 2 });
    },
  );
});

test.skipIf(process.platform === 'win32')(
  'a full disk is one clear error, and leaves no part of a picture',
  async () => {
    const person = await newPerson();
    await mkdir(join(person.folder, 'out'));
    const words = [process.execPath, program, 'a boat', '-o', 'out/boat.png', '--json'];
    const child = spawn('bash', ['-c', 'ulimit -f 8; exec "$@"', 'bash', ...words], {
      cwd: person.folder,
      env: { ...person.env, NODE_DISABLE_COMPILE_CACHE: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(1);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({
      images: [],
      error: { code: 'storage', message: expect.stringContaining('larger than the system allows') },
    });
    expect(await readdir(join(person.folder, 'out'))).toEqual([]);
  },
);
