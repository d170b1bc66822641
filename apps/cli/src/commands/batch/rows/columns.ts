// The columns that rows have, and whether something is done with each: nothing is passed over without a word.

import { ImageError, quotedWord, shortList } from '@anyimage/core';
import { checkPlaces, type FileRow } from '@anyimage/host';
import { nearlyWord, wordOfColumn } from '../../../request/row-words.ts';
import type { BatchSpec } from './batch-spec.ts';

/** Objects may have any members. */
const mostColumns = 500;

export class Columns {
  readonly #used = new Map<string, boolean>();

  note(name: string, isUsed: boolean): void {
    if (isUsed || this.#used.has(name) || this.#used.size < mostColumns)
      this.#used.set(name, isUsed || this.#used.get(name) === true);
  }

  get names(): readonly string[] {
    return [...this.#used.keys()];
  }

  get unused(): readonly string[] {
    return [...this.#used].filter(([name, isUsed]) => !isUsed && name !== '').map(([name]) => name);
  }
}

/** What is wrong with the header is told once, and not for each row. Throws `invalid-request`. */
export function checkHeader({ prompt, ways, flags, path }: BatchSpec, { values }: FileRow): void {
  const known = [...values.keys(), ...ways[0]!.keys()].filter(Boolean);
  if (prompt) {
    checkPlaces(prompt, known, 'prompt');
    return;
  }
  const words = known.map(wordOfColumn);
  if (words.includes('prompt') || words.includes('image') || flags.image) return;
  const meant = known.find((column) => /^(text|description|prompts?|caption)$/i.test(column)) ?? known[0] ?? 'name';
  throw refused(
    `${path} has no column prompt`,
    'prompt',
    `There are: ${shortList(known)}. Write such as --prompt "a picture of {{${meant}}}".`,
  );
}

/** Throws `invalid-request` for a place of the names that nothing fills, and for a column that is nearly a word. */
export function checkColumns({ name, ways }: BatchSpec, columns: Columns): void {
  checkPlaces(name, ['n', 'prompt', ...columns.names, ...ways[0]!.keys()], 'name');
  for (const column of columns.unused) {
    const word = nearlyWord(column);
    if (word === undefined) continue;
    const hint = `Call it ${word}, or something that is less like it.`;
    throw refused(`the column ${quotedWord(column)} says nothing, and is nearly ${word}`, word, hint);
  }
}

function refused(message: string, option: string, hint: string): ImageError {
  return new ImageError('invalid-request', message, { details: { option }, hint });
}
