// Makes calls here: what is sent for each, and what is kept of it.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientRequest, ImageError, Outcome, Ticket } from '@anyimage/core';
import { clientOptions, imageCodec, listOpen, ratesOf, SharedClient } from '@anyimage/host';
import type { GatewayKey, Kept } from '@anyimage/store-redis/contract';
import type { GatewaySettings } from '../config/load-config.ts';
import type { PictureStore } from '../kept/pictures.ts';
import { type Answer, answerOf } from '../wire/answer.ts';
import { keyBudget } from './budget.ts';
import type { RunningCall } from './call.ts';
import type { CallState, How, Queue } from './queue.ts';
import type { Tracing } from './tracing.ts';
import { intentOf, isUndecided, uncertainRefusal } from './undecided.ts';

export interface MakerOptions {
  readonly kept: Kept;
  readonly pictures: PictureStore;
  /** Told of each call that came to its end. */
  readonly onEnd?: (key: GatewayKey, outcome: Outcome) => void;
  readonly tracing?: Tracing | undefined;
  /** Unix time, ms. */
  readonly now?: () => number;
}

type Optional = 'onEnd' | 'tracing';

/** The queue of a process that makes its calls itself, all of them at once: services' limits hold them back. */
export class CallMaker implements Queue {
  readonly #options: Required<Omit<MakerOptions, Optional>> & Pick<MakerOptions, Optional>;
  readonly #current = new AsyncLocalStorage<RunningCall>();
  #gateway: GatewaySettings;
  #shared: SharedClient;
  #isEnding = false;

  constructor(gateway: GatewaySettings, options: MakerOptions) {
    this.#options = { now: Date.now, ...options };
    this.#gateway = gateway;
    this.#shared = this.#clientOf(gateway);
  }

  async make(call: RunningCall, request: ClientRequest, how: How): Promise<Answer> {
    const { id, key } = call;
    const endSpan = this.#options.tracing?.call({ id, key: key.id, request, traceparent: how.traceparent });
    try {
      return await this.#current.run(call, () => this.#answer(call, request, how, endSpan));
    } finally {
      endSpan?.();
    }
  }

  async stateOf(): Promise<CallState> {
    // Its process ended, or it waits for somebody to decide what became of it.
    return 'queued';
  }

  use(gateway: GatewaySettings): void {
    this.#shared.retire();
    this.#gateway = gateway;
    this.#shared = this.#clientOf(gateway);
  }

  end(): void {
    this.#isEnding = true;
  }

  close(): Promise<void> {
    return this.#shared.close();
  }

  /** Fetches what a ticket stands for, which nobody waits for now. Never rejects. */
  async fetch(ticket: Ticket): Promise<void> {
    try {
      const outcome = await this.#shared.use((client) => client.runTicket(ticket.id));
      await this.#keepRefusal(intentOf(ticket), outcome);
    } catch {
      // Whoever asks again finds the ticket.
    }
  }

