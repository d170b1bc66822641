// The program as npm starts it, with an npm that is a file of ours: it says how it was called, and may wait or fail.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const fakeNpm = `
import { appendFileSync, writeFileSync } from 'node:fs';
const words = process.argv.slice(2).join(' ');
appendFileSync(process.env.CALLS, words + '\\n');
console.log('Tests  50 passed (50)');
if (words.startsWith(process.env.FAILS)) { console.error('E404 no such package'); process.exitCode = 1; }
if (words.startsWith(process.env.WAITS)) { writeFileSync('half-done', ''); await fetch(process.env.TELLS); }
`;
let top: string;
let env: Record<string, string>;

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'anyimage-create-'));
  await writeFile(join(top, 'npm-cli.js'), fakeNpm);
  await writeFile(join(top, 'package.json'), '{ "type": "module" }');
  env = {
    PATH: process.env.PATH ?? '',
    npm_execpath: join(top, 'npm-cli.js'),
    CALLS: join(top, 'calls'),
    FAILS: '-',
    WAITS: '-',
  };
});
afterEach(() => rm(top, { recursive: true, force: true }));

function start(...words: readonly string[]) {
  const child = spawn(process.execPath, [program, ...words], { cwd: top, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return { child, ended: endOf(child) };
}

async function endOf(child: ChildProcess) {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

const run = (...words: readonly string[]) => start(...words).ended;

test('a package is written, installed, built and tested', async () => {
  const { code, output } = await run('it', '--job');
  expect(code, output).toBe(0);
  expect((await readFile(join(top, 'calls'), 'utf8')).split('\n')).toEqual([
    'install --no-audit --no-fund',
    'run build',
    'test',
    '',
  ]);
  expect(output).toContain('the provider it (job) of It');
  expect(output).toContain('50 tests passed');
  expect(await readFile(join(top, 'it/src/provider.ts'), 'utf8')).toContain('export const it = defineProvider');
});

test('or only written', async () => {
  const { code, output } = await run('it', '--no-install');
  expect(code).toBe(0);
  expect(output).toContain('npm install && npm run build && npm test');
  expect(await readdir(top)).not.toContain('calls');
});

test('an npm that fails is quoted, and the files stay', async () => {
  env.FAILS = 'install';
  const { code, output } = await run('it', '--yes');
  expect(code).toBe(1);
  expect(output).toMatch(
    /npm install .* failed:\s+.*E404 no such package\s+The files are in it\. .*cd it, npm install, npm test/s,
  );
  expect(await readdir(join(top, 'it'))).toContain('package.json');
});

test.each(['install', 'run build', 'test'])('Ctrl-C during npm %s leaves nothing', async (step) => {
  // npm asks it, and waits for ever.
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  Object.assign(env, { WAITS: step, TELLS: `http://127.0.0.1:${(listener.address() as AddressInfo).port}` });
  const { child, ended } = start('it', '--yes');
  const [request] = await once(listener, 'request');
  expect(await readdir(join(top, 'it'))).toContain('half-done');
  child.kill('SIGINT');
  const { code, output } = await ended;
  expect([code, output]).toEqual([130, expect.stringContaining('Interrupted: nothing is left behind.')]);
  expect(await readdir(top)).not.toContain('it');
  if (!request.socket.closed) await once(request.socket, 'close'); // npm has ended too
  listener.close();
});

test.each([
  [['--help'], 0, /npm create @anyimage\/provider \[folder\][\s\S]*--base-url[\s\S]*sync or job\?/],
  [[], 1, /Name the folder to write into/],
  [['Paint'], 1, /"Paint" cannot be a provider: .* such as paint-box/],
  [['it', 'too'], 1, /One folder/],
  [['it', '--sync', '--job'], 1, /--sync or --job/],
  [['it', '--jobs'], 1, /Unknown option '--jobs'.*--help/],
  [['it', '--label'], 1, /--label/],
  [['it', '--base-url', 'http://it.example'], 1, /https URL/],
  [['it', '--key-env', 'sk-secret'], 1, /never the key itself/],
  [['it', '--package', 'A B'], 1, /no name of an npm package/],
] as const)('%j is answered before anything is written', async (words, expected, says) => {
  const { code, output } = await run(...words);
  expect(output).toMatch(says);
  expect(code).toBe(expected);
  expect(output).not.toMatch(/\n\s+at /);
  expect((await readdir(top)).sort()).toEqual(['npm-cli.js', 'package.json']);
});
