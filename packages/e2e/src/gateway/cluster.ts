// Several gateways and workers over one Redis, all on this machine, with one folder for pictures.

import { rm } from 'node:fs/promises';
import { openSession, redisKept } from '@anyimage/store-redis';
import type { Kept } from '@anyimage/store-redis/contract';
import { startRedis, type TestRedis } from '@anyimage/testkit/redis';
import {
  type GatewayPlace,
  newGatewayPlace,
  type RunningGateway,
  type RunningProgram,
  startGateway,
  startWorker,
} from './run-gateway.ts';

export interface Cluster {
  readonly redis: TestRedis;
  readonly place: GatewayPlace;
  /** Those that run; one that is killed may be replaced. */
  readonly gateways: RunningGateway[];
  readonly workers: RunningProgram[];
  /** Looks into what they keep. */
  look<T>(work: (kept: Kept) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  readonly gateways: number;
  readonly workers: number;
  readonly env: Readonly<Record<string, string>>;
  readonly config?: object;
}

export async function startCluster({ gateways, workers, env, config = {} }: ClusterOptions): Promise<Cluster> {
  const redis = await startRedis();
  const place = await newGatewayPlace(env, { data: 'data', store: { redis: { url: redis.url } }, ...config });
  const many = <T>(count: number, start: (place: GatewayPlace) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, () => start(place)));
  const cluster: Cluster = {
    redis,
    place,
    gateways: await many(gateways, startGateway),
    workers: await many(workers, startWorker),
    async look(work) {
      const session = await openSession({ url: redis.url });
      try {
        return await work(redisKept(session));
      } finally {
        await session.close();
      }
    },
    async close() {
      await Promise.all([...cluster.gateways, ...cluster.workers].map((one) => one.end('SIGKILL')));
      await redis.close();
      await rm(place.folder, { recursive: true, force: true });
    },
  };
  return cluster;
}
