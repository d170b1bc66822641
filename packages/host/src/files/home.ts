import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** Environment variables, as `process.env` holds them. */
export type Environment = { readonly [name: string]: string | undefined };

/**
 * The folder of what is not a picture (tickets, originals), absolute: `ANYIMAGE_HOME`, else `$XDG_DATA_HOME/anyimage`,
 * else `~/.anyimage`. It is made when something is first kept.
 */
export function homeFolder(env: Environment = process.env): string {
  const own = env.ANYIMAGE_HOME?.trim();
  if (own) return resolve(own);
  const data = env.XDG_DATA_HOME?.trim();
  // The XDG rules say that a relative path is to be ignored.
  return data && isAbsolute(data) ? join(data, 'anyimage') : join(homedir(), '.anyimage');
}

/** `~/Pictures` as people write it. */
export function expandHome(path: string): string {
  return /^~(?=[\\/]|$)/.test(path) ? join(homedir(), path.slice(1)) : path;
}
