// anyimage again boat.png --seed 8

import { readRecord } from '@anyimage/host';
import type { MakeFlags } from '../flags.ts';
import { openLibrary } from '../open-library.ts';
import { requestAgain } from '../request-again.ts';
import { resolveRequest } from '../resolve.ts';
import { runWish } from '../run-request.ts';
import { readSettings } from '../settings.ts';

/** Makes a picture again, as its sidecar tells, with what the flags change, and returns the exit code. */
export function again(file: string, flags: MakeFlags): Promise<number> {
  return runWish('', flags, async () => {
    const settings = await readSettings();
    const library = openLibrary(settings);
    try {
      const record = await readRecord(file, library);
      const base = requestAgain(record, flags);
      // The model is the picture's: no advice on choosing one.
      const request = resolveRequest(record.sidecar.prompt.original, flags, settings, base);
      return { settings: { ...settings, modelChosen: true }, request };
    } finally {
      await library.close();
    }
  });
}
