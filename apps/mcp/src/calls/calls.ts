// Calls go on by themselves: a client may stop waiting for a picture, what is paid for is made all the same.

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import {
  type Client,
  type ClientRequest,
  createClient,
  ImageError,
  type ImageStore,
  type Json,
  type Outcome,
  type Progress,
  type Ticket,
  type TicketStore,
} from '@anyimage/core';
import {
  checkOutput,
  clientOptions,
  describeTicket,
  type FileImageStore,
  failedOutcome,
  fileImageStore,
  type History,
  listOpen,
  unexpected,
} from '@anyimage/host';
import type { Settings } from './settings.ts';

/** A request on its way, or what became of it. */
export interface Call {
  /** `c-7f3a9c01`; known until the server ends. */
  readonly id: string;
  /** `provider/model` or what else the caller named. */
  readonly model: string;
  readonly prompt: string;
  /** Pictures expected. */
  readonly n: number;
  /** Unix time, ms. */
  readonly startedAt: number;
  readonly store: FileImageStore;
  /** By id: what it left on disk at some time, the newest state. */
  readonly tickets: ReadonlyMap<string, Ticket>;
  /** What it does, in words. */
  readonly phase: string;
  /** Present when it is over. */
  readonly outcome?: Outcome;
  /** Resolves when it is over. Never rejects. */
  readonly done: Promise<Outcome>;
  /** Calls `listener` when the phase changes, until the returned function is called. */
  watch(listener: () => void): () => void;
  /** Ends it: what is paid for and can be fetched later leaves a ticket. */
  abort(reason?: unknown): void;
}

/** What a call is about, before it starts. */
export interface CallFacts {
  readonly model: string;
  readonly prompt: string;
  readonly n: number;
  /** What was asked, for the sidecar. */
  readonly request?: Json;
}

export interface Calls {
  /** Makes pictures. Throws `storage` if the output folder cannot be written to; nothing was sent then. */
  generate(facts: CallFacts, request: ClientRequest): Promise<Call>;
  /**
   * The call with this id, or the one that makes or made what the ticket with this id stands for; a ticket that no call is about,
   * or that its call left open, is fetched. Throws `not-found` for a call that there is not, `storage`.
   */
  open(id: string): Promise<Call>;
  /** Those that are not over, oldest first. */
  running(): readonly Call[];
  /** Ends all calls and the connections. Never rejects. */
  close(): Promise<void>;
}

