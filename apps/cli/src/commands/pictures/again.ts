// anyimage again boat.png --seed 8

import { changedInputs, findRecord, type PictureRecord } from '@anyimage/host';
import { shownPath } from '../../print/outcome-text.ts';
import { sayWarning } from '../../print/say.ts';
import type { MakeFlags } from '../../request/flags.ts';
import { recordedPrompt } from '../../request/prompt-again.ts';
import { type EarlierRequest, requestAgain } from '../../request/request-again.ts';
import { spelledOut } from '../../request/spelled-out.ts';
import { resolveAsking } from '../../session/catalogues.ts';
import { makePictures } from '../../session/make-pictures.ts';
import { openHistory } from '../../session/open-history.ts';
import { readSettings } from '../../session/settings.ts';

/** Makes a picture again, as its sidecar tells, with what the flags change, and returns the exit code. */
export function again(file: string, given: MakeFlags): Promise<number> {
  return makePictures('', given, async () => {
    const flags = spelledOut(given);
    const settings = await readSettings();
    const history = openHistory(settings);
    try {
      const record = await findRecord(file, history);
      const earlier = requestAgain(record, flags);
      await warnOfChanges(record, earlier);
      return {
        ...(await resolveAsking(flags, settings, earlier)),
        prompt: record.sidecar.prompt.original,
        recorded: recordedPrompt(record.sidecar, flags),
        // The model is the one of the picture, so no advice on choosing one is needed.
        settings: { ...settings, modelChosen: true },
      };
    } finally {
      await history.close();
    }
  });
}

/** Warns of each input picture that is used again and was changed since. */
async function warnOfChanges({ sidecar }: PictureRecord, { images = [], mask }: EarlierRequest): Promise<void> {
  const used = (sidecar.inputs ?? []).filter(({ path }) => images.includes(path) || mask === path);
  for (const path of await changedInputs(used)) {
    const message = `${shownPath(path)} is not the picture that was used then: it was changed since`;
    sayWarning(message);
  }
}
