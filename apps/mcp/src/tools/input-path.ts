// Pictures that an agent names: only what lies in an allowed folder is read, wherever links lead.

import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ImageError } from '@anyimage/core';
import type { ToolContext } from './tool.ts';

export interface InputFolders {
  /** Absolute. Names without a folder are looked up here first. */
  readonly outputFolder: string;
  readonly roots: readonly string[];
  /** Asked only when the others do not hold the file. */
  readonly clientRoots: () => Promise<readonly string[]>;
}

/** The folders of a server and of the client that calls it. */
export function inputFolders({ services, clientRoots }: ToolContext): InputFolders {
  const { outputFolder, roots } = services.settings;
  return { outputFolder, roots, clientRoots };
}

/**
 * The place of an input picture as core may read it: a URL or data: URI as it is, a path as the real path of a file in an allowed
 * folder. Throws `invalid-request`, which does not tell whether a file outside exists.
 */
export async function resolveInput(input: string, folders: InputFolders, option = 'images'): Promise<string> {
  if (/^(https?|data):/i.test(input) || /^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(input)) return input;
  const path = pathOf(input, option);
  const own = [folders.outputFolder, ...folders.roots];
  const found = await findIn(path, own);
  if (found) return await asFile(found, input, option);
  const more = await folders.clientRoots();
  const foundMore = await findIn(path, more);
  if (foundMore) return await asFile(foundMore, input, option);
  const allowed = [...new Set([...own, ...more])];
  const details = { option, asked: input, allowed };
  const hint = `Put the file in one of: ${allowed.join(', ')}. Or ask the person to let this server read its folder.`;
  const inside = (await Promise.all(allowed.map((root) => liesIn(path, root)))).some(Boolean);
  const problem = inside ? 'not there, or a link that leads elsewhere' : 'outside the folders that may be read';
  throw new ImageError('invalid-request', `${option}: ${input} is ${problem}`, { details, hint });
}

function pathOf(input: string, option: string): string {
  if (/^file:/i.test(input)) {
    try {
      return fileURLToPath(input);
    } catch (cause) {
      throw new ImageError('invalid-request', `${option}: ${input} names no file of this machine`, {
        cause,
        details: { option, asked: input },
        hint: 'Give the path of the file.',
      });
    }
  }
  return /^~[\\/]/.test(input) ? join(homedir(), input.slice(2)) : input;
}

/** The real path of the file, if it exists in one of the folders and is really there. */
async function findIn(path: string, roots: readonly string[]): Promise<string | undefined> {
  for (const root of roots) {
    const real = await realpath(isAbsolute(path) ? path : join(root, path)).catch(() => undefined);
    if (real === undefined) continue;
    const reals = await Promise.all(roots.map((one) => realpath(one).catch(() => undefined)));
    if (reals.some((one) => one !== undefined && isInside(real, one))) return real;
  }
  return undefined;
}

/** The path of a file. Pipes and devices are refused: the system would wait for them beyond every deadline. */
async function asFile(path: string, asked: string, option: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isFile() || found.isDirectory()) return path;
  throw new ImageError('invalid-request', `${option}: ${asked} is a pipe or device, not a file`, {
    details: { option, asked },
    hint: 'Give the path of a picture.',
  });
}

/** Whether a path is one in the folder, by its name alone. */
async function liesIn(path: string, root: string): Promise<boolean> {
  const asked = resolve(root, path);
  const real = await realpath(root).catch(() => root);
  return isInside(asked, root) || isInside(asked, real);
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
