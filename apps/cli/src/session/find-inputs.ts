// The pictures of a request that are named by something else than their place: of the history, on stdin, in the clipboard.

import { type ClientRequest, ImageError, type ImageInput } from '@anyimage/core';
import { findNamed, isMaskShape, type NamedPicture } from '@anyimage/host';
import { shownPath } from '../print/outcome-text.ts';
import { sayNote } from '../print/say.ts';
import { translated } from '../print/words/translated.ts';
import { clipboardName, readClipboard } from '../request/clipboard.ts';
import { isStdin, pictureOn, stdinName } from '../request/stdin.ts';
import { openHistory } from './open-history.ts';
import type { Settings } from './settings.ts';

type Words = Omit<ClientRequest, 'prompt'>;

/**
 * The words with the pictures that `last`, ids, `-` and `clipboard` name in place of these names. What is taken from the history or is
 * waited for is told. Throws `invalid-request` and `not-found` for a name without a picture, `storage`.
 */
export async function findInputs(words: Words, settings: Pick<Settings, 'home'>): Promise<Words> {
  const { images, mask } = words;
  if ([...(images ?? []), mask].filter(isStdin).length > 1) {
    throw refused('stdin holds one picture, and two are to come from it', stdinName, 'Give one of them as a file.');
  }
  const find = (input: ImageInput) => (typeof input === 'string' ? findInput(input, settings) : input);
  const found = images && (await Promise.all(images.map(find)));
  const isPicture = mask !== undefined && !(typeof mask === 'string' && isMaskShape(mask));
  return { ...words, ...(found && { images: found }), ...(isPicture && { mask: await find(mask) }) };
}

async function findInput(name: string, settings: Pick<Settings, 'home'>): Promise<ImageInput> {
  if (name === stdinName) return pictureOn(process.stdin, saySilence);
  if (name === clipboardName) return readClipboard();
  const picture = await findInHistory(name, settings);
  if (!picture) return name;
  refuseGone(name, picture);
  sayNote(translated('{name} is {path}', { name, path: shownPath(picture.path) }));
  return picture.path;
}

/** Who waits for what another program never writes would think that it draws. */
export function saySilence(what: 'prompt' | 'picture'): void {
  sayNote(translated(`waiting for the ${what} on stdin; Ctrl-C ends it`));
}

/** The picture of the history that a text names; `undefined` if it names none. Throws as `findNamed`. */
export async function findInHistory(name: string, settings: Pick<Settings, 'home'>): Promise<NamedPicture | undefined> {
  const history = openHistory(settings);
  try {
    return await findNamed(name, history);
  } finally {
    await history.close();
  }
}

/** Throws `not-found` for a picture of the history that is not there any more. */
export function refuseGone(name: string, { path, gone }: NamedPicture): void {
  if (!gone) return;
  throw new ImageError('not-found', `${name} is ${path}, which is gone or was changed`, {
    details: { asked: name, path },
    hint: 'If it was moved, anyimage history --scan FOLDER finds it again in that folder.',
  });
}

function refused(message: string, asked: string, hint: string): ImageError {
  return new ImageError('invalid-request', message, { details: { option: 'images', asked }, hint });
}
