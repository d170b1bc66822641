// Pictures that a run put into their places, and was killed before anybody heard of it: their records say whose they are.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Money } from '@anyimage/core';
import { readSidecar, sidecarPath } from '../library/sidecar.ts';
import { knownEndings } from '../pictures/formats.ts';
import { numberedName, type OutputTarget } from '../pictures/output.ts';
import type { BatchPicture } from './batch-row.ts';

export interface KeptPictures {
  readonly pictures: readonly BatchPicture[];
  /** `provider/model`. */
  readonly model: string;
  /** What each cost, as far as it is known. */
  readonly costs: readonly (readonly Money[] | null | undefined)[];
}

/** All pictures of a target that tickets stand for; `undefined` unless each of them is there. `folder`: of the batch. */
export async function keptPictures(
  { folder: place, file }: OutputTarget,
  count: number,
  { tickets, relativeTo }: { readonly tickets: readonly string[]; readonly relativeTo: (path: string) => string },
): Promise<KeptPictures | undefined> {
  if (!file || tickets.length === 0) return undefined;
  const endings = file.asItComes ? knownEndings : [...new Set([file.ending, ...knownEndings])];
  const found: KeptPictures[] = [];
  for (let index = 0; index < count; index++) {
    const paths = endings.map((ending) => join(place, numberedName({ ...file, ending }, index, count)));
    const ids = new Set(tickets.map((ticket) => `${ticket}-${index}`));
    const picture = await firstOf(paths, ids, relativeTo);
    if (!picture) return undefined;
    found.push(picture);
  }
  return {
    pictures: found.flatMap(({ pictures }) => pictures),
    model: found[0]!.model,
    costs: found.flatMap(({ costs }) => costs),
  };
}

async function firstOf(
  paths: readonly string[],
  ids: ReadonlySet<string>,
  relativeTo: (path: string) => string,
): Promise<KeptPictures | undefined> {
  for (const path of paths) {
    const sidecar = await readSidecar(sidecarPath(path));
    if (sidecar?.id === undefined || !ids.has(sidecar.id)) continue;
    const there = await stat(path).catch(() => undefined);
    if (!there?.isFile()) continue;
    const { width = 0, height = 0, mediaType = '', bytes = there.size, seed, model, cost } = sidecar;
    const facts = { path: relativeTo(path), width, height, mediaType, bytes };
    return { pictures: [{ ...facts, ...(seed !== undefined && { seed }) }], model, costs: [cost] };
  }
  return undefined;
}
