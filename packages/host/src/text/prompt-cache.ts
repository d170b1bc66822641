// Translations and enriched prompts on disk, so that the same words are not asked for twice.

import { join } from 'node:path';
import type { PromptCache } from '@anyimage/core';
import { readText } from '../files/read-file.ts';
import { writeFileAtomically } from '../files/write-file.ts';

/** Keeps texts as files in `folder`, which is made with the first. A cache that cannot be read or written is an empty one. */
export function filePromptCache(folder: string): PromptCache {
  const pathOf = (key: string) => join(folder, `${key}.txt`);
  return {
    get: (key) => readText(pathOf(key)).catch(() => undefined),
    set: (key, text) => writeFileAtomically(pathOf(key), text, { mode: 0o600, folderMode: 0o700 }).catch(() => {}),
  };
}
