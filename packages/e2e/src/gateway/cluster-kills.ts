// Gateways, workers and Redis that are killed at random moments while clients ask and ask again.

import { setTimeout as pause } from 'node:timers/promises';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import { randomOf } from '../kill-runs.ts';
import { startCluster } from './cluster.ts';
import { repeatedIn } from './repeated.ts';
import { startGateway, startWorker } from './run-gateway.ts';

export interface ClusterKilled {
  readonly asked: number;
  readonly made: number;
  /** By the service, for what is asked. */
  readonly refused: number;
  readonly uncertain: number;
  /** What came to anything else, with its status. */
  readonly others: readonly string[];
  /** Prompts that a service was asked for more than once. */
  readonly twice: readonly string[];
  readonly killed: { readonly gateways: number; readonly workers: number; readonly redis: number };
  /** Reservations of processes that are gone, when all was over; absent = nobody waited for that. */
  readonly reserved?: number;
}

export interface ClusterKillOptions {
  readonly seed: number;
  readonly kills: number;
  /** Requests that begin between two kills. */
  readonly requests: number;
  /** Every so many kills are of Redis; absent = none. */
  readonly everyRedis?: number;
  /** Waits until the books of all that are gone are closed. */
  readonly closeBooks?: boolean;
  readonly onKill?: (count: number) => void;
}

const models = ['openai/gpt-image-2.5-flare', 'bailian/wan2.5-t2i-preview'];
/** How long clients go on asking, ms. */
const patience = 120_000;

export async function killCluster(options: ClusterKillOptions): Promise<ClusterKilled> {
  const { seed, kills, requests, everyRedis = 0, onKill } = options;
  const random = randomOf(seed);
  const services = await Promise.all([openai.start({ latencyMs: 40 }), bailian.start({ latencyMs: 10, checks: 1 })]);
  const env = Object.assign({}, ...services.map((service) => service.env));
  const cluster = await startCluster({ gateways: 2, workers: 3, env, config: { limits: { concurrency: 16 } } });
  const { gateways, workers, redis, place } = cluster;
  const prompts: string[] = [];
  const tally = { made: 0, refused: 0, uncertain: 0, others: [] as string[] };
  const killed = { gateways: 0, workers: 0, redis: 0 };

  /** Asks one gateway after the other until one says what became of it. */
  async function ask(index: number): Promise<string> {
    const model = models[index % models.length]!;
    const until = performance.now() + patience;
    for (let last = 'nothing'; performance.now() < until; await pause(200)) {
      const gateway = gateways[Math.floor(random() * gateways.length)];
      if (!gateway) continue;
      try {
        const answer = await gateway.generate(
          { model, prompt: prompts[index] },
          { 'idempotency-key': `request-${index}` },
        );
        const told = (await answer.json()) as { data?: unknown[]; error?: { code: string; message: string } };
        if (answer.status === 200 && told.data?.length === 1) return 'made';
        if (answer.status === 409) return 'uncertain';
        if (told.error?.code === 'moderation_blocked') return 'refused';
        last = `${answer.status}: ${told.error?.message}`;
        if (answer.headers.get('x-should-retry') !== 'true' && answer.status !== 502) return last;
      } catch {
        // It was killed.
      }
      if (performance.now() + 200 >= until) return last;
    }
    return 'no answer';
  }

  function begin(): void {
    const index = prompts.length;
    // One in ten is what a service does not draw.
    prompts.push(`${random() < 0.1 ? '[unsafe] ' : ''}picture ${index} of all`);
    asking.push(ask(index));
  }

  /** Kills one of a kind, and has another in its place. */
  async function killOne<T extends { end(signal: 'SIGKILL'): Promise<unknown> }>(all: T[], start: () => Promise<T>) {
    const [victim] = all.splice(Math.floor(random() * all.length), 1);
    await victim?.end('SIGKILL');
    // One that begins while Redis is away ends, and is started again.
    const again = (): Promise<T> => start().catch(async () => pause(200).then(again));
    starting.push(again().then((one) => void all.push(one)));
  }

  const asking: Promise<string>[] = [];
  const starting: Promise<void>[] = [];
  try {
    for (let kill = 1; kill <= kills; kill++) {
      for (let count = 0; count < requests; count++) begin();
      await pause(random() * 400);
      if (everyRedis > 0 && kill % everyRedis === 0) {
        await redis.kill();
        await pause(random() * 300);
        await redis.start();
        killed.redis += 1;
      } else if (random() < 0.4) {
        await killOne(gateways, () => startGateway(place));
        killed.gateways += 1;
      } else {
        await killOne(workers, () => startWorker(place));
        killed.workers += 1;
      }
      // As many as there were are there again before too many are gone.
      while (gateways.length === 0 || workers.length === 0) await pause(20);
      onKill?.(kill);
    }
    await Promise.all(starting);
    await Promise.all(asking);
    // What became of each is told to whoever asks again.
    for (const index of prompts.keys()) {
      const outcome = await ask(index);
      if (outcome === 'made' || outcome === 'refused' || outcome === 'uncertain') tally[outcome] += 1;
      else tally.others.push(outcome);
    }
    const reserved = options.closeBooks ? await leftReservations() : undefined;
    const twice = repeatedIn(services);
    return { asked: prompts.length, ...tally, twice, killed, ...(reserved !== undefined && { reserved }) };
  } finally {
    await Promise.allSettled(starting);
    await cluster.close();
    await Promise.all(services.map((service) => service.close()));
  }

  /** Workers look every minute, after a minute of silence. */
  async function leftReservations(): Promise<number> {
    for (let look = 0; ; look++) {
      const left = await cluster.look(async ({ spending }) => (await spending.open()).length);
      if (left === 0 || look > 150) return left;
      await pause(1000);
    }
  }
}
