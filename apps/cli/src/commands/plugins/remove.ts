// anyimage plugins remove bfl

import {
  editConfig,
  homeFolder,
  knownServices,
  openKeys,
  type PluginEntry,
  readConfig,
  removePlugin as remove,
  userConfigPath,
} from '@anyimage/host';
import { sayNote } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { translated } from '../../print/words/translated.ts';

/**
 * Removes a plugin and what the person's config says of it, says what stays, and returns the exit code. Throws `not-found`, `storage`, and
 * `config` for a config that cannot be changed.
 */
export async function removePlugin(name: string, { json }: { readonly json?: true }): Promise<number> {
  const home = homeFolder();
  const removed = await remove(name, home);
  const { id } = removed.manifest.provider;
  if (!json) note(translated('{plugin} is removed', { plugin: id }));
  const keysThatStay = await storedKeys(removed, home);
  for (const key of keysThatStay)
    sayNote(translated('{variable} stays stored; anyimage keys remove {variable} deletes it', { variable: key }));
  // A plugin that was left out may have had the id of another, or of a server of the config.
  const { providers } = await knownServices(home);
  if (providers.every(({ definition }) => definition.id !== id)) await leaveConfig(id, userConfigPath(home));
  if (json) printDocument({ removed: id, package: removed.package, keysThatStay });
  return 0;
}

/** The variables of its keys that are kept here. */
async function storedKeys({ manifest }: PluginEntry, home: string): Promise<readonly string[]> {
  const { stored } = await openKeys(home, { env: process.env });
  const names = stored.map(({ name }) => name);
  return manifest.provider.keys.map(({ env }) => env).filter((env) => names.includes(env));
}

/** A config that says something of a provider which is not there holds nobody's wish, and would be refused. */
async function leaveConfig(id: string, path: string): Promise<void> {
  // One that cannot be read says so wherever it is needed.
  const config = (await readConfig(path).catch(() => undefined))?.config;
  const entry = config?.providers && Object.hasOwn(config.providers, id) ? config.providers[id] : undefined;
  if (entry?.kind !== undefined) return;
  if (entry) {
    await editConfig(path, `providers.${id}`, undefined);
    sayNote(translated('{key} is not set any more in {path}', { key: `providers.${id}`, path }));
  }
  const names = (models: string | readonly string[]) =>
    [models].flat().some((model) => model === id || model.startsWith(`${id}/`));
  if (names(config?.model ?? []))
    sayNote(translated('{plugin} is the model of your config; anyimage use MODEL chooses another', { plugin: id }));
  for (const [alias, models] of Object.entries(config?.aliases ?? {})) {
    if (names(models))
      sayNote(
        translated('{key} of your config names it; anyimage config unset {key} removes it', {
          key: `aliases.${alias}`,
        }),
      );
  }
}
