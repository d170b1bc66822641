// What the repository has installed, as a registry would serve it: each package in the versions that are there, packed on the fly.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { root } from './pages.ts';

const store = join(root, 'node_modules/.pnpm');

/** Answers `/NAME` and `/NAME/-/NAME-VERSION.tgz`, for a registry at `url`; undefined for what is not installed. */
export async function installedPackage(path: string, url: string): Promise<Uint8Array | string | undefined> {
  const [name = '', file] = path.slice(1).split('/-/');
  const folders = await foldersOf(name);
  if (file !== undefined) {
    const folder = folders.find(({ version }) => file === fileOf(name, version))?.folder;
    return folder && packFolder(folder);
  }
  const last = folders.at(-1);
  if (!last) return undefined;
  const versions = folders.map(({ version, manifest }) => [
    version,
    { ...manifest, dist: { tarball: `${url}${name}/-/${fileOf(name, version)}` } },
  ]);
  return JSON.stringify({ name, 'dist-tags': { latest: last.version }, versions: Object.fromEntries(versions) });
}

interface Installed {
  readonly folder: string;
  readonly version: string;
  readonly manifest: object;
}

/** Of one version installed with several peers, the first will do. */
async function foldersOf(name: string): Promise<readonly Installed[]> {
  const start = `${name.replace('/', '+')}@`;
  const entries = (await readdir(store)).filter((entry) => entry.startsWith(start)).sort();
  const found = new Map<string, Installed>();
  for (const entry of entries) {
    const folder = join(store, entry, 'node_modules', name);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    if (!found.has(manifest.version)) found.set(manifest.version, { folder, version: manifest.version, manifest });
  }
  return [...found.values()];
}

async function packFolder(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.slice(folder.length).includes('/node_modules/'));
  const packed = await Promise.all(
    files.map(async (path) => {
      const [body, { mode }] = await Promise.all([readFile(path), stat(path)]);
      return { header: { name: `package${path.slice(folder.length)}`, size: body.length, mode }, body };
    }),
  );
  return gzipSync(await packTar(packed), { level: 1 });
}

function fileOf(name: string, version: string): string {
  return `${name.split('/').at(-1)}-${version}.tgz`;
}
