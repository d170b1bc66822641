// A gateway that is killed at random moments, and started again, while clients ask and ask again: each request is sent once, and its picture is
// there, or the ticket that says that nobody knows. `pnpm --filter @anyimage/e2e gateway-kills --seed 7 --kills 50` prints what became of all;
// with --cluster it kills gateways and workers that share a Redis, and with --every-redis 10 each tenth time Redis.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import { randomOf } from '../kill-runs.ts';
import { killCluster } from './cluster-kills.ts';
import { repeatedIn } from './repeated.ts';
import { newGatewayPlace, type RunningGateway, startGateway } from './run-gateway.ts';

export interface Killed {
  readonly asked: number;
  readonly made: number;
  readonly uncertain: number;
  /** What came to anything else, with its status. */
  readonly others: readonly string[];
  /** Prompts that a service was asked for more than once. */
  readonly twice: readonly string[];
  /** Reservations that nobody settled. */
  readonly reserved: number;
}

export interface KillOptions {
  readonly seed: number;
  readonly kills: number;
  /** Requests that begin between two kills. */
  readonly requests: number;
}

const models = ['openai/gpt-image-2.5-flare', 'bailian/wan2.5-t2i-preview'];

export async function killGateways({ seed, kills, requests }: KillOptions): Promise<Killed> {
  const random = randomOf(seed);
  const services = await Promise.all([openai.start({ latencyMs: 40 }), bailian.start({ latencyMs: 10, checks: 1 })]);
  const place = await newGatewayPlace(Object.assign({}, ...services.map(({ env }) => env)), {
    limits: { concurrency: 8 },
  });
  const prompts: string[] = [];
  const ask = (gateway: RunningGateway, index: number) => {
    const model = models[index % models.length]!;
    return gateway.generate({ model, prompt: prompts[index] }, { 'idempotency-key': `request-${index}` });
  };
  try {
    for (let kill = 0; kill < kills; kill++) {
      const gateway = await startGateway(place);
      const first = prompts.length;
      for (let count = 0; count < requests; count++) prompts.push(`picture ${first + count} of all`);
      // Some that were cut off are asked again beside the new ones.
      const again = Array.from({ length: Math.min(first, requests) }, () => Math.floor(random() * first));
      const fresh = Array.from({ length: requests }, (_, count) => first + count);
      const answers = [...fresh, ...again].map((index) => ask(gateway, index).then((answer) => answer.arrayBuffer()));
      const all = Promise.allSettled(answers);
      await pause(random() * 400);
      await gateway.end('SIGKILL');
      await all;
    }
    const gateway = await startGateway(place);
    const tally = { made: 0, uncertain: 0, others: [] as string[] };
    for (const index of prompts.keys()) {
      const answer = await ask(gateway, index);
      const told = (await answer.json()) as { data?: unknown[]; error?: { message: string } };
      if (answer.status === 200 && told.data?.length === 1) tally.made += 1;
      else if (answer.status === 409) tally.uncertain += 1;
      else tally.others.push(`${answer.status}: ${told.error?.message}`);
    }
    await gateway.end('SIGTERM');
    return { asked: prompts.length, ...tally, twice: repeatedIn(services), reserved: reservedIn(place.folder) };
  } finally {
    await Promise.all(services.map((service) => service.close()));
    await rm(place.folder, { recursive: true, force: true });
  }
}

function reservedIn(folder: string): number {
  const database = new DatabaseSync(join(folder, 'home', 'gateway', 'gateway.sqlite'), { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS count FROM reservations').get()!.count);
  } finally {
    database.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      kills: { type: 'string', default: '20' },
      requests: { type: 'string' },
      cluster: { type: 'boolean', default: false },
      'every-redis': { type: 'string', default: '0' },
    },
  });
  const [seed, kills, requests, everyRedis] = [
    values.seed,
    values.kills,
    values.requests ?? (values.cluster ? '2' : '10'),
    values['every-redis'],
  ].map(Number) as [number, number, number, number];
  const onKill = (count: number) => void (count % 20 === 0 && console.error(`${count} kills`));
  const killed = values.cluster
    ? await killCluster({ seed, kills, requests, everyRedis, closeBooks: true, onKill })
    : { refused: 0, ...(await killGateways({ seed, kills, requests })) };
  console.log(JSON.stringify(killed, null, 2));
  const isRight = killed.twice.length + killed.others.length + (killed.reserved ?? 0) === 0;
  process.exitCode = isRight && killed.made + killed.refused + killed.uncertain === killed.asked ? 0 : 1;
}
