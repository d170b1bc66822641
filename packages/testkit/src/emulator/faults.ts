// A fault: which requests it concerns and what happens to them, as data. Given to `fault()`, or as JSON to the control
// address of an emulator.

import type { FaultEffect } from './effects.ts';
import type { RecordedRequest } from './recorder.ts';

/** Which requests a fault concerns, and how often. */
export interface FaultTarget {
  /**
   * A point of the service's API (`generate`, `edit`, `submit`, `check`, `chat`; `result` for the pictures), a path that begins with `/`,
   * or a test of the request.
   */
  readonly on: string | ((request: RecordedRequest) => boolean);
  /** How many requests it strikes; default 1. `"always"` has no end. */
  readonly times?: number | 'always';
  /** How many matching requests pass unharmed first; default 0. */
  readonly after?: number;
}

/** A fault to inject. */
export type Fault = FaultTarget & FaultEffect;

const kinds: Readonly<Record<FaultEffect['kind'], readonly string[]>> = {
  status: ['status'],
  failure: ['code'],
  hang: [],
  cut: [],
  malformed: [],
  truncated: [],
  html: [],
  json: [],
  svg: [],
  oversize: [],
  drip: [],
  redirect: ['to'],
  expired: [],
  url: ['url'],
  refused: [],
  failed: [],
  'wrong-size': [],
};

/** Checks a fault that came as JSON. Throws `TypeError` saying what is wrong and what is allowed. */
export function parseFault(value: unknown): Fault {
  const fault = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof fault.on !== 'string') throw new TypeError('a fault needs "on": a point such as "generate" or a path');
  const needs = Object.hasOwn(kinds, String(fault.kind)) ? kinds[fault.kind as FaultEffect['kind']] : undefined;
  if (!needs) throw new TypeError(`a fault needs "kind", one of: ${Object.keys(kinds).join(', ')}`);
  const missing = needs.find((name) => fault[name] === undefined);
  if (missing) throw new TypeError(`a fault of kind "${String(fault.kind)}" needs "${missing}"`);
  const { times, after } = fault;
  if (times !== undefined && times !== 'always' && !(Number.isInteger(times) && (times as number) > 0)) {
    throw new TypeError('"times" is a whole number from 1, or "always"');
  }
  if (after !== undefined && !(Number.isInteger(after) && (after as number) >= 0)) {
    throw new TypeError('"after" is a whole number from 0');
  }
  return fault as unknown as Fault;
}

/** The faults still to happen. */
export interface FaultQueue {
  add(fault: Fault): void;
  /** Takes the first fault that strikes this request, or `undefined`. */
  take(request: RecordedRequest): Fault | undefined;
  /** How many faults wait. */
  readonly size: number;
  clear(): void;
}

export function createFaultQueue(): FaultQueue {
  const waiting = new Set<{ fault: Fault; after: number; times: number }>();
  return {
    add(fault) {
      waiting.add({ fault, after: fault.after ?? 0, times: fault.times === 'always' ? Infinity : (fault.times ?? 1) });
    },
    take(request) {
      for (const entry of waiting) {
        if (!strikes(entry.fault, request)) continue;
        if (entry.after > 0) {
          entry.after -= 1;
          continue;
        }
        entry.times -= 1;
        if (entry.times <= 0) waiting.delete(entry);
        return entry.fault;
      }
      return undefined;
    },
    get size() {
      return waiting.size;
    },
    clear: () => waiting.clear(),
  };
}

function strikes({ on }: Fault, request: RecordedRequest): boolean {
  if (typeof on === 'function') return on(request);
  return on.startsWith('/') ? request.path.split('?')[0] === on : request.point === on;
}
