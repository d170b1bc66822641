// Where the config is that a command is about.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  errorCode,
  findProjectConfig,
  homeFolder,
  projectConfigName,
  storageError,
  userConfigPath,
} from '@anyimage/host';
import { print } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';

export interface ConfigPlace {
  /** Absolute, whether or not it is there. */
  readonly path: string;
  /** What is in it; absent where it is not there. */
  readonly text?: string;
  readonly isProject: boolean;
  readonly home: string;
}

/** The path of the person's config, or of that of the project that one is in; in none, of one in the current folder. */
export async function pathOf({ project }: { readonly project?: true }): Promise<string> {
  if (!project) return userConfigPath(homeFolder());
  return (await findProjectConfig('.')) ?? join(resolve('.'), projectConfigName);
}

/** The config as it lies on disk. Throws `storage`. */
export async function placeOf(flags: { readonly project?: true }): Promise<ConfigPlace> {
  const path = await pathOf(flags);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw storageError(error, `read ${path}`, path);
  });
  return { path, isProject: flags.project ?? false, home: homeFolder(), ...(text !== undefined && { text }) };
}

/** Prints where the config is, and returns the exit code. */
export async function printPath(flags: { readonly project?: true; readonly json?: true }): Promise<number> {
  const { path, text } = await placeOf(flags);
  if (flags.json) printDocument({ path, exists: text !== undefined });
  else print(path);
  return 0;
}
