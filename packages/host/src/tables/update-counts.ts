// Whether the table of a newer package still counts, now that the installed code may be newer than it. Asked whenever a table is looked
// at: without the code that reads versions of every form.

import type { PackageVersion } from '../services/provider-list.ts';

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
