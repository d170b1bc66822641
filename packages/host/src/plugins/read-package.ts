// What a package says of itself: its package.json and its manifest. Read, never run.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, isRecord, messageOf, type ProviderManifest, quotedWord } from '@anyimage/core';
import { exists, isAbsent, readText } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { parseJSON } from '../text/json.ts';
import { checkManifest } from './check-manifest.ts';
import type { PackedFiles } from './package-files.ts';
import { handedIn } from './shims.ts';

/** What a package.json says, as far as it matters here. */
export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly licence?: string;
  /** A range of versions of Node. */
  readonly node?: string;
  /** What it needs, less what anyimage hands in. */
  readonly dependencies: { readonly [name: string]: string };
  /** What it also runs without. */
  readonly optionalDependencies: { readonly [name: string]: string };
  /** The scripts that npm would run while it installs the package. */
  readonly scripts: readonly string[];
  readonly files?: readonly string[];
  readonly main?: string;
  readonly manifest: string;
}

/** What plugins get from anyimage itself. */
const ours: readonly string[] = handedIn;

/** Names as npm allows them; none is a path that leads elsewhere. */
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

const packageVersion = /^\d+\.\d+\.\d+[\w.+-]*$/;

/** Reads the package.json in a folder. `from`: what the person named. Throws `invalid-request` for what is no plugin, `storage`. */
export async function readPackage(folder: string, from: string): Promise<PackageFacts> {
  return packageFacts(await packageText(folder, from), from);
}

function packageFacts(text: string, from: string): PackageFacts {
  const about = parseJSON(text);
  if (!isRecord(about)) throw noPlugin(from, 'its package.json is not JSON');
  const {
    name,
    version,
    keywords,
    license,
    engines,
    dependencies,
    optionalDependencies,
    scripts,
    files,
    main,
    exports,
  } = about;
  if (typeof name !== 'string' || name.length > 214 || !packageName.test(name) || ours.includes(name)) {
    throw noPlugin(from, 'its package.json has no name that a plugin may have');
  }
  if (!Array.isArray(keywords) || !keywords.includes('anyimage-provider')) {
    throw noPlugin(from, `the package ${name} has no keyword "anyimage-provider"`);
  }
  if (typeof version !== 'string' || !packageVersion.test(version))
    throw noPlugin(from, 'its package.json has no version');
  const node = isRecord(engines) && typeof engines.node === 'string' ? engines.node : undefined;
  const manifest = isRecord(exports) ? exports['./manifest.json'] : undefined;
  return {
    name,
    version,
    ...(typeof license === 'string' && { licence: license }),
    ...(node !== undefined && { node }),
    dependencies: dependenciesOf(textsOf(dependencies)),
    optionalDependencies: dependenciesOf(textsOf(optionalDependencies)),
    scripts: Object.keys(textsOf(scripts)).filter((script) => /^(?:pre|post)?install$/.test(script)),
    ...(isTexts(files) && { files }),
    ...(typeof main === 'string' && { main }),
    manifest: typeof manifest === 'string' ? manifest : './dist/manifest.json',
  };
}

async function packageText(folder: string, from: string): Promise<string> {
  const path = join(folder, 'package.json');
  try {
    return await readText(path);
  } catch (error) {
    throw isAbsent(error) ? noPlugin(from, 'it has no package.json') : storageError(error, `read ${path}`, path);
  }
}

/**
 * Reads the manifest in the folder of a package, and looks for the code that it names. Throws `invalid-request` for what is no plugin, and
 * what `checkManifest` throws.
 */
export async function readManifest(folder: string, facts: PackageFacts, from: string): Promise<ProviderManifest> {
  const manifest = checkManifest(await manifestValue(folder, facts, from), facts.name);
  for (const { module } of [manifest.factory, ...(manifest.emulator ? [manifest.emulator] : [])]) {
    if (isInside(module) && (await exists(join(folder, module)))) continue;
    throw noPlugin(from, `the package ${facts.name} has no ${quotedWord(module)}, which its manifest names`);
  }
  return manifest;
}

