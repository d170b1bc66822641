// Copies of pictures that tell themselves how they were made.

import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { ImageError } from '@anyimage/core';
import {
  canEmbed,
  checkOutput,
  embedMetadata,
  findModel,
  findRecord,
  formatOfPath,
  type History,
  mediaTypeOf,
  type OutputTarget,
  type PictureRecord,
  type SourceType,
  storageError,
  writePicture,
} from '@anyimage/host';
import manifest from '../../package.json' with { type: 'json' };
import { shownPath } from '../print/outcome-text.ts';
import { sayError, sayNote } from '../print/say.ts';
import { translated } from '../print/words/translated.ts';
import type { Settings } from './settings.ts';

/**
 * Writes the copy and returns its path; the picture itself stays as it is. Throws `not-found` for a picture that is gone,
 * `invalid-request` for one that was changed, is signed, or for a copy in another format, `unsupported`, `storage`.
 */
export async function embedInCopy(
  { path, sidecar, gone, changed }: PictureRecord,
  { output, force }: { readonly output: string; readonly force: boolean },
  settings: Pick<Settings, 'home' | 'providers'>,
): Promise<string> {
  if (gone)
    throw refused('not-found', `${path} is gone: only what is known of it is left`, 'anyimage again makes it again.');
  if (changed) {
    const hint = 'Name the picture that was made, or its id: anyimage history shows both.';
    throw refused('invalid-request', `${path} is not the picture that its sidecar tells of`, hint);
  }
  const { file, ...target } = await checkOutput({ output, force });
  const format = formatOfPath(path);
  if (!file || (file.format ?? format) !== format) {
    const hint = `Give the name of a file${format ? `, such as copy.${format}` : ''}: the copy has the format of the picture, since its pixels stay as they are.`;
    throw refused('invalid-request', `${output} is no name for a copy of ${path}`, hint);
  }
  const ending = file.ending || extname(path);
  if (await isSameFile(path, join(target.folder, file.name + ending))) {
    throw refused(
      'invalid-request',
      `${output} is the picture itself, which stays as it is`,
      'Give the copy another name.',
    );
  }
  const bytes = await readFile(path).catch((error: unknown) => {
    throw storageError(error, `read ${path}`, path);
  });
  const facts = { ...sidecar, software: `anyimage ${manifest.version}`, source: sourceOf(sidecar, settings) };
  return writePicture({ ...target, file: { ...file, ending } }, embedMetadata(bytes, facts), settings.home);
}

/** What became of the copy of a picture that was made. */
export interface EmbeddedCopy {
  /** The picture, absolute. */
  readonly picture: string;
  /** The copy, absolute; `null`: there is none. */
  readonly path: string | null;
  /** Why there is none. */
  readonly problem?: string;
}

/** Looks, before anything is sent, at where the copies of `count` pictures go. Throws `invalid-request`, `storage`. */
export async function checkCopies(
  { folder, file, force }: OutputTarget,
  count: number,
  isPiped: boolean,
): Promise<void> {
  if (isPiped) {
    const hint = 'Name a file or a folder with -o, or none.';
    throw refused('invalid-request', 'a copy of what goes into a pipe has no place', hint);
  }
  if (file?.format === undefined) return;
  if (!canEmbed(mediaTypeOf(file.format))) {
    throw refused(
      'invalid-request',
      `nothing can be embedded in ${file.format}`,
      'Name a file that ends in .png, .jpg or .webp.',
    );
  }
  for (let number = 1; number <= count; number++) {
    const picture = join(folder, `${file.name}${count > 1 ? `-${number}` : ''}${file.ending}`);
    await checkOutput({ output: besides(picture), ...(force && { force }) });
  }
}

/** Writes a copy beside each picture that was made. What is in the way is told: the pictures are there all the same. */
export async function embedMade(
  pictures: readonly string[],
  { force, quiet, history }: { readonly force: boolean; readonly quiet: boolean; readonly history: History },
  settings: Pick<Settings, 'home' | 'providers'>,
): Promise<readonly EmbeddedCopy[]> {
  const copies: EmbeddedCopy[] = [];
  for (const picture of pictures) {
    try {
      const record = await findRecord(picture, history);
      const path = await embedInCopy(record, { output: besides(picture), force }, settings);
      if (!quiet) sayNote(translated('{path} is a copy that tells it itself', { path: shownPath(path) }));
      copies.push({ picture, path });
    } catch (error) {
      if (!ImageError.isInstance(error)) throw error;
      sayError(error);
      copies.push({ picture, path: null, problem: error.message });
    }
  }
  return copies;
}

/** `boat.embedded.png` */
function besides(picture: string): string {
  const ending = extname(picture);
  return join(dirname(picture), `${basename(picture, ending)}.embedded${ending}`);
}

/** Whatever names it has: by a link, or in other capitals where those do not count. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** A model that draws by rules was not trained; what was made of pictures is composed of them. */
function sourceOf(
  { model, inputs, request }: PictureRecord['sidecar'],
  { providers }: Pick<Settings, 'providers'>,
): SourceType {
  if (findModel(providers, model)?.row.procedural) return 'algorithmicMedia';
  const hasInputs = (inputs?.length ?? 0) > 0 || request?.images !== undefined;
  return hasInputs ? 'compositeWithTrainedAlgorithmicMedia' : 'trainedAlgorithmicMedia';
}

function refused(code: 'invalid-request' | 'not-found', message: string, hint: string): ImageError {
  return new ImageError(code, message, { details: { option: 'embed' }, hint });
}
