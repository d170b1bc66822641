// All calls of the server. They go on by themselves: a client may stop waiting, and what is paid for is made all the same.

import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Client,
  type ClientOptions,
  type ClientRequest,
  createClient,
  ImageError,
  type ImageStore,
  type Json,
  mostNamed,
  type Outcome,
  type Plan,
  type TicketStore,
} from '@anyimage/core';
import {
  askBeside,
  askFirst,
  checkOutput,
  clientOptions,
  describeTicket,
  failedOutcome,
  fileImageStore,
  type History,
  listOpen,
  type NamedModels,
  type Notice,
  noticeText,
  tellOrigin,
  tellOrigins,
  unexpected,
  updateBeside,
} from '@anyimage/host';
import { type Call, type CallFacts, RunningCall } from './call.ts';
import type { Settings } from './settings.ts';

export interface Calls {
  /**
   * Makes pictures. `named`: its models, and where each was written. Throws `storage` if the output folder cannot be written to; nothing
   * was sent then.
   */
  generate(facts: CallFacts, request: ClientRequest, named: NamedModels): Promise<Call>;
  /** What a request would do. Nothing is sent. Throws what `generate` would be refused with; a missing key is a warning. */
  plan(request: ClientRequest, named: NamedModels): Promise<Plan>;
  /**
   * The call with this id, or the call that made the ticket with this id. A ticket that no call made, or that its call left open, is
   * fetched by a new one. Throws `not-found` for an unknown call, `storage`.
   */
  open(id: string): Promise<Call>;
  /** The calls that are not over, oldest first. */
  running(): readonly Call[];
  /** Other settings hold from now on: the connections end when no call needs them. */
  retire(): void;
  /** Ends all calls and the connections. Never rejects. */
  close(): Promise<void>;
}

export interface CallsOptions {
  readonly tickets: TicketStore;
  /** Where pictures are noted, so that they are found again. */
  readonly history: Pick<History, 'add' | 'list' | 'findBytes'>;
  readonly log?: (event: string, facts?: Json) => void;
}

/** What outlives a change of the settings: the calls of the server, whichever settings they were made with. */
export interface CallBook extends CallsOptions {
  readonly calls: Map<string, RunningCall>;
  /** By ticket: the calls that are about to start. */
  readonly resumes: Map<string, Promise<Call>>;
}

export function openBook(options: CallsOptions): CallBook {
  return { ...options, calls: new Map(), resumes: new Map() };
}

/** Ended calls are kept to be shown again; the pictures themselves are files. */
const mostKept = 100;

/**
 * The calls of a server, and new ones by these settings. One client serves all of them, so that connections and the limits of an account
 * are shared; each call has its own store and knows its own tickets.
 */
