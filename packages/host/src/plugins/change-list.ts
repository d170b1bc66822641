// The list of installed plugins, changed: one process at a time, whole or not at all.

import { rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../files/lock-file.ts';
import { storageError } from '../files/storage-error.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import { type PluginEntry, pluginListPath, pluginListText, pluginsFolder, readPluginList } from './plugin-list.ts';

/**
 * Replaces the list by what `change` makes of it, while no other process does; the same list changes nothing. What is damaged in it is
 * not kept. With the last plugin goes what all of them need. Throws `storage` and what `change` throws.
 */
export async function changeList(
  home: string,
  change: (plugins: readonly PluginEntry[]) => Promise<readonly PluginEntry[]>,
): Promise<void> {
  const folder = pluginsFolder(home);
  const path = pluginListPath(home);
  try {
    // The lock lies beside the folder, which may go.
    await withLock(folder, async () => {
      const { plugins } = await readPluginList(home);
      const after = await change(plugins);
      if (after === plugins) return;
      if (after.length > 0) {
        await writeFileAtomically(path, pluginListText(after), { mode: 0o600, folderMode: 0o700 });
      } else {
        await unlink(path);
        await rm(join(folder, 'node_modules'), { recursive: true, force: true });
      }
    });
  } catch (error) {
    throw storageError(error, `change ${path}`, path);
  }
}

/** The names of the folders of installs. */
export const installName = /^[0-9a-f]{16}$/;

/**
 * Removes the files of a plugin that the list does not name any more, and the folder of plugins if it is empty then. What cannot be
 * removed now, the next add sweeps. Never rejects.
 */
export async function removeInstall(home: string, { folder }: Pick<PluginEntry, 'folder'>): Promise<void> {
  if (installName.test(folder)) {
    await rm(join(pluginsFolder(home), folder), { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
  await rmdir(pluginsFolder(home)).catch(() => {});
}
