// A connection to Redis, the scripts that run there, and the sign of life by which others know whether its process is there.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ImageError } from '@anyimage/core';
import { Redis, type RedisOptions } from 'ioredis';
import { refuseForgetful } from './durable.ts';
import { awayError, isAway, serverError } from './errors.ts';

export interface RedisStoreOptions {
  /** `redis://` or `rediss://`, with a name and password where they are needed. */
  readonly url: string;
  /** What all its keys begin with. The braces keep them together in a cluster. Default `{anyimage}`. */
  readonly prefix?: string;
}

/** How often a process shows that it lives, and after how long without a sign it is taken for gone, ms. */
export const beatMs = 1000;
export const goneMs = 5000;
/** What must not be done twice waits for longer: its process may be suspended, or the server may just be back. */
export const surelyGoneMs = 60_000;

/** How long what comes before a sending waits for a server that is away, ms; and what notes what was sent. */
const shortly = 1000;
const patiently = 30_000;

type Value = string | number;

/** What a script is given: names of keys, which get the prefix, and values. */
export interface Call {
  readonly action: string;
  readonly keys: readonly string[];
  readonly values?: readonly Value[];
  /** Something was sent: it is worth waiting for the server. */
  readonly isLate?: boolean;
}

/** One user of what is kept. A second one, also of this process, is another holder. */
export interface Session {
  readonly prefix: string;
  readonly holder: string;
  /** Where it is, for people: without name and password. */
  readonly place: string;
  /** Runs a script of `script()`. All of them may run twice with the same values. */
  run(script: string, call: Call): Promise<unknown>;
  /** Its own connection. */
  readonly redis: Redis;
  /** Another connection to the same server, for whoever brings scripts of their own. It ends with the session. */
  connect(options: RedisOptions): Redis;
  /** What went wrong on one of these, as an error of core. */
  explain(error: unknown, action: string): ImageError;
  close(): Promise<void>;
}

/** Keys that several rooms use. */
export const holdersKey = 'holders';

const retryStrategy = (times: number) => Math.min(50 * times, 500);

/** How a connection behaves: it does not queue up what cannot be sent, so that who asks is told. */
const connectionOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 5000,
  connectTimeout: 3000,
  lazyConnect: true,
  retryStrategy,
} as const satisfies RedisOptions;

/**
 * Connects. Throws `config` for a server that may forget what it was told, `unavailable` for one that is not there, `storage` for one
 * that refuses.
 */
export async function openSession({ url, prefix = '{anyimage}' }: RedisStoreOptions): Promise<Session> {
  const redis = new Redis(url, connectionOptions);
  // Who asks is told; a connection that breaks is made anew. A wrong password is told of here alone.
  let problem: unknown;
  redis.on('error', (error) => {
    problem = error;
  });
  const place = placeOf(url);
  try {
    await redis.connect();
    await refuseForgetful(redis, place);
  } catch (error) {
    redis.disconnect();
    throw ImageError.isInstance(error) ? error : explained(problem ?? error, 'open', place);
  }
  const holder = randomUUID();
  const known = new Set<string>();
  const others: Redis[] = [];

  async function once(script: string, { keys, values = [] }: Call): Promise<unknown> {
    const name = nameOf(script);
    if (!known.has(name)) redis.defineCommand(name, { lua: script });
    known.add(name);
    const run = (redis as unknown as Record<string, (...words: Value[]) => Promise<unknown>>)[name]!;
    return run.call(redis, keys.length, ...keys.map((key) => `${prefix}:${key}`), ...values);
  }

  const session: Session = {
    prefix,
    holder,
    place,
    redis,
    async run(script, call) {
      const until = performance.now() + (call.isLate ? patiently : shortly);
      for (;;) {
        try {
          return await once(script, call);
        } catch (error) {
          if (isClosed || !isAway(error) || performance.now() >= until) throw explained(error, call.action, place);
          await pause(100);
        }
      }
    },
    connect(options) {
      const other = new Redis(url, { ...options, retryStrategy });
      other.on('error', () => {});
      others.push(other);
      return other;
    },
    explain: (error, action) => explained(error, action, place),
    async close() {
      isClosed = true;
      clearInterval(timer);
      await redis.zrem(`${prefix}:${holdersKey}`, holder).catch(() => {});
      for (const one of [redis, ...others]) one.disconnect();
    },
  };
  let isClosed = false;
  const beat = () => session.run(beatScript, { action: 'use', keys: [holdersKey], values: [holder] });
  const timer = setInterval(() => void beat().catch(() => {}), beatMs).unref();
  await beat();
  return session;
}

/** The server's clock in `now`, ms, and whether a holder lives: it showed it not longer than that ago. */
export const clockLua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function lives(holders, holder, ms)
  local seen = redis.call('ZSCORE', holders, holder)
  return seen and now - tonumber(seen) <= ms
end
`;

const beatScript = `${clockLua}
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 3600000)
return now
`;

const names = new Map<string, string>();

function nameOf(script: string): string {
  const name = names.get(script) ?? `anyimage${names.size}`;
  names.set(script, name);
  return name;
}

function explained(error: unknown, action: string, place: string): ImageError {
  return isAway(error) ? awayError(error, place) : serverError(error, action, place);
}

/** Where it is, without name and password. */
function placeOf(url: string): string {
  try {
    const { host } = new URL(url);
    return `Redis at ${host}`;
  } catch {
    return 'Redis';
  }
}
