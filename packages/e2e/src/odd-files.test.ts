// What is no file, or another than was meant, where a file is read or a picture is to be written: refused at once, and not quoted.

import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { drawTestCard } from '@anyimage/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

let person: Person;
beforeEach(async () => {
  person = await newPerson();
});

const secret = 'SECRET-of-another-file';

/** What stands where a file is expected. */
const oddities: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'a pipe': (path) => promisify(execFile)('mkfifo', [path]),
  'a device without end': (path) => symlink('/dev/zero', path),
  'a folder': (path) => mkdir(path),
  'a link to a secret': async (path) => {
    await writeFile(join(person.home, 'secret'), `${secret}\n`);
    await symlink(join(person.home, 'secret'), path);
  },
  'a link to itself': (path) => symlink(path, path),
};

/** Where: the path, and what reads it. */
const places: Readonly<Record<string, readonly [path: () => string, ...words: string[]]>> = {
  'the config': [() => join(person.home, 'config.json'), 'a boat'],
  'the config of a project': [() => join(person.folder, 'anyimage.json'), 'a boat'],
  'the keys': [() => join(person.home, 'keys.json'), 'a boat', '-m', 'cogview'],
  'a style': [() => join(person.home, 'styles', 'ink.json'), 'a boat', '--style', 'ink'],
  'an input': [() => join(person.folder, 'odd.png'), 'a boat', '-i', 'odd.png'],
  'a mask': [() => join(person.folder, 'odd.png'), 'a boat', '-i', 'whole.png', '--mask', 'odd.png'],
};

describe.each(Object.keys(places))('as %s', (place) => {
  test.each(Object.keys(oddities))('%s is refused at once', async (oddity) => {
    const [pathOf, ...words] = places[place]!;
    const path = pathOf();
    await mkdir(dirname(path), { recursive: true });
    await mkdir(join(person.folder, '.git'));
    await writeFile(join(person.folder, 'whole.png'), drawTestCard({ prompt: 'x', width: 64, height: 64, seed: 1 }));
    await oddities[oddity]!(path);
    const { code, stdout, stderr } = await person.run(...words);
    // A link that leads nowhere is no file: what is optional is then absent.
    if (oddity !== 'a link to itself') expect([1, 2]).toContain(code);
    expect(stderr).not.toMatch(/SECRET|\n\s+at /);
    expect(stdout).not.toContain('SECRET');
  });
});

describe.each(['a pipe', 'a device without end', 'a folder'])('to %s', (oddity) => {
  test.each([[], ['--force']])('nothing is written in its place %j', async (...force: string[]) => {
    const path = join(person.folder, 'out');
    await oddities[oddity]!(path);
    const before = await stat(path);
    const { code, stderr } = await person.run('a boat', '-o', path, ...force);
    if (oddity === 'a folder') expect([code, await readdir(path)]).toEqual([0, expect.any(Array)]);
    else expect([code, stderr]).toEqual([2, expect.not.stringMatching(/--force/)]);
    const after = await stat(path);
    expect([after.mode, after.rdev]).toEqual([before.mode, before.rdev]);
    await rm(path, { recursive: true });
  });
});
