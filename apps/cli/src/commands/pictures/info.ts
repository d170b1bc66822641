// anyimage info boat.png

import { ImageError, quotedWord } from '@anyimage/core';
import { findManifest, findRecord, type History, type PictureRecord, placeOfPath, readEmbedded } from '@anyimage/host';
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

interface InfoRecord extends PictureRecord {
  readonly inFile?: { readonly software: string; readonly verified: false };
}

/** As `findRecord`. Of a picture that nobody knows it is told, too, what its file says of itself. */
async function recordOf(file: string, history: History): Promise<InfoRecord> {
  try {
    return await findRecord(file, history);
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    const path = placeOfPath(file);
    const told = await readEmbedded(path);
    if (told) {
      const { software, facts, bytes, ...words } = told;
      const { width, height, mediaType } = facts;
      const sidecar = { anyimage: 1, ...words, width, height, mediaType, bytes };
      return { path, sidecar, inFile: { software, verified: false } };
    }
    const c2pa = await findManifest(path);
    if (!c2pa?.present) throw error;
    const of = c2pa.generator === undefined ? '' : ` of ${quotedWord(c2pa.generator)}`;
    throw error.with({ hint: `${error.hint} The file carries a C2PA manifest${of} (not verified).` });
  }
}
