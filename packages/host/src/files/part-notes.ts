// Which parts a process has: one that is killed cannot remove them, and nobody should have to read whole folders to find them.

import { randomBytes } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isRecord } from '@anyimage/core';
import { makeFolderNow } from './make-folder.ts';
import { isGone, ownMark, type PartialMark } from './process-mark.ts';
import { readText } from './read-file.ts';
import { makerOf } from './write-file.ts';

/** A note is a file in the home folder: a line that says whose it is, and the path of a part on each other line. */
const noteName = /^parts-[0-9a-f]{16}\.jsonl$/;

/** A process that cannot be asked after is taken for ended this long after it last noted a part, ms. */
const oneDayMs = 24 * 3_600_000;

/** The note of this process in a home. It is there while the process has parts. */
interface OwnNote {
  readonly path: string;
  readonly fd: number;
  readonly parts: Set<string>;
  /** How many it has named. */
  lines: number;
}

/** A process that is never without parts begins a new note after so many: it stays short. */
const mostLines = 1000;

const own = new Map<string, OwnNote>();

/** Notes a part before it is made. Never throws: where it cannot be noted, it stays if this process is killed. */
export function notePart(home: string, part: string): void {
  try {
    const known = own.get(home);
    const note = known && known.lines < mostLines ? known : beginNote(home, known);
    writeSync(note.fd, `${JSON.stringify(part)}\n`);
    note.parts.add(part);
    note.lines += 1;
  } catch {
    // The picture is worth more than the order of the folder.
  }
}

/** A part is gone, or has got its name. Never throws. */
export function forgetPart(home: string, part: string): void {
  const note = own.get(home);
  if (!note?.parts.delete(part) || note.parts.size > 0) return;
  own.delete(home);
  end(note);
}

/** Never throws. */
function end({ path, fd }: OwnNote): void {
  try {
    closeSync(fd);
    unlinkSync(path);
  } catch {
    // Whoever reads it finds none of its parts.
  }
}

/** `before`: the note in whose place it is. */
function beginNote(home: string, before: OwnNote | undefined): OwnNote {
  makeFolderNow(home, 0o700);
  const path = join(home, `parts-${randomBytes(8).toString('hex')}.jsonl`);
  const parts = new Set(before?.parts);
  const lines = [ownMark(), ...parts].map((line) => `${JSON.stringify(line)}\n`);
  const note = { path, fd: openSync(path, 'ax', 0o600), parts, lines: parts.size };
  try {
    writeSync(note.fd, lines.join(''));
  } catch (error) {
    end(note);
    throw error;
  }
  own.set(home, note);
  if (before) end(before);
  return note;
}

/** What a process noted that has ended. */
export interface LeftParts {
  readonly paths: readonly string[];
  /** Removes the note. Never rejects. */
  forget(): Promise<void>;
}

/** The notes in a home of processes that have ended. `now`: Unix time, ms. Never rejects. */
export async function leftParts(home: string, now: number): Promise<readonly LeftParts[]> {
  const names = await readdir(home).catch(() => []);
  const left: LeftParts[] = [];
  for (const name of names.filter((name) => noteName.test(name))) {
    const note = await readNote(join(home, name), now);
    if (note) left.push(note);
  }
  return left;
}

/** `undefined` if its process may still be at work. */
async function readNote(path: string, now: number): Promise<LeftParts | undefined> {
  const [mark, ...parts] = (await readText(path).catch(() => '')).split('\n').map(parseLine);
  if (!(await isLeft(path, mark, now))) return undefined;
  return {
    paths: parts.filter((part) => typeof part === 'string').filter((part) => makerOf(basename(part)) !== undefined),
    forget: () => unlink(path).catch(() => {}),
  };
}

/** Whether the process has ended that writes the note at `path`. `mark`: what the first line of it says. `now`: Unix time, ms. Never rejects. */
export async function isLeft(path: string, mark: unknown, now: number): Promise<boolean> {
  return (isMark(mark) ? isGone(mark) : undefined) ?? (await isOld(path, now));
}

/** `undefined` for a line that was cut off. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isMark(value: unknown): value is PartialMark {
  return isRecord(value) && typeof value.host === 'string' && Number.isInteger(value.pid) && Number(value.pid) > 0;
}

async function isOld(path: string, now: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && now - found.mtimeMs > oneDayMs;
}
