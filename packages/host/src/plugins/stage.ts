// The folder in which a plugin is put together before it is named, and what killed processes left of theirs.

import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '@anyimage/core';
import { makeFolder } from '../files/make-folder.ts';
import { isGone, ownMark, type PartialMark } from '../files/process-mark.ts';
import { readText } from '../files/read-file.ts';
import { parseRecord } from '../text/json.ts';
import { installName } from './change-list.ts';
import { pluginsFolder } from './plugin-list.ts';

/** A folder for one plugin on its way. */
export interface Stage {
  readonly folder: string;
  /** Removes it, and the folder of plugins if nothing else is there. Never rejects. */
  discard(): Promise<void>;
}

const stageName = /^\.adding-[0-9a-f]{16}$/;
/** Says whose a stage is. */
const markName = 'owner.json';
/** A process that cannot be asked after is taken for ended this long after it made its stage, ms. */
const oneDayMs = 24 * 3_600_000;

const unfinished = new Set<string>();

/** Makes a stage. It is gone at the latest when this process ends, unless that is killed. Rejects with the system's error. */
export async function openStage(home: string): Promise<Stage> {
  const folder = join(pluginsFolder(home), `.adding-${newName()}`);
  if (unfinished.size === 0) process.once('exit', discardAll);
  unfinished.add(folder);
  const discard = async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
    unfinished.delete(folder);
    if (unfinished.size === 0) process.off('exit', discardAll);
    await rmdir(pluginsFolder(home)).catch(() => {});
  };
  try {
    await makeFolder(folder, 0o700);
    await writeFile(join(folder, markName), JSON.stringify(ownMark()));
    return { folder, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** A name that no install has had yet: code that was loaded is never taken for what came after it. */
export function newName(): string {
  return randomBytes(8).toString('hex');
}

function discardAll(): void {
  for (const folder of unfinished) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // The next add sweeps it.
    }
  }
}

/**
 * Removes what killed processes left: stages, and installs that no list names. `kept`: the folders of the list, which nobody changes
 * meanwhile. Never rejects.
 */
export async function sweepPlugins(home: string, kept: readonly string[], now: number): Promise<void> {
  const names = await readdir(pluginsFolder(home)).catch(() => []);
  for (const name of names) {
    const folder = join(pluginsFolder(home), name);
    const isLeft = stageName.test(name)
      ? await isLeftStage(folder, now)
      : installName.test(name) && !kept.includes(name);
    if (isLeft) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function isLeftStage(folder: string, now: number): Promise<boolean> {
  if (unfinished.has(folder)) return false;
  const mark = parseRecord(await readText(join(folder, markName)).catch(() => ''));
  return (isMark(mark) ? isGone(mark) : undefined) ?? (await isOld(folder, now));
}

function isMark(value: unknown): value is PartialMark {
  return isRecord(value) && typeof value.host === 'string' && Number.isInteger(value.pid) && Number(value.pid) > 0;
}

async function isOld(path: string, now: number): Promise<boolean> {
  const made = await stat(path).catch(() => undefined);
  return made !== undefined && now - made.mtimeMs > oneDayMs;
}