async function manifestValue(folder: string, { name, manifest }: PackageFacts, from: string): Promise<unknown> {
  const path = join(folder, manifest);
  if (!isInside(manifest) || !(await exists(path))) throw noManifest(name, manifest, from);
  const text = await readText(path, longestManifest).catch((error: unknown) => {
    throw noPlugin(from, `its ${manifest} cannot be read: ${messageOf(error)}`);
  });
  return parseManifest(text, manifest, from);
}

/** What a packed package says, as far as apps know of it without its code. */
export interface PackedManifest {
  readonly name: string;
  readonly version: string;
  /** Not checked. */
  readonly manifest: unknown;
}

/** Reads package.json and manifest of a packed package. Throws `invalid-request` for what is no plugin. */
export function packedManifest({ text }: PackedFiles, from: string): PackedManifest {
  const { name, version, manifest } = packageFacts(text('package.json') ?? '', from);
  const written = isInside(manifest) ? text(manifest) : undefined;
  if (written === undefined) throw noManifest(name, manifest, from);
  if (Buffer.byteLength(written) > longestManifest) {
    throw noPlugin(from, `its ${manifest} is longer than ${longestManifest} bytes`);
  }
  return { name, version, manifest: parseManifest(written, manifest, from) };
}

function parseManifest(text: string, manifest: string, from: string): unknown {
  const value = parseJSON(text);
  if (value === undefined) throw noPlugin(from, `its ${manifest} is not JSON`);
  if (isDeep(value)) throw noPlugin(from, `its ${manifest} is nested too deep`);
  return value;
}

function noManifest(name: string, manifest: string, from: string): ImageError {
  const lack = `the package ${name} has no ${manifest}, which anyimage-manifest writes as its build's last step`;
  return noPlugin(from, lack);
}

/** Bytes; that of a service with a hundred models has some 200 kB. */
const longestManifest = 4 * 2 ** 20;

/** More than any table has, and less than what overflows the stack of who walks it. */
function isDeep(value: unknown, levels = 64): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeep(inner, levels - 1));
}

/** Whether a path of a package leads into it. */
function isInside(path: string): boolean {
  return /^\.\/[^\\:]+$/.test(path) && !path.split('/').includes('..');
}

/** Removes copies of what anyimage hands in: two of one kind would not know each other's errors. Rejects with the system's error. */
export async function removeOwnCopies(modules: string): Promise<void> {
  for (const name of ours) await rm(join(modules, name), { recursive: true, force: true });
  const names = await readdir(modules).catch(() => []);
  for (const name of names.filter((name) => !name.startsWith('.'))) {
    const inScope = name.startsWith('@') ? await readdir(join(modules, name)) : [''];
    for (const rest of inScope) await removeOwnCopies(join(modules, name, rest, 'node_modules'));
  }
}

/** Those that npm must get. A repository or a URL may run code while it is fetched, or be another thing tomorrow. */
function dependenciesOf(all: { readonly [name: string]: string }): { readonly [name: string]: string } {
  const entries = Object.entries(all).filter(([name]) => !ours.includes(name));
  for (const [name, wanted] of entries) {
    if (packageName.test(name) && (!/[:/]/.test(wanted) || /^(?:npm|file):/.test(wanted))) continue;
    const isWorkspace = /^(?:workspace|catalog|link):/.test(wanted);
    const hint = isWorkspace
      ? 'Pack it first with what manages its workspace (pnpm pack), and add the tarball.'
      : 'A plugin may depend on packages of a registry.';
    throw new ImageError(
      'invalid-request',
      `its dependency ${quotedWord(name)} is not installed from ${quotedWord(wanted, 100)}`,
      { hint },
    );
  }
  return Object.fromEntries(entries);
}

function noPlugin(from: string, lack: string): ImageError {
  return new ImageError('invalid-request', `${from} is no plugin of anyimage: ${lack}`, {
    hint: 'A plugin is a package with that keyword and a manifest; npm create @anyimage/provider writes one.',
  });
}

function textsOf(value: unknown): { readonly [name: string]: string } {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
