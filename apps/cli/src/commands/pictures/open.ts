// anyimage open last

import { stat } from 'node:fs/promises';
import { ImageError } from '@anyimage/core';
import { isFileName, placeOfPath } from '@anyimage/host';
import { shownPath } from '../../print/outcome-text.ts';
import { print } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { findInHistory, refuseGone } from '../../session/find-inputs.ts';
import { readSettings, type Settings } from '../../session/settings.ts';
import { openInViewer } from '../../session/view/open-viewer.ts';

/**
 * Opens pictures in the viewer of this machine and returns the exit code. Throws `not-found`, `invalid-request` for what is no file,
 * `unsupported` where nothing shows pictures.
 */
export async function open(names: readonly string[], { json }: { readonly json?: true }): Promise<number> {
  const settings = await readSettings();
  const paths: string[] = [];
  for (const name of names) paths.push(await pathOf(name, settings));
  await openInViewer(paths);
  if (json) printDocument({ opened: paths });
  else for (const path of paths) print(shownPath(path));
  return 0;
}

async function pathOf(name: string, settings: Settings): Promise<string> {
  const picture = await findInHistory(name, settings);
  if (picture) {
    refuseGone(name, picture);
    return picture.path;
  }
  if (!isFileName(name)) throw noFile('invalid-request', `${name} is no file`, name);
  const path = placeOfPath(name);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw noFile('not-found', `there is no file ${path}`, name);
  if (!found.isFile()) throw noFile('invalid-request', `${path} is no file`, name);
  return path;
}

function noFile(code: 'not-found' | 'invalid-request', message: string, asked: string): ImageError {
  const hint = 'Give the path of a picture, last, or an id that anyimage history shows.';
  return new ImageError(code, message, { details: { asked }, hint });
}
