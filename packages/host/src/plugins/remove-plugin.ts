// Installed plugins by name: finding one, and removing it without a trace.

import { didYouMean, ImageError, nearest } from '@anyimage/core';
import { changeList, removeInstall } from './change-list.ts';
import { type PluginEntry, readPluginList } from './plugin-list.ts';

/** The plugin of this id, or of this package. Throws `not-found`, `storage`. */
export async function findPlugin(name: string, home: string): Promise<PluginEntry> {
  return find(name, (await readPluginList(home)).plugins);
}

/** Removes a plugin: its files, its place in the list, and with the last one all that plugins need. Throws `not-found`, `storage`. */
export async function removePlugin(name: string, home: string): Promise<PluginEntry> {
  let found: PluginEntry | undefined;
  await changeList(home, async (plugins) => {
    found = find(name, plugins);
    return plugins.filter((entry) => entry !== found);
  });
  await removeInstall(home, found!);
  return found!;
}

function find(name: string, plugins: readonly PluginEntry[]): PluginEntry {
  const found = plugins.find((entry) => entry.package === name || entry.manifest.provider.id === name);
  if (found) return found;
  const ids = plugins.map(({ manifest }) => manifest.provider.id);
  const installed =
    ids.length === 0 ? 'None is; anyimage plugins add PACKAGE installs one.' : `Installed: ${ids.join(', ')}.`;
  throw new ImageError('not-found', `no plugin ${JSON.stringify(name)} is installed`, {
    hint: didYouMean(nearest(name, ids, 1), installed),
  });
}
