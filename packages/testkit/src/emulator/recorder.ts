// What an emulator notes of the requests it got, and a way to wait for them without sleeping.

import type { IncomingHttpHeaders } from 'node:http';
import type { FaultEffect } from './effects.ts';

/** One request, as it came. Fields that are decided later change while it is answered. */
export interface RecordedRequest {
  /** Position among all requests, from 0. */
  readonly index: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, the text fields and file descriptions of a form, or text; `undefined` if there was none. */
  readonly body: unknown;
  /** Unix time, ms. */
  readonly at: number;
  /** The point of the API that was addressed: `generate`, `submit`, `check`, `result` …; absent if there is none such. */
  readonly point?: string;
  /** It addressed a point that costs money. */
  readonly spends: boolean;
  /** The service did what was asked: for a request that spends, it is billed. */
  accepted: boolean;
  /** HTTP status of the answer; absent until there is one. */
  status?: number;
  /** The other side left before the answer was complete. */
  aborted: boolean;
  /** The kind of the fault that struck it. */
  fault?: FaultEffect['kind'];
  /** A picture was asked for with the key, which only the API should see. */
  readonly leaked: boolean;
}

/**
 * `request`: read whole, not yet answered. `fault`: one is about to take effect. `answered`: all was sent that was to be sent.
 * `aborted`: the other side left before that.
 */
export type EmulatorEvent = 'request' | 'answered' | 'aborted' | 'fault';

/** Notes requests and wakes who waits for them. */
export interface Recorder {
  readonly requests: readonly RecordedRequest[];
  add(request: Omit<RecordedRequest, 'index' | 'accepted' | 'aborted'>): RecordedRequest;
  emit(event: EmulatorEvent, request: RecordedRequest): void;
  /** The next event of that name from now on. Rejects when the emulator closes first. */
  next(event: EmulatorEvent, matches?: (request: RecordedRequest) => boolean): Promise<RecordedRequest>;
  /** Resolves as soon as `holds()`: asked now and after each event. Rejects when the emulator closes first. */
  waitFor(holds: () => boolean): Promise<void>;
  /** Forgets the requests so far. */
  clear(): void;
  /** Rejects everyone who still waits. */
  close(): void;
}

interface Waiter {
  hears(event: EmulatorEvent, request: RecordedRequest): boolean;
  reject(error: Error): void;
}

export function createRecorder(): Recorder {
  const requests: RecordedRequest[] = [];
  const waiters = new Set<Waiter>();
  let count = 0;

  function wait<T>(start: (resolve: (value: T) => void) => Waiter['hears']): Promise<T> {
    const promise = new Promise<T>((resolve, reject) => {
      waiters.add({ hears: start(resolve), reject });
    });
    promise.catch(() => {}); // a promise that nobody awaits must not end the process when the emulator closes
    return promise;
  }

  return {
    requests,
    add(facts) {
      const request: RecordedRequest = { index: count++, accepted: false, aborted: false, ...facts };
      requests.push(request);
      return request;
    },
    emit(event, request) {
      for (const waiter of [...waiters]) if (waiter.hears(event, request)) waiters.delete(waiter);
    },
    next: (name, matches = () => true) =>
      wait((resolve) => (event, request) => {
        const heard = event === name && matches(request);
        if (heard) resolve(request);
        return heard;
      }),
    async waitFor(holds) {
      if (holds()) return;
      await wait<void>((resolve) => () => {
        const held = holds();
        if (held) resolve();
        return held;
      });
    },
    clear() {
      requests.length = 0;
    },
    close() {
      for (const { reject } of waiters) reject(new Error('the emulator was closed while someone waited for a request'));
      waiters.clear();
    },
  };
}
