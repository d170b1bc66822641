// The folders that a client lets servers read. Clients give more than folders of this machine.

import { fileURLToPath } from 'node:url';
import { isRecord } from '@anyimage/core';

/**
 * The folders in a client's answer to roots/list, absolute. What is no `file:` URI, is malformed or leads to another machine is passed
 * over, and the others stay.
 */
export function rootFolders(answer: unknown): readonly string[] {
  const roots = isRecord(answer) && Array.isArray(answer.roots) ? answer.roots : [];
  return roots.map((root) => folderOf(isRecord(root) ? root.uri : undefined)).filter((folder) => folder !== undefined);
}

function folderOf(uri: unknown): string | undefined {
  if (typeof uri !== 'string' || URL.parse(uri)?.protocol !== 'file:') return undefined;
  try {
    const path = fileURLToPath(uri);
    // Reading a share would send this person's name and password to whoever is named there.
    return /^[\\/]{2}/.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}
