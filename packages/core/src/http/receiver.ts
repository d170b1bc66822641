// One answer as undici hands it over: its head, then its body chunk by chunk. In the place of undici's `request`, whose stream costs a
// small answer as much as all else that is done with it (bench/one-call.mjs).

import type { Dispatcher } from 'undici';
import type { AnswerHeaders } from '../contract/provider.ts';
import { abortError } from '../timing/abort-error.ts';
import { explainFailure, type Journey } from './failure.ts';

export interface Head {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

export interface ReceiverOptions {
  /** What failures are explained with; `sent` is kept here. */
  readonly journey: Journey & { sent: boolean };
  /** So many bytes of the body may wait to be read, as things are now, before the service is made to wait. */
  readonly readAhead: () => number;
  /** The request is about to be written to a connection. */
  readonly onStart: () => void;
}

type Step = IteratorResult<Uint8Array, undefined>;
const end: Step = { value: undefined, done: true };

/**
 * Takes the answer to one request. Failures are ImageErrors or `AddressRefused`; an abort of the journey's signal is one at once,
 * whatever undici waits for. The body is read by the iterator, once.
 */
export class Receiver implements Dispatcher.DispatchHandler, AsyncIterator<Uint8Array, undefined> {
  readonly #options: ReceiverOptions;
  #controller: Dispatcher.DispatchController | undefined;
  /** What came and was not read, and how many bytes that is. */
  readonly #chunks: Uint8Array[] = [];
  #held = 0;
  #isComplete = false;
  #failure: Error | undefined;
  /** Who waits for the head, and then for the next chunk. */
  #head: { resolve(head: Head): void; reject(error: Error): void } | undefined;
  #reader: { resolve(step: Step): void; reject(error: Error): void } | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Resolves with the head of the answer to what `send` dispatches, whatever its status. */
  headOf(send: () => void): Promise<Head> {
    const { signal } = this.#options.journey;
    return new Promise((resolve, reject) => {
      this.#head = { resolve, reject };
      if (signal?.aborted) throw abortError(signal);
      signal?.addEventListener('abort', this.#abort, { once: true });
      send();
    });
  }

  /** The body, if all of it is here and came in one piece. */
  get whole(): Uint8Array | undefined {
    return this.#isComplete && this.#chunks.length === 1 ? this.#chunks[0] : undefined;
  }

  /**
   * Ends the request, and the connection if the answer still comes; whoever waits hears of it. Returns the failure as it is explained,
   * which is the first one.
   */
  fail(error: unknown): Error {
    if (this.#failure) return this.#failure;
    const failure = explainFailure(error, this.#options.journey);
    if (this.#isComplete) return failure;
    this.#failure = failure;
    this.#chunks.length = 0;
    this.#letGo();
    this.#controller?.abort(failure);
    this.#head?.reject(failure);
    this.#reader?.reject(failure);
    return failure;
  }

  /** Gives up the rest of the answer. */
  discard(): void {
    this.fail(new Error('the rest of the answer is not read'));
  }

  readonly #abort = () => void this.fail(abortError(this.#options.journey.signal!));

  #letGo(): void {
    this.#options.journey.signal?.removeEventListener('abort', this.#abort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#failure) {
      controller.abort(this.#failure);
      return;
    }
    this.#controller = controller;
    this.#options.journey.sent = true;
    this.#options.onStart();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Received): void {
    if (status >= 200) this.#head?.resolve({ status, headers: new ReceivedHeaders(headers) });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#failure) return;
    if (this.#reader) {
      this.#give({ value: chunk, done: false });
      return;
    }
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held >= this.#options.readAhead()) controller.pause();
  }

  onResponseEnd(): void {
    this.#isComplete = true;
    this.#letGo();
    this.#give(end);
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    this.fail(error);
  }

  #give(step: Step): void {
    this.#reader?.resolve(step);
    this.#reader = undefined;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Step> {
    if (this.#failure) return Promise.reject(this.#failure);
    const chunk = this.#chunks.shift();
    if (chunk) {
      this.#held -= chunk.length;
      if (this.#held < this.#options.readAhead()) this.#controller?.resume();
      return Promise.resolve({ value: chunk, done: false });
    }
    if (this.#isComplete) return Promise.resolve(end);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  return(): Promise<Step> {
    this.discard();
    return Promise.resolve(end);
  }
}

/** By name in lower case; a header that came more than once is a list. */
type Received = Readonly<Record<string, string | string[] | undefined>>;

/** In the place of a `Headers`, which costs more than reading two of them does. */
class ReceivedHeaders implements AnswerHeaders {
  readonly #received: Received;

  constructor(received: Received) {
    this.#received = received;
  }

  get(name: string): string | null {
    const key = name.toLowerCase();
    const value = Object.hasOwn(this.#received, key) ? this.#received[key] : undefined;
    if (typeof value === 'string') return value;
    return value === undefined ? null : value.join(', ');
  }
}
