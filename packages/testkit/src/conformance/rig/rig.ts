// A client over the provider, the service on loopback and a clock that never waits: what most cases begin with.

import { setImmediate } from 'node:timers/promises';
import {
  type Client,
  type ClientOptions,
  type ClientRequest,
  type Clock,
  createClient,
  type ImageProvider,
  type Json,
  memoryTicketStore,
  type Outcome,
  type TicketStore,
} from '@anyimage/core';
import type { Emulator, StartOptions } from '../../emulator/emulator.ts';
import type { RecordedRequest } from '../../emulator/recorder.ts';
import type { Observed } from '../../emulator/service.ts';
import type { Subject } from './case.ts';
import type { Target } from './targets.ts';
import { type Around, type Work, watch } from './watch.ts';

/** What the service saw, and the function of the provider that was under way. */
export interface Seen extends Observed {
  readonly during: Work | undefined;
}

/** A provider at work. */
export interface Rig {
  readonly emulator: Emulator;
  readonly client: Client;
  readonly tickets: TicketStore;
  /** Every wait the client asked for, ms. */
  readonly waits: readonly number[];
  /** Every log event of the client, as JSON. */
  readonly logged: readonly string[];
  /** What the service was asked and answered, pictures included; not what faults replaced. */
  readonly seen: readonly Seen[];
  /** What the provider's functions did. */
  readonly works: readonly Work[];
  /** Forgets all that was noted and all faults. */
  forget(): void;
  /** Runs the plain request of the rig's target, or of another, with words added. */
  run(words?: ClientRequest, other?: Target): Promise<Outcome>;
  /** The promise, or an error if it holds up the suite. */
  inTime<T>(promise: Promise<T>): Promise<T>;
  /** A second client over the same service. */
  connect(options?: Partial<ClientOptions>): Client;
}

/** A provider at work that may need no service. */
export type LocalRig = Omit<Rig, 'emulator'> & { readonly emulator?: Emulator };

export type RigOptions = Pick<ClientOptions, 'maxRetries' | 'maxImageBytes' | 'allowNetworks'> & {
  readonly service?: StartOptions;
  readonly around?: Around;
  /** Called with each provider that a client gets. */
  readonly alter?: (provider: ImageProvider) => ImageProvider;
};

/** Builds a rig, uses it, and takes it down whatever happens. Only loopback is ever reached. */
export async function withRig(
  subject: Subject,
  target: Target,
  options: RigOptions,
  use: (rig: Rig) => Promise<void>,
): Promise<void> {
  await withLocalRig(subject, target, options, async (rig) => use(rig as Rig));
}

/** Like {@link withRig}, for a provider with or without a service. */
export async function withLocalRig(
  { provider, emulator: factory, codec, patienceMs = 10_000 }: Subject,
  target: Target,
  { service, around, alter = (provider) => provider, ...clientOptions }: RigOptions,
  use: (rig: LocalRig) => Promise<void>,
): Promise<void> {
  const { clock, waits } = createClock();
  const seen: Seen[] = [];
  const works: Work[] = [];
  const observe = (one: Observed) => void seen.push({ ...one, during: works.findLast(({ ended }) => !ended) });
  const emulator = await factory?.start({ clock, observe, ...service });
  const tickets = memoryTicketStore();
  const logged: string[] = [];
  const clients: Client[] = [];
  const over = new AbortController(); // ends what a broken provider leaves running
  const connect = (more: Partial<ClientOptions> = {}) => {
    const log = (event: string, facts?: Json) => void logged.push(JSON.stringify([event, facts]));
    // A new instance each time: what only the first one knows, another process would not.
    const plain = emulator ? provider({ baseURL: emulator.baseURL, apiKey: emulator.key }) : provider();
    const made = watch(alter(plain), works, around);
    const client = createClient({
      ...{ providers: [made], env: {}, clock, tickets, log },
      ...(codec && { codec }),
      ...clientOptions,
      ...more,
    });
    clients.push(client);
    return client;
  };
  const inTime = <T>(promise: Promise<T>) => within(patienceMs, promise);
  const client = connect();
  try {
    const run = ({ signal, ...words }: ClientRequest = {}, { request } = target) => {
      const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
      return inTime(client.run({ ...request, ...words, signal: either }));
    };
    const forget = () => {
      emulator?.reset();
      seen.length = 0;
      works.length = 0;
    };
    const noted = { waits, logged, seen, works, forget };
    await use({ ...(emulator && { emulator }), client, tickets, ...noted, run, inTime, connect });
  } finally {
    over.abort();
    await emulator?.close();
    await Promise.all(clients.map((each) => each.close()));
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not come to an end')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Requests that cost money. */
export const spending = (request: RecordedRequest): boolean => request.spends;
/** Requests that ask for a picture. */
export const fetching = (request: RecordedRequest): boolean => request.point === 'result';
/** Requests that ask how a job is. */
export const checking = (request: RecordedRequest): boolean => request.point === 'check';
/** Requests whose answer may hold the URL of a picture. */
export const naming = (request: RecordedRequest): boolean => spending(request) || checking(request);

/** How many requests went to a point that costs money, accepted or not. */
export function sendings({ emulator }: Rig): number {
  return emulator.requests.filter(spending).length;
}

/** A store with the tickets as another process would read them. */
export async function copyTickets(store: TicketStore): Promise<TicketStore> {
  const copy = memoryTicketStore();
  for (const ticket of JSON.parse(JSON.stringify(await store.list()))) await copy.put(ticket);
  return copy;
}

function createClock(): { clock: Clock; waits: number[] } {
  const waits: number[] = [];
  let time = Date.now();
  return {
    waits,
    clock: {
      now: () => time,
      async sleep(ms, signal) {
        waits.push(ms);
        time += ms;
        await setImmediate(); // others take their turn, as they would while waiting
        signal?.throwIfAborted();
      },
    },
  };
}

/** More questions than any wait for a job that has come to its end takes. */
const manyChecks = 40;

/** Runs the request, and gives it up once it was asked for very often how the job is. */
export async function runOrGiveUp(rig: Rig): Promise<Outcome | 'asked for ever'> {
  const caller = new AbortController();
  const outcome = rig.run({ signal: caller.signal });
  const often = rig.emulator.waitFor(() => rig.emulator.requests.filter(checking).length > manyChecks);
  const isOften = await rig.inTime(
    Promise.race([outcome.then(() => false), often.then(() => true).catch(() => false)]),
  );
  if (!isOften) return outcome;
  caller.abort();
  await outcome;
  return 'asked for ever';
}
