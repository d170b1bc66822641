// anyimage rm boat.png

import { cleanText, ImageError } from '@anyimage/core';
import { type History, planRemoval, type Removal, removePicture } from '@anyimage/host';
import { shownPath } from '../../print/outcome-text.ts';
import { sayError, sayNote } from '../../print/say.ts';
import { note, print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { cut } from '../../print/terminal/wrap.ts';
import { translated, translatedCount } from '../../print/words/translated.ts';
import { askYes, canAsk } from '../../session/ask.ts';
import { openHistory } from '../../session/open-history.ts';
import { readSettings } from '../../session/settings.ts';

/** Longest prompt that is shown, columns: it is only to be recognised. */
const promptColumns = 76;

interface RemoveFlags {
  readonly yes?: true;
  readonly json?: true;
}

/**
 * Removes pictures with their sidecars, and returns the exit code: 3 if some could not be removed, 2 if none was. Nothing is removed if one
 * of them is unknown or was changed. Throws `invalid-request`, `not-found`, `storage`.
 */
export async function removePictures(names: readonly string[], flags: RemoveFlags): Promise<number> {
  const settings = await readSettings();
  const history = openHistory(settings);
  try {
    const chosen = await choose(names, history, settings.home);
    if (!flags.yes && !(await confirm(chosen))) return 2;
    return await remove(chosen, history, flags);
  } finally {
    await history.close();
  }
}

async function choose(names: readonly string[], history: History, home: string): Promise<readonly Removal[]> {
  const chosen = new Map<string, Removal>();
  for (const name of names) {
    const removal = await planRemoval(name, history, home);
    chosen.set(removal.path, removal);
  }
  return [...chosen.values()];
}

/** Throws `invalid-request` where nobody can be asked. */
async function confirm(chosen: readonly Removal[]): Promise<boolean> {
  if (!canAsk()) {
    throw new ImageError('invalid-request', 'rm asks before it removes, and nobody is here to ask', {
      hint: 'Add --yes to remove without a question.',
    });
  }
  for (const { path, prompt, files } of chosen) {
    note(cleanText(`${shownPath(path)}${files.includes(path) ? '' : translated(' (gone)')}`));
    note(paintFor(process.stderr)('quiet', `  ${cut(cleanText(prompt).replaceAll('\n', ' '), promptColumns)}`));
    for (const file of files)
      if (file !== path) note(`  ${translated('with {path}', { path: cleanText(shownPath(file)) })}`);
  }
  const yes = await askYes(
    chosen.length === 1
      ? translated('Remove it for good?')
      : translated('Remove these {count} for good?', { count: chosen.length }),
  );
  if (!yes) sayNote(translated('nothing was removed'));
  return yes;
}

async function remove(chosen: readonly Removal[], history: History, { json }: RemoveFlags): Promise<number> {
  const removed: Removal[] = [];
  const errors: ImageError[] = [];
  for (const removal of chosen) {
    try {
      await removePicture(removal, history);
      removed.push(removal);
    } catch (error) {
      if (!ImageError.isInstance(error)) throw error;
      errors.push(error);
    }
  }
  if (json)
    printDocument({
      removed: removed.map(({ path, files }) => ({ path, files })),
      errors: errors.map(({ code, message, hint }) => ({ code, message, hint })),
    });
  else for (const { path } of removed) print(shownPath(path));
  for (const error of errors) sayError(error);
  if (!json && removed.length > 0)
    sayNote(translated('{pictures} removed', { pictures: translatedCount(removed.length, 'picture') }));
  if (errors.length === 0) return 0;
  return removed.length > 0 ? 3 : 2;
}
