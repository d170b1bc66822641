// What the parts of the pipeline share: the client's settings, made once.

import type { Environment, ResolvedAccess } from '../access/access.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import { createRegistry, type Registry } from '../models/registry.ts';
import type { Rates } from '../negotiate/money.ts';
import { memoryPromptCache, type PromptCache, type PromptSettings } from '../prompt/prompt-help.ts';
import { systemClock } from '../timing/clock.ts';
import { createLimiter, type Limiter } from '../timing/limiter.ts';
import type { Json } from './capabilities.ts';
import type { Budget, ClientOptions, Clock } from './client.ts';
import type { ImageCodec } from './codec.ts';
import type { ProviderDefinition } from './provider.ts';
import { type ImageStore, memoryImageStore } from './store.ts';
import { memoryTicketStore, type TicketStore } from './tickets.ts';

export interface Engine {
  readonly registry: Registry;
  readonly tickets: TicketStore;
  readonly store: ImageStore;
  readonly budget: Budget | undefined;
  readonly codec: ImageCodec | undefined;
  readonly prompts: PromptSettings & { readonly cache: PromptCache };
  readonly clock: Clock;
  readonly env: Environment;
  readonly maxRetries: number;
  readonly rates: Rates;
  readonly fromAgents: boolean;
  readonly maxImageBytes: number;
  readonly transport: Transport;
  readonly log: (event: string, facts?: Json) => void;
  limiter(definition: ProviderDefinition, access: ResolvedAccess): Limiter;
}

/** Calls of one account that run at a time, where the table does not say. */
export const callsAtATime = 2;
const mebibyte = 2 ** 20;

export function createEngine(options: ClientOptions): Engine {
  const env = options.env ?? process.env;
  const clock = options.clock ?? systemClock;
  const limiters = new Map<string, Limiter>();
  return {
    registry: createRegistry(options),
    tickets: options.tickets ?? memoryTicketStore(),
    store: options.store ?? memoryImageStore(),
    budget: options.budget,
    codec: options.codec,
    prompts: { ...options.prompts, cache: options.prompts?.cache ?? memoryPromptCache() },
    clock,
    env,
    maxRetries: options.maxRetries ?? 3,
    rates: options.rates ?? {},
    fromAgents: options.fromAgents ?? false,
    maxImageBytes: options.maxImageBytes ?? 64 * mebibyte,
    transport: createTransport({ env, ...(options.allowNetworks && { allowNetworks: options.allowNetworks }) }),
    log: quiet(options.log),
    limiter({ id, rate }, { host, key }) {
      const account = `${id} ${host} ${key?.print() ?? ''}`;
      let limiter = limiters.get(account);
      if (!limiter) {
        const most = rate?.concurrent ?? Number.POSITIVE_INFINITY;
        const concurrent = Math.min(options.concurrency ?? rate?.concurrent ?? callsAtATime, most);
        limiter = createLimiter({ concurrent, clock, ...(rate?.perMinute && { perMinute: rate.perMinute }) });
        limiters.set(account, limiter);
      }
      return limiter;
    },
  };
}

/** A log that throws is its owner's affair. */
function quiet(log: Engine['log'] = () => {}): Engine['log'] {
  return (event, facts) => {
    try {
      log(event, facts);
    } catch {
      // There is nowhere else to tell.
    }
  };
}
