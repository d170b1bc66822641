// The JSON file beside each picture: all that is known of it, for people, scripts and an index.

import { type Applied, type ImageFacts, isRecord, type Json, type Money, type PictureRecord } from '@anyimage/core';
import { readText } from '../files/read-file.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { publish, writeFileAtomically } from '../files/write-file.ts';
import { parseRecord } from '../text/json.ts';
import type { InputRecord } from './input-records.ts';

/** The version of the form of sidecars. It is raised when a field changes its meaning. */
const sidecarVersion = 1;

/** What a sidecar holds. The first three fields are always there; other versions and other programs may leave out the rest. */
export interface Sidecar {
  readonly anyimage: number;
  readonly prompt: { readonly original: string; readonly sent: string };
  /** `provider/model`. */
  readonly model: string;
  /** Stands for this picture and no other. */
  readonly id?: string;
  readonly revisedPrompt?: string;
  readonly seed?: number;
  /** What the caller asked: the fields of a request. */
  readonly request?: { readonly [word: string]: Json };
  /** The input pictures that were files, as they were when the picture was made. */
  readonly inputs?: readonly InputRecord[];
  readonly applied?: readonly Applied[];
  readonly warnings?: readonly { readonly message: string }[];
  /** In older sidecars: how many pictures the request made, and `cost` and `timings` are of all of them. */
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

/** A picture as it lies on disk. */
export interface StoredFile {
  /** Absolute. */
  readonly path: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** The service's own bytes, where the file asked for is a conversion of them. */
  readonly original?: Omit<StoredFile, 'original'>;
}

export interface SidecarFacts {
  readonly id: string;
  /** Of the service's bytes. */
  readonly facts: ImageFacts;
  readonly record: PictureRecord;
  readonly file: Omit<StoredFile, 'path'>;
  /** What the caller asked: the fields of a request. */
  readonly request?: Json;
  readonly inputs: readonly InputRecord[];
  /** What the store did otherwise than asked. */
  readonly applied: readonly Applied[];
  /** Unix time, ms. */
  readonly now: number;
}

/** The text of a sidecar. Times are ISO 8601; `cost` is of this picture alone. */
export function sidecarText({ id, facts, record, file, request, inputs, applied, now }: SidecarFacts): string {
  const { prompt, revisedPrompt, model, seed, cost, timings, sourceUrl, expiresAt, warnings, metadata } = record;
  const sidecar = {
    anyimage: sidecarVersion,
    prompt,
    revisedPrompt,
    model,
    id,
    seed,
    request,
    inputs: inputs.length > 0 ? inputs : undefined,
    applied: [...record.applied, ...applied],
    warnings,
    cost: cost === undefined ? [] : cost && [cost],
    timings,
    createdAt: new Date(now).toISOString(),
    sourceUrl,
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
    width: facts.width,
    height: facts.height,
    mediaType: file.mediaType,
    bytes: file.bytes,
    sha256: file.sha256,
    original: file.original,
    metadata,
  };
  return `${JSON.stringify(sidecar, null, 2)}\n`;
}

/**
 * Gives a complete sidecar its name beside the picture; returns what went wrong, as `writeSidecar` does. The part stays if it could
 * not.
 */
export async function publishSidecar(part: string, picture: string, force: boolean): Promise<string | undefined> {
  const path = sidecarPath(picture);
  return named(path, async () => publish(part, path, !force && !isOurs(await readSidecarText(path))));
}

/**
 * Writes the sidecar of a picture. Returns what went wrong, if anything; the picture is kept all the same. An older sidecar is
 * replaced; a file of that name that is no sidecar is replaced only with `force`.
 */
export async function writeSidecar(picture: string, text: string, force: boolean): Promise<string | undefined> {
  const path = sidecarPath(picture);
  return named(path, async () => {
    await writeFileAtomically(path, text, { keepExisting: !force && !isOurs(await readSidecarText(path)) });
  });
}

async function named(path: string, work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return `${path} is another file and was not replaced`;
    return storageError(error, `write ${path}`, path).message;
  }
}

/** Whether a text calls itself a sidecar, whole or not. */
function isOurs(text: string): boolean {
  return fits.anyimage(parseRecord(text).anyimage);
}

/**
 * Reads a text as a sidecar; `undefined` for a text that is none, or that lacks prompt or model. People and other programs write
 * sidecars, too: a known field with a value of another type is left out.
 */
export function parseSidecar(text: string): Sidecar | undefined {
  const value = parseRecord(text);
  if (!required.every((name) => Object.hasOwn(value, name) && fits[name](value[name]))) return undefined;
  return Object.fromEntries(Object.entries(value).filter(isFitting)) as unknown as Sidecar;
}

/** The sidecar in a file; `undefined` where there is none that can be read. Never rejects. */
export async function readSidecar(path: string): Promise<Sidecar | undefined> {
  return parseSidecar(await readSidecarText(path));
}

/** Longest file that can be a sidecar, bytes. */
const longestSidecar = 2 ** 20;

/** Empty for what is no file, too long, or cannot be read. */
function readSidecarText(path: string): Promise<string> {
  return readText(path, longestSidecar).catch(() => '');
}

const required = ['anyimage', 'prompt', 'model'] as const satisfies readonly (keyof Sidecar)[];

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === 'string';
const isTime: Test = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isCount: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isAmount: Test = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isMoney: Test = (value) =>
  isRecord(value) && isAmount(value.amount) && isText(value.currency) && typeof value.estimated === 'boolean';
const isApplied: Test = (value) =>
  isRecord(value) && isText(value.option) && isText(value.because) && 'asked' in value && 'sent' in value;

/** What each field must be to be shown, indexed and made again. */
const fits: { readonly [field in keyof Sidecar]-?: Test } = {
  anyimage: (value) => typeof value === 'number',
  prompt: (value) => isRecord(value) && isText(value.original) && isText(value.sent),
  model: isText,
  id: isText,
  revisedPrompt: isText,
  // A larger one lost digits when it was parsed: it would make another picture.
  seed: Number.isSafeInteger,
  request: isRecord,
  inputs: (value) =>
    Array.isArray(value) && value.every((one) => isRecord(one) && isText(one.path) && isText(one.sha256)),
  applied: (value) => Array.isArray(value) && value.every(isApplied),
  warnings: (value) => Array.isArray(value) && value.every((one) => isRecord(one) && isText(one.message)),
  pictures: isCount,
  cost: (value) => value === null || (Array.isArray(value) && value.every(isMoney)),
  timings: (value) => isRecord(value) && isAmount(value.totalMs),
  createdAt: isTime,
  sourceUrl: isText,
  expiresAt: isTime,
  width: isCount,
  height: isCount,
  mediaType: isText,
  bytes: isCount,
  sha256: isText,
};

function isFitting([name, value]: readonly [string, unknown]): boolean {
  return !Object.hasOwn(fits, name) || fits[name as keyof Sidecar](value);
}
