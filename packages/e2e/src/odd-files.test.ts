// What is no file, or another than was meant, where a file is read or a picture is to be written: refused at once, and not quoted.

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { drawTestCard } from '@anyimage/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { newPerson, type Person, program } from './run-cli.ts';

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

describe('a picture through a pipe', () => {
  /** Runs words of a shell with the command line as `anyimage`. */
  const shell = async (words: string) => {
    const { folder, env } = person;
    const script = `anyimage() { "${process.execPath}" "${program}" "$@"; }; cd "${folder}"; ${words}`;
    return promisify(execFile)('bash', ['-c', script], { env, encoding: 'buffer' });
  };
  const kept = async () => (await readdir(person.folder)).filter((name) => /^boat.*\.png$/.test(name));

  test.each([
    ['to a program', 'anyimage "a boat" --size 64x64 -o /dev/stdout | cat > out.png'],
    ['to a file', 'anyimage "a boat" --size 64x64 -o /dev/stdout > out.png'],
    ['by its number', 'anyimage "a boat" --size 64x64 -o /dev/fd/1 > out.png'],
    ['to a substituted process', 'anyimage "a boat" --size 64x64 -o >(cat > out.png) > /dev/null; wait $!'],
    ['to a named pipe', 'mkfifo p; cat p > out.png & anyimage "a boat" --size 64x64 -o p > /dev/null; wait'],
  ])('%s arrives whole, and is kept', async (_, words) => {
    const { stdout, stderr } = await shell(words);
    expect([stdout.toString(), stderr.toString()]).toEqual(['', expect.stringContaining('boat-')]);
    const [name] = await kept();
    expect(await readFile(join(person.folder, 'out.png'))).toEqual(await readFile(join(person.folder, name!)));
  });

  test.each([[''], ['--force']])('to /dev/null leaves the device and the picture %s', async (force) => {
    await shell(`anyimage "a boat" --size 64x64 -o /dev/null ${force}`);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    expect(await kept()).toHaveLength(1);
  });

  test.each([
    ['that nobody reads', ''],
    ['whose reader has stopped', 'sleep 30 < p & reader=$!; '],
  ])('%s lets itself be ended, and the picture is kept', async (_, reader) => {
    const wait = 'until ls boat-*.png.json > /dev/null 2>&1; do sleep 0.1; done; sleep 0.5';
    const words = `mkfifo p; ${reader}"${process.execPath}" "${program}" "a boat" -o p 2> said & made=$!; ${wait}; kill $made; wait $made; echo $?; kill $reader`;
    const { stdout } = await shell(reader ? words : words.replace('; kill $reader', ''));
    expect(stdout.toString()).toBe('143\n');
    expect(await kept()).toHaveLength(1);
    expect(await readFile(join(person.folder, 'said'), 'utf8')).toMatch(/could not write the picture to p.*kept/s);
  });

  test('whose reader leaves is told, with where the picture is', async () => {
    await shell('set -o pipefail; anyimage "a boat" -o /dev/stdout 2> said | true; echo $? > code');
    expect(await kept()).toHaveLength(1);
    const said = await readFile(join(person.folder, 'said'), 'utf8');
    const code = (await readFile(join(person.folder, 'code'), 'utf8')).trim();
    expect([code, said]).toEqual(['3', expect.stringMatching(/could not write the picture.*kept/s)]);
  });

  test.each([
    ['-n 2 -o /dev/stdout', /2 pictures cannot go through one pipe/],
    ['--json -o /dev/stdout', /--json prints to stdout/],
  ])('%s is refused before anything is drawn', async (words, message) => {
    await expect(shell(`set -o pipefail; anyimage "a boat" ${words} | cat`)).rejects.toMatchObject({ code: 2 });
    await expect(shell(`anyimage "a boat" ${words} 2>&1 | cat`)).resolves.toMatchObject({
      stdout: expect.toSatisfy((text: Buffer) => message.test(text.toString())),
    });
    expect(await kept()).toEqual([]);
  });
});

test.each([[], ['--force']])('a folder as output holds the pictures %j', async (...force: string[]) => {
  await mkdir(join(person.folder, 'out'));
  expect(await person.run('a boat', '-o', 'out', ...force)).toMatchObject({ code: 0 });
  expect((await readdir(join(person.folder, 'out'))).length).toBe(2);
});
