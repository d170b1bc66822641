// Newer tables put into use, and taken back.

import { isDeepStrictEqual } from 'node:util';
import { ImageError, omit } from '@anyimage/core';
import { type ComparedTables, compareTables } from './compare-tables.ts';
import { keepUpdated, readKept, type UpdatedTable } from './kept.ts';
import type { InstalledTables, NewerTables } from './published-tables.ts';
import { countsStill } from './update-counts.ts';

/** What would change, by what was there when it was looked at. */
export interface ProposedTables extends ComparedTables {
  readonly installed: InstalledTables;
  readonly newer: NewerTables;
  /** What was kept then, and counts. */
  readonly before?: UpdatedTable | undefined;
  /** The prices that are lower are among what would change. */
  readonly takesLower: boolean;
}

/** Compares a newer table with what holds here; lower prices are not taken. A kept file that cannot be read holds nothing. */
export function proposeTables(home: string, installed: InstalledTables, newer: NewerTables): ProposedTables {
  return compared({ installed, newer, before: countingIn(keptOf(home, installed), installed) }, false);
}

/** The same with the prices that are lower. */
export function withLowerPrices(proposed: ProposedTables): ProposedTables {
  return compared(proposed, true);
}

function compared(
  { installed, newer, before }: Pick<ProposedTables, 'installed' | 'newer' | 'before'>,
  acceptLower: boolean,
): ProposedTables {
  const tables = { installed: installed.tables(), kept: before, newer: newer.tables };
  return { ...compareTables({ ...tables, acceptLower }), installed, newer, before, takesLower: acceptLower };
}

/**
 * Puts a proposed table into use, and keeps the one before for an undo. Returns whether something is other now. `at`: Unix time, ms.
 * Throws `storage`; also where another process has changed the table since it was compared.
 */
export async function takeTables(home: string, proposed: ProposedTables, at: number): Promise<boolean> {
  const { installed, newer, before, tables } = proposed;
  if (proposed.rows.length === 0) return false;
  let isTaken = false;
  await keepUpdated(home, installed.provider, (kept) => {
    const now = countingIn(kept, installed);
    if (!isDeepStrictEqual(now, before)) {
      if (now && isDeepStrictEqual(tablesOf(now), tablesOf(tables))) return kept;
      throw new ImageError('storage', `another program has changed the table of ${installed.provider} meanwhile`, {
        hint: 'Nothing was changed here. Ask again to see what is new.',
      });
    }
    isTaken = true;
    const { version, integrity } = newer;
    const previous = now ? omit(now, 'previous') : null;
    return { package: installed.package, version, integrity, at, ...tablesOf(tables), previous };
  });
  return isTaken;
}

/** What an undo would take back, or took. */
export interface UndoneTables {
  readonly provider: string;
  readonly package: string;
  /** That of the table that was in use. */
  readonly version: string;
  /** That of the table which holds again: a kept one, or the installed code's. */
  readonly back: string;
}

/** The last update of these providers that can be undone: all that was taken at once. */
export function lastUpdate(home: string, all: readonly InstalledTables[]): readonly UndoneTables[] {
  const found = all.flatMap((installed) => {
    const kept = countingIn(keptOf(home, installed), installed);
    return kept?.previous === undefined ? [] : [{ at: kept.at, undone: undoneOf(kept, installed) }];
  });
  const last = Math.max(...found.map(({ at }) => at));
  return found.filter(({ at }) => at === last).map(({ undone }) => undone);
}

/** Brings back what held before the last update of a provider; nothing where there is none. Throws `storage`. */
export async function undoTables(home: string, installed: InstalledTables): Promise<UndoneTables | undefined> {
  let undone: UndoneTables | undefined;
  await keepUpdated(home, installed.provider, (kept) => {
    const now = countingIn(kept, installed);
    if (now?.previous === undefined) return kept;
    undone = undoneOf(now, installed);
    return now.previous ?? undefined;
  });
  return undone;
}

function undoneOf({ version, previous }: UpdatedTable, installed: InstalledTables): UndoneTables {
  const { provider, package: name } = installed;
  const back = previous && countsStill(previous, installed) ? previous : installed;
  return { provider, package: name, version, back: back.version };
}

/** What counts of what is kept: the installed code may be newer by now. */
function countingIn(kept: UpdatedTable | undefined, installed: InstalledTables): UpdatedTable | undefined {
  return kept && countsStill(kept, installed) ? kept : undefined;
}

function keptOf(home: string, { provider }: InstalledTables): UpdatedTable | undefined {
  try {
    return readKept(home, provider).updated;
  } catch (error) {
    // What is written next replaces it, unless it is of a newer version: that refuses then.
    if (ImageError.isInstance(error)) return undefined;
    throw error;
  }
}

function tablesOf({ models, unlisted }: Pick<UpdatedTable, 'models' | 'unlisted'>) {
  return { models, ...(unlisted && { unlisted }) };
}
