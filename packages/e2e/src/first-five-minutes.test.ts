// docs/first-five-minutes.md, replayed: every command in its order, in one folder. What is another each time is masked.

import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPages, samplesOf } from './pages.ts';
import { program } from './run-cli.ts';

interface Step {
  readonly command: string;
  readonly shown: string;
}

const page = readPages().find(({ path }) => path === 'docs/first-five-minutes.md')!;
const steps = samplesOf(page).flatMap(({ text }) =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((step): Step => {
      const end = step.indexOf('\n');
      return { command: step.slice(0, end), shown: step.slice(end + 1) };
    }),
);

let folder: string;
let env: Record<string, string>;
const running: ReturnType<typeof spawn>[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-minutes-'));
  for (const name of ['bin', 'you', 'pictures']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'bin/anyimage'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
    mode: 0o755,
  });
  env = {
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    HOME: join(folder, 'you'),
    ANYIMAGE_HOME: join(folder, 'you/.anyimage'),
    ANYIMAGE_KEYCHAIN: 'off',
    LANG: 'C.UTF-8',
  };
});
afterAll(async () => {
  for (const child of running) child.kill();
  await rm(folder, { recursive: true, force: true });
});

/** What a command prints on both streams. */
function outputOf(command: string): Promise<string> {
  const options = { cwd: join(folder, 'pictures'), env };
  return new Promise((resolve) => {
    const child = execFile('bash', ['-c', `{ ${command}; } 2>&1`], options, (_, stdout) => resolve(stdout));
    child.stdin!.end();
  });
}

/** The same of an emulator, which goes on; what it says to copy is in the environment of the commands after it. */
async function emulate(command: string): Promise<string> {
  const child = spawn('bash', ['-c', `exec ${command}`], { cwd: folder, env });
  running.push(child);
  const texts = { stdout: '', stderr: '' };
  await new Promise<void>((resolve) => {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
        if (texts.stderr.includes('Ctrl-C ends it.') && texts.stderr.endsWith('\n')) resolve();
      });
    }
    child.on('close', () => resolve());
  });
  for (const [, name, value] of texts.stdout.matchAll(/^export (\w+)=(.*)$/gm)) env[name!] = value!;
  return texts.stdout + texts.stderr;
}

/** Without what is another each time: times, ports, sizes of files, seeds, ids, how a table is spaced for them, and which of two rows is made first. */
function masked(text: string): string {
  return text
    .replaceAll(join(folder, 'you'), '/home/you')
    .replaceAll(join(folder, 'pictures'), '/home/you/pictures')
    .replaceAll(/\d{4}-\d\d-\d\d( \d\d:\d\d)?/g, 'DATE')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/\d+(\.\d+)? (ms|s|B|kB|MB)\b/g, '# $2')
    .replaceAll(/"bytes":\d+/g, '"bytes":#')
    .replaceAll(/\bseed +\d{3,}/g, 'seed #')
    .replaceAll(/\bp-[0-9a-f]{8}\b/g, 'ID')
    .replaceAll(/ +/g, ' ')
    .replaceAll(/(^prompts\/.*\n)+/gm, (paths) => `${paths.trim().split('\n').toSorted().join('\n')}\n`)
    .trim();
}

test('there is something to replay', () => expect(steps.length).toBeGreaterThan(12));

test('each command of the page prints what the page shows', { timeout: 180_000 }, async () => {
  for (const { command, shown } of steps) {
    const printed = command.startsWith('anyimage emulate') ? await emulate(command) : await outputOf(command);
    expect(masked(printed), command).toBe(masked(shown));
  }
});
