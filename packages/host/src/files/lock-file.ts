// A lock file beside a file that processes read, change and write back: one of them at a time.

import { createHash, randomBytes } from 'node:crypto';
import { stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ImageError } from '@anyimage/core';
import { makeFolder } from './make-folder.ts';
import { isGone, ownMark, type PartialMark } from './process-mark.ts';
import { readText } from './read-file.ts';
import { errorCode } from './storage-error.ts';
import { nameIfFree, partPath } from './write-file.ts';

/** Age of a lock that counts as left. For locks of other machines only: whether their holder lives cannot be asked. */
const oneMinuteMs = 60_000;

/**
 * Does `work` while no other process does any on `path`, and gives its result. A lock that a dead process left is taken over.
 * Makes missing folders, for this person alone. Throws `storage` when it is not its turn within `patience` (ms), the system's
 * error when there can be no lock, and what `work` throws.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, patience = 10_000): Promise<T> {
  const lock = `${path}.lock`;
  const mark = JSON.stringify({ ...ownMark(), id: randomBytes(8).toString('hex') });
  const end = Date.now() + patience;
  await makeFolder(dirname(path), 0o700);
  while (!(await claim(lock, mark))) {
    if (await removeLeft(lock, mark)) continue;
    if (Date.now() > end) throw busy(path, lock);
    await pause(5 + Math.random() * 20);
  }
  try {
    return await work();
  } finally {
    if ((await textOf(lock)) === mark) await removed(lock);
  }
}

/** Makes the lock, unless there is one. It says whose it is from the first moment: its maker may be killed in any other. */
async function claim(lock: string, mark: string): Promise<boolean> {
  const part = partPath(dirname(lock));
  try {
    await writeFile(part, mark, { flag: 'wx', mode: 0o600 });
    await nameIfFree(part, lock);
    return true;
  } catch (error) {
    await removed(part);
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Windows refuses a name whose file is being deleted. */
function isTaken(error: unknown): boolean {
  return errorCode(error) === 'EEXIST' || (process.platform === 'win32' && errorCode(error) === 'EPERM');
}

/**
 * Removes a lock whose holder is gone. Returns whether anything was removed. Two could both see the old lock, and the slower one remove
 * the new lock of the faster: so the right to remove a lock is a lock itself, named after what is removed, and after the death of who
 * has it, it is removed in the same way.
 */
async function removeLeft(lock: string, mark: string): Promise<boolean> {
  const text = await textOf(lock);
  if (!(await isLeft(lock, text))) return false;
  const right = `${lock}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  if (!(await claim(right, mark))) return removeLeft(right, mark);
  try {
    const isSame = (await textOf(lock)) === text && (await isLeft(lock, text));
    return isSame && (await removed(lock));
  } finally {
    await removed(right);
  }
}

async function removed(path: string): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  );
}

/** A lock of a living process is never left, however old: the process may be waiting for a person's answer. */
async function isLeft(lock: string, text: string): Promise<boolean> {
  const mark = parsed(text);
  return (isMark(mark) ? isGone(mark) : undefined) ?? isOld(lock);
}

function isMark(mark: { readonly host?: unknown; readonly pid?: unknown }): mark is PartialMark {
  return typeof mark.host === 'string' && isPid(mark.pid);
}

function isPid(pid: unknown): pid is number {
  return typeof pid === 'number' && pid > 0 && pid === (pid | 0);
}

async function isOld(path: string): Promise<boolean> {
  const made = await stat(path).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > oneMinuteMs;
}

async function textOf(path: string): Promise<string> {
  return readText(path).catch(() => '');
}

/** Where a disk has no links, and in earlier versions, a lock is empty for a moment. */
function parsed(text: string): { readonly host?: unknown; readonly pid?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function busy(path: string, lock: string): ImageError {
  return new ImageError('storage', `another program is changing ${path}`, {
    details: { path, problem: 'locked' },
    hint: `Try again. If no other anyimage runs, delete ${lock}.`,
  });
}
