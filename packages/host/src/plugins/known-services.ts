// All the services that there are without a config: those that come with anyimage, and those of the plugins that the person has added.

import { type LazyProvider, messageOf, type ProviderManifest, quotedWord } from '@anyimage/core';
import type { KnownEmulator } from '../services/provider-list.ts';
import { emulators, providers } from '../services/providers.generated.ts';
import { contractProblem } from './contract.ts';
import { type PluginEntry, readPluginList } from './plugin-list.ts';

/** Providers and emulators, without their code. */
export interface Services {
  readonly providers: readonly LazyProvider[];
  readonly emulators: readonly KnownEmulator[];
}

/** What there is on this machine. */
export interface KnownServices extends Services {
  /** The plugins among them. */
  readonly plugins: readonly PluginEntry[];
  /** Why others cannot be used, one line each. */
  readonly notes: readonly string[];
  /** Whether an id is that of a plugin which cannot be used, or may be, where the list of them is damaged. */
  isLeftOut(id: string): boolean;
}

/** The services that come with anyimage. */
export const shippedServices: Services = { providers, emulators };

/** What there would be without plugins. */
export const withoutPlugins: KnownServices = { ...shippedServices, plugins: [], notes: [], isLeftOut: () => false };

/** The services of this machine. Runs no code of plugins. Never rejects: what is wrong with a plugin, or with their list, is a note. */
export async function knownServices(home: string): Promise<KnownServices> {
  try {
    const { plugins, notes } = await readPluginList(home);
    const known = plugins.reduce((known, plugin) => withPlugin(known, plugin, home), { ...withoutPlugins, notes });
    // Nobody knows whose the damaged entries are.
    return notes.length > 0 ? { ...known, isLeftOut: () => true } : known;
  } catch (error) {
    return { ...withoutPlugins, notes: [`plugins are not used: ${messageOf(error)}`], isLeftOut: () => true };
  }
}

function withPlugin(known: KnownServices, plugin: PluginEntry, home: string): KnownServices {
  const { package: name, manifest } = plugin;
  const { contract, emulator, provider } = manifest;
  const foreign = contractProblem(contract, name);
  if (foreign) {
    const hint = foreign.hint?.replace(/\bplugins update\b/, `plugins update ${provider.id}`);
    return leaveOut(known, plugin, `${foreign.message}: it is not used. ${hint}`);
  }
  const conflict = conflictOf(manifest, known);
  if (conflict !== undefined) {
    const note = `the plugin ${quotedWord(name)} is not used: ${conflict}. Remove it: anyimage plugins remove ${name}.`;
    return leaveOut(known, plugin, note);
  }
  const loaders = () => import('./load-plugin.ts');
  const lazy: LazyProvider = {
    definition: provider,
    load: async () => (await loaders()).loadProvider(plugin, home),
  };
  const imitated: readonly KnownEmulator[] = emulator
    ? [{ id: emulator.id, provider: provider.id, load: async () => (await loaders()).loadEmulator(plugin, home) }]
    : [];
  return {
    ...known,
    providers: [...known.providers, lazy],
    emulators: [...known.emulators, ...imitated],
    plugins: [...known.plugins, plugin],
  };
}

function leaveOut(known: KnownServices, { manifest }: PluginEntry, note: string): KnownServices {
  const isLeftOut = (id: string) => id === manifest.provider.id || known.isLeftOut(id);
  return { ...known, notes: [...known.notes, note], isLeftOut };
}

/** What has ids and variables. */
export interface Names {
  readonly providers: readonly Pick<LazyProvider, 'definition'>[];
  readonly emulators: readonly Pick<KnownEmulator, 'id' | 'provider'>[];
}

/** What a plugin takes that is another's: an id, or a variable by which another gets its keys. `known`: those that are there without it. */
export function conflictOf({ provider, emulator }: ProviderManifest, known: Names): string | undefined {
  const { id, keys, baseURLs = [] } = provider;
  const others = known.providers.map(({ definition }) => definition);
  const other = others.find((one) => one.id === id);
  if (other) return `the id ${quotedWord(id)} is that of ${quotedWord(other.label)}`;
  const names = emulator ? [id, emulator.id] : [id];
  const imitated = known.emulators.find((one) => names.includes(one.id) || one.provider === emulator?.id);
  if (imitated) return `the name ${quotedWord(imitated.id)} is that of another emulator`;
  const variables = new Set([...keys, ...baseURLs].map(({ env }) => env));
  for (const { label, keys, baseURLs = [] } of others) {
    const taken = [...keys, ...baseURLs].find(({ env }) => variables.has(env));
    if (taken) return `the variable ${quotedWord(taken.env)} is that of ${quotedWord(label)}`;
  }
  return undefined;
}
