// An application developer: packed tarballs in an empty project outside the repository, and the program of the README.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'anyimage-app-'));
  for (const name of ['core', 'provider-cogview']) {
    const target = join(project, 'node_modules', '@anyimage', name);
    await mkdir(target, { recursive: true });
    const { stdout } = await run(
      process.execPath,
      [join(root, 'node_modules/pnpm/bin/pnpm.cjs'), 'pack', '--json', '--pack-destination', project],
      {
        cwd: join(root, 'packages', name),
      },
    );
    const { filename } = JSON.parse(stdout) as { filename: string };
    await run('tar', ['-xzf', filename, '-C', target, '--strip-components=1']);
  }
  // What a package manager would fetch from the registry, from the workspace: the test needs no network.
  for (const name of ['zod', 'undici']) {
    await symlink(await realpath(join(root, 'packages/core/node_modules', name)), join(project, 'node_modules', name));
  }
  await mkdir(join(project, 'node_modules/@types'));
  await symlink(await realpath(join(root, 'node_modules/@types/node')), join(project, 'node_modules/@types/node'));
  await writeFile(join(project, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
}, 120_000);
afterAll(() => rm(project, { recursive: true, force: true }));

async function example(): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const code = /application\.test\.ts -->\n```ts\n(.*?)```/s.exec(readme)?.[1];
  if (!code) throw new Error('the README has no example');
  return code;
}

/** What the compiler says of a program, under strict, as an application would be set up. */
async function compile(name: string, code: string): Promise<string> {
  await writeFile(join(project, name), code);
  const settings = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    'node',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
  ];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return run(process.execPath, [tsc, ...settings, name], { cwd: project }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
}

test('the program of the README type-checks and makes a picture', async () => {
  const code = await example();
  expect(await compile('kitten.ts', code)).toBe('');
  const service = await emulator.start();
  const { stdout } = await run(process.execPath, ['kitten.ts'], {
    cwd: project,
    env: { ...process.env, ...service.env },
  });
  expect(stdout.trim()).toBe(join(await realpath(project), 'kitten.png'));
  expect((await readFile(join(project, 'kitten.png'))).subarray(1, 4).toString()).toBe('PNG');
  expect(service.requests[0]?.body).toMatchObject({ model: 'cogview-4-250304', quality: 'hd' });
  await service.close();
});

test('a wrong quality, or a word that the model does not have, is a compile error', async () => {
  const code = await example();
  expect(await compile('wrong.ts', code.replace("quality: 'hd'", "quality: 'ultra'"))).toContain(
    '\'"ultra"\' is not assignable',
  );
  expect(await compile('seed.ts', code.replace("quality: 'hd'", 'seed: 1'))).toContain('NotOfferedByThisModel');
});

test('any size compiles, and one that the model cannot make is refused when it is asked for', async () => {
  const code = (await example()).replace("quality: 'hd'", "quality: 'hd', size: '333x333'");
  expect(await compile('size.ts', code)).toBe('');
  const service = await emulator.start();
  const env = { ...process.env, ...service.env };
  const { stderr } = await run(process.execPath, ['size.ts'], { cwd: project, env });
  expect(stderr).toMatch(/^unsupported .*333x333/s);
  expect(service.requests).toEqual([]);
  await service.close();
});

test('without a key the program says what to set', async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/ZHIPU|ZAI/.test(name)));
  const { stderr } = await run(process.execPath, ['kitten.ts'], { cwd: project, env });
  expect(stderr).toMatch(/^auth no key for Zhipu CogView.*Set ZHIPU_API_KEY/s);
});