export interface CallsOptions {
  readonly settings: Settings;
  readonly tickets: TicketStore;
  /** Where pictures are noted, to be found again. */
  readonly history: Pick<History, 'add'>;
  readonly log?: (event: string, facts?: Json) => void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type OwnCall = Mutable<Omit<Call, 'tickets'>> & { readonly tickets: Map<string, Ticket> };

/** Ended calls are kept to be shown again; the pictures themselves are files. */
const mostKept = 100;

/**
 * One client serves all calls, so that connections and the limits of an account are shared; each call has its own store and
 * knows its own tickets.
 */
export function createCalls({ settings, tickets, history, log }: CallsOptions): Calls {
  const calls = new Map<string, OwnCall>();
  /** By ticket: those that are about to become calls. */
  const resumes = new Map<string, Promise<Call>>();
  const current = new AsyncLocalStorage<OwnCall>();
  const { home } = settings;
  const client = createClient({
    ...clientOptions(settings),
    fromAgents: true,
    store: storeOfCurrent(current),
    tickets: {
      ...tickets,
      async create(ticket) {
        const isNew = await tickets.create(ticket);
        if (isNew) current.getStore()?.tickets.set(ticket.id, ticket);
        return isNew;
      },
      async put(ticket) {
        await tickets.put(ticket);
        current.getStore()?.tickets.set(ticket.id, ticket);
      },
    },
    ...(log && { log }),
  });

  async function start(facts: CallFacts, work: (client: Client, call: OwnCall, run: Run) => Promise<Outcome>) {
    const target = await checkOutput({ folder: settings.outputFolder });
    const controller = new AbortController();
    const listeners = new Set<() => void>();
    const { promise: done, resolve } = Promise.withResolvers<Outcome>();
    const call: OwnCall = {
      ...facts,
      id: `c-${randomBytes(4).toString('hex')}`,
      startedAt: Date.now(),
      phase: `waiting for ${facts.model}`,
      tickets: new Map(),
      store: fileImageStore({
        target,
        home,
        history,
        ...(facts.request !== undefined && { request: facts.request }),
        onSaved: () => tell(`${call.store.files.size} of ${call.n} made`),
      }),
      done,
      watch(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      abort: (reason) => controller.abort(reason),
    };
    const tell = (phase: string) => {
      call.phase = phase;
      for (const listener of listeners) listener();
    };
    const onProgress = (progress: Progress) => tell(phaseText(progress));
    calls.set(call.id, call);
    forgetOldest(calls);
    current.run(call, async () => {
      const run = { signal: controller.signal, onProgress };
      const outcome = await work(client, call, run).catch((error: unknown) => brokenOff(error, facts));
      await call.store.noted();
      call.outcome = outcome;
      resolve(outcome);
    });
    return call;
  }

  /** Who asks for a ticket at the same time gets the same call. */
  function resume(ticketId: string): Promise<Call> {
    const started = resumes.get(ticketId) ?? startResuming(ticketId).finally(() => resumes.delete(ticketId));
    resumes.set(ticketId, started);
    return started;
  }

  async function startResuming(ticketId: string): Promise<Call> {
    const ticket = await tickets.get(ticketId);
    const facts = {
      model: ticket ? `${ticket.provider}/${ticket.model}` : 'the service',
      prompt: ticket?.request.prompt ?? '',
      n: ticket?.outputs?.length ?? ticket?.request.n ?? 1,
      ...(ticket && { request: describeTicket(ticket) }),
    };
    return start(facts, (client, call, run) => {
      if (ticket) call.tickets.set(ticketId, ticket);
      return client.runTicket(ticketId, run);
    });
  }

  function running(): readonly Call[] {
    return [...calls.values()].filter((call) => !call.outcome);
  }

  async function refuse(id: string): Promise<never> {
    const open = (await listOpen(tickets)).map((ticket) => ticket.id);
    throw new ImageError('not-found', `no call ${JSON.stringify(id)}: calls are forgotten when the server restarts`, {
      details: { allowed: [...running().map((call) => call.id), ...open] },
      hint: 'Call get_image without id: it shows open tickets and the newest pictures.',
    });
  }

  return {
    generate: (facts, request) => start(facts, (client, _, run) => client.run({ ...request, ...run })),

    async open(id) {
      if (!id.startsWith('t-')) return calls.get(id) ?? (await refuse(id));
      const call = [...calls.values()].findLast(({ tickets }) => tickets.has(id));
      const isOpen = !call || call.outcome?.pending.some((ticket) => ticket.id === id);
      return isOpen ? resume(id) : call;
    },

    running,

    async close() {
      const open = running();
      for (const call of open) call.abort('the server ends');
      await Promise.all(open.map((call) => call.done));
      await client.close().catch(() => {});
    },
  };
}

type Run = { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void };

/** Each call writes to its own store, though all share one client. */
function storeOfCurrent(current: AsyncLocalStorage<OwnCall>): ImageStore {
  const store = () => current.getStore()!.store;
  return {
    open: (hint) => store().open(hint),
    expect: (pictures) => store().expect!(pictures),
    rescue: (hint) => store().rescue!(hint),
    find: (ref) => store().find!(ref),
    forget: (ref) => store().forget!(ref),
  };
}

/** Core's clients never reject; should one do so, the call still ends. */
function brokenOff(cause: unknown, { prompt }: CallFacts): Outcome {
  const error = unexpected(cause, { mayHaveBeenBilled: true, hint: 'Please report it.' });
  return { ...failedOutcome(error, prompt), cost: null, sent: true };
}

function forgetOldest(calls: Map<string, OwnCall>): void {
  for (const call of calls.values()) {
    if (calls.size <= mostKept) return;
    if (call.outcome) calls.delete(call.id);
  }
}

function phaseText(progress: Progress): string {
  if ('partial' in progress) return 'drawing';
  const { phase, fraction, position } = progress;
  if (phase === 'queued')
    return position === undefined ? 'in the queue of the service' : `number ${position} in the queue`;
  return fraction === undefined ? 'being drawn' : `${Math.round(fraction * 100)} % drawn`;
}
