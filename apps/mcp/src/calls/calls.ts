// All calls of the server. They go on by themselves: a client may stop waiting, and what is paid for is made all the same.

import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Client,
  type ClientRequest,
  ImageError,
  type InputBytes,
  isTicketId,
  messageOf,
  mostNamed,
  type Outcome,
  type Plan,
  quotedWord,
  type Ticket,
} from '@anyimage/core';
import {
  askBeside,
  askFirst,
  checkOutput,
  clientOptions,
  describeTicket,
  failedOutcome,
  fileImageStore,
  findModel,
  listOpen,
  type NamedModels,
  type NamedRequest,
  type Notice,
  noticeText,
  requestHashes,
  SharedClient,
  storeOfCurrent,
  tellOrigin,
  tellOrigins,
  unexpected,
  updateBeside,
} from '@anyimage/host';
import { bringHome, isUndecided } from './bring-home.ts';
import { type Call, type CallFacts, newCallId, RunningCall } from './call.ts';
import type { CallBook } from './call-book.ts';
import { cancelJobs, withoutCancelled } from './cancel-jobs.ts';
import type { Settings } from './settings.ts';

export interface Calls {
  /**
   * Makes pictures; or gives the call that makes or made them already, as long as its answer reached no client. `named`: its models, and
   * where each was written. Throws `storage` if the output folder cannot be written to, and what `before` throws; nothing was sent then.
   */
  generate(facts: CallFacts, request: ClientRequest, named: NamedModels, options?: AskOptions): Promise<Call>;
  /** What a request would do. Nothing is sent. Throws what `generate` would be refused with; a missing key is a warning. */
  plan(request: ClientRequest, named: NamedModels): Promise<Plan>;
  /**
   * The bytes of the picture at a URL, read as core reads what an agent names. Throws `invalid-request` for what may not be read, cannot be, or is
   * no whole picture; `network`, `server`, `unavailable`, `timeout`.
   */
  readInput(url: string, signal: AbortSignal): Promise<InputBytes>;
  /**
   * The call with this id, or the call that made the ticket with this id, also of a server before. What is open of it is fetched by a
   * new one. Throws `not-found` for an unknown call, `storage`.
   */
  open(id: string): Promise<Call>;
  /** The calls that are not over, oldest first. */
  running(): readonly Call[];
  /** The ids of those tickets that nobody can tell of, and whose request was made anew since. Throws `storage`. */
  madeAnew(tickets: readonly Ticket[]): Promise<ReadonlySet<string>>;
  /** An answer with what became of a call was written to its client: asked again, the request is another one. */
  delivered(call: Call): void;
  /** The client had given up before that answer came: asked again, it is the same request. */
  missed(call: Call): void;
  /**
   * Ends a call, or what is left of one: what is not sent is not sent any more, jobs are cancelled at their service. `goes on`: for the
   * rest it is too late, and `open` fetches it. Throws `not-found` for an unknown call, `storage`, and what a service, or the way to it, has
   * against ending a job: that one goes on, too.
   */
  cancel(id: string): Promise<'cancelled' | 'goes on'>;
  /** Sends nothing more, ends what costs nothing, and waits for what is paid for. Never rejects. */
  settle(): Promise<void>;
  /** Other settings hold from now on: the connections end when no call needs them. */
  retire(): void;
  /** Ends all calls and the connections. Never rejects. */
  close(): Promise<void>;
}

export interface AskOptions {
  /** Where nobody can say what became of an equal request, it is sent once more. */
  readonly again?: boolean;
  /** What is to be done before a request that is not open already. */
  readonly before?: () => Promise<void>;
}

type Work = (client: Client, call: RunningCall) => Promise<Outcome>;

/**
 * The calls of a server, and new ones by these settings. One client serves all of them, so that connections and the limits of an account
 * are shared; each call has its own store and knows its own tickets.
 */
