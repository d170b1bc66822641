// All requests of a gateway: which of them are one, what is sent for each, and what is kept of it.

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { type ClientRequest, ImageError, type Outcome, type Ticket } from '@anyimage/core';
import {
  clientOptions,
  type FileTicketStore,
  imageCodec,
  listOpen,
  ratesOf,
  type Settings,
  SharedClient,
} from '@anyimage/host';
import type { GatewaySettings } from '../config/load-config.ts';
import type { AskedIntent, GatewayKey, Kept } from '../kept/contract.ts';
import type { PictureStore } from '../kept/pictures.ts';
import { type Answer, answerOf } from '../wire/answer.ts';
import { badRequest } from '../wire/envelope.ts';
import { keyBudget } from './budget.ts';
import { type GivenMask, RunningCall } from './call.ts';
import type { Tracing } from './tracing.ts';
import { intentOf, isUndecided, uncertainRefusal } from './undecided.ts';

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
  readonly kept: Kept;
  readonly tickets: FileTicketStore;
  readonly pictures: PictureStore;
  /** Told of each call that came to its end. */
  readonly onEnd?: (key: GatewayKey, outcome: Outcome) => void;
  readonly tracing?: Tracing | undefined;
  /** Unix time, ms. */
  readonly now?: () => number;
}

type Optional = 'onEnd' | 'tracing';

export class Calls {
  readonly #options: Required<Omit<CallsOptions, Optional>> & Pick<CallsOptions, Optional>;
  readonly #current = new AsyncLocalStorage<RunningCall>();
  readonly #running = new Map<string, RunningCall>();
  #gateway: GatewaySettings;
  #shared: SharedClient;
  #isEnding = false;

  constructor(gateway: GatewaySettings, options: CallsOptions) {
    this.#options = { now: Date.now, ...options };
    this.#gateway = gateway;
    this.#shared = this.#clientOf(gateway);
  }

  get settings(): Settings {
    return this.#gateway.settings;
  }

  /** Requests that are under way. */
  get size(): number {
    return this.#running.size;
  }

  /** Other settings hold for requests from now on. */
  use(gateway: GatewaySettings): void {
    this.#shared.retire();
    this.#gateway = gateway;
    this.#shared = this.#clientOf(gateway);
  }

