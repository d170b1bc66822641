// The list of installed plugins, plugins.json: the only file of plugins that a start reads. It is a JSON document of lines: the first
// says all that a start asks for, and each other one holds the tables of a plugin, which are parsed when they are looked at.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord, type ModelCapabilities, omit, type ProviderDefinition, type ProviderManifest } from '@anyimage/core';
import { isAbsent, readFirstLineNow, readTextNow } from '../files/read-file.ts';
import { newerVersion, storageError } from '../files/storage-error.ts';
import { isRow, isTable } from '../services/table-shape.ts';
import { parseJSON } from '../text/json.ts';

/** A plugin that the person has added. */
export interface PluginEntry {
  /** The name of the package. */
  readonly package: string;
  readonly version: string;
  /** As the person gave it; absolute for a folder or a tarball. */
  readonly from: string;
  /** The hash of the tarball. */
  readonly integrity?: string;
  /** Where it is installed, a name in the folder of plugins: `FOLDER/node_modules/PACKAGE`. */
  readonly folder: string;
  /** An ISO time. */
  readonly addedAt: string;
  /** The range of versions of Node that it needs. */
  readonly node?: string;
  readonly manifest: ProviderManifest;
}

/** The list, and what in it is no entry: one line each. */
export interface PluginList {
  readonly plugins: readonly PluginEntry[];
  readonly notes: readonly string[];
}

/** Raised when the list means something else than before. */
export const listVersion = 1;

/** Where plugins are: the list, a folder for each installation, and the shims. */
export function pluginsFolder(home: string): string {
  return join(home, 'plugins');
}

export function pluginListPath(home: string): string {
  return join(pluginsFolder(home), 'plugins.json');
}

/** The package of a plugin on disk. */
export function packageFolder(home: string, { folder, package: name }: PluginEntry): string {
  return join(pluginsFolder(home), folder, 'node_modules', name);
}

/** The text of a list, for `plugins.json`. */
export function pluginListText(plugins: readonly PluginEntry[]): string {
  const heads = plugins.map(({ manifest, ...entry }) => ({
    ...entry,
    manifest: { ...manifest, provider: omit(manifest.provider, 'models', 'unlisted') },
  }));
  const tables = plugins.map(({ manifest: { provider } }) =>
    JSON.stringify({ models: provider.models, unlisted: provider.unlisted }),
  );
  const head = JSON.stringify({ version: listVersion, plugins: heads }).slice(0, -1);
  return `${head}${tablesFollow}\n${tables.join(',\n')}\n]}\n`;
}

/** Reads the list; an absent one is empty. Throws `storage` for a file that cannot be read, is damaged, or of a newer version. */
export async function readPluginList(home: string): Promise<PluginList> {
  const path = pluginListPath(home);
  const read = partsIfThere(path);
  if (!read) return { plugins: [], notes: [] };
  const { head, tables } = read;
  if (isRecord(head) && typeof head.version === 'number' && head.version > listVersion) throw newerVersion(path);
  if (!isRecord(head) || head.version !== listVersion || !Array.isArray(head.plugins)) {
    throw storageError(new Error('it is damaged'), `read ${path}`, path, 'or remove it and add the plugins again');
  }
  const plugins: PluginEntry[] = [];
  const notes: string[] = [];
  for (const [index, entry] of head.plugins.entries()) {
    if (isEntry(entry)) plugins.push(withTables(entry, () => tables(index, entry)));
    else notes.push(`${path}: entry ${index + 1} is damaged, and not used: remove the plugin and add it again`);
  }
  return { plugins, notes };
}

/** Bytes; a table has some 50 kB. */
const longestList = 64 * 2 ** 20;

/** What the first line ends with, and after it one line for each table. */
const tablesFollow = ',"tables":[';

interface Parts {
  /** All but the tables. */
  readonly head: unknown;
  /** The tables of an entry. Never throws. */
  tables(index: number, entry: PluginEntry): unknown;
}

