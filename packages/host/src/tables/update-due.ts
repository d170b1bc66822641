// When the table of each provider is to be asked for by itself, and what the person took back: kept in one small file, so that all programs
// of a person ask once.

import { join } from 'node:path';
import { isRecord } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { withLock } from '../files/lock-file.ts';
import { readText } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import { knownServices } from '../plugins/known-services.ts';
import { parseRecord } from '../text/json.ts';
import type { OnNotice } from '../text/notice.ts';
import { changesText } from './compare-tables.ts';
import { isNewer } from './update-counts.ts';
import { proposeTables, takeTables, type UndoneTables } from './update-kept.ts';
import { fetchTables, installedTables, secretsOf } from './update-tables.ts';

const oneHourMs = 3_600_000;
const oneWeekMs = 7 * 24 * oneHourMs;

/** What is noted of a provider. */
interface Turn {
  /** Its table is not asked for before, Unix time in ms. */
  readonly next?: number;
  /** The version that was taken back: it does not come again by itself. */
  readonly undone?: string;
}

export interface DueOptions {
  readonly home: string;
  readonly env: Environment;
  readonly onNotice: OnNotice;
  readonly signal: AbortSignal;
}

/**
 * Fetches the tables of these providers whose turn it is, and uses them without lower prices. What was begun and not done is tried again in
 * an hour, what is done in a week. Throws what `fetchTables` and `takeTables` throw.
 */
export async function updateDue(ids: ReadonlySet<string>, { home, onNotice, ...options }: DueOptions): Promise<void> {
  const { plugins, providers } = await knownServices(home);
  const secrets = secretsOf(providers);
  for (const installed of installedTables(plugins).filter(({ provider }) => ids.has(provider))) {
    const { provider, addedFrom } = installed;
    options.signal.throwIfAborted();
    if (addedFrom !== undefined || !(await claimTurn(home, provider))) continue;
    const { newer } = await fetchTables(installed, { ...options, secrets, retries: 0 });
    const { undone } = turnOf(await readTurns(home), provider);
    if (newer && (undone === undefined || isNewer(newer.version, undone))) {
      const proposed = proposeTables(home, installed, newer);
      if (await takeTables(home, proposed, Date.now())) {
        onNotice({ kind: 'table-updated', provider, version: newer.version, changes: changesText(proposed.rows) });
      }
    }
    await noteTurn(home, provider, { next: Date.now() + oneWeekMs });
  }
}

/** Notes what was taken back, so that it does not come again by itself. Throws `storage`. */
export async function noteUndone(home: string, { provider, version }: UndoneTables): Promise<void> {
  await noteTurn(home, provider, { undone: version });
}

/** Whether it is the turn of a provider, which it then is for nobody else. A time that lies further ahead than any that is noted is none. */
async function claimTurn(home: string, provider: string): Promise<boolean> {
  const now = Date.now();
  const isDue = ({ next = 0 }: Turn) => next <= now || next > now + oneWeekMs;
  if (!isDue(turnOf(await readTurns(home), provider))) return false;
  return noteTurn(home, provider, { next: now + oneHourMs }, isDue);
}

function turnsPath(home: string): string {
  return join(home, 'table-updates.json');
}

/** Notes something of a provider, if what is noted is as it should be. */
async function noteTurn(
  home: string,
  provider: string,
  turn: Turn,
  isWanted: (before: Turn) => boolean = () => true,
): Promise<boolean> {
  const path = turnsPath(home);
  try {
    return await withLock(path, async () => {
      const turns = await readTurns(home);
      const before = turnOf(turns, provider);
      if (!isWanted(before)) return false;
      const text = JSON.stringify({ version: 1, providers: { ...turns, [provider]: { ...before, ...turn } } });
      await writeFileAtomically(path, `${text}\n`);
      return true;
    });
  } catch (error) {
    throw storageError(error, `write ${path}`, path);
  }
}

/** What is noted; nothing where it cannot be read: then all is asked for once more. */
async function readTurns(home: string): Promise<Readonly<Record<string, unknown>>> {
  const { version, providers } = parseRecord(await readText(turnsPath(home)).catch(() => ''));
  return version === 1 && isRecord(providers) ? providers : {};
}

function turnOf(turns: Readonly<Record<string, unknown>>, provider: string): Turn {
  const turn = Object.hasOwn(turns, provider) ? turns[provider] : undefined;
  if (!isRecord(turn)) return {};
  const { next, undone } = turn;
  return {
    ...(typeof next === 'number' && { next }),
    ...(typeof undone === 'string' && { undone }),
  };
}
