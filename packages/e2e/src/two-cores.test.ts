// Two versions of core in one program: an application has one, and a package with a provider brings another. They compile together.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as core from '@anyimage/core';
import { expect, test, vi } from 'vitest';
import { root } from './pages.ts';

vi.setConfig({ testTimeout: 120_000 });

const names = Object.keys(core).filter((name) => !['createClient', 'generateImage'].includes(name));

/** An application of one version, over a provider that was made with another. */
const application = `
import * as own from '@anyimage/core';
import { createClient, generateImage, ImageError, type ImageProvider, type LazyProvider } from '@anyimage/core';
import { cogview } from '../plugin/cogview/index.ts';
import { foreign } from '../plugin/all.ts';

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

// All that is public, in both directions, but for what takes its types from the provider that it is given, as above.
type Name = ${names.map((name) => JSON.stringify(name)).join(' | ')};
export const here: Pick<typeof own, Name> = foreign;
export const there: Pick<typeof foreign, Name> = own;
`;

test('a provider made with one version of core fits an application with another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-two-'));
  await coreOf(join(folder, 'plugin'), '1.0.0');
  await coreOf(join(folder, 'app'), '1.1.0');
  await cp(join(root, 'packages/provider-cogview/src'), join(folder, 'plugin/cogview'), { recursive: true });
  await writeFile(join(folder, 'plugin/all.ts'), "export * as foreign from '@anyimage/core';\n");
  await writeFile(join(folder, 'app/app.ts'), application);
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
