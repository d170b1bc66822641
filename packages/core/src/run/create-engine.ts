import { tellOwn } from '../access/callers-own.ts';
import type { ClientOptions } from '../contract/client.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import { memoryImageStore } from '../contract/store.ts';
import { memoryTicketStore } from '../contract/tickets.ts';
import { neededNode } from '../http/manifest.ts';
import { createTransport } from '../http/transport.ts';
import { checkNumbers, checkRate } from '../inputs/check-numbers.ts';
import { createRegistry } from '../models/registry.ts';
import { memoryPromptCache } from '../prompt/prompt-help.ts';
import { systemClock } from '../timing/clock.ts';
import { memoryLimitStore, processLimits } from '../timing/limiter.ts';
import { quietly } from '../timing/quietly.ts';

/** Calls of one account that run at a time, where the table does not say. */
const callsAtATime = 2;
const mebibyte = 2 ** 20;

/** Throws `config` where Node is too old, and for a number out of its range. */
export function createEngine(given: ClientOptions): Engine {
  checkNode();
  checkNumbers(given);
  const log = quiet(given.log);
  const options = tellOwn(given, log);
  const env = options.env ?? process.env;
  const clock = options.clock ?? systemClock;
  const limits = options.limits ?? (options.clock ? memoryLimitStore({ clock }) : processLimits);
  const rateOf: Engine['rateOf'] = (definition) => {
    const { concurrent: most = Number.POSITIVE_INFINITY, perSecond, perMinute } = checkRate(definition);
    const usual = Number.isFinite(most) ? most : callsAtATime;
    const concurrent = Math.min(options.concurrency ?? usual, most);
    return {
      concurrent,
      ...(perSecond !== undefined && { perSecond }),
      ...(perMinute !== undefined && { perMinute }),
    };
  };
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
    paths: options.paths ?? true,
    maxImageBytes: options.maxImageBytes ?? 64 * mebibyte,
    transport: createTransport({
      env,
      dispatcher: options.dispatcher,
      ...(options.allowNetworks && { allowNetworks: options.allowNetworks }),
    }),
    log,
    rateOf,
    limiter(definition, { host, key }) {
      const account = `${definition.id} ${host} ${key?.account() ?? ''}`;
      return limits.for(account, rateOf(definition));
    },
  };
}

/** Refuses what core was not made for, before it fails somewhere in a way that nobody understands. A runtime of no version passes. */
export function checkNode(version: string | undefined = process.versions.node): void {
  if (version === undefined || !isOlder(version, neededNode)) return;
  throw new ImageError('config', `anyimage needs Node ${neededNode} or later; this is Node ${version}`, {
    hint: 'Update Node, or run the program with a newer one.',
  });
}

function isOlder(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

/** A log that fails is its owner's affair: there is nowhere else to tell. */
function quiet(log: Engine['log']): Engine['log'] {
  if (!log) return undefined;
  return (event, facts) => quietly(() => log(event, facts));
}
