// JSON merge patches (RFC 7396), on plain data.

import { isRecord } from '../contract/objects.ts';

/** What a patch makes of a value: objects are changed word by word, everything else is replaced, `null` takes a word away. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const words = new Map(isRecord(target) ? Object.entries(target) : []);
  for (const [word, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) words.delete(word);
    else words.set(word, mergePatch(words.get(word), value));
  }
  // A word such as `__proto__` becomes a word here, and nothing else.
  return Object.fromEntries(words);
}
