// The profile that is in use: settings of the person's that hold together, over the rest of their config.

import { didYouMean, findName, isUnfilled, nearest, omit } from '@anyimage/core';
import type { ConfigFile } from '../config/config-files.ts';
import { type FlatConfig, flatten, unflatten } from '../config/config-keys.ts';
import { refused } from '../config/config-refusal.ts';
import type { Environment } from '../files/home.ts';

export interface Profile {
  readonly name: string;
  /** It was asked for here and now, and wins over the project, too. */
  readonly isAsked: boolean;
  /** What it says, by the keys of a config. */
  readonly keys: FlatConfig;
}

/** What is said whole: a limit of one budget and a currency of another make none. */
const wholes = ['budget', 'askAbove'] as const;

/**
 * The profile that ANYIMAGE_PROFILE names, else the key `profile` of the person's config; `undefined` if neither does, or for `none`. Throws
 * `config` for one that there is not.
 */
export function profileInUse(user: ConfigFile | undefined, env: Environment): Profile | undefined {
  const { profile, profiles = {} } = user?.config ?? {};
  const variable = env.ANYIMAGE_PROFILE?.trim();
  const isNamed = variable !== undefined && variable !== '' && !isUnfilled(variable);
  const asked = isNamed ? variable : profile;
  if (asked === undefined || asked === 'none') return undefined;
  const names = Object.keys(profiles);
  const name = findName(names, asked);
  if (name !== undefined) return { name, isAsked: isNamed, keys: flatten(profiles[name]!) };
  const made = `anyimage config set profiles.${asked.slice(0, 40)}.model MODEL makes it.`;
  const known = names.length > 0 ? `There are: ${names.join(', ')}; ${made}` : `There is none yet: ${made}`;
  const where = isNamed ? '--profile or ANYIMAGE_PROFILE' : `the key profile in ${user!.path}`;
  const message = `there is no profile ${JSON.stringify(asked.slice(0, 80))}, which ${where} names`;
  throw refused(message, user?.path, didYouMean(nearest(asked, names, 1), known));
}

/** The person's config as it is with a profile. */
export function withProfile(user: ConfigFile, { keys }: Profile): ConfigFile {
  const replaced = wholes.filter((whole) => saysOf(keys, whole));
  const config = omit(user.config, ...replaced);
  return { ...user, config: unflatten(new Map([...flatten(config), ...keys])) };
}

/** What a project says without what such a profile says, and without profiles: those are the person's. */
export function besideProfile(project: FlatConfig, profile: Profile | undefined): FlatConfig {
  const said = profile?.isAsked ? profile.keys : new Map();
  const isSaid = (key: string) =>
    said.has(key) || wholes.some((whole) => key.startsWith(`${whole}.`) && saysOf(said, whole));
  return new Map([...project].filter(([key]) => !/^profiles?(\.|$)/.test(key) && !isSaid(key)));
}

function saysOf(keys: FlatConfig, whole: string): boolean {
  return [...keys.keys()].some((key) => key.startsWith(`${whole}.`));
}
