// How plugins get anyimage's own core and testkit: packages of those names in the folder of plugins hand on what the app holds, so that
// there are never two. Global symbols carry them, since hooks of the module loader are not to be had everywhere.

import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { readText } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import { pluginsFolder } from './plugin-list.ts';

/** Each in a part of the app of its own, which is loaded for plugins alone. */
const loaders = {
  '@anyimage/core': () => import('@anyimage/core'),
  '@anyimage/testkit': () => import('@anyimage/testkit'),
} satisfies Readonly<Record<string, () => Promise<object>>>;

/** What plugins get from anyimage itself. */
export type HandedIn = keyof typeof loaders;
export const handedIn = Object.keys(loaders) as readonly HandedIn[];

/**
 * Sees to it that plugins get a package from this app, all of its public names. A shim that another version wrote is written anew, so that a name
 * which is not there is missed when a plugin is loaded and not later. Throws `storage`.
 */
export async function handIn(home: string, name: HandedIn): Promise<void> {
  const shared = await loaders[name]();
  Object.defineProperty(globalThis, Symbol.for(name), { value: shared, configurable: true });
  const folder = join(pluginsFolder(home), 'node_modules', name);
  try {
    await writeIfOther(join(folder, 'package.json'), `${JSON.stringify(packageOf(name), null, 2)}\n`);
    await writeIfOther(join(folder, 'index.js'), shimOf(name, Object.keys(shared)));
  } catch (error) {
    throw storageError(error, `write ${folder}`, folder);
  }
}

function packageOf(name: HandedIn) {
  return { name, version: '0.0.0', private: true, type: 'module', exports: './index.js' };
}

function shimOf(name: HandedIn, names: readonly string[]): string {
  return `// Written by anyimage, which hands in its own ${name}: plugins run inside it.
const shared = globalThis[Symbol.for('${name}')];
if (!shared) throw new Error('plugins of anyimage are loaded by anyimage alone');
export const {
${[...names]
  .sort()
  .map((one) => `  ${one},\n`)
  .join('')}} = shared;
`;
}

async function writeIfOther(path: string, text: string): Promise<void> {
  if ((await readText(path).catch(() => undefined)) === text) return;
  await makeFolder(join(path, '..'));
  await writeFileAtomically(path, text);
}