  /**
   * What becomes of a request: of the first with its intent, if there was one. Throws a refusal where its `Idempotency-Key` was another
   * request's; `storage`.
   */
  async ask(asked: AskedRequest): Promise<Asked> {
    const { key, request, mask, traceparent, ...facts } = asked;
    if (this.#isEnding) throw ending();
    const fresh = { ...facts, id: randomUUID(), key: key.id, at: this.#options.now() };
    const intent = await this.#options.kept.intents.open(fresh);
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

  /** A call that is under way. */
  find(id: string): RunningCall | undefined {
    return this.#running.get(id);
  }

  /** Goes on with an asynchronous task that a gateway before left. */
  goOn(id: string, key: GatewayKey, request: ClientRequest): void {
    if (!this.#running.has(id)) this.#begin(new RunningCall(id, key, false), request, { isTask: true }).join();
  }

  /** Fetches what a ticket stands for, which nobody waits for now. Never rejects. */
  async fetch(ticket: Ticket): Promise<void> {
    await this.#shared.use((client) => client.runTicket(ticket.id)).catch(() => {});
  }

  /** Sends nothing more, and waits for what was sent; at most for so long, ms. Never rejects. */
  async settle(graceMs: number): Promise<void> {
    this.#isEnding = true;
    for (const call of this.#running.values()) call.stop();
    const all = Promise.allSettled([...this.#running.values()].map(({ done }) => done));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    await Promise.race([all, late]);
    clearTimeout(timer);
  }

  /** Ends the connections to services. Never rejects. */
  close(): Promise<void> {
    return this.#shared.close();
  }

  #begin(call: RunningCall, request: ClientRequest, how: How): RunningCall {
    const before = this.#running.get(call.id)?.done.catch(() => {});
    this.#running.set(call.id, call);
    const { traceparent } = how;
    const endSpan = this.#options.tracing?.call({ id: call.id, key: call.key.id, request, traceparent });
    if (endSpan) call.trace = endSpan;
    void this.#current.run(call, async () => {
      try {
        await before;
        call.end(await this.#answer(call, request, how));
      } catch (error) {
        call.fail(error);
      } finally {
        call.trace?.();
        if (this.#running.get(call.id) === call) this.#running.delete(call.id);
      }
    });
    return call;
  }

  async #answer(call: RunningCall, request: ClientRequest, how: How): Promise<Answer> {
    const { kept, tickets } = this.#options;
    if (!call.isNew) {
      // It may have been answered since it was looked up, and its tickets are gone then.
      const known = await kept.intents.get(call.id);
      if (known?.answer !== undefined) return JSON.parse(known.answer) as Answer;
      const open = (await listOpen(tickets)).filter((ticket) => intentOf(ticket) === call.id && isUndecided(ticket));
      if (open.length > 0) {
        const answer: Answer = { refused: uncertainRefusal(open).answer };
        if (how.isTask) await kept.intents.answer(call.id, JSON.stringify(answer), this.#options.now());
        return answer;
      }
    }
    for (;;) {
      const outcome = await this.#run(call, request);
      const answer = await this.#keep(call, outcome, request, how);
      // Nobody asks again for a task.
      const goesOn = how.isTask && outcome.pending.some((ticket) => !isUndecided(ticket)) && !this.#isEnding;
      if (!goesOn || outcome.images.length > 0) return answer;
    }
  }

  #run(call: RunningCall, request: ClientRequest): Promise<Outcome> {
    const { limits, negotiation } = this.#gateway.config;
    const asked: ClientRequest = {
      ...(negotiation && { negotiation }),
      ...(limits?.requestSeconds !== undefined && { timeout: limits.requestSeconds * 1000 }),
      ...request,
      intent: call.id,
      stopSending: call.stopSending,
      onProgress: (progress) => call.tell(progress),
    };
    return this.#shared.use((client) => client.run(asked));
  }

  /** Notes what became of it. What failed and cost nothing, and what is not over, has no answer yet: asked again, it goes on. */
  async #keep(call: RunningCall, outcome: Outcome, request: ClientRequest, { isTask }: How): Promise<Answer> {
    const { kept, tickets, now, onEnd } = this.#options;
    const open = [...call.tickets.values()].filter(({ state }) => state !== 'done');
    const told = withTickets(outcome, open);
    const answer = answerOf(told, request, now());
    // Nobody asks again for a task: it fails for good, unless it is to go on with the next start.
    const isLost = isTask ? open.every(isUndecided) : open.length === 0;
    const goesOn = isFree(outcome) && (!isTask || this.#isEnding);
    const isOver = outcome.images.length > 0 || (isLost && !goesOn);
    const model = outcome.attempts.at(-1)?.model ?? outcome.images[0]?.model;
    const pictures = outcome.images.length;
    await Promise.all([
      isOver && kept.intents.answer(call.id, JSON.stringify(answer), now()),
      outcome.sent &&
        model !== undefined &&
        kept.spending.count({ key: call.key.id, model, pictures, failed: pictures > 0 ? 0 : 1, at: now() }),
    ]);
    onEnd?.(call.key, outcome);
    call.trace?.(outcome);
    // What is in the answer need be in no ticket.
    const letGo = isOver && open.length === 0 ? tickets.delete : tickets.release;
    for (const id of call.tickets.keys()) await letGo(id).catch(() => {});
    return answer;
  }

  #clientOf({ settings, config }: GatewaySettings): SharedClient {
    const { kept, tickets, pictures, now } = this.#options;
    const current = this.#current;
    const codec = imageCodec();
    const budgetNow = () => keyBudget(current.getStore()!.key, { spending: kept.spending, limits: config.budget, now });
    const note = (id: string, ticket?: Ticket) => current.getStore()?.note(id, ticket);
    return new SharedClient({
      ...clientOptions(settings),
      fromAgents: true,
      paths: false,
      store: pictures,
      budget: {
        check: (expected) => budgetNow().check(expected),
        reserve: (expected) => budgetNow().reserve(expected),
      },
      ...(config.budget && { rates: ratesOf(config.budget) }),
      ...(config.limits?.concurrency !== undefined && { concurrency: config.limits.concurrency }),
      codec: {
        ...codec,
        async mask(mask, form) {
          const given = current.getStore()?.mask;
          const isSame = given && given.width === mask.width && given.height === mask.height;
          // It says already what the service reads: transparent = repaint.
          if (isSame && form.repaint === 'transparent' && !form.hard)
            return { ...mask, ...given, mediaType: 'image/png' };
          return codec.mask(mask, form);
        },
      },
      tickets: {
        ...tickets,
        async get(id) {
          // Nobody else makes tickets of an intent that is new: the disk need not be asked.
          const call = current.getStore();
          return call?.isNew && !call.tickets.has(id) ? undefined : tickets.get(id);
        },
        async create(ticket) {
          // Its id follows from an intent that is this gateway's alone.
          const isNew = await tickets.createOwn(ticket);
          if (isNew) note(ticket.id, ticket);
          return isNew;
        },
        async put(ticket) {
          await tickets.put(ticket);
          note(ticket.id, ticket);
        },
        async delete(id) {
          await tickets.delete(id);
          note(id);
        },
        async release(id) {
          // Held until its answer is kept: what is held is deleted without a look at what others have.
          if (!current.getStore()?.tickets.has(id)) await tickets.release(id);
        },
      },
    });
  }
}

interface How {
  readonly isTask: boolean;
  readonly traceparent?: string | undefined;
}

/** Whether a further try may be sent: nothing was, or time helps and nothing can have been billed. */
function isFree({ error, sent }: Outcome): boolean {
  return error !== undefined && !error.mayHaveBeenBilled && (!sent || error.retryable || error.code === 'aborted');
}

/** The error names what is open of it. */
function withTickets(outcome: Outcome, open: readonly Ticket[]): Outcome {
  if (!outcome.error || open.length === 0) return outcome;
  return { ...outcome, error: outcome.error.with({ tickets: open.map(({ id }) => id), mayHaveBeenBilled: true }) };
}

function ending(): ImageError {
  return new ImageError('unavailable', 'this gateway is ending', {
    retryable: true,
    retryAfter: 5000,
    hint: 'Nothing was sent: try again in a moment.',
  });
}
