import type { ClientOptions } from '../contract/client.ts';
import type { Engine } from '../contract/engine.ts';
import { memoryImageStore } from '../contract/store.ts';
import { memoryTicketStore } from '../contract/tickets.ts';
import { createTransport } from '../http/transport.ts';
import { createRegistry } from '../models/registry.ts';
import { memoryPromptCache } from '../prompt/prompt-help.ts';
import { systemClock } from '../timing/clock.ts';
import { memoryLimitStore } from '../timing/limiter.ts';

/** Calls of one account that run at a time, where the table does not say. */
export const callsAtATime = 2;
const mebibyte = 2 ** 20;

export function createEngine(options: ClientOptions): Engine {
  const env = options.env ?? process.env;
  const clock = options.clock ?? systemClock;
  const limits = options.limits ?? memoryLimitStore({ clock });
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
      const most = rate?.concurrent ?? Number.POSITIVE_INFINITY;
      const concurrent = Math.min(options.concurrency ?? rate?.concurrent ?? callsAtATime, most);
      const account = `${id} ${host} ${key?.print() ?? ''}`;
      return limits.for(account, { concurrent, ...(rate?.perMinute && { perMinute: rate.perMinute }) });
    },
  };
}

/** A log that throws is its owner's affair. */
function quiet(log: Engine['log']): Engine['log'] {
  if (!log) return undefined;
  return (event, facts) => {
    try {
      log(event, facts);
    } catch {
      // There is nowhere else to tell.
    }
  };
}