  /** What a service refused is not asked again, also if nobody waited for it. */
  async #keepRefusal(intent: string, outcome: Outcome): Promise<void> {
    const { error, pending } = outcome;
    const { intents, tickets } = this.#options.kept;
    if (!error || error.mayHaveBeenBilled || !isRefusal(error) || pending.length > 0) return;
    // Of several calls, others may have been made.
    if ((await tickets.list()).some((one) => intentOf(one) === intent)) return;
    const now = this.#options.now();
    await intents.answer(intent, JSON.stringify(answerOf(outcome, {}, now)), now, false);
  }

  async #answer(
    call: RunningCall,
    request: ClientRequest,
    how: How,
    endSpan?: (outcome: Outcome) => void,
  ): Promise<Answer> {
    const { kept } = this.#options;
    if (!call.isNew) {
      // It may have been answered since it was looked up, and its tickets are gone then.
      const known = await kept.intents.get(call.id);
      if (known?.answer !== undefined) return JSON.parse(known.answer) as Answer;
      const open = (await listOpen(kept.tickets)).filter(
        (ticket) => intentOf(ticket) === call.id && isUndecided(ticket),
      );
      if (open.length > 0) {
        const answer: Answer = { refused: uncertainRefusal(open).answer };
        if (how.isTask) await kept.intents.answer(call.id, JSON.stringify(answer), this.#options.now(), false);
        return answer;
      }
    }
    for (;;) {
      const outcome = await this.#run(call, request);
      // Another worker that was taken for gone may have made it meanwhile.
      const others = outcome.error && (await kept.intents.get(call.id))?.answer;
      if (others !== undefined) {
        endSpan?.(outcome);
        return JSON.parse(others) as Answer;
      }
      const answer = await this.#keep(call, outcome, request, how);
      // Nobody asks again for a task.
      const goesOn = how.isTask && outcome.pending.some((ticket) => !isUndecided(ticket)) && !this.#isEnding;
      if (goesOn && outcome.images.length === 0) continue;
      endSpan?.(outcome);
      return answer;
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
    const { kept, now, onEnd } = this.#options;
    const { tickets } = kept;
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
      isOver && kept.intents.answer(call.id, JSON.stringify(answer), now(), pictures > 0),
      outcome.sent &&
        model !== undefined &&
        kept.spending.count({ key: call.key.id, model, pictures, failed: pictures > 0 ? 0 : 1, at: now() }),
    ]);
    onEnd?.(call.key, outcome);
    // What is in the answer need be in no ticket.
    const letGo = isOver && open.length === 0 ? tickets.delete : tickets.release;
    for (const id of call.tickets.keys()) await letGo(id).catch(() => {});
    for (const id of call.ended) await tickets.delete(id).catch(() => {});
    call.ended.clear();
    return answer;
  }

  #clientOf({ settings, config }: GatewaySettings): SharedClient {
    const { kept, pictures, now } = this.#options;
    const { tickets } = kept;
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
      ...(kept.accounts && { limits: kept.accounts }),
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
          const isKnown = call && ((call.isNew && !call.tickets.has(id)) || call.ended.has(id));
          return isKnown ? undefined : tickets.get(id);
        },
        async create(ticket) {
          const call = current.getStore();
          // The next model of a list has the same.
          if (call?.ended.delete(ticket.id)) await tickets.delete(ticket.id);
          // Its id follows from an intent that is of gateways alone.
          const isNew = await (call ? tickets.createFor(call.id, ticket) : tickets.create(ticket));
          if (isNew) note(ticket.id, ticket);
          return isNew;
        },
        async put(ticket) {
          await tickets.put(ticket);
          note(ticket.id, ticket);
        },
        async delete(id) {
          const call = current.getStore();
          const ticket = call && (call.tickets.get(id) ?? (await tickets.get(id)));
          if (call && ticket?.service !== undefined) call.ended.add(id);
          else await tickets.delete(id);
          note(id);
        },
        async release(id) {
          // Held until its answer is kept: what is held is deleted without a look at what others have.
          const call = current.getStore();
          if (!call?.tickets.has(id) && !call?.ended.has(id)) await tickets.release(id);
        },
      },
    });
  }
}

/** Whether a further try may be sent: nothing was, or time helps and nothing can have been billed. */
function isFree({ error, sent }: Outcome): boolean {
  if (error === undefined || error.mayHaveBeenBilled) return false;
  return error.retryable || error.code === 'aborted' || !(sent || isRefusal(error));
}

/** The service's own word, which it would say again; what was sent may have been sent by a process before. */
function isRefusal({ code, serviceCode, retryable }: ImageError): boolean {
  return !retryable && (code === 'content-blocked' || serviceCode !== undefined);
}

/** The error names what is open of it. */
function withTickets(outcome: Outcome, open: readonly Ticket[]): Outcome {
  if (!outcome.error || open.length === 0) return outcome;
  return { ...outcome, error: outcome.error.with({ tickets: open.map(({ id }) => id), mayHaveBeenBilled: true }) };
}
