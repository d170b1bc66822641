// anyimage info boat.png

import { ImageError } from '@anyimage/core';
import { findManifest, findRecord, type History, type PictureRecord, placeOfPath } from '@anyimage/host';
import { recordText } from '../../print/records/record-text.ts';
import { print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { openHistory } from '../../session/open-history.ts';
import { readSettings } from '../../session/settings.ts';

/** Tells how a picture was made and returns the exit code. Throws `not-found`, `storage`. */
export async function info(file: string, { json }: { readonly json?: true }): Promise<number> {
  const history = openHistory(await readSettings());
  try {
    const record = await recordOf(file, history);
    const { sidecar, ...about } = record;
    const c2pa = record.gone ? undefined : await findManifest(record.path);
    if (json) printDocument({ ...about, ...sidecar, ...(c2pa && { c2pa }) });
    else print(recordText({ ...record, c2pa }, paintFor(process.stdout)));
    return 0;
  } finally {
    await history.close();
  }
}

/** As `findRecord`. Of a picture that nobody knows it is told, too, if it says itself where it is from. */
async function recordOf(file: string, history: History): Promise<PictureRecord> {
  try {
    return await findRecord(file, history);
  } catch (error) {
    if (!ImageError.isInstance(error) || !(await findManifest(placeOfPath(file)))?.present) throw error;
    throw error.with({ hint: `${error.hint} The file carries a C2PA manifest (not verified).` });
  }
}
