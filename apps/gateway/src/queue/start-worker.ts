// A worker, from its start to its end: it makes what gateways are asked for.

import { join } from 'node:path';
import { type CallProgress, ImageError } from '@anyimage/core';
import { type Job, Worker } from 'bullmq';
import { RunningCall } from '../calls/call.ts';
import { closeBooks, fetchLeftovers } from '../calls/leftovers.ts';
import { CallMaker } from '../calls/make-calls.ts';
import type { GatewaySettings } from '../config/load-config.ts';
import { openShared } from '../kept/keep.ts';
import { openPictures, type PictureStore } from '../kept/pictures.ts';
import type { Answer } from '../wire/answer.ts';
import { errorAnswer } from '../wire/envelope.ts';
import { type CallJob, type CallNews, listening, queueName, stopChannel } from './jobs.ts';
import { keepPart, unpack } from './packed.ts';
import { SharedQueue } from './shared-queue.ts';
import { addTasksLeft, type ReadTask } from './tasks-left.ts';

export interface WorkerOptions {
  /** Reads what holds: at the start, and again by `reload`. */
  readonly load: () => Promise<GatewaySettings>;
  readonly readTask: ReadTask;
  /** Told of what goes wrong and needs nobody's answer. */
  readonly onProblem?: (error: unknown) => void;
}

export interface RunningWorker {
  /** Calls at a time. */
  readonly concurrency: number;
  /** Reads the config anew. Throws what is wrong in it; then all stays as it was. */
  reload(): Promise<void>;
  /** Takes no more calls, ends those that it has, and ends. Never rejects. */
  close(): Promise<void>;
}

const usual = { concurrency: 16, graceSeconds: 120 };
/** A worker that shows no sign of life for so long leaves its calls to others, who look so often, ms. */
const life = { lockDuration: 10_000, stalledInterval: 5000 };
const minuteMs = 60_000;

/** Starts one. Throws `config`, `unavailable`, `storage`. */
export async function startWorker({ load, readTask, onProblem = () => {} }: WorkerOptions): Promise<RunningWorker> {
  let gateway = await load();
  const { redis, data, s3 } = gateway;
  if (!redis) {
    throw new ImageError('config', 'a worker needs a Redis that it shares with the gateways', {
      hint: 'Name it in gateway.json: "store": {"redis": {"url": "redis://127.0.0.1:6379"}}.',
    });
  }
  const { kept, session } = await openShared(redis);
  const pictures = await openPictures(join(data, 'pictures'), s3, onProblem).catch(async (error: unknown) => {
    await kept.close();
    throw error;
  });
  const { tracing: traced } = gateway.config;
  const tracing = traced && (await import('../calls/tracing.ts')).openTracing(traced);
  const maker = new CallMaker(gateway, { kept, pictures, tracing });
  const queue = new SharedQueue({ session, kept, pictures });
  const running = new Map<string, RunningCall>();
  const concurrency = gateway.config.worker?.concurrency ?? usual.concurrency;
  const stops = session.connect(listening);
  stops.on('message', (_, id) => running.get(id)?.stop());
  void stops.subscribe(stopChannel(session.prefix)).catch(() => {});

  async function work(job: Job<CallJob, Answer>): Promise<Answer> {
    const { key, packed, isNew, isTask, traceparent } = job.data;
    try {
      const { request, mask } = await unpack(packed, pictures);
      const call = new RunningCall(job.id!, key, isNew && job.attemptsStarted <= 1, mask);
      running.set(call.id, call);
      const news = newsOf(job, pictures);
      if (request.partials !== undefined) call.join(news.tell);
      const answer = await maker.make(call, request, { isTask, traceparent });
      await news.told();
      return answer;
    } catch (error) {
      return { refused: errorAnswer(error) };
    } finally {
      running.delete(job.id!);
    }
  }

  const worker = new Worker<CallJob, Answer>(queueName, work, {
    ...life,
    connection: session.connect(listening),
    prefix: session.prefix,
    concurrency,
    // A call is gone on with however often its worker dies.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  });
  // It connects again by itself, at every try with an event; while Redis is away, the tidying of each minute tells that.
  worker.on('error', () => {});

  /** What processes left that are gone, and nobody has. */
  async function tidy(): Promise<void> {
    await closeBooks(kept);
    await addTasksLeft({ kept, queue, readTask: (task) => readTask(task, gateway.settings) });
    await fetchLeftovers(
      kept,
      (ticket) => void maker.fetch(ticket),
      async (id) => !running.has(id) && !(await queue.has(id)),
    );
  }
  const tidyLater = () => void tidy().catch(onProblem);
  tidyLater();
  const timer = setInterval(tidyLater, minuteMs).unref();
  let isEnding = false;

  return {
    concurrency,
    async reload() {
      gateway = await load();
      maker.use(gateway);
    },
    async close() {
      if (isEnding) return;
      isEnding = true;
      clearInterval(timer);
      maker.end();
      const ended = worker.close();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const grace = setTimeout(resolve, (gateway.config.limits?.graceSeconds ?? usual.graceSeconds) * 1000);
      await Promise.race([ended.catch(() => {}), late]);
      clearTimeout(grace);
      await Promise.allSettled([queue.close(), maker.close(), pictures.close(), tracing?.close()]);
      await kept.close().catch(() => {});
    },
  };
}

/** Tells of unfinished pictures, one after the other. */
function newsOf(job: Job<CallJob, Answer>, pictures: PictureStore) {
  let turn = Promise.resolve();
  let count = 0;
  const tell = (progress: CallProgress) => {
    if (!('partial' in progress)) return;
    const { index } = progress;
    const bytes = Buffer.from(progress.partial);
    count += 1;
    const id = `partial ${job.id} ${count}`;
    const send = async () => {
      const news: CallNews = { partial: await keepPart(pictures, id, bytes), index };
      await job.updateProgress(news);
    };
    // Who does not see one sees the next.
    turn = turn.then(send).catch(() => {});
  };
  return { tell, told: () => turn };
}
