// The config files: the person's own in the home folder, and a project's.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { placeOfPath } from '../files/home.ts';
import { readIfThere } from '../files/read-file.ts';
import type { ProviderCheck } from './config-check.ts';
import type { Config } from './config-schema.ts';

/** A config as it lies on disk. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly config: Config;
  /** What `config` was read from. */
  readonly text: string;
  /** SHA-256 of the text, hexadecimal. */
  readonly hash: string;
}

/** The name of a config in a project. */
export const projectConfigName = 'anyimage.json';

/** The person's own config. */
export function userConfigPath(home: string): string {
  return join(home, 'config.json');
}

/**
 * Reads a config; `undefined` if there is no such file. Without `checkProviders`, as for a project's config, its providers are
 * checked by their form alone. Throws `config` for what is wrong in it, `storage`.
 */
export async function readConfig(path: string, checkProviders?: ProviderCheck): Promise<ConfigFile | undefined> {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  // The schema is only needed where there is a config.
  const { parseConfig } = await import('./config-check.ts');
  return {
    path,
    config: await parseConfig(text, path, checkProviders),
    text,
    hash: createHash('sha256').update(text).digest('hex'),
  };
}

/**
 * The path of the config of the project that `folder` is in: `anyimage.json` in it or in a folder above, up to the one that
 * holds `.git`. `undefined` if there is none.
 */
export function findProjectConfig(folder: string): string | undefined {
  for (let place = placeOfPath(folder); ; place = dirname(place)) {
    const path = join(place, projectConfigName);
    if (existsSync(path)) return path;
    if (place === dirname(place) || existsSync(join(place, '.git'))) return undefined;
  }
}
