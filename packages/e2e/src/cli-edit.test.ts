// Changing pictures at the command line: by a path, from the history and through pipes, with a command for each operation of the tables.

import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pictureFacts } from '@anyimage/core';
import { drawTestCard } from '@anyimage/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { install, plugin } from './plugins.ts';
import { newPerson, type Person, program } from './run-cli.ts';

let person: Person;
beforeEach(async () => {
  person = await newPerson();
  await writeFile(join(person.folder, 'card.png'), drawTestCard({ prompt: 'x', width: 64, height: 64, seed: 1 }));
});

const bytes = (name: string) => readFile(join(person.folder, name));

/** Runs words of a shell with the command line as `anyimage`. */
const shell = async (words: string) => {
  const { folder, env } = person;
  const script = `anyimage() { "${process.execPath}" "${program}" "$@"; }; set -o pipefail; cd "${folder}"; ${words}`;
  return promisify(execFile)('bash', ['-c', script], { env, encoding: 'utf8' });
};

test('a picture goes through two edits and three pipes, with a prompt from a fourth', async () => {
  await writeFile(join(person.folder, 'prompt.txt'), 'make it red\n');
  const edits = 'cat card.png | anyimage edit - "make it winter" -o - | anyimage edit - "make it night" -o - > two.png';
  const { stdout } = await shell(`${edits}; cat prompt.txt | anyimage edit two.png -o - > three.png`);
  expect(stdout).toBe('');
  expect([pictureFacts(await bytes('two.png')), pictureFacts(await bytes('three.png'))]).toMatchObject([
    { mediaType: 'image/png', width: 64 },
    { mediaType: 'image/png', width: 64 },
  ]);
  const kept = (await readdir(person.folder)).filter((name) => /^make-.*\.png$/.test(name));
  expect(kept).toHaveLength(3);
  const record = JSON.parse(String(await bytes(`${kept[0]}.json`)));
  expect(record.request).toMatchObject({ images: ['bytes'] });
  const again = await person.run('again', kept[0]!);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('Give them with --image')]);
});

test('the last picture and one by its id are edited where they are, moved or not', async () => {
  await person.run('a red boat', '--size', '64x64', '-o', 'boat.png');
  const { pictures } = JSON.parse((await person.run('history', '--json')).stdout);
  await mkdir(join(person.folder, 'harbour'));
  await shell('mv boat.png harbour/moved.png');
  const edited = await person.run('edit', 'last', 'make it night', '-o', 'night.png');
  expect([edited.code, edited.stderr]).toEqual([0, expect.stringContaining('last is harbour/moved.png')]);
  const byId = await person.run('edit', `p-${pictures[0].sha256.slice(0, 8)}`, 'make it winter', '-o', 'winter.png');
  expect(byId).toMatchObject({ code: 0, stdout: 'winter.png\n' });
  const { request } = JSON.parse(String(await bytes('night.png.json')));
  expect(request.images).toEqual([join(person.folder, 'harbour', 'moved.png')]);
});

test('each operation of the tables is a command, of plugins too, with a help of its own', async () => {
  const toner = plugin('toner');
  const [id, row] = Object.entries(toner.entry.manifest.provider.models)[0]!;
  const images = { count: [1, 1], types: ['image/png'], as: ['bytes'] } as const;
  const models = {
    [id!]: { ...row!, operations: { generate: {}, sepiaTone: { images, prompt: { optional: true as const } } } },
  };
  await install(person.home, [plugin('toner', { definition: { models } })]);
  const { stdout } = await person.run('sepia-tone', '--help');
  expect(stdout).toMatch(/Usage: anyimage sepia-tone\|sepiaTone .*<picture>/);
  expect(stdout).toContain('toner/toner-1');
  expect(stdout).not.toContain('--factor');
  const refused = await person.run('sepiaTone', 'card.png');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('toner/toner-1')]);
  expect((await person.run('help', 'sepia-tone')).stdout).toBe(stdout);
  expect((await person.run('sepia-tone')).stderr).toContain("missing required argument 'picture'");
  expect((await person.run('--help')).stdout).toMatch(/ {2}upscale <picture> .* enlarges a picture/);
  const upscaled = await person.run('upscale', 'card.png', '--factor', '2', '-o', 'large.png');
  expect(upscaled).toMatchObject({ code: 0, stdout: 'large.png\n' });
  expect(pictureFacts(await bytes('large.png'))).toMatchObject({ width: 128 });
});

test.skipIf(process.platform === 'win32')('a picture that was copied is edited', async () => {
  const path = join(person.folder, 'wl-paste');
  await writeFile(path, '#!/bin/sh\ncase "$1" in --list-types) echo image/png;; *) cat card.png;; esac\n');
  await chmod(path, 0o755);
  const { folder, env } = person;
  const copied = await newPerson({ ...env, PATH: `${folder}:${env.PATH}`, WAYLAND_DISPLAY: 'wayland-0' });
  await writeFile(join(copied.folder, 'card.png'), await bytes('card.png'));
  expect(await copied.run('make it night', '--clipboard', '-o', 'night.png')).toMatchObject({ code: 0 });
});

describe('what is wrong is refused before anything is sent', () => {
  test.each([
    ['the prompt first', ['edit', 'make it winter', 'card.png'], /The picture comes first: anyimage edit card.png/],
    ['a picture that is not there', ['edit', 'nosuch.png', 'x'], /nosuch.png does not exist/],
    ['an id that nobody has', ['edit', 'p-00000000', 'x'], /no picture has the id.*anyimage history lists/s],
    ['more pictures than there are', ['edit', 'last:2', 'x'], /no picture was made yet/],
    ['stdin for two things', ['edit', '-', '-'], /stdin cannot be the prompt and a picture/],
    ['stdin for two pictures', ['edit', '-', 'x', '-i', '-'], /stdin holds one picture/],
    ['nothing on stdin', ['edit', '-', 'make it night'], /nothing came on stdin/],
    ['two operations', ['upscale', 'card.png', '--operation', 'edit'], /upscale is asked for, and --operation edit/],
    ['what the operation needs', ['upscale', 'card.png'], /upscale needs a factor.*--factor 2/s],
    [
      'a model that cannot',
      ['upscale', 'card.png', '--factor', '2', '-m', 'cogview'],
      /sketch\/sketch-1 \(free\) would take it/,
    ],
    ['a region without an end', ['edit', 'card.png', 'x', '--mask-region', '1,2'], /needs 4 numbers/],
    [
      'a region beside a mask',
      ['edit', 'card.png', 'x', '--mask', 'm.png', '--mask-region', '1,2,3,4'],
      /--mask m.png is a picture/,
    ],
    ['two values of one flag', ['edit', 'card.png', 'x', '--style', 'a', '--style', 'b'], /"a" already: give it once/],
    [
      'two formats',
      ['edit', 'card.png', 'x', '-o', 'a.png', '--output-format', 'jpg'],
      /is to be png, and --output-format is jpeg/,
    ],
    [
      'a flag before the operation',
      ['-m', 'sketch', 'upscale', 'card.png'],
      /--model stands before the command upscale[\s\S]*anyimage upscale … --model <name>/,
    ],
  ])('%s', async (_, words, said) => {
    const { code, stdout, stderr } = await person.run(...words);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(said)]);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await readdir(person.folder)).toEqual(['card.png']);
  });
});
