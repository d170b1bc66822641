// Which process something belongs to, and whether that one still runs.

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { isAlive } from './is-alive.ts';

/** One process of one machine: a later one that is given its id is another. */
export interface ProcessMark {
  readonly host: string;
  /** The start of the machine: its id; where the system has none, about when it was, Unix time in ms. */
  readonly boot: string | number;
  /** The namespace of its id, where the system has several: who is in another sees other processes under the same ids. */
  readonly space?: string;
  readonly pid: number;
  /** When it began, in the system's own unit. */
  readonly start: number;
}

/** What is left of a mark that others wrote, or an earlier version. */
export type PartialMark = { readonly host: string; readonly pid: number } & Partial<ProcessMark>;

/** Two looks at one boot time differ by what the clock was set meanwhile, ms. */
const sameBootMs = 300_000;

let own: ProcessMark | undefined;

/** The mark of this process. */
export function ownMark(): ProcessMark {
  own ??= readOwnMark();
  return own;
}

function readOwnMark(): ProcessMark {
  const space = attempt(() => readlinkSync('/proc/self/ns/pid'));
  return {
    host: hostname(),
    boot:
      attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ??
      Math.round(Date.now() - uptime() * 1000),
    ...(space !== undefined && { space }),
    pid: process.pid,
    start: statOf(process.pid)?.start ?? Math.round(Date.now() - process.uptime() * 1000),
  };
}

/** Whether a process has ended; `undefined` for one of another machine, or one that cannot be seen from here. */
export function isGone(mark: PartialMark): boolean | undefined {
  const { host, boot, space } = ownMark();
  if (mark.boot === undefined) return mark.host === host ? !isAlive(mark.pid) : undefined;
  if (!isSameBoot(mark.boot, boot)) return mark.host === host ? true : undefined;
  // A boot's id says which machine it is, whatever name that has by now; a time does not.
  if (typeof boot === 'number' && mark.host !== host) return undefined;
  return mark.space === space ? !isRunning(mark) : undefined;
}

function isSameBoot(one: string | number, other: string | number): boolean {
  if (typeof one === 'number' && typeof other === 'number') return Math.abs(one - other) < sameBootMs;
  return one === other;
}

/** Whether the id is in use, and as far as the system tells, by the same process. */
function isRunning({ pid, start }: PartialMark): boolean {
  if (!isAlive(pid)) return false;
  const found = pid === process.pid ? ownMark() : statOf(pid);
  if (!found) return true;
  return !('hasEnded' in found && found.hasEnded) && (start === undefined || found.start === start);
}

/** What Linux says of a process. One that has ended keeps its id until its parent has asked after it. */
function statOf(pid: number): { readonly start: number; readonly hasEnded: boolean } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // Its name is in brackets and may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const start = Number(fields?.[19]);
  return fields && Number.isFinite(start) ? { start, hasEnded: /^[ZX]$/.test(fields[0]!) } : undefined;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
