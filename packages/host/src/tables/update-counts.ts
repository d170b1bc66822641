// Whether the table of a newer package still counts, now that the installed code may be newer than it. Asked whenever a table is looked
// at: without the code that reads versions of every form.

import { resolve } from 'node:path';
import type { PluginEntry } from '../plugins/plugin-list.ts';
import type { PackageVersion } from '../services/provider-list.ts';
import { packages } from '../services/providers.generated.ts';

/** The package that a provider is in, as it is installed; `undefined` for one that a config adds. */
export function installedPackage(provider: string, plugins: readonly PluginEntry[]): PackageVersion | undefined {
  if (Object.hasOwn(packages, provider)) return packages[provider];
  const plugin = plugins.find(({ manifest }) => manifest.provider.id === provider);
  return plugin && { package: registryName(plugin.from) ?? plugin.package, version: plugin.version };
}

/** The name that a registry is asked for a plugin by; `undefined` for one that was added from a path or a URL. */
export function registryName(from: string): string | undefined {
  if (resolve(from) === from || /^https?:/i.test(from)) return undefined;
  return /^(?:@[^/@]+\/)?[^@]+/.exec(from)?.[0];
}

/** Whether a kept table is newer than the installed code of the same package. */
export function countsStill(kept: PackageVersion, installed: PackageVersion): boolean {
  return kept.package === installed.package && isNewer(kept.version, installed.version);
}

/** Whether a released version, `1.2.0`, comes after another one. */
export function isNewer(version: string, than: string): boolean {
  const [one, other] = [partsOf(version), partsOf(than)];
  if (!one || !other) return false;
  const place = one.findIndex((part, index) => part !== other[index]);
  return place >= 0 && one[place]! > other[place]!;
}

/** Its numbers, and then 0 if it comes before its release: `1.2.0-rc.1`. */
function partsOf(version: string): readonly number[] | undefined {
  const [, ...found] = /^(\d+)\.(\d+)\.(\d+)(-)?/.exec(version) ?? [];
  const [major, minor, patch, before] = found;
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch), before === undefined ? 1 : 0];
}
