// From an installed plugin to a provider and an emulator: its code is loaded on first use, and held against its manifest. Whatever is wrong
// with a plugin is its own error, and nobody else's.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import {
  type CodePlace,
  describeProvider,
  hostsOf,
  ImageError,
  type ImageProvider,
  isRecord,
  messageOf,
  type ProviderAccess,
  type ProviderDefinition,
  quoted,
  quotedWord,
} from '@anyimage/core';
import type { EmulatorFactory } from '@anyimage/testkit';
import { pluginProblem } from './installed.ts';
import { keepApart } from './keep-apart.ts';
import { type PluginEntry, packageFolder, pluginsFolder, readPluginList } from './plugin-list.ts';
import { handIn } from './shims.ts';

/** How long the code of a plugin may take to load, ms. */
const patience = 20_000;

/** Makes providers by the code of a plugin. Throws `config`: the plugin and what is wrong with it. */
export async function loadProvider(
  plugin: PluginEntry,
  home: string,
): Promise<(access?: ProviderAccess) => ImageProvider> {
  const { factory } = plugin.manifest;
  const make = await loadCode(plugin, home, factory);
  if (typeof make !== 'function') throw unusable(plugin, `${quotedWord(factory.name)} is no function`);
  return (access) => provider(plugin, make as MakeProvider, access);
}

/** The emulator of a plugin that has one. Throws `config`. */
export async function loadEmulator(plugin: PluginEntry, home: string): Promise<EmulatorFactory> {
  const place = plugin.manifest.emulator;
  if (!place) throw unusable(plugin, 'it has no emulator');
  await handIn(home, '@anyimage/testkit');
  const factory = await loadCode(plugin, home, place);
  if (isEmulator(factory) && factory.id === place.id) return factory;
  throw unusable(plugin, `${quotedWord(place.name)} is not the emulator ${quotedWord(place.id)}`);
}

function isEmulator(value: unknown): value is EmulatorFactory {
  return isRecord(value) && typeof value.start === 'function';
}

type MakeProvider = (access?: ProviderAccess) => unknown;

async function loadCode(plugin: PluginEntry, home: string, { module, name }: CodePlace): Promise<unknown> {
  const problem = await pluginProblem(plugin, home);
  if (problem) throw (await changeOf(plugin, home)) ?? problem;
  keepApart(pluginsFolder(home));
  await handIn(home, '@anyimage/core');
  const path = join(packageFolder(home, plugin), module);
  const code: unknown = await inTime(import(pathToFileURL(path).href)).catch((error: unknown) => {
    throw unloadable(plugin, error);
  });
  const found = (code as Readonly<Record<string, unknown>>)[name];
  if (found === undefined) throw unusable(plugin, `${quotedWord(module)} exports no ${quotedWord(name)}`);
  return found;
}

/** What became of a plugin that this process knows as it was: pictures may be made while it is updated or removed. */
async function changeOf(plugin: PluginEntry, home: string): Promise<ImageError | undefined> {
  const { plugins } = await readPluginList(home).catch(() => ({ plugins: [plugin] }));
  if (plugins.some(({ folder }) => folder === plugin.folder)) return undefined;
  const isThere = plugins.some((one) => one.package === plugin.package);
  const message = `the plugin ${quotedWord(plugin.package)} was ${isThere ? 'updated' : 'removed'} meanwhile`;
  return new ImageError('config', message, {
    hint: isThere
      ? 'Ask again when what is being made now is done; nothing was sent.'
      : 'anyimage plugins add PACKAGE adds it again; nothing was sent.',
  });
}

/** What its factory makes, if that is what the manifest says. From then on the manifest counts, whatever the code says later. */
function provider(plugin: PluginEntry, make: MakeProvider, access: ProviderAccess | undefined): ImageProvider {
  let made: unknown;
  let disagreement: string | undefined;
  try {
    made = make(access);
    if (isProvider(made)) disagreement = disagreementOf(describeProvider(made), plugin);
  } catch (error) {
    throw unloadable(plugin, error);
  }
  if (!isProvider(made)) throw unusable(plugin, 'what its factory makes is no provider');
  if (disagreement !== undefined) throw unusable(plugin, disagreement);
  return { ...made, ...plugin.manifest.provider };
}

function isProvider(value: unknown): value is ImageProvider {
  if (!isRecord(value) || !isRecord(value.access) || !isRecord(value.regions)) return false;
  return typeof value.sign === 'function' && (typeof value.generate === 'function' || isRecord(value.jobs));
}

/** What the code says otherwise than the manifest, which is what the person was shown. */
function disagreementOf(said: ProviderDefinition, { manifest }: PluginEntry): string | undefined {
  const shown = manifest.provider;
  if (said.id !== shown.id) return `its code says ${quotedWord(said.id)}, its manifest ${quotedWord(shown.id)}`;
  const unnamed = hostsOf(said).find((host) => !manifest.hosts.includes(host));
  if (unnamed !== undefined) return `its code talks to ${quotedWord(unnamed)}, which its manifest does not name`;
  const parts = Object.keys({ ...shown, ...said }) as (keyof ProviderDefinition)[];
  const other = parts.find((part) => !isDeepStrictEqual(said[part], shown[part]));
  return other && `its code says other ${other} than its manifest`;
}

/** A module may wait for ever before it has loaded. */
async function inTime<T>(loading: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it takes longer than ${patience / 1000} s`)), patience);
  try {
    return await Promise.race([loading, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function unloadable(plugin: PluginEntry, cause: unknown): ImageError {
  if (ImageError.isInstance(cause) && cause.code === 'config') return cause;
  const [line = ''] = messageOf(cause).split('\n');
  // In the words of Node, and of Bun.
  const isMissingName =
    /does not provide an export|^Export named/.test(line) && /@anyimage\/(?:core|testkit)/.test(line);
  const hint = isMissingName ? 'Update anyimage: this version does not have all that the plugin asks for.' : undefined;
  return new ImageError('config', `the plugin ${quotedWord(plugin.package)} cannot be loaded: ${quoted(line, 300)}`, {
    cause,
    hint: hint ?? remedy(plugin),
  });
}

function unusable(plugin: PluginEntry, problem: string): ImageError {
  return new ImageError('config', `the plugin ${quotedWord(plugin.package)} cannot be used: ${problem}`, {
    hint: remedy(plugin),
  });
}

function remedy({ manifest: { provider } }: PluginEntry): string {
  return `Update it: anyimage plugins update ${provider.id}; or remove it: anyimage plugins remove ${provider.id}.`;
}
