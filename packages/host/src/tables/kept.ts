// What is kept on disk of a provider's models, one file each: what its service listed when it was asked, and the table of a newer
// version of its package.

import { join } from 'node:path';
import { ImageError, isRecord, type ListedModel, type ModelCapabilities, type ModelTable, omit } from '@anyimage/core';
import { withLock } from '../files/lock-file.ts';
import { isAbsent, readTextNow } from '../files/read-file.ts';
import { newerVersion, storageError } from '../files/storage-error.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import type { DatedModelList } from '../services/model-facts.ts';
import { isRow, isTable } from '../services/table-shape.ts';
import { parseJSON } from '../text/json.ts';

/** What is kept of one provider. */
export interface Kept {
  /** What its service listed. */
  readonly listed?: DatedModelList;
  /** The table of a version of its package that was not installed. */
  readonly updated?: UpdatedTable;
}

/** The table of a package, taken out of it. */
export interface PackageTable {
  /** The name of the package. */
  readonly package: string;
  readonly version: string;
  /** The hash of its tarball, as registries write it: `sha512-…`. */
  readonly integrity: string;
  /** When it was taken, Unix time in ms. */
  readonly at: number;
  /** The rows that differ from those of the code. */
  readonly models: ModelTable;
  /** The row for ids in no table, where it differs. */
  readonly unlisted?: ModelCapabilities;
}

/** The table that is in use, and the one that was before. */
export interface UpdatedTable extends PackageTable {
  /** What an undo brings back; `null`: the table that came with the code. Absent: there is nothing to undo. */
  readonly previous?: PackageTable | null;
}

/** Raised when the file means something else than before. */
const keptVersion = 1;

/** Bytes; some kB for each of the 2,000 models that a list has at most. */
const longestKept = 64 * 2 ** 20;

/** Where all of it is kept. */
export function modelsFolder(home: string): string {
  return join(home, 'models');
}

export function keptPath(home: string, provider: string): string {
  return join(modelsFolder(home), `${provider}.json`);
}

/**
 * What is kept of a provider; nothing where there is no file. Reads at once, since who looks at a table does not wait. Throws `storage`
 * for a file that cannot be read, is damaged, or of a newer version.
 */
export function readKept(home: string, provider: string): Kept {
  const path = keptPath(home, provider);
  try {
    const kept = readFile(path);
    if (kept === 'newer') throw newerVersion(path);
    if (kept === 'damaged') throw new Error('it is damaged');
    return kept;
  } catch (error) {
    throw storageError(error, `read ${path}`, path, 'or delete it');
  }
}

/** Keeps what a service listed, in place of an older list. As `change`. */
export function keepListed(home: string, provider: string, listed: DatedModelList, patience?: number): Promise<void> {
  return change(home, provider, (kept) => ({ ...kept, listed }), patience);
}

/**
 * Keeps the table of a package that `to` makes of the one that is kept; `undefined`: that of the code holds. The same object changes
 * nothing. As `change`.
 */
export function keepUpdated(
  home: string,
  provider: string,
  to: (before: UpdatedTable | undefined) => UpdatedTable | undefined,
): Promise<void> {
  return change(home, provider, (kept) => {
    const updated = to(kept.updated);
    return updated === kept.updated ? kept : { ...omit(kept, 'updated'), ...(updated && { updated }) };
  });
}

/**
 * Changes what is kept of a provider while no other process does: waits for its turn, `patience` ms at most, as long as usual unless
 * given. A damaged file is replaced. Where `to` gives what it was given, nothing is written. Throws `storage`; the file is as it was then.
 */
async function change(home: string, provider: string, to: (kept: Kept) => Kept, patience?: number): Promise<void> {
  const path = keptPath(home, provider);
  try {
    await withLock(
      path,
      async () => {
        const before = keptNow(path);
        const after = to(before);
        if (after === before) return;
        const text = `${JSON.stringify({ version: keptVersion, ...after })}\n`;
        // It could not be read again, and what it replaced would be lost.
        if (Buffer.byteLength(text) > longestKept) throw tooLong(provider, path);
        await writeFileAtomically(path, text);
      },
      patience,
    );
  } catch (error) {
    // The same words for every provider: one disk that is full is told once.
    throw storageError(error, `keep the models of services in ${home}`, path);
  }
}

function tooLong(provider: string, path: string): ImageError {
  return new ImageError('storage', `what ${provider} lists is longer than ${longestKept} bytes, and is not kept`, {
    provider,
    details: { path },
    hint: 'What was kept before holds.',
  });
}

function keptNow(path: string): Kept {
  const kept = readFile(path);
  // Nothing of it may be lost.
  if (kept === 'newer') throw newerVersion(path);
  return kept === 'damaged' ? {} : kept;
}

/** Throws the system's error. */
function readFile(path: string): Kept | 'newer' | 'damaged' {
  try {
    return keptIn(parseJSON(readTextNow(path, longestKept)));
  } catch (error) {
    if (isAbsent(error)) return {};
    throw error;
  }
}

function keptIn(value: unknown): Kept | 'newer' | 'damaged' {
  if (!isRecord(value)) return 'damaged';
  const { version, listed, updated } = value;
  // A list alone, as earlier versions kept it.
  if (version === undefined) return isList(value) ? { listed: listIn(value) } : 'damaged';
  if (typeof version === 'number' && version > keptVersion) return 'newer';
  const isWhole =
    version === keptVersion &&
    (listed === undefined || isList(listed)) &&
    (updated === undefined || isUpdated(updated));
  if (!isWhole) return 'damaged';
  return { ...(listed && { listed: listIn(listed) }), ...(updated && { updated }) };
}

interface RawList {
  readonly baseURL: string;
  readonly at: number;
  readonly models: readonly unknown[];
}

function isList(value: unknown): value is RawList {
  return (
    isRecord(value) && typeof value.baseURL === 'string' && typeof value.at === 'number' && Array.isArray(value.models)
  );
}

function listIn({ baseURL, at, models }: RawList): DatedModelList {
  return { baseURL, at, models: models.flatMap((model) => (isRecord(model) ? listed(model) : [])) };
}

function listed({ id, label, retires, row }: Readonly<Record<string, unknown>>): ListedModel[] {
  if (typeof id !== 'string') return [];
  const isDay = typeof retires === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(retires);
  return [
    {
      id,
      ...(typeof label === 'string' && { label }),
      ...(isDay && { retires: retires as NonNullable<ListedModel['retires']> }),
      ...(isRow(row) && { row }),
    },
  ];
}

function isUpdated(value: unknown): value is UpdatedTable {
  return isPackageTable(value) && (!('previous' in value) || value.previous === null || isPackageTable(value.previous));
}

function isPackageTable(value: unknown): value is PackageTable {
  if (!isRecord(value)) return false;
  const { package: name, version, integrity, at, models, unlisted } = value;
  return (
    [name, version, integrity].every((one) => typeof one === 'string') &&
    typeof at === 'number' &&
    isTable(models) &&
    (unlisted === undefined || isRow(unlisted))
  );
}
