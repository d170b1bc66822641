// What is wrong with how a program was set up is told as that: a Node that is too old, a bundle that cannot load its parts.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folderOf = (app: string) => fileURLToPath(new URL(`../../../apps/${app}/`, import.meta.url));
const apps = [
  ['anyimage', 'cli'],
  ['anyimage-mcp', 'mcp'],
] as const;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH ?? '', ...env } };
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin!.end();
  });
}

test.each(apps)('%s says which Node it needs, and nothing else', async (name, app) => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-old-'));
  const { engines } = JSON.parse(await readFile(join(folderOf(app), 'package.json'), 'utf8'));
  const needed = /\d+\.\d+/.exec(engines.node)![0];
  for (const version of ['22.18.0', '20.19.4', '18.20.8', '9.11.2']) {
    const old = join(folder, `${version}.cjs`);
    const versions = `{ ...process.versions, node: '${version}' }`;
    await writeFile(
      old,
      `Object.defineProperty(process, 'versions', { value: ${versions} }); Object.defineProperty(process, 'version', { value: 'v${version}' });`,
    );
    const started = await run(['--require', old, join(folderOf(app), 'dist', `${name}.js`)], { HOME: folder });
    expect(started).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${name} needs Node ${needed} or later; this is v${version}\n  try: a newer Node from https://nodejs.org; a checkout has one: npm start -- link\n`,
    });
  }
});

test.each(apps)('what runs before %s has looked for its Node is in words that an old one reads', async (name, app) => {
  const entry = await readFile(join(folderOf(app), 'dist', `${name}.js`), 'utf8');
  expect(entry).not.toMatch(/\bawait\b|\?\?|\?\.|\|\|=|&&=|#[a-z]|\bwith\b/i);
  const imported = [...entry.matchAll(/\bfrom\s*["']([^"']+)["']/g)].map(([, from]) => from);
  expect(imported.filter((name) => name !== 'node:module' && name !== 'node:v8')).toEqual([]);
  expect(imported).toContain('node:module');
});
