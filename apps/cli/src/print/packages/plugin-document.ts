// What --json prints of a plugin.

import type { PluginEntry, PluginFacts } from '@anyimage/host';

/** What is installed. */
export function entryDocument({ package: name, version, from, integrity, addedAt, manifest }: PluginEntry): object {
  const { provider, hosts, emulator } = manifest;
  return {
    id: provider.id,
    label: provider.label,
    package: name,
    version,
    from,
    integrity,
    addedAt,
    models: Object.keys(provider.models),
    hosts,
    keys: provider.keys.map(({ env }) => env),
    ...(emulator && { emulator: emulator.id }),
  };
}

/** What would be installed, or is now. */
export function factsDocument({ package: name, version, source, integrity, manifest, ...facts }: PluginFacts): object {
  const { url, licence, node, dependencies, withScripts } = facts;
  const { provider, hosts } = manifest;
  return {
    id: provider.id,
    label: provider.label,
    package: name,
    version,
    from: source.from,
    ...(url !== undefined && { url }),
    integrity,
    ...(licence !== undefined && { licence }),
    ...(node !== undefined && { node }),
    models: Object.keys(provider.models),
    hosts,
    keys: provider.keys.map(({ env }) => env),
    dependencies,
    withScripts,
  };
}
