import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is one below the folder, by its name alone: links are followed by nobody. Both absolute. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
