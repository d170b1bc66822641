// The folders that pictures were put in: what an index can be rebuilt from.

import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { readText } from '../files/read-file.ts';
import { parseJSON } from '../text/json.ts';
import { indexError } from './index-error.ts';

/** One folder a line, as JSON text: lines of two processes do not mix. */
export const foldersPath = (home: string) => join(home, 'folders.jsonl');

/** The folders, each once. What cannot be read is passed over. */
export async function knownFolders(home: string): Promise<readonly string[]> {
  const text = await readText(foldersPath(home)).catch(() => '');
  const folders = text.split('\n').map(parseJSON);
  return [...new Set(folders.filter((folder) => typeof folder === 'string'))];
}

/** Remembers folders. Throws `storage`. */
export async function rememberFolders(home: string, folders: readonly string[]): Promise<void> {
  const known = new Set(await knownFolders(home));
  const added = [...new Set(folders)].filter((folder) => !known.has(folder));
  if (added.length === 0) return;
  try {
    await makeFolder(home, 0o700);
    // The line break before it ends a line that was cut off.
    const lines = `\n${added.map((folder) => JSON.stringify(folder)).join('\n')}\n`;
    await appendFile(foldersPath(home), lines, { mode: 0o600 });
  } catch (error) {
    throw indexError(error, `keep the list of folders in ${home}`, home);
  }
}
