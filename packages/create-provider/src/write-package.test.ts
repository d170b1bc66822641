import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { complete, type Given } from './answers.ts';
import { writePackage } from './write-package.ts';

const versions = { zod: '4.6.7', '@anyimage/core': '^0.1.0' };
let top: string;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'anyimage-create-'));
});
afterAll(() => rm(top, { recursive: true, force: true }));

/** The files of a package, by path. */
async function write(given: Given & { readonly folder: string }): Promise<Record<string, string>> {
  const folder = join(top, given.folder);
  const { files } = await writePackage(complete({ ...given, folder }), versions);
  const texts = await Promise.all(
    files.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const),
  );
  return Object.fromEntries(texts);
}

describe.each(['sync', 'job'])('a %s package', (mode) => {
  test('is whole, and has the names that were given', async () => {
    const given = { packageName: '@me/it', label: 'R&D 2.0', baseURL: 'https://it.example', keyEnv: 'MY_TOKEN', mode };
    const files = await write({ folder: `${mode}/it`, ...given });
    expect(Object.keys(files).sort()).toEqual([
      ...['.github/workflows/test.yml', '.gitignore', 'LICENSE', 'README.md', 'package.json'],
      ...['src/capabilities.ts', 'src/emulator.ts', 'src/index.ts', 'src/provider.test.ts', 'src/provider.ts'],
      ...['src/refused.test.ts', 'src/wire.ts', 'tsconfig.build.json', 'tsconfig.json'],
    ]);
    expect(Object.values(files).join('\n')).not.toMatch(/paint[ _-]?box|\/v1\b/i);
    expect(JSON.parse(files['package.json']!)).toMatchObject({
      ...{
        name: '@me/it',
        description: 'R&D 2.0 for anyimage',
        keywords: ['anyimage-provider', 'anyimage', 'image-generation'],
      },
      anyimage: { provider: 'it', factory: 'it', emulator: 'it' },
      dependencies: { zod: '^4.6.7' },
      peerDependencies: { '@anyimage/core': '^0.1.0' },
    });
    expect(files['src/provider.ts']).toContain("keys: [{ env: 'MY_TOKEN' }]");
    expect(files['src/provider.ts']).toContain("baseURLs: [{ env: 'IT_BASE_URL' }]");
    expect(files['src/provider.ts']).toContain("baseURL: 'https://it.example' }");
  });

  test.each(['import', 'exchange', 'models', 'emulator', 'kite', 'await', 'a-1'])(
    'whose provider is %s has no name twice',
    async (id) => {
      const files = await write({ folder: `${mode}/${id}`, mode });
      for (const [path, text] of Object.entries(files)) {
        if (path.endsWith('.ts')) expect(parseSync(path, text, { showSemanticErrors: true }).errors, path).toEqual([]);
      }
    },
  );
});

describe('what is there already', () => {
  test('is left alone, and nothing is written beside it', async () => {
    const folder = join(top, 'full');
    await mkdir(folder);
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await expect(write({ folder: 'full' })).rejects.toThrow('is there and not empty');
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  test('is no obstacle if it is an empty repository, which stays when the rest is taken away', async () => {
    const folder = join(top, 'repository');
    await mkdir(join(folder, '.git'), { recursive: true });
    const { remove } = await writePackage(complete({ folder }), versions);
    expect((await readdir(folder)).length).toBeGreaterThan(5);
    await remove();
    expect(await readdir(folder)).toEqual(['.git']);
  });

  test('is a file: that is said', async () => {
    await writeFile(join(top, 'file'), '');
    await expect(write({ folder: 'file' })).rejects.toThrow('is no folder');
    await expect(write({ folder: 'file/below' })).rejects.toThrow('is no folder');
  });
});

test('a folder that was made, with those above it, is taken away', async () => {
  const { remove } = await writePackage(complete({ folder: join(top, 'new/deep/it') }), versions);
  await remove();
  expect(await readdir(top)).not.toContain('new');
});
