// From a row to what core is asked: the same way as a picture of the command line goes.

import { type ClientRequest, ImageError } from '@anyimage/core';
import type { NamedModels } from '@anyimage/host';
import { openInputs } from '../../request/input-files.ts';
import { openPipe } from '../../request/input-pipes.ts';
import { modelsAsked, resolveFlags } from '../../request/resolve.ts';
import { askForUnknown } from '../../session/catalogues.ts';
import { refuseKey } from '../../session/keys/refuse-key.ts';
import type { Settings } from '../../session/settings.ts';
import type { BatchItem } from './rows/batch-rows.ts';

export interface BatchRequest {
  readonly request: ClientRequest;
  readonly named: NamedModels;
  readonly notes: readonly string[];
}

/** Makes requests of rows. Each model that is in no table is looked for once. */
export class BatchRequests {
  readonly #settings: Settings;
  readonly #asked = new Set<string>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Throws what a request of the command line is refused with before core sees it. */
  async of({ flags, prompt }: BatchItem): Promise<BatchRequest> {
    refuseKey(prompt);
    const settings = this.#settings;
    await this.#askForUnknown(modelsAsked(flags, settings));
    const { words, named, limits, notes } = resolveFlags(flags, settings);
    await refusePipes(words);
    const { note, ...inputs } = await openInputs(words, limits?.options);
    const told = note === undefined ? notes : [...notes, note];
    return { request: { ...words, ...inputs, prompt }, named, notes: told };
  }

  async #askForUnknown(models: readonly string[]): Promise<void> {
    const unknown = models.filter((model) => !this.#asked.has(model));
    if (unknown.length === 0) return;
    for (const model of unknown) this.#asked.add(model);
    await askForUnknown(unknown, this.#settings);
  }
}

/** What comes through a pipe comes once, and there are many rows. */
async function refusePipes({ images = [], mask }: Omit<ClientRequest, 'prompt'>): Promise<void> {
  for (const input of [...images, mask]) {
    if (typeof input !== 'string' || !(await openPipe(input, 'images'))) continue;
    throw new ImageError('invalid-request', `${input} is a pipe, which can be read once alone`, {
      details: { option: 'images', asked: input },
      hint: 'Put the picture into a file, and give its path.',
    });
  }
}
