// The JSON file beside each picture: all that is known of it, for people, scripts and an index.

import {
  type Applied,
  type ImageFacts,
  isRecord,
  type Json,
  type Money,
  omit,
  type PictureRecord,
} from '@anyimage/core';
import type { PartFile } from '../files/part-file.ts';
import { isAbsent, readText } from '../files/read-file.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import { parseRecord } from '../text/json.ts';
import { fileSize, isoTime } from '../text/units.ts';
import type { InputRecord } from './input-records.ts';

/** Longest file that can be a sidecar, bytes: a prompt of a million characters stands in it several times. */
const longestSidecar = 8 * 2 ** 20;

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
  /** The share of this picture alone. */
  readonly cost?: readonly Money[] | null;
  /** What the call cost that made this picture and others with it, all of them together. */
  readonly callCost?: readonly Money[];
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

/** The text of a sidecar. Times are ISO 8601. What is too long to be read again is left out, and a warning in it says so. */
export function sidecarText({ id, facts, record, file, request, inputs, applied, now }: SidecarFacts): string {
  const { prompt, revisedPrompt, model, seed, cost, callCost, timings, sourceUrl, expiresAt, warnings, metadata } =
    record;
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
    callCost: callCost && [callCost],
    timings,
    createdAt: isoTime(now),
    sourceUrl,
    expiresAt: isoTime(expiresAt),
    width: facts.width,
    height: facts.height,
    mediaType: file.mediaType,
    bytes: file.bytes,
    sha256: file.sha256,
    original: file.original,
    metadata,
  };
  return boundedText(sidecar);
}

/** What a sidecar can do without, the first one first: who asks for the picture again needs none of it. */
const dispensable = ['metadata', 'warnings', 'revisedPrompt', 'applied', 'sourceUrl', 'inputs', 'request'] as const;

/** A sidecar that is read again: without the longest of what it can do without, where it is too long. */
function boundedText(
  sidecar: Readonly<Record<string, unknown>> & { readonly warnings: PictureRecord['warnings'] },
): string {
  const textOf = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  const isReadable = (text: string) => Buffer.byteLength(text) <= longestSidecar;
  const whole = textOf(sidecar);
  if (isReadable(whole)) return whole;
  for (let count = 1; count <= dispensable.length; count++) {
    const left = dispensable.slice(0, count);
    const message = `${left.join(', ')} left out: with that the record would be longer than ${fileSize(longestSidecar)}`;
    const warnings = [...(left.includes('warnings') ? [] : sidecar.warnings), { code: 'record', message }];
    const text = textOf({ ...omit(sidecar, ...left), warnings });
    if (isReadable(text)) return text;
  }
  return whole;
}

/**
 * Gives a complete sidecar its name beside the picture, which a power cut may undo until the folder is synced; returns what went wrong, as
 * `writeSidecar` does. The part stays if it could not.
 */
export async function nameSidecar(part: PartFile, picture: string, force: boolean): Promise<string | undefined> {
  const path = sidecarPath(picture);
  return named(path, async () => {
    if (part.facts().bytes > longestSidecar) throw tooLong();
    try {
      await part.name(path, !force);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || !isOurs(await readSidecarText(path))) throw error;
      await part.name(path, false);
    }
  });
}

/**
 * Writes the sidecar of a picture. Returns what went wrong, if anything; the picture is kept all the same. An older sidecar is
 * replaced; a file of that name that is no sidecar is replaced only with `force`.
 */
export async function writeSidecar(picture: string, text: string, force: boolean): Promise<string | undefined> {
  const path = sidecarPath(picture);
  return named(path, async () => {
    if (Buffer.byteLength(text) > longestSidecar) throw tooLong();
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

/** A record that nobody would read again is not written. */
function tooLong(): Error {
  return new Error(`the record of the picture is longer than ${fileSize(longestSidecar)}`);
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

/** Whether there is a sidecar that cannot be read now, and may be later. Never rejects. */
export async function isOutOfReach(path: string): Promise<boolean> {
  return readText(path, longestSidecar).then(
    () => false,
    (error: unknown) => !isAbsent(error) && !['EFTYPE', 'EISDIR', 'EFBIG'].includes(errorCode(error)),
  );
}

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
  callCost: (value) => Array.isArray(value) && value.every(isMoney),
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
