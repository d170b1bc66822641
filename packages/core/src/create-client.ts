import type { Client, ClientOptions, Outcome } from './contract/client.ts';
import { ImageError } from './contract/errors.ts';
import { createEngine } from './run/create-engine.ts';
import { discover } from './run/discover.ts';
import { runRequest } from './run/generate.ts';
import { planRequest } from './run/plan.ts';
import { cancelTicket, runTicket } from './run/resume.ts';

/** Makes a client. Does no I/O: keys, base URLs and proxies are read from the environment when a request needs them. */
export function createClient(options: ClientOptions): Client {
  const engine = createEngine(options);
  return {
    plan: (request) => planRequest(engine, request),
    run: (request) => runRequest(engine, request),
    generate: async (request) => orThrow(await runRequest(engine, request)),
    runTicket: (id, run) => runTicket(engine, id, run),
    cancel: (id, run) => cancelTicket(engine, id, run),
    resume: async (id, run) => orThrow(await runTicket(engine, id, run)),
    discover: (provider, run) => discover(engine, provider, run),
    close: () => engine.transport.close(),
  };
}

function orThrow(outcome: Outcome): Outcome {
  if (!outcome.images.length && !outcome.pending.length) {
    throw outcome.error ?? new ImageError('bad-response', 'the request ended without a picture and without an error');
  }
  return outcome;
}