export function createCalls(book: CallBook, settings: Settings): Calls {
  const current = new AsyncLocalStorage<RunningCall>();
  const { home } = settings;
  const { history, log, requests, tickets } = book;
  const shared = new SharedClient({
    ...clientOptions(settings),
    fromAgents: true,
    // Each call writes to its own store, though all share one client.
    store: storeOfCurrent(() => current.getStore()!.store),
    tickets: {
      ...tickets,
      async create(ticket) {
        const isNew = await tickets.create(ticket);
        if (isNew) noteTicket(ticket);
        return isNew;
      },
      async put(ticket) {
        await tickets.put(ticket);
        noteTicket(ticket);
      },
    },
    ...(log && { log }),
  });

  function noteTicket(ticket: Ticket): void {
    const row = findModel(settings.providers, `${ticket.provider}/${ticket.model}`)?.row;
    current.getStore()?.note(ticket, row?.latencyMs);
  }

  async function start(id: string, facts: CallFacts, work: Work, named?: NamedModels): Promise<RunningCall> {
    const target = await checkOutput({ folder: settings.outputFolder }).catch((error: unknown) => {
      throw ImageError.isInstance(error) ? tellOrigin(error, settings) : error;
    });
    const request = facts.request !== undefined && { request: facts.request };
    const call = new RunningCall(id, facts, (onSaved) =>
      fileImageStore({ target, home, history, ...request, onSaved }),
    );
    book.add(call);
    void current.run(call, async () => {
      const outcome = await shared.use((client) => work(client, call)).catch((error) => brokenOff(error, facts));
      await call.store.noted();
      const rest = call.isCancelled ? await withoutJobs(outcome, call) : outcome;
      const whole = await withOpenTickets(call, rest);
      call.end(tellOrigins(whole, settings, named));
    });
    return call;
  }

  async function withoutJobs(outcome: Outcome, call: RunningCall): Promise<Outcome> {
    const { left, problem } = await shared.use((client) => cancelJobs(client, outcome.pending));
    call.cancelProblem = problem;
    return withoutCancelled(outcome, left);
  }

  /** The outcome with all that is not over. A request of which nothing was made and nothing is left may be asked anew. */
  async function withOpenTickets(call: RunningCall, outcome: Outcome): Promise<Outcome> {
    if (call.tickets.size === 0 && outcome.pending.length === 0 && outcome.images.length > 0) return outcome;
    try {
      const open = await book.openOf(call);
      const isOver = outcome.images.length === 0 && open.length === 0;
      if (isOver && book.get(call.id) === call) await requests.close(call.id);
      const known = new Set(outcome.pending.map(({ id }) => id));
      return { ...outcome, pending: [...outcome.pending, ...open.filter(({ id }) => !known.has(id))] };
    } catch (error) {
      const message = `what is left of this request cannot be looked up: ${messageOf(error)}`;
      return { ...outcome, warnings: [...outcome.warnings, { code: 'ticket', message }] };
    }
  }

  /** What the request needs of the catalogues of services is asked first, what of them is old beside it. */
  async function withCatalogues(
    client: Client,
    call: RunningCall,
    request: ClientRequest,
    models: readonly string[],
  ): Promise<Outcome> {
    const asking = { settings, client, ...(log && { log }) };
    const { stopSending } = call;
    await askFirst(models, asking, AbortSignal.any([call.runOptions.signal, stopSending]));
    const endRefresh = askBeside(models, asking);
    const onNotice = (notice: Notice) => log?.('tables', { notice: noticeText(notice).text });
    // Stored keys are in no copy of the environment.
    const endUpdate = updateBeside(models, { ...asking, ...settings, env: { ...settings.env }, onNotice });
    try {
      return await client.run({ ...request, ...call.runOptions, stopSending });
    } finally {
      await Promise.all([endRefresh(), endUpdate()]);
    }
  }

  /** By what an equal request is known. What is drawn here at once costs nothing, and is drawn anew: it has nothing like that. */
  async function hashesOf(request: ClientRequest, { models }: NamedModels): Promise<readonly string[]> {
    const { providers } = settings;
    if (models.every((name) => findModel(providers, name)?.row.procedural)) return [];
    const plan = (asked: ClientRequest) => shared.use((client) => client.plan(asked));
    return requestHashes(request as NamedRequest, { providers, plan });
  }

  /** The call of an equal request that is open, or a new one. `hashes`: by what it is known; nothing if it is always a new one. */
  async function generate(
    facts: CallFacts,
    request: ClientRequest,
    named: NamedModels,
    { again = false, before = async () => {} }: AskOptions,
    hashes: readonly string[],
  ): Promise<Call> {
    const run = (id: string, intent?: { readonly intent: string }, left: readonly Ticket[] = []) => {
      const [first] = left;
      // Until it is over, a call that sends nothing more holds tickets that it is about to drop.
      const stopped = book.get(id)?.done;
      const work: Work = async (client, call) => {
        call.adopt(left);
        await stopped;
        return withCatalogues(client, call, { ...request, ...intent }, named.models);
      };
      return start(id, { ...facts, ...(first && { askedAt: first.at }) }, work, named);
    };
    if (hashes.length === 0) {
      await before();
      return run(newCallId());
    }
    const fresh = { id: newCallId(), at: Date.now() };
    const { id } = await requests.open(hashes, fresh);
    const known = book.get(id);
    if (known && !known.outcome && !known.isStopped) return known;
    const made = known && !known.isStopped ? known.outcome : undefined;
    if (known && made && made.images.length > 0 && made.pending.length === 0) return known;
    const left = id === fresh.id ? [] : await book.ticketsOf(id);
    if (!left.some(isUndecided)) {
      // Also where a server ended before it had sent anything.
      if (left.length === 0) await before().catch((error: unknown) => takeBack(fresh.id, error));
      return run(id, { intent: id }, left);
    }
    if (!again) return resume(id, left);
    await before();
    await requests.replace(hashes, fresh);
    // In other words it is the new one, too.
    await requests.close(id);
    return run(fresh.id, { intent: fresh.id });
  }

  /** The request that is not begun after all is open no more; that of another server stays. */
  async function takeBack(id: string, error: unknown): Promise<never> {
    await requests.close(id);
    throw error;
  }

  /** Fetches what is left of a call. Nothing is sent. */
  async function resume(id: string, left: readonly Ticket[]): Promise<RunningCall> {
    const madeAnew = await book.madeAnew(left);
    const [first] = left;
    const facts = {
      model: first ? `${first.provider}/${first.model}` : 'the service',
      prompt: first?.request.prompt ?? '',
      ...(first && { askedAt: first.at }),
      n: left.reduce((sum, { outputs, request }) => sum + (outputs?.length ?? request.n), 0),
      ...(first && { request: describeTicket(first) }),
    };
    return start(id, facts, (client, call) => {
      call.adopt(left, madeAnew);
      return bringHome(client, left, call.runOptions);
    });
  }

  async function openTicket(id: string): Promise<Call> {
    const call = book.withTicket(id);
    const isOpen = !call || call.outcome?.pending.some((ticket) => ticket.id === id);
    if (!isOpen) return call;
    const ticket = isTicketId(id) ? await tickets.get(id) : undefined;
    return ticket ? resume(newCallId(), [ticket]) : refuseTicket(id);
  }

  async function openCall(id: string): Promise<Call> {
    const known = book.get(id);
    if (known && (!known.outcome || known.outcome.pending.every(isUndecided))) return known;
    const left = await book.ticketsOf(id);
    if (left.length > 0) return resume(id, left);
    return known ?? refuse(id);
  }

  /** What stands in the way of a ticket that is not there, or damaged: nothing begins. */
  async function refuseTicket(id: string): Promise<never> {
    const { error } = await shared.use((client) => client.runTicket(id));
    throw error ? tellOrigin(error, settings) : await refuse(id);
  }

  async function refuse(id: string): Promise<never> {
    const isUnsent = (await requests.ids()).has(id);
    const open = (await listOpen(tickets)).map((ticket) => ticket.id);
    const problem = isUnsent
      ? 'was cut off before anything was sent: nothing was billed'
      : 'is not known: what it made is among the pictures';
    throw new ImageError('not-found', `the call ${quotedWord(id)} ${problem}`, {
      details: { allowed: [...book.running().map((call) => call.id), ...open].slice(0, mostNamed) },
      hint: isUnsent
        ? 'Ask for the picture again.'
        : 'Call get_image without id: it shows what is open and the newest pictures.',
    });
  }

  return {
    async generate(facts, request, named, asked = {}) {
      const hashes = await hashesOf(request, named);
      return book.inTurn(() => generate(facts, request, named, asked, hashes));
    },

    async plan(request, named) {
      const planned = shared.use(async (client) => {
        await askFirst(named.models, { settings, client, ...(log && { log }) }, request.signal);
        return client.plan(request);
      });
      return planned.catch((error: unknown) => {
        throw ImageError.isInstance(error) ? tellOrigin(error, settings, named) : error;
      });
    },

    readInput: (url, signal) => shared.use((client) => client.readInput(url, { signal })),

    open: (id) => book.inTurn(() => (id.startsWith('t-') ? openTicket(id) : openCall(id))),

    running: () => book.running(),

    madeAnew: (open) => book.madeAnew(open),

    delivered(call) {
      if (call.outcome) void book.delivered(call);
    },

    missed: (call) => void book.missed(call),

    async cancel(id) {
      const call = id.startsWith('t-') ? book.withTicket(id) : book.get(id);
      if (call && !call.outcome) {
        call.stop('cancelled');
        const isJob = [...call.tickets.values()].every(({ mode }) => mode === 'job');
        // What a service answers in one call cannot be taken back: it comes home.
        if (!isJob) return 'goes on';
        // A job can be cancelled once its service has said which it is.
        await call.answered();
        call.cancel('cancelled');
        const { images, pending } = await call.done;
        if (call.cancelProblem !== undefined) throw call.cancelProblem;
        return pending.length === 0 && images.length < call.n ? 'cancelled' : 'goes on';
      }
      const left = id.startsWith('t-') ? [await tickets.get(id)].filter(isThere) : await book.ticketsOf(id);
      const open = left.filter(({ state }) => state !== 'done');
      if (open.length === 0) return call ? 'goes on' : refuse(id);
      const { left: goOn, problem } = await shared.use((client) => cancelJobs(client, open));
      if (problem !== undefined) throw problem;
      return goOn.length === 0 ? 'cancelled' : 'goes on';
    },

    async settle() {
      const open = book.unfinished();
      for (const call of open) {
        call.stop('the server ends');
        if (!call.isPaid) call.abort('the server ends');
      }
      await Promise.all(open.map((call) => call.done));
    },

    retire: () => shared.retire(),

    async close() {
      const open = book.unfinished();
      for (const call of open) call.abort('the server ends');
      await Promise.all(open.map((call) => call.done));
      await shared.close();
    },
  };
}

function isThere(ticket: Ticket | undefined): ticket is Ticket {
  return ticket !== undefined;
}

/** Core's clients never reject; should one do so, the call still ends. */
function brokenOff(cause: unknown, { prompt }: CallFacts): Outcome {
  const error = unexpected(cause, { mayHaveBeenBilled: true, hint: 'Please report it.' });
  return { ...failedOutcome(error, prompt), cost: null, sent: true };
}
