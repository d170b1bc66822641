// anyimage plugins remove bfl

import {
  homeFolder,
  openKeys,
  type PluginEntry,
  readConfig,
  removePlugin as remove,
  userConfigPath,
} from '@anyimage/host';
import { sayNote } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';

/** Removes a plugin, says what of it stays, and returns the exit code. Throws `not-found`, `storage`. */
export async function removePlugin(name: string, { json }: { readonly json?: true }): Promise<number> {
  const home = homeFolder();
  const removed = await remove(name, home);
  const { id } = removed.manifest.provider;
  const stored = await storedKeys(removed, home);
  if (json) printDocument({ removed: id, package: removed.package, keysThatStay: stored });
  else note(`${id} is removed`);
  for (const key of stored) sayNote(`${key} stays stored; anyimage keys remove ${key} deletes it`);
  if (await isInConfig(id, home)) {
    sayNote(`providers.${id} stays in ${userConfigPath(home)}; anyimage config unset providers.${id} takes it out`);
  }
  return 0;
}

/** The variables of its keys that are kept here. */
async function storedKeys({ manifest }: PluginEntry, home: string): Promise<readonly string[]> {
  const { stored } = await openKeys(home, { env: process.env });
  const names = stored.map(({ name }) => name);
  return manifest.provider.keys.map(({ env }) => env).filter((env) => names.includes(env));
}

/** A config that cannot be read says nothing. */
async function isInConfig(id: string, home: string): Promise<boolean> {
  const file = await readConfig(userConfigPath(home)).catch(() => undefined);
  return file?.config.providers !== undefined && Object.hasOwn(file.config.providers, id);
}
