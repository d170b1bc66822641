// A plugin on its way: fetched into a folder beside the others, looked at, and put in its place once the person agrees.

import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ImageError, isRecord, type ProviderDefinition, type ProviderManifest } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { makeFolder } from '../files/make-folder.ts';
import { exists, readText } from '../files/read-file.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { parseRecord } from '../text/json.ts';
import { isoTime } from '../text/units.ts';
import { changeList, removeInstall } from './change-list.ts';
import { conflictOf, type Names, shippedServices } from './known-services.ts';
import { nodeProblem } from './node-range.ts';
import { runNpm } from './npm.ts';
import { copyPackage, unpackTarball } from './package-files.ts';
import { type PluginEntry, pluginsFolder } from './plugin-list.ts';
import { findSource, type PluginSource } from './plugin-source.ts';
import { type PackageFacts, readManifest, readPackage, removeOwnCopies } from './read-package.ts';
import { newName, openStage, type Stage, sweepPlugins } from './stage.ts';

export interface AddOptions {
  readonly home: string;
  /** What npm gets of it: all but the keys of services. */
  readonly env: Environment;
  /** What paths are relative to. */
  readonly folder: string;
  /** The ids of servers that the config adds. */
  readonly inConfig: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** What a person is shown before a plugin is installed. */
export interface PluginFacts {
  readonly package: string;
  readonly version: string;
  readonly licence?: string;
  /** The range of versions of Node that it is for. */
  readonly node?: string;
  readonly manifest: ProviderManifest;
  readonly source: PluginSource;
  /** Where npm got it. */
  readonly url?: string;
  /** `sha512-…` of the tarball; of a folder, of the names and contents of its files. */
  readonly integrity: string;
  /** The packages that come with it: `zod 4.6.7`. */
  readonly dependencies: readonly string[];
  /** The packages, itself or others, whose scripts are not run. */
  readonly withScripts: readonly string[];
}

/** A plugin that is here, and not installed. None of its code was run. */
export interface FetchedPlugin {
  readonly facts: PluginFacts;
  /** What is installed of the same package, and would be replaced. */
  readonly before?: PluginEntry;
  /** Puts it in its place, and then removes the one before. Throws `storage`, `invalid-request` if its names were taken meanwhile. */
  install(): Promise<PluginEntry>;
  /** Removes what is here of it; after `install`, what is left. Never rejects. */
  discard(): Promise<void>;
}

/**
 * Fetches what a person named: a package, or the path of a folder or a tarball. Sweeps what killed processes left. Throws
 * `invalid-request` for what is no plugin, `not-found`, `config` for a manifest that does not fit or a missing npm, `storage`, `aborted`
 * and what the registry gives rise to: `permission`, `network`, `server`, `bad-response`.
 */
export async function fetchPlugin(spec: string, options: AddOptions): Promise<FetchedPlugin> {
  return fetchSource(await findSource(spec, options.folder), options);
}

/** The same again for one that is installed. Throws `invalid-request` besides if it is another package by now. */
export async function fetchAgain(entry: PluginEntry, options: AddOptions): Promise<FetchedPlugin> {
  // It was looked at when it was added: a package may have the name of a folder that is here.
  const isPath = resolve(entry.from) === entry.from;
  const source = isPath ? await findSource(entry.from, options.folder) : { kind: 'package' as const, from: entry.from };
  const fetched = await fetchSource(source, options);
  if (fetched.facts.package === entry.package) return fetched;
  await fetched.discard();
  throw new ImageError(
    'invalid-request',
    `${entry.from} is the package ${fetched.facts.package} now, not ${entry.package}`,
    {
      hint: `anyimage plugins remove ${entry.package} removes what is installed; then add the other.`,
    },
  );
}

async function fetchSource(source: PluginSource, options: AddOptions): Promise<FetchedPlugin> {
  const { home, signal } = options;
  let stage: Stage | undefined;
  try {
    let installed: readonly PluginEntry[] = [];
    await changeList(home, async (entries) => {
      await sweepPlugins(
        home,
        entries.map(({ folder }) => folder),
        Date.now(),
      );
      installed = entries;
      return entries;
    });
    stage = await openStage(home);
    const facts = await prepare(source, stage.folder, installed, options);
    signal?.throwIfAborted();
    return fetchedPlugin(facts, stage, installed, options);
  } catch (error) {
    await stage?.discard();
    if (signal?.aborted) throw new ImageError('aborted', 'nothing was installed', { cause: error });
    throw errorCode(error) === '' ? error : storageError(error, `get ${source.from}`, pluginsFolder(home));
  }
}

/** Puts the package and what it needs into `install` of the stage, as it will lie in its place. */
async function prepare(
  source: PluginSource,
  stage: string,
  installed: readonly PluginEntry[],
  options: AddOptions,
): Promise<PluginFacts> {
  const { from } = source;
  const secrets = withPlugins(installed).providers.flatMap(({ definition }) => keysOf(definition));
  const asked = { env: options.env, secrets, signal: options.signal };
  const files = await getFiles(source, stage, (args) => runNpm(args, { ...asked, folder: stage, about: from }));
  const { about } = files;
  const manifest = await readManifest(files.folder, about, from);
  const tooOld = nodeProblem(about.node, about.name);
  if (tooOld) throw tooOld;
  refuseTaken(about.name, manifest, options.inConfig, installed);
  const install = join(stage, 'install');
  const modules = join(install, 'node_modules');
  await makeFolder(modules);
  const dependencies = await missing(about.dependencies, source, files);
  const optionalDependencies = await missing(about.optionalDependencies, source, files);
  if (Object.keys({ ...dependencies, ...optionalDependencies }).length > 0) {
    const wanted = { private: true, dependencies, optionalDependencies };
    await writeFile(join(install, 'package.json'), JSON.stringify(wanted));
    const npm = { ...asked, secrets: [...secrets, ...keysOf(manifest.provider)], folder: install };
    await runNpm(installArgs, { ...npm, about: `what ${about.name} needs` });
    await rm(join(install, 'package.json'));
  }
  const others = await packagesIn(modules);
  await makeFolder(dirname(join(modules, about.name)));
  await rename(files.folder, join(modules, about.name));
  await removeOwnCopies(modules);
  return {
    package: about.name,
    version: about.version,
    ...(about.licence !== undefined && { licence: about.licence }),
    ...(about.node !== undefined && { node: about.node }),
    manifest,
    source,
    ...(files.url !== undefined && { url: files.url }),
    integrity: files.integrity,
    dependencies: others.map(({ name, version }) => `${name} ${version}`),
    withScripts: [
      ...(about.scripts.length > 0 ? [about.name] : []),
      ...others.flatMap(({ name, hasScripts }) => (hasScripts ? [name] : [])),
    ],
  };
}

/** Peers are what anyimage hands in: a registry need not know them. */
const installArgs = [
  'install',
  '--json',
  '--omit=dev',
  '--omit=peer',
  '--legacy-peer-deps',
  '--install-links',
  '--no-package-lock',
];

interface GotFiles {
  readonly folder: string;
  readonly about: PackageFacts;
  readonly integrity: string;
  readonly url?: string;
}

async function getFiles(
  { kind, from }: PluginSource,
  stage: string,
  npm: (args: readonly string[]) => ReturnType<typeof runNpm>,
): Promise<GotFiles> {
  const folder = join(stage, 'package');
  if (kind === 'folder') {
    const about = await readPackage(from, from);
    const integrity = await copyPackage(from, about, folder);
    return { folder, about, integrity };
  }
  if (kind === 'tarball') {
    const integrity = await unpackTarball(from, folder);
    return { folder, about: await readPackage(folder, from), integrity };
  }
  const packed = join(stage, 'packed');
  await mkdir(packed);
  await writeFile(join(stage, 'package.json'), '{"private": true}');
  const { stderr } = await npm(['pack', from, '--json', '--loglevel=http', '--pack-destination', packed]);
  const [tarball] = await readdir(packed);
  const integrity = await unpackTarball(join(packed, tarball ?? ''), folder);
  const url = [...stderr.matchAll(/^npm http \D*(?:200 )?(https?:\S+\.tgz)/gm)].at(-1)?.[1];
  return { folder, about: await readPackage(folder, from), integrity, ...(url !== undefined && { url }) };
}

/** The dependencies that are not in the package itself. A path of a folder's is relative to that folder. */
async function missing(
  dependencies: PackageFacts['dependencies'],
  { kind, from }: PluginSource,
  { folder }: GotFiles,
): Promise<Record<string, string>> {
  const wanted: Record<string, string> = {};
  for (const [name, range] of Object.entries(dependencies)) {
    if (await exists(join(folder, 'node_modules', name, 'package.json'))) continue;
    const path = /^file:(.*)/.exec(range)?.[1];
    if (path !== undefined && kind !== 'folder') {
      throw new ImageError('invalid-request', `${from} needs ${name} from a folder that is not in it`, {
        hint: 'Add the folder itself, or pack it with that dependency bundled.',
      });
    }
    wanted[name] = path === undefined ? range : `file:${resolve(from, path)}`;
  }
  return wanted;
}

interface OtherPackage {
  readonly name: string;
  readonly version: string;
  readonly hasScripts: boolean;
}

/** What npm noted of what it installed. */
async function packagesIn(modules: string): Promise<readonly OtherPackage[]> {
  const { packages } = parseRecord(await readText(join(modules, '.package-lock.json')).catch(() => ''));
  return Object.entries(isRecord(packages) ? packages : {}).flatMap(([path, facts]) => {
    const name = path.split('node_modules/').at(-1) ?? path;
    if (!isRecord(facts)) return [];
    return [{ name, version: String(facts.version ?? ''), hasScripts: facts.hasInstallScript === true }];
  });
}

function fetchedPlugin(
  facts: PluginFacts,
  stage: Stage,
  installed: readonly PluginEntry[],
  { home, inConfig }: AddOptions,
): FetchedPlugin {
  const before = installed.find((entry) => entry.package === facts.package);
  const { package: name, version, node, integrity, manifest, source } = facts;
  async function install(): Promise<PluginEntry> {
    const folder = newName();
    const entry: PluginEntry = {
      package: name,
      version,
      from: source.from,
      integrity,
      folder,
      addedAt: isoTime(Date.now()),
      ...(node !== undefined && { node }),
      manifest,
    };
    const place = join(pluginsFolder(home), folder);
    let replaced: PluginEntry | undefined;
    try {
      await changeList(home, async (entries) => {
        refuseTaken(name, manifest, inConfig, entries);
        replaced = entries.find((other) => other.package === name);
        await rename(join(stage.folder, 'install'), place);
        return [...entries.filter((other) => other !== replaced), entry];
      });
    } catch (error) {
      await rm(place, { recursive: true, force: true }).catch(() => {});
      throw error;
    }
    if (replaced) await removeInstall(home, replaced);
    return entry;
  }
  return { facts, ...(before && { before }), install, discard: stage.discard };
}

/** Refuses what would take the name or a variable of another. */
function refuseTaken(
  name: string,
  manifest: ProviderManifest,
  inConfig: readonly string[],
  installed: readonly PluginEntry[],
): void {
  const { id } = manifest.provider;
  const others = installed.filter((entry) => entry.package !== name);
  const conflict = conflictOf(manifest, withPlugins(others));
  if (conflict !== undefined)
    throw taken(`${name} is not installed: ${conflict}`, 'Only one of the two can be installed.');
  if (!inConfig.includes(id)) return;
  throw taken(
    `${name} is not installed: the id ${id} is that of a server in your config`,
    'Give the server another id.',
  );
}

/** What has names: the services that come with anyimage, and the plugins. */
function withPlugins(plugins: readonly PluginEntry[]): Names {
  const emulators = plugins.flatMap(({ manifest: { emulator, provider } }) =>
    emulator ? [{ id: emulator.id, provider: provider.id }] : [],
  );
  return {
    providers: [...shippedServices.providers, ...plugins.map(({ manifest }) => ({ definition: manifest.provider }))],
    emulators: [...shippedServices.emulators, ...emulators],
  };
}

function taken(message: string, hint: string): ImageError {
  return new ImageError('config', message, { hint });
}

/** The variables that may hold a provider's key. */
function keysOf({ keys }: ProviderDefinition): readonly string[] {
  return keys.map(({ env }) => env);
}
