// What the manifests of packed packages say, as a registry gets them.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './pages.ts';

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
