// Two versions of core in one program: an application has one, and a package with a provider brings another. They compile together.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { root } from './pages.ts';

vi.setConfig({ testTimeout: 120_000 });

/** An application of one version, over a provider that was made with another. */
const application = `
import { createClient, generateImage, ImageError, type ImageProvider, type LazyProvider } from '@anyimage/core';
import { cogview } from '../plugin/cogview/index.ts';
import { foreign } from '../plugin/all.ts';
export * from './types.ts';

const provider: ImageProvider = cogview({ apiKey: 'test-key' });
const lazy: LazyProvider = { definition: provider, load: async () => cogview };
const client = createClient({
  providers: [provider, lazy],
  tickets: foreign.memoryTicketStore(),
  store: foreign.memoryImageStore(),
  budget: foreign.memoryBudget({ currency: 'USD', perDay: 1 }),
});
const outcome = await client.run({ prompt: 'a boat', model: 'cogview' });
const [error] = outcome.errors;
if (error) throw new foreign.ImageError('server', 'it failed', { cause: error }).with(error);
const { images } = await generateImage({ provider: cogview(), model: 'cogview-4-250304', prompt: 'a boat' });
const thrown: ImageError = new foreign.ImageError('config', \`\${images.length}\`);
export const failed: foreign.ImageError = thrown;
`;

test('a provider made with one version of core fits an application with another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-two-'));
  await coreOf(join(folder, 'plugin'), '1.0.0');
  await coreOf(join(folder, 'app'), '1.1.0');
  await cp(join(root, 'packages/provider-cogview/src'), join(folder, 'plugin/cogview'), { recursive: true });
  await writeFile(join(folder, 'plugin/all.ts'), "export * as foreign from '@anyimage/core';\n");
  await writeFile(join(folder, 'app/app.ts'), application);
  await writeFile(join(folder, 'app/types.ts'), await bothWays());
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
  await symlink(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  for (const name of ['zod', 'undici']) {
    await symlink(join(root, 'packages/core/node_modules', name), join(folder, 'node_modules', name));
  }
  const compilerOptions = {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
  };
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app/app.ts'] }));
  const compiler = join(root, 'node_modules/.bin/tsc');
  const { stdout } = await promisify(execFile)(compiler, ['-p', folder]).catch((error) => error);
  expect(stdout).toBe('');
});

/** What core publishes, as a package of that version: the compiler takes two of one version for one. */
async function coreOf(folder: string, version: string): Promise<void> {
  const place = join(folder, 'node_modules/@anyimage/core');
  await cp(join(root, 'packages/core/dist'), join(place, 'dist'), { recursive: true });
  const manifest = JSON.parse(await readFile(join(root, 'packages/core/package.json'), 'utf8'));
  await writeFile(join(place, 'package.json'), JSON.stringify({ ...manifest, version }));
}

/** Each public type of one version is one of the other; those that take other types are seen where they are used. */
async function bothWays(): Promise<string> {
  const types = await publicTypes();
  expect(types).toEqual(expect.arrayContaining(['ImageError', 'ImageProvider', 'ModelCapabilities', 'TicketStore']));
  const lines = types.map(
    (name) => `export const ${name}: [own.${name}, foreign.${name}] = 0 as unknown as [foreign.${name}, own.${name}];`,
  );
  return [
    "import type * as own from '@anyimage/core';",
    "import type { foreign } from '../plugin/all.ts';",
    ...lines,
  ].join('\n');
}

async function publicTypes(): Promise<readonly string[]> {
  const dist = join(root, 'packages/core/dist');
  const index = await readFile(join(dist, 'index.d.ts'), 'utf8');
  const exported = index.matchAll(/^export (?:type )?(\*|\{[^}]*\}) from '(.*?)\.ts';$/gm);
  const found = [...exported].map(async ([, names, module]) => {
    const text = await readFile(join(dist, `${module}.d.ts`), 'utf8');
    const declared = text.matchAll(/^export (?:declare )?(?:interface|type|class) (\w+)(?!\w|<)/gm);
    return [...declared]
      .map(([, name]) => name!)
      .filter((name) => names === '*' || new RegExp(`\\b${name}\\b`).test(names!));
  });
  return [...new Set((await Promise.all(found)).flat())];
}
