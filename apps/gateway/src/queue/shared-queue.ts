// Calls that workers make: each is a job of BullMQ under the id of its intent, so that it is one however often it is asked.

import { setTimeout as pause } from 'node:timers/promises';
import type { ClientRequest } from '@anyimage/core';
import type { Session } from '@anyimage/store-redis';
import type { GatewayKey, Kept } from '@anyimage/store-redis/contract';
import { Queue as BullQueue, QueueEvents } from 'bullmq';
import type { RunningCall } from '../calls/call.ts';
import type { CallState, How, Queue } from '../calls/queue.ts';
import type { PictureStore } from '../kept/pictures.ts';
import { type Answer, stoppedAnswer } from '../wire/answer.ts';
import { asking, type CallJob, type CallNews, listening, queueName, stopChannel } from './jobs.ts';
import { pack } from './packed.ts';

export interface SharedQueueOptions {
  readonly session: Session;
  readonly kept: Kept;
  readonly pictures: PictureStore;
  /** Told of each call that came to its end. */
  readonly onEnd?: (key: GatewayKey, answer: Answer) => void;
}

/** How often it is looked whether something was missed, because a connection was lost, ms. */
const lookMs = 2000;

/** What is heard of a job. */
type Heard = { readonly answer: Answer } | { readonly failed: string } | 'removed' | 'nothing';

interface Waiter {
  readonly call: RunningCall;
  readonly isTask: boolean;
  hear(heard: Heard): void;
  /** What is being told of it: before its end. */
  telling: Promise<void>;
}

export class SharedQueue implements Queue {
  readonly #options: SharedQueueOptions;
  readonly #queue: BullQueue<CallJob, Answer>;
  readonly #events: QueueEvents;
  readonly #waiters = new Map<string, Waiter>();
  readonly #ended = new AbortController();

  constructor(options: SharedQueueOptions) {
    const { session } = options;
    this.#options = options;
    const { prefix } = session;
    this.#queue = new BullQueue(queueName, {
      prefix,
      connection: session.connect(asking),
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    this.#events = new QueueEvents(queueName, { prefix, connection: session.connect(listening) });
    // What is missed is looked for.
    this.#queue.on('error', () => {});
    this.#events.on('error', () => {});
    const hear = (id: string, heard: Heard) => this.#waiters.get(id)?.hear(heard);
    this.#events.on('completed', ({ jobId, returnvalue }) => hear(jobId, { answer: returnvalue as unknown as Answer }));
    this.#events.on('failed', ({ jobId, failedReason }) => hear(jobId, { failed: failedReason }));
    this.#events.on('removed', ({ jobId }) => hear(jobId, 'removed'));
    this.#events.on('progress', ({ jobId, data }) => this.#tell(jobId, data as CallNews));
  }

  async make(call: RunningCall, request: ClientRequest, how: How): Promise<Answer> {
    const packed = await pack(call.id, request, call.mask, this.#options.pictures);
    const stop = () => void this.#stop(call.id).catch(() => {});
    if (!how.isTask) call.stopSending.addEventListener('abort', stop, { once: true });
    try {
      const answer = await this.#waitFor(call, { key: call.key, packed, isNew: call.isNew, ...how });
      this.#options.onEnd?.(call.key, answer);
      return answer;
    } finally {
      call.stopSending.removeEventListener('abort', stop);
      this.#waiters.delete(call.id);
    }
  }

  /** Has a task made that nobody waits for here. */
  async add(id: string, job: Omit<CallJob, 'packed'>, request: ClientRequest): Promise<void> {
    await this.#add(id, { ...job, packed: await pack(id, request, undefined, this.#options.pictures) });
  }

  async has(id: string): Promise<boolean> {
    return (await this.#queue.getJobState(id)) !== 'unknown';
  }

  async stateOf(id: string): Promise<CallState> {
    return (await this.#queue.getJobState(id)) === 'active' ? 'in_progress' : 'queued';
  }

  use(): void {}

  end(): void {
    this.#ended.abort();
    for (const { isTask, hear } of this.#waiters.values()) if (isTask) hear('nothing');
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#queue.close(), this.#events.close()]);
  }

  async #add(id: string, job: CallJob): Promise<void> {
    try {
      await this.#queue.add('call', job, { jobId: id });
    } catch (error) {
      throw this.#options.session.explain(error, 'ask for pictures in');
    }
  }

  /** Adds the job, and again if it is gone without an answer: a worker finds what was sent of it. */
  async #waitFor(call: RunningCall, job: CallJob): Promise<Answer> {
    const { id } = call;
    const { kept } = this.#options;
    let next = Promise.withResolvers<Heard>();
    const hear = (heard: Heard) => next.resolve(heard);
    const waiter: Waiter = { call, isTask: job.isTask, hear, telling: Promise.resolve() };
    this.#waiters.set(id, waiter);
    await this.#add(id, job);
    for (let missing = 0; ; ) {
      const waiting = new AbortController();
      const look = pause<Heard>(lookMs, 'nothing', { signal: waiting.signal });
      look.catch(() => {});
      const heard = await Promise.race([next.promise, look]);
      waiting.abort();
      next = Promise.withResolvers<Heard>();
      if (typeof heard === 'object' && 'answer' in heard) {
        await waiter.telling;
        return heard.answer;
      }
      if (job.isTask ? this.#ended.signal.aborted : heard === 'removed' && call.stopSending.aborted)
        return stoppedAnswer();
      try {
        const answer = (await kept.intents.get(id))?.answer;
        if (answer !== undefined) return JSON.parse(answer) as Answer;
        missing = (await this.has(id)) ? 0 : missing + 1;
        // What is gone may just have been told of.
        if (missing < 2 && heard === 'nothing') continue;
        if (missing > 0) await this.#add(id, { ...job, isNew: false });
        missing = 0;
      } catch {
        // The server is away: the job is there when it comes back.
      }
    }
  }

  /** Nobody waits for a call: what is not begun is removed, and of what is begun nothing more is sent. */
  async #stop(id: string): Promise<void> {
    const { session } = this.#options;
    const isRemoved = await this.#queue.remove(id).catch(() => 0);
    if (isRemoved === 1) this.#waiters.get(id)?.hear('removed');
    else await session.redis.publish(stopChannel(session.prefix), id);
  }

  /** Unfinished pictures, one after the other; one that is gone is left out. */
  #tell(id: string, { partial, index }: CallNews): void {
    const waiter = this.#waiters.get(id);
    if (!waiter) return;
    const tell = async () => {
      const found = await this.#options.pictures.find(partial);
      if (found) waiter.call.tell({ partial: await found.bytes(), index });
    };
    waiter.telling = waiter.telling.then(tell).catch(() => {});
  }
}
