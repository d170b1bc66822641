// What can go wrong with a service, as data: given to `fault()`, or as JSON to the control address of an emulator.

import type { ErrorCode, Json } from '@anyimage/core';
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

/**
 * What happens. Of these, `hang`, `cut`, `malformed`, `truncated`, `oversize` and `drip` spoil an answer after the
 * service did its work, so that the request counts as accepted; the others replace the answer, or change what is made.
 */
export type FaultEffect =
  /** A bare HTTP status; `body` text is sent as a web page. `accepted` = the service did the work all the same. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: Json;
      readonly headers?: Readonly<Record<string, string>>;
      readonly accepted?: boolean;
    }
  /** The error as this service documents it. */
  | { readonly kind: 'failure'; readonly code: ErrorCode; readonly headers?: Readonly<Record<string, string>> }
  /** Never answers, or stops in the middle of the body. */
  | { readonly kind: 'hang'; readonly at?: 'headers' | 'body' }
  /** The connection ends before the headers (default) or in the middle of the body. */
  | { readonly kind: 'cut'; readonly at?: 'headers' | 'body' }
  /** A complete body that is half of the JSON. */
  | { readonly kind: 'malformed' }
  /** `length` (default): the body is shorter than declared. `picture`: it is as declared, the picture in it lacks its end. */
  | { readonly kind: 'truncated'; readonly how?: 'length' | 'picture' }
  /** A web page; in place of a picture it says that it is `image/png`. */
  | { readonly kind: 'html' }
  /** A JSON error that says it is `image/png`. */
  | { readonly kind: 'json' }
  /** An SVG picture that says so. */
  | { readonly kind: 'svg' }
  /** `declared` (default): a length of 1 TiB. `endless`: no length, and no end. */
  | { readonly kind: 'oversize'; readonly how?: 'declared' | 'endless' }
  /** All is well, `bytes` at a time; default 64. */
  | { readonly kind: 'drip'; readonly bytes?: number }
  /** `status` defaults to 302. */
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** The URL of the picture no longer works: 403. */
  | { readonly kind: 'expired' }
  /** The answer names this URL as the picture's. */
  | { readonly kind: 'url'; readonly url: string }
  /** Moderation refuses the picture. */
  | { readonly kind: 'refused' }
  /** The job fails. */
  | { readonly kind: 'failed' }
  /** The picture has another size than asked. */
  | { readonly kind: 'wrong-size'; readonly width?: number; readonly height?: number };

/** A fault to inject. */
export type Fault = FaultTarget & FaultEffect;
/** The effect of one kind. */
export type EffectOf<K extends FaultEffect['kind']> = Extract<FaultEffect, { kind: K }>;

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
