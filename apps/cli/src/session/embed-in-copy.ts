// A copy of a picture that tells itself how it was made.

import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ImageError } from '@anyimage/core';
import {
  checkOutput,
  embedMetadata,
  findModel,
  formatOfPath,
  type PictureRecord,
  type SourceType,
  storageError,
  writePicture,
} from '@anyimage/host';
import manifest from '../../package.json' with { type: 'json' };
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