function partsIfThere(path: string): Parts | undefined {
  try {
    return readParts(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw storageError(error, `read ${path}`, path);
  }
}

function readParts(path: string): Parts {
  const head = headIn(readFirstLineNow(path, longestList));
  if (head !== undefined) {
    let lines: ReadonlyMap<unknown, string> | undefined;
    const tables = (_: number, { folder }: PluginEntry) => {
      lines ??= readLines(path);
      return parseJSON((lines.get(folder) ?? '').replace(/,$/, ''));
    };
    return { head, tables };
  }
  // A document that somebody else laid out.
  const whole = parseJSON(readTextNow(path, longestList));
  const all = isRecord(whole) && Array.isArray(whole.tables) ? whole.tables : [];
  return { head: whole, tables: (index) => all[index] };
}

function headIn(line: string): unknown {
  return line.endsWith(tablesFollow) ? parseJSON(`${line.slice(0, -tablesFollow.length)}}`) : undefined;
}

/**
 * The tables by the folders of their plugins, as they are now: the list may have been written anew, but what is in a folder never changes.
 * Read at once, since who looks at a table does not wait.
 */
function readLines(path: string): ReadonlyMap<unknown, string> {
  try {
    const [first = '', ...lines] = readFileSync(path, 'utf8').split('\n');
    const head = headIn(first);
    const plugins = isRecord(head) && Array.isArray(head.plugins) ? head.plugins : [];
    return new Map(plugins.map((entry, index) => [isRecord(entry) && entry.folder, lines[index] ?? '']));
  } catch {
    return new Map();
  }
}

/** The entry with its tables, which are read when they are first looked at. One that has them already stays. */
function withTables(entry: PluginEntry, read: () => unknown): PluginEntry {
  const { manifest } = entry;
  if (isTable(manifest.provider.models)) return entry;
  let known: Tables | undefined;
  const tables = () => {
    known ??= tablesIn(read());
    return known;
  };
  const provider = {
    ...manifest.provider,
    get models() {
      return tables().models;
    },
    get unlisted() {
      return tables().unlisted;
    },
  };
  return { ...entry, manifest: { ...manifest, provider } };
}

type Tables = Pick<ProviderDefinition, 'models'> & { readonly unlisted: ModelCapabilities | undefined };

/** None for what is no table: it was checked before it was written, and a damaged one stops nobody. */
function tablesIn(value: unknown): Tables {
  const { models, unlisted } = isRecord(value) ? value : {};
  return { models: isTable(models) ? models : {}, unlisted: isRow(unlisted) ? unlisted : undefined };
}

/** Whether an entry holds what a start asks for. Its names lead nowhere else than into the folder of plugins. */
function isEntry(value: unknown): value is PluginEntry {
  if (!isRecord(value) || !isRecord(value.manifest)) return false;
  const { manifest } = value;
  const texts = [value.version, value.from, value.addedAt];
  return (
    texts.every((text) => typeof text === 'string') &&
    isMatch(value.package, packageName) &&
    isMatch(value.folder, folderName) &&
    (value.node === undefined || typeof value.node === 'string') &&
    typeof manifest.contract === 'number' &&
    isDefinition(manifest.provider) &&
    isPlace(manifest.factory) &&
    (manifest.emulator === undefined || (isPlace(manifest.emulator) && typeof manifest.emulator.id === 'string')) &&
    isTexts(manifest.hosts)
  );
}

/** Names of packages as npm allows them. */
export const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const folderName = /^\w[\w.@+-]*$/;

function isDefinition(value: unknown): boolean {
  if (!isRecord(value) || typeof value.id !== 'string' || typeof value.label !== 'string') return false;
  const { regions, keys, baseURLs = [], trustedHosts = [] } = value;
  const places = isRecord(regions) ? Object.values(regions) : [];
  return (
    places.length > 0 &&
    places.every((place) => isRecord(place) && typeof place.baseURL === 'string') &&
    isVariables(keys) &&
    isVariables(baseURLs) &&
    isTexts(trustedHosts)
  );
}

function isPlace(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && typeof value.module === 'string' && typeof value.name === 'string';
}

function isVariables(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => isRecord(one) && typeof one.env === 'string');
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isMatch(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}
