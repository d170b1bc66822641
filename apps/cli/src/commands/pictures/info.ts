// anyimage info boat.png

import { findRecord } from '@anyimage/host';
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
    const record = await findRecord(file, history);
    const { sidecar, ...about } = record;
    if (json) printDocument({ ...about, ...sidecar });
    else print(recordText(record, paintFor(process.stdout)));
    return 0;
  } finally {
    await history.close();
  }
}