export function createCalls({ tickets, history, log, calls, resumes }: CallBook, settings: Settings): Calls {
  const current = new AsyncLocalStorage<RunningCall>();
  const { home } = settings;
  let client: Client | undefined;
  /** Calls that use the client, or are about to. */
  let busy = 0;
  let isRetired = false;

  const options: ClientOptions = {
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
  };

  function connect(): Client {
    client ??= createClient(options);
    return client;
  }

  async function disconnect(): Promise<void> {
    const open = client;
    client = undefined;
    await open?.close().catch(() => {});
  }

  /** A tool that still has these settings may start a call although others hold by now. */
  function leave(): void {
    busy -= 1;
    if (isRetired && busy === 0) void disconnect();
  }

  async function start(
    facts: CallFacts,
    work: (client: Client, call: RunningCall) => Promise<Outcome>,
    named?: NamedModels,
  ): Promise<Call> {
    const target = await checkOutput({ folder: settings.outputFolder }).catch((error: unknown) => {
      throw ImageError.isInstance(error) ? tellOrigin(error, settings) : error;
    });
    busy += 1;
    const request = facts.request !== undefined && { request: facts.request };
    const call = new RunningCall(facts, (onSaved) => fileImageStore({ target, home, history, ...request, onSaved }));
    calls.set(call.id, call);
    forgetOldest(calls);
    current.run(call, async () => {
      const outcome = await work(connect(), call).catch((error: unknown) => brokenOff(error, facts));
      await call.store.noted();
      call.end(tellOrigins(outcome, settings, named));
      leave();
    });
    return call;
  }

  /** What the request needs of the catalogues of services is asked first, what of them is old beside it. */
  async function withCatalogues(
    client: Client,
    call: RunningCall,
    request: ClientRequest,
    models: readonly string[],
  ): Promise<Outcome> {
    const asking = { settings, client, ...(log && { log }) };
    await askFirst(models, asking, call.runOptions.signal);
    const endRefresh = askBeside(models, asking);
    const onNotice = (notice: Notice) => log?.('tables', { notice: noticeText(notice).text });
    // Stored keys are in no copy of the environment.
    const endUpdate = updateBeside(models, { ...asking, ...settings, env: { ...settings.env }, onNotice });
    try {
      return await client.run({ ...request, ...call.runOptions });
    } finally {
      await Promise.all([endRefresh(), endUpdate()]);
    }
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
    return start(facts, (client, call) => {
      if (ticket) call.tickets.set(ticketId, ticket);
      return client.runTicket(ticketId, call.runOptions);
    });
  }

  function running(): readonly Call[] {
    return [...calls.values()].filter((call) => !call.outcome);
  }

  async function refuse(id: string): Promise<never> {
    const open = (await listOpen(tickets)).map((ticket) => ticket.id);
    throw new ImageError('not-found', `no call ${JSON.stringify(id)}: calls are forgotten when the server restarts`, {
      details: { allowed: [...running().map((call) => call.id), ...open].slice(0, mostNamed) },
      hint: 'Call get_image without id: it shows open tickets and the newest pictures.',
    });
  }

  return {
    generate: (facts, request, named) =>
      start(facts, (client, call) => withCatalogues(client, call, request, named.models), named),

    async plan(request, named) {
      busy += 1;
      try {
        await askFirst(named.models, { settings, client: connect(), ...(log && { log }) }, request.signal);
        return await connect().plan(request);
      } catch (error) {
        throw ImageError.isInstance(error) ? tellOrigin(error, settings, named) : error;
      } finally {
        leave();
      }
    },

    async open(id) {
      if (!id.startsWith('t-')) return calls.get(id) ?? (await refuse(id));
      const call = [...calls.values()].findLast(({ tickets }) => tickets.has(id));
      const isOpen = !call || call.outcome?.pending.some((ticket) => ticket.id === id);
      return isOpen ? resume(id) : call;
    },

    running,

    retire() {
      isRetired = true;
      if (busy === 0) void disconnect();
    },

    async close() {
      const open = running();
      for (const call of open) call.abort('the server ends');
      await Promise.all(open.map((call) => call.done));
      await disconnect();
    },
  };
}

/** Each call writes to its own store, though all share one client. */
function storeOfCurrent(current: AsyncLocalStorage<RunningCall>): ImageStore {
  const store = () => current.getStore()!.store;
  return {
    open: (hint) => store().open(hint),
    expect: (pictures) => store().expect!(pictures),
    rescue: (hint) => store().rescue!(hint),
    find: (ref) => store().find!(ref),
    keepAnswer: (body) => store().keepAnswer!(body),
    forget: (ref) => store().forget!(ref),
  };
}

/** Core's clients never reject; should one do so, the call still ends. */
function brokenOff(cause: unknown, { prompt }: CallFacts): Outcome {
  const error = unexpected(cause, { mayHaveBeenBilled: true, hint: 'Please report it.' });
  return { ...failedOutcome(error, prompt), cost: null, sent: true };
}

function forgetOldest(calls: Map<string, RunningCall>): void {
  for (const call of calls.values()) {
    if (calls.size <= mostKept) return;
    if (call.outcome) calls.delete(call.id);
  }
}
