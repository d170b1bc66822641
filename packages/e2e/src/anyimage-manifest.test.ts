// anyimage-manifest, which the build of any provider package ends with: in a package outside of this repository.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { contractVersion } from '@anyimage/core';
import { checkManifest } from '@anyimage/host';
import { expect, test } from 'vitest';
import { root } from './pages.ts';
import { plugin } from './plugins.ts';

const { entry, files } = plugin('it');
const right = {
  name: 'anyimage-provider-it',
  version: '1.0.0',
  type: 'module',
  keywords: ['anyimage-provider'],
  engines: { node: '>=22.19.0' },
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './emulator': './dist/emulator.js',
    './manifest.json': './dist/manifest.json',
  },
  anyimage: { provider: 'it', factory: 'make', emulator: 'it' },
  peerDependencies: { '@anyimage/core': '^1.0.0' },
};

/** What the program says to a package, and the manifest that it writes. */
async function write(packageJSON: object | string, more: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-package-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(root, 'packages/e2e/node_modules/@anyimage'), join(folder, 'node_modules/@anyimage'));
  const text = typeof packageJSON === 'string' ? packageJSON : JSON.stringify(packageJSON);
  for (const [path, content] of Object.entries({ ...files, 'package.json': text, ...more })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const program = join(root, 'packages/testkit/bin/manifest.mjs');
  const run = promisify(execFile)(process.execPath, [program], { cwd: folder });
  const ended = run.then(({ stderr }) => ({ stderr, code: 0 }));
  const { stderr, code } = await ended.catch((error: { stderr: string; code: number }) => error);
  const manifest = await readFile(join(folder, 'dist/manifest.json'), 'utf8').catch(() => undefined);
  return { said: stderr.trim(), code, manifest: manifest && JSON.parse(manifest) };
}

test('it writes what apps read', async () => {
  const { said, code, manifest } = await write(right);
  expect({ said, code }).toEqual({ said: '', code: 0 });
  expect(checkManifest(manifest, right.name)).toEqual({
    contract: contractVersion,
    provider: plugin('it').entry.manifest.provider,
    factory: { module: './dist/index.js', name: 'make' },
    emulator: entry.manifest.emulator,
    hosts: ['api.it.example'],
    config: expect.objectContaining({ title: 'The service it', additionalProperties: false }),
  });
  const { emulator: _, ...anyimage } = right.anyimage;
  expect((await write({ ...right, anyimage })).manifest.emulator).toBeUndefined();
});

type Refusal = [what: string, packageJSON: object | string, problem: string, more?: Readonly<Record<string, string>>];

test.each<Refusal>([
  ['no JSON', '{', 'package.json is no JSON'],
  ['no provider', { ...right, anyimage: undefined }, 'package.json must say which provider it has'],
  ['no keyword', { ...right, keywords: ['image'] }, 'keywords of package.json must have "anyimage-provider"'],
  ['CommonJS', { ...right, type: undefined }, 'must say "type": "module"'],
  ['no Node', { ...right, engines: undefined }, 'must say "engines"'],
  [
    'no manifest',
    { ...right, exports: { ...right.exports, './manifest.json': undefined } },
    'must have "./manifest.json"',
  ],
  ['core as a dependency', { ...right, dependencies: { '@anyimage/core': '^1' } }, 'must be in peerDependencies'],
  ['no core', { ...right, peerDependencies: {} }, 'must be in peerDependencies'],
  [
    'no main module',
    { ...right, exports: { './manifest.json': './dist/manifest.json' } },
    'exports of package.json must have "."',
  ],
  ['another name', { ...right, anyimage: { ...right.anyimage, factory: 'it' } }, './dist/index.js exports no it'],
  [
    'another id',
    { ...right, anyimage: { ...right.anyimage, provider: 'that' } },
    'anyimage.provider of package.json is "that", but the code says "it"',
  ],
  [
    'another emulator',
    { ...right, anyimage: { ...right.anyimage, emulator: 'that' } },
    'anyimage.emulator of package.json is "that"',
  ],
  [
    'no module of the emulator',
    { ...right, exports: { ...right.exports, './emulator': undefined } },
    'must have "./emulator"',
  ],
  [
    'what is not built',
    { ...right, exports: { ...right.exports, '.': './dist/other.js' } },
    './dist/other.js is not built',
  ],
  [
    'what throws',
    right,
    './dist/index.js throws: out of order',
    { 'dist/index.js': "throw new Error('out of order');" },
  ],
  [
    'a factory that throws',
    right,
    'make() throws: no',
    { 'dist/index.js': "export const make = () => { throw new Error('no'); };" },
  ],
  [
    'a misspelt word in the table',
    right,
    'its table is not right: it-1.prizes is no word of a table here: did you mean prices?',
    { 'dist/index.js': files['dist/index.js']!.replace('"prices":', '"prizes":') },
  ],
  [
    'another key',
    right,
    'gives the key by OTHER_KEY, which',
    { 'dist/emulator.js': files['dist/emulator.js']!.replace('IT_API_KEY', 'OTHER_KEY') },
  ],
  [
    'another address',
    right,
    'gives its address by OTHER_URL',
    { 'dist/emulator.js': files['dist/emulator.js']!.replace('IT_BASE_URL', 'OTHER_URL') },
  ],
])('it refuses %s in one line, and writes nothing', async (_, packageJSON, problem, more = {}) => {
  const { said, code, manifest } = await write(packageJSON, more);
  expect(said).toContain(problem);
  expect(said).toMatch(/^anyimage-manifest: [^\n]+$/);
  expect({ code, manifest }).toEqual({ code: 1, manifest: undefined });
});
