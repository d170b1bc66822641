import { homedir } from 'node:os';
import { isAbsolute, join, parse, resolve } from 'node:path';
import { ImageError, isUnfilled, quotedWord } from '@anyimage/core';

/** Environment variables, as `process.env` holds them. */
export type Environment = { readonly [name: string]: string | undefined };

/**
 * The folder of what is not a picture (tickets, originals), absolute: `ANYIMAGE_HOME`, else `$XDG_DATA_HOME/anyimage`,
 * else `~/.anyimage`. It is made when something is first kept. Throws `config` for `~ann/pictures`.
 */
export function homeFolder(env: Environment = process.env): string {
  const own = env.ANYIMAGE_HOME?.trim();
  if (own && !isUnfilled(own)) return placeOfPath(own);
  const data = env.XDG_DATA_HOME?.trim();
  // The XDG rules say that a relative path is to be ignored.
  return data && isAbsolute(data) ? join(data, 'anyimage') : join(homedir(), '.anyimage');
}

/**
 * The absolute path that is meant, in whichever flag, variable or config it stands: `~` is the person's folder, and what is relative is
 * meant from `from`, which is where the file lies that says it, or the current folder. Throws `config` for `~ann/pictures`.
 */
export function placeOfPath(path: string, from = currentFolder()): string {
  return resolve(from, expandHome(path));
}

/** The folder that the program was started in; that of the disk if it is gone: nothing is read or written in either by itself. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return parse(homedir()).root;
  }
}

/** What is wrong with a path that {@link namesOtherHome}, after its name. */
export const otherHomeProblem = 'is the folder of a person by name, which only shells find';

/** `~ann/pictures`. A file or folder whose name begins so is written `./~ann`. */
export function namesOtherHome(path: string): boolean {
  return /^~[^\\/]/.test(path);
}

/** `~/Pictures` as people write it. Throws `config` for `~ann/pictures`. */
export function expandHome(path: string): string {
  if (namesOtherHome(path)) {
    throw new ImageError('config', `${quotedWord(path, 80)} ${otherHomeProblem}`, {
      hint: 'Write the path in full, or with ./ before it if a name of here begins with ~.',
    });
  }
  return path.startsWith('~') ? join(homedir(), path.slice(1)) : path;
}
