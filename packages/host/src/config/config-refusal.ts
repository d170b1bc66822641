import { didYouMean, ImageError, nearest, quotedWord } from '@anyimage/core';

/** Makes the error for what is wrong `at` a place in the config. */
export type Refuse = (at: readonly PropertyKey[], message: string, hint: string) => ImageError;

/** The error for what no config may hold. `path`: the file, if it is in one. */
export function refused(message: string, path: string | undefined, hint: string): ImageError {
  return new ImageError('config', message, { hint, ...(path !== undefined && { details: { path } }) });
}

/** A hint: the word of `candidates` that was probably meant, and all that is `allowed`. */
export function meant(word: string, allowed: readonly string[], candidates = allowed): string {
  return didYouMean(nearest(word, candidates, 1), `There are: ${allowed.join(', ')}.`);
}

/** For a name that means nothing here: it may have been that of a plugin. */
export function noPlugin(id: string): string {
  return `No plugin with the id ${quotedWord(id)} is used; anyimage plugins add PACKAGE adds one.`;
}

/** What became of a key that configs of earlier versions may have. */
export const howToAddPlugins = 'Plugins are added by: anyimage plugins add PACKAGE.';
