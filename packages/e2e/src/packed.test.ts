// What is packed, as a registry gets it: what the manifests say, and the one tarball that a person installs.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installedPackage } from './installed-packages.ts';
import { root } from './pages.ts';
import { startRegistry } from './registry.ts';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs');
let folder: string;
const packed: Manifest[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-packed-'));
  const places = ['--filter', './packages/*', '--filter', './apps/*'];
  await run(process.execPath, [pnpm, '-r', ...places, 'pack', '--pack-destination', folder], { cwd: root });
  for (const name of await readdir(folder)) {
    const { stdout } = await run('tar', ['-xzOf', join(folder, name), 'package/package.json']);
    const manifest = JSON.parse(stdout) as Manifest;
    if (!manifest.private) packed.push(manifest);
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

/** What a package asks for from elsewhere, as `name: range`. */
const needsOf = ({ dependencies, peerDependencies, optionalDependencies }: Manifest) =>
  Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies });

test('what a package depends on is a range, so that a program can have one of it', () => {
  const pinned = packed.flatMap((manifest) =>
    needsOf(manifest).flatMap(([name, range]) =>
      /^[\^>~]|^\*$|\|\|/.test(range) ? [] : [`${manifest.name}: ${name} ${range}`],
    ),
  );
  expect(pinned).toEqual([]);
  expect(packed.length).toBeGreaterThan(8);
});

test('all ask for the same range of a library', () => {
  const ranges = new Map<string, Set<string>>();
  for (const [name, range] of packed.flatMap(needsOf)) ranges.set(name, (ranges.get(name) ?? new Set()).add(range));
  expect([...ranges].filter(([, asked]) => asked.size > 1).map(([name]) => name)).toEqual([]);
  expect([...ranges.get('zod')!, ...ranges.get('undici')!]).toEqual(['^4.0.0', '^8.0.0']);
});

test('npm install -g of one tarball puts both commands on PATH, in an empty home, with as few packages as the README says', async () => {
  const home = join(folder, 'home');
  const tools = join(folder, 'tools');
  await mkdir(home);
  const registry = await startRegistry(installedPackage);
  const env = {
    ...registry.env(join(folder, 'cache')),
    ...{ npm_config_globalconfig: join(folder, 'no-npmrc'), npm_config_audit: 'false', npm_config_fund: 'false' },
    PATH: [join(tools, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: home,
  };
  const tarball = (await readdir(folder)).find((name) => /^anyimage-\d.*\.tgz$/.test(name))!;
  try {
    await run('npm', ['install', '--global', '--prefix', tools, join(folder, tarball)], { cwd: home, env });
  } finally {
    await registry.close();
  }

  const { stdout } = await run('anyimage', ['a boat', '--size', '64x64', '-o', 'boat.png'], { cwd: home, env });
  expect(stdout).toBe('boat.png\n');
  const client = new Client({ name: 'person', version: '1' });
  await client.connect(new StdioClientTransport({ command: 'anyimage-mcp', env, cwd: home, stderr: 'inherit' }));
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('generate_image');
  await client.close();

  // npm links it from a list alone.
  expect(await readFile(join(tools, 'share/man/man1/anyimage.1'), 'utf8')).toMatch(/^\.TH ANYIMAGE 1/);
  const [, packages, megabytes] = /(\d+) packages, (\d+) MB/.exec(await readFile(join(root, 'README.md'), 'utf8'))!;
  const { files, bytes } = await contentOf(join(tools, 'lib/node_modules'));
  const found = files.filter((path) => /node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(path));
  expect(found.length, found.join('\n')).toBeLessThanOrEqual(Number(packages));
  expect(bytes / 1e6).toBeLessThanOrEqual(Number(megabytes));
}, 120_000);

async function contentOf(top: string) {
  const entries = await readdir(top, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (path) => (await stat(path)).size));
  return { files, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
