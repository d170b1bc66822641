// The JSON file beside each picture: all that is known of it, for people, scripts and an index.

import { readFile } from 'node:fs/promises';
import type { Applied, GeneratedImage, GenerateResult, Json, Money } from '@anyimage/core';
import type { StoredFile } from './image-store.ts';
import { errorCode, storageError } from './storage-error.ts';
import { writeFileAtomically } from './write-file.ts';

/** The form of sidecars; raised when a field changes its meaning. */
const sidecarVersion = 1;

/** What a sidecar holds; files of other versions and by other hands may lack anything but the prompt and the model. */
export interface Sidecar {
  readonly anyimage: number;
  readonly prompt: { readonly original: string; readonly sent: string };
  /** `provider/model`. */
  readonly model: string;
  readonly revisedPrompt?: string;
  readonly seed?: number;
  /** What the caller asked, in the words of a request. */
  readonly request?: { readonly [word: string]: Json };
  readonly applied?: readonly Applied[];
  readonly warnings?: readonly { readonly message: string }[];
  /** How many pictures the request made: `cost` and `timings` are of all of them. */
  readonly pictures?: number;
  readonly cost?: readonly Money[] | null;
  readonly timings?: { readonly totalMs: number };
  /** ISO 8601, as `expiresAt`. */
  readonly createdAt?: string;
  readonly sourceUrl?: string;
  readonly expiresAt?: string;
  readonly width?: number;
  readonly height?: number;
  readonly mediaType?: string;
  readonly bytes?: number;
  readonly sha256?: string;
}

/** The sidecar of a picture: `boat.png` has `boat.png.json`. */
export function sidecarPath(picture: string): string {
  return `${picture}.json`;
}

export interface SidecarFacts {
  readonly image: GeneratedImage;
  readonly file: StoredFile;
  readonly result: GenerateResult;
  /** What the caller asked, in the words of a request. */
  readonly request?: Json;
  /** What the store did otherwise than asked. */
  readonly applied: readonly Applied[];
  /** Unix time, ms. */
  readonly now: number;
}

/** The text of a sidecar. Times are ISO 8601; `cost` and `timings` are of the whole request, which made `pictures`. */
export function sidecarText({ image, file, result, request, applied, now }: SidecarFacts): string {
  const facts = {
    anyimage: sidecarVersion,
    prompt: result.prompt,
    revisedPrompt: image.revisedPrompt,
    model: image.model,
    seed: image.seed,
    request,
    applied: [...result.applied, ...applied],
    warnings: result.warnings,
    pictures: result.images.length,
    cost: result.cost,
    timings: result.timings,
    createdAt: new Date(now).toISOString(),
    sourceUrl: image.sourceUrl,
    expiresAt: image.expiresAt === undefined ? undefined : new Date(image.expiresAt).toISOString(),
    width: image.width,
    height: image.height,
    mediaType: file.mediaType,
    bytes: file.bytes,
    sha256: file.sha256,
    original: file.original,
    metadata: image.metadata,
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}

/**
 * Writes the sidecar of a picture and returns what went wrong, if anything: the picture is kept all the same. An older
 * sidecar is replaced, another file of that name only with `force`.
 */
export async function writeSidecar(picture: string, text: string, force: boolean): Promise<string | undefined> {
  const path = sidecarPath(picture);
  const there = await readFile(path, 'utf8').catch(() => undefined);
  try {
    await writeFileAtomically(path, text, { keepExisting: !force && (there === undefined || !parseSidecar(there)) });
    return undefined;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return `${path} is another file and was not replaced`;
    return storageError(error, `write ${path}`, path).message;
  }
}

/** The sidecar that a text is; `undefined` for any other text. */
export function parseSidecar(text: string): Sidecar | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value?.anyimage === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it tells enough to be found and made again. */
export function isWhole(sidecar: Sidecar): boolean {
  const { prompt, model } = sidecar;
  return typeof prompt?.original === 'string' && typeof prompt.sent === 'string' && typeof model === 'string';
}
