import type { Client, ClientOptions, MadeOutcome, Outcome } from './contract/client.ts';
import { fetchedInput } from './inputs/fetched-input.ts';
import { createEngine } from './run/create-engine.ts';
import { discover } from './run/discover.ts';
import { runRequest } from './run/generate.ts';
import { planRequest } from './run/plan.ts';
import { cancelTicket, runTicket } from './run/resume.ts';
import type { Aliases, ClientFor, FirstModel, ModelName, NamesOne, Providers } from './typed-client.ts';

/** What the types of a client are made of. */
interface Given<P extends Providers, A extends Aliases, D extends string> {
  readonly providers: P;
  readonly aliases?: A;
  readonly defaultModel?: (D & NamesOne<P, A, D>) | NoInfer<ModelName<P, A>>;
}

/** Makes a client. Does no I/O: keys, base URLs and proxies are read from the environment when a request needs them. */
export function createClient<
  const P extends Providers,
  const A extends Aliases = Record<never, never>,
  const D extends string = FirstModel<P>,
  X = unknown,
>(options: ClientOptions<X> & Given<P, A, D>): ClientFor<P, A, D, X>;
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
    readInput: (image, run) => fetchedInput(engine, image, run),
    close: () => engine.transport.close(),
  };
}

function orThrow(outcome: Outcome): MadeOutcome {
  if (outcome.error) throw outcome.error;
  return outcome;
}
