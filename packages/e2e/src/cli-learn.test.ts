// The command line teaches itself: completion in real shells, the man page, what is sent and answered.

import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { expect, test } from 'vitest';
import { newPerson, program } from './run-cli.ts';

const run = promisify(execFile);
const has = (shell: string) => spawnSync(shell, ['--version']).error === undefined;

/** A person with `anyimage` on PATH, whose usual model is CogView. */
async function withCommand() {
  const person = await newPerson({ ANYIMAGE_MODEL: 'cogview' });
  const bin = join(person.folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'anyimage'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  await chmod(join(bin, 'anyimage'), 0o755);
  return { ...person, env: { ...person.env, PATH: `${bin}${delimiter}${person.env.PATH}` } };
}

test('bash completes commands, flags, values of the model, and parts of words as it parts them', async () => {
  const { folder, env } = await withCommand();
  const lines = [
    'anyimage mod',
    'anyimage a --size=1024',
    'anyimage "a b" --aspect-ratio 16:',
    'anyimage --quality ',
    'anyimage edit pho',
  ];
  const script = `eval "$(anyimage completion bash)"
for COMP_LINE in "$@"; do COMP_POINT=\${#COMP_LINE}; _anyimage; echo "\${COMPREPLY[*]}"; done`;
  const { stdout } = await run('bash', ['--norc', '-c', script, 'bash', ...lines], { cwd: folder, env });
  expect(stdout.split('\n')).toEqual(['models', '1024x1024', '9', 'standard hd', '', '']);
});

test.skipIf(!has('fish'))('fish completes them, and files where a file is wanted', async () => {
  const { folder, env } = await withCommand();
  await writeFile(join(folder, 'photo.jpg'), '');
  const script =
    'anyimage completion fish | source; for line in $argv; complete -C $line | string split -f1 \\t; end; true';
  const lines = ['anyimage mod', 'anyimage --quality ', 'anyimage edit pho'];
  const { stdout } = await run('fish', ['--no-config', '-c', script, ...lines], { cwd: folder, env });
  expect(stdout.trim().split('\n')).toEqual(['models', 'hd', 'standard', 'photo.jpg']);
});

test.skipIf(!has('zsh'))('zsh takes its script', async () => {
  const { folder, env } = await withCommand();
  const script =
    'autoload -Uz compinit; compinit -u -d zcompdump; eval "$(anyimage completion zsh)"; print $_comps[anyimage]';
  expect((await run('zsh', ['-f', '-c', script], { cwd: folder, env })).stdout.trim()).toBe('_anyimage');
});

test('the man page comes with the package', async () => {
  const page = await readFile(join(program, '../anyimage.1'), 'utf8');
  expect(page).toBe((await (await newPerson()).run('help', '--man')).stdout);
  expect(page).toMatch(/^\.TH ANYIMAGE 1/);
});

test('--verbose and --log-file tell what is sent and answered, without key and prompt', async () => {
  const service = await emulator.start({ key: 'test-key-of-mine' });
  const person = await newPerson({ ...service.env, ANYIMAGE_MODEL: 'cogview' });
  const { code, stderr } = await person.run('a private boat', '--verbose', '--log-file', 'log.jsonl');
  await person.run('a private boat', '--log-file=log.jsonl');
  await service.close();
  expect(code).toBe(0);
  expect(stderr).toMatch(/→ POST 127\.0\.0\.1:\d+\/\S*images\/generations .*"prompt":"\(14 characters\)"/);
  expect(stderr).toMatch(/← 200 127\.0\.0\.1:\d+\/\S*images\/generations \{"created":/);
  // A picture is fetched without what its URL is signed with.
  expect(stderr).toMatch(/→ GET 127\.0\.0\.1:\d+\/\S+\n/);
  expect(stderr).toMatch(/← 200 127\.0\.0\.1:\d+\/\S+ \{"ms":\d+\}\n/);
  expect(stderr).not.toMatch(/GET \S*\?/);
  const path = join(person.folder, 'log.jsonl');
  const text = await readFile(path, 'utf8');
  expect(stderr + text).not.toMatch(/private boat|test-key/);
  const events = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.filter(({ event, method }) => event === 'request' && method === 'POST')).toHaveLength(2);
  expect(events.find(({ event }) => event === 'answer')).toMatchObject({ status: 200, time: expect.any(String) });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a log that cannot be written, or that is something else, is refused before anything is sent', async () => {
  const person = await newPerson();
  await writeFile(join(person.folder, 'boat.png'), 'a picture');
  for (const [file, told] of [
    ['boat.png', /is no log: it begins with something else/],
    ['none/log.jsonl', /could not write the log .*: the folder does not exist/],
  ] as const) {
    const { code, stdout, stderr } = await person.run('a boat', '--log-file', file);
    expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(told) });
  }
  expect(await readFile(join(person.folder, 'boat.png'), 'utf8')).toBe('a picture');
});

test.each([
  [['jobs', 'resum', 'all'], /there is no command "resum" of anyimage jobs\n.*Did you mean resume\?/],
  [['keys', 'set'], /anyimage keys set --help shows what there is/],
  [['models', 'update', '--dry-rum'], /Did you mean --dry-run\?/],
  [['a boat', '--timeout', '5'], /Are seconds meant\? Write 5s/],
  [
    ['a boat', '--size', 'large', '-m', 'cogview'],
    /cogview\/cogview-4-250304 takes --size 1024x1024, .*512 to 2048 px/,
  ],
  [['a boat', '--seed', '99999999999999999999'], /a whole number from 0 to 9007199254740991/],
])('anyimage %j is refused with what is allowed, and where the help is', async (words, told) => {
  const { code, stderr } = await (await newPerson()).run(...words);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(told) });
});
