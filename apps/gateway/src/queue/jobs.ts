// What gateways and workers tell each other by BullMQ.

import type { GatewayKey } from '@anyimage/store-redis/contract';
import type { RedisOptions } from 'ioredis';
import type { Packed } from './packed.ts';

export const queueName = 'calls';

/** A call that is to be made; its id is that of the intent. */
export interface CallJob {
  readonly key: GatewayKey;
  readonly packed: Packed;
  readonly isNew: boolean;
  readonly isTask: boolean;
  readonly traceparent?: string | undefined;
}

/** What is heard of a call meanwhile: an unfinished picture, which is in the store. */
export interface CallNews {
  readonly partial: string;
  readonly index: number;
}

/** Where it is told that nobody waits for a call any more. */
export const stopChannel = (prefix: string): string => `${prefix}:stop`;

/** Whoever asks is told at once that the server is away. */
export const asking = { enableOfflineQueue: false, maxRetriesPerRequest: null } as const satisfies RedisOptions;
/** Whoever listens waits until it is there again. */
export const listening = { maxRetriesPerRequest: null } as const satisfies RedisOptions;
