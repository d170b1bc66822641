import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ImageError } from '@anyimage/core';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { projectConfigName } from '../config/config-files.ts';
import { loadSettings } from '../settings/settings.ts';
import { shippedStyles } from './styles.generated.ts';
import { findStyle, listStyles, promptStyle, styleNames, stylesFolder } from './styles.ts';
import type { Style } from './styles-check.ts';

const run = promisify(execFile);
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'anyimage-styles-'));
});

const settings = () => loadSettings({ env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' }, folder: home });

async function write(name: string, text: string): Promise<string> {
  const path = join(stylesFolder({ home }), `${name}.json`);
  await mkdir(stylesFolder({ home }), { recursive: true });
  await writeFile(path, text);
  return path;
}

const shipped: readonly [string, Style][] = Object.entries(shippedStyles);

test.each(shipped)('the shipped style %s is complete, concrete, and names nobody', (name, style) => {
  expect(Object.keys(style)).toEqual(['about', 'words', 'enhance']);
  expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  expect(style.about).toMatch(/^[A-Z][^\n]{9,69}[^.\n]$/);
  expect(style.words.split(/[\s,]+/).length).toBeGreaterThanOrEqual(10);
  expect(style.words.split(/[\s,]+/).length).toBeLessThanOrEqual(25);
  // Both go on in the middle of a sentence: no capital of a name, no full stop.
  for (const text of [style.words, style.enhance]) {
    expect(text).not.toMatch(/\b[A-Z][a-z]|\b(by|after|style of|à la)\b/);
    expect(text).toMatch(/^[a-z0-9][^\n"]+[a-z]$/);
  }
  // To an image model, "no text" is a word for text.
  expect(style.words).not.toMatch(/\b(no|not|without)\b/);
  expect(style.enhance.length).toBeLessThan(250);
});

test('no two shipped styles are alike, and there are a dozen', () => {
  expect(shipped.length).toBeGreaterThanOrEqual(12);
  for (const part of ['about', 'words', 'enhance'] as const) {
    expect(new Set(shipped.map(([, style]) => style[part])).size).toBe(shipped.length);
  }
});

test('of styles of one name the config wins, then the file in the home folder, then the one that ships', async () => {
  expect(await findStyle('film-photo', await settings())).toEqual({
    name: 'film-photo',
    from: 'shipped',
    ...shippedStyles['film-photo'],
  });
  const path = await write('film-photo', '{"about": "mine", "words": "my film"}');
  expect(await findStyle('film-photo', await settings())).toEqual({
    name: 'film-photo',
    from: 'home',
    path,
    about: 'mine',
    words: 'my film',
    enhance: 'my film',
  });
  const config = join(home, 'config.json');
  await writeFile(config, '{"styles": {"film-photo": "of the config"}}');
  expect(await findStyle('film-photo', await settings())).toMatchObject({
    from: 'config',
    path: config,
    words: 'of the config',
  });
});

test('a style is found however its name is spelled, its own spelling first, then a person’s own', async () => {
  for (const name of ['Film Photo', 'film_photo', 'FILM-PHOTO', 'filmPhoto']) {
    expect(await findStyle(name, await settings())).toMatchObject({ name: 'film-photo', from: 'shipped' });
    expect(await promptStyle(name, await settings())).toMatchObject({ words: shippedStyles['film-photo'].words });
  }
  await write('My_Boat', '{"words": "my boat"}');
  await write('Film_Photo', '{"words": "my film"}');
  const here = await settings();
  expect(await findStyle('my boat', here)).toMatchObject({ name: 'My_Boat', from: 'home' });
  expect(await findStyle('film photo', here)).toMatchObject({ words: 'my film' });
  expect(await findStyle('film-photo', here)).toMatchObject({ from: 'shipped' });
});

test('a style that a project brings is said to be of the project', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-project-'));
  const path = join(folder, projectConfigName);
  await writeFile(path, '{"styles": {"film-photo": "of the project"}}');
  await writeFile(join(home, 'config.json'), '{"styles": {"film-photo": "of the person", "ink": "ink on paper"}}');
  const here = await loadSettings({ env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' }, folder });
  expect(await findStyle('film-photo', here)).toMatchObject({ from: 'project', path, words: 'of the project' });
  expect(await promptStyle('film-photo', here)).toMatchObject({ label: 'a style of the project' });
  expect(await promptStyle('ink', here)).toMatchObject({ label: 'a style of your config' });
});

test('a style that is not there is told with what is near', async () => {
  await write('my-boat', '{"words": "x"}');
  await expect(findStyle('film-foto', await settings())).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining('film-photo'),
  });
  await expect(findStyle('my-baot', await settings())).rejects.toMatchObject({ hint: 'Did you mean my-boat?' });
  await expect(findStyle('qqqqqq', await settings())).rejects.toMatchObject({ hint: 'anyimage styles lists them.' });
});

test('a file whose name is no name for a style is never suggested', async () => {
  await write('a b', '{"words": "x"}');
  const here = await settings();
  expect(await styleNames(here)).not.toContain('a b');
  for (const name of ['a b', 'a  b']) {
    await expect(findStyle(name, here)).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.not.stringContaining('a b'),
    });
  }
});

test('the list holds all by name, and what is wrong with a file', async () => {
  const broken = await write('broken', '{"wrods": "x"}');
  const nameless = await write('my style', '{"words": "x"}');
  await write('.hidden', '');
  await write('good', '{"words": "x"}');
  const list = await listStyles(await settings());
  expect(list.map(({ name }) => name)).toEqual([...Object.keys(shippedStyles), 'broken', 'my style', 'good'].sort());
  expect(list.filter(({ from }) => from === 'home')).toMatchObject([
    { name: 'broken', path: broken, error: { code: 'config', message: expect.stringContaining('broken.json:1') } },
    { name: 'good', words: 'x' },
    { name: 'my style', path: nameless, error: { code: 'config', hint: 'Rename the file.' } },
  ]);
});

test.skipIf(process.platform === 'win32')(
  'few files that can be open at a time are enough for many styles',
  async () => {
    for (let at = 0; at < 300; at++) await write(`style-${at}`, '{"words": "x"}');
    const styles = JSON.stringify(join(import.meta.dirname, 'styles.ts'));
    const asked = JSON.stringify({ home, config: {}, layers: [] });
    const script = `
    const { listStyles } = await import(${styles});
    console.log((await listStyles(${asked})).filter(({ error, from }) => from === 'home' && !error).length);`;
    const words = ['--conditions=anyimage-source', '--no-warnings', '--input-type=module', '--eval', script];
    const { stdout } = await run('bash', ['-c', 'ulimit -n 40; exec "$@"', 'bash', process.execPath, ...words]);
    expect(stdout).toBe('300\n');
  },
);

test('a name leads to no file outside the folder, whatever it is', async () => {
  await writeFile(join(home, 'secret.json'), '{"words": "secret"}');
  await mkdir(stylesFolder({ home }));
  const here = await settings();
  for (const name of ['../secret', '..\\secret', 'x/../../secret', join(home, 'secret'), 'secret\0', '__proto__', '']) {
    expect(await promptStyle(name, here)).toBeUndefined();
  }
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('toString', 'constructor')),
      async (name) => {
        if (Object.hasOwn(shippedStyles, name)) return;
        const error = await findStyle(name, here).catch((reason: unknown) => reason);
        expect(ImageError.isInstance(error) && error.code).toBe('not-found');
      },
    ),
    { numRuns: 50 },
  );
});
