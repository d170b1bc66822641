// All requests of a gateway: which of them are one, and what became of each.

import { randomUUID } from 'node:crypto';
import { type ClientRequest, ImageError } from '@anyimage/core';
import type { AskedIntent, GatewayKey, IntentStore } from '@anyimage/store-redis/contract';
import type { Answer } from '../wire/answer.ts';
import { badRequest } from '../wire/envelope.ts';
import { type GivenMask, RunningCall } from './call.ts';
import type { CallState, How, Queue } from './queue.ts';

/** A request as it is asked. */
export interface AskedRequest extends Omit<AskedIntent, 'id' | 'key' | 'at'> {
  readonly key: GatewayKey;
  readonly request: ClientRequest;
  readonly mask?: GivenMask;
  /** The span that it belongs to. */
  readonly traceparent?: string | undefined;
}

/** What is asked about is answered already, or on its way. */
export type Asked = { readonly id: string } & ({ readonly answer: Answer } | { readonly call: RunningCall });

export interface CallsOptions {
  readonly intents: IntentStore;
  readonly queue: Queue;
  /** Unix time, ms. */
  readonly now: () => number;
}

export class Calls {
  readonly #options: CallsOptions;
  readonly #running = new Map<string, RunningCall>();
  #isEnding = false;

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** Requests that are under way. */
  get size(): number {
    return this.#running.size;
  }

  /**
   * What becomes of a request: of the first with its intent, if there was one. Throws a refusal where its `Idempotency-Key` was another
   * request's; `storage`.
   */
  async ask(asked: AskedRequest): Promise<Asked> {
    const { key, request, mask, traceparent, ...facts } = asked;
    if (this.#isEnding) throw ending();
    const fresh = { ...facts, id: randomUUID(), key: key.id, at: this.#options.now() };
    const intent = await this.#options.intents.open(fresh);
    const { id, isNew } = intent;
    if (intent.fingerprint !== asked.fingerprint) {
      const message = 'This Idempotency-Key was used for another request. Give each request a key of its own.';
      throw badRequest(message, 'idempotency_key_reused', undefined, 422);
    }
    if (intent.answer !== undefined) return { id, answer: JSON.parse(intent.answer) as Answer };
    const running = this.#running.get(id);
    if (running && !running.stopSending.aborted) return { id, call: running };
    const how = { isTask: asked.task !== undefined, traceparent };
    return { id, call: this.#begin(new RunningCall(id, key, isNew, mask), request, how) };
  }

  /** How one stands that has no answer yet. */
  async stateOf(id: string): Promise<CallState> {
    return this.#running.get(id)?.isSent ? 'in_progress' : this.#options.queue.stateOf(id);
  }

  /** Goes on with an asynchronous task that a gateway before left. */
  goOn(id: string, key: GatewayKey, request: ClientRequest): void {
    if (!this.#running.has(id)) this.#begin(new RunningCall(id, key, false), request, { isTask: true }).join();
  }

  /** Sends nothing more, and waits for what was sent; at most for so long, ms. Never rejects. */
  async settle(graceMs: number): Promise<void> {
    this.#isEnding = true;
    this.#options.queue.end();
    for (const call of this.#running.values()) call.stop();
    const all = Promise.allSettled([...this.#running.values()].map(({ done }) => done));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    await Promise.race([all, late]);
    clearTimeout(timer);
  }

  #begin(call: RunningCall, request: ClientRequest, how: How): RunningCall {
    const before = this.#running.get(call.id)?.done.catch(() => {});
    this.#running.set(call.id, call);
    const make = async () => {
      try {
        await before;
        call.end(await this.#options.queue.make(call, request, how));
      } catch (error) {
        call.fail(error);
      } finally {
        if (this.#running.get(call.id) === call) this.#running.delete(call.id);
      }
    };
    void make();
    return call;
  }
}

function ending(): ImageError {
  return new ImageError('unavailable', 'this gateway is ending', {
    retryable: true,
    retryAfter: 5000,
    hint: 'Nothing was sent: try again in a moment.',
  });
}
