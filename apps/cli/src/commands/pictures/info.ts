// anyimage info boat.png

import { ImageError } from '@anyimage/core';
import { findManifest, findRecord, type History, type PictureRecord, placeOfPath } from '@anyimage/host';
import { shownPath } from '../../print/outcome-text.ts';
import { recordText } from '../../print/records/record-text.ts';
import { print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { openHistory } from '../../session/open-history.ts';
import { readSettings } from '../../session/settings.ts';

interface InfoFlags {
  readonly embed?: string;
  readonly force?: boolean;
  readonly json?: true;
}

/**
 * Tells how a picture was made, and with `embed` writes that into a copy. Returns the exit code. Throws `not-found`, `storage`, and what
 * `embedInCopy` throws.
 */
export async function info(file: string, { embed, force = false, json }: InfoFlags): Promise<number> {
  const settings = await readSettings();
  const history = openHistory(settings);
  try {
    const record = await recordOf(file, history);
    const { sidecar, ...about } = record;
    const c2pa = record.gone ? undefined : await findManifest(record.path);
    const embedded = embed === undefined ? undefined : await copyOf(record, embed);
    if (json)
      printDocument({ ...about, ...sidecar, ...(c2pa && { c2pa }), ...(embedded !== undefined && { embedded }) });
    else if (embedded !== undefined) print(shownPath(embedded));
    else print(recordText({ ...record, c2pa }, paintFor(process.stdout)));
    return 0;
  } finally {
    await history.close();
  }

  async function copyOf(record: PictureRecord, output: string): Promise<string> {
    const { embedInCopy } = await import('../../session/embed-in-copy.ts');
    return embedInCopy(record, { output, force }, settings);
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
