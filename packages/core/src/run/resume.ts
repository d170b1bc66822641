// Bringing back what a ticket stands for, with no new submission.

import { resolveAccess } from '../access/access.ts';
import { createContext } from '../access/context.ts';
import { type Addressee, asImageError, explainAddress, explainError } from '../access/explain.ts';
import { missingKey } from '../access/missing-key.ts';
import { gone, isOfJob, mayBePaid, stillRunning } from '../access/ticket-errors.ts';
import { type ModelCapabilities, rowFor } from '../contract/capabilities.ts';
import type { Outcome } from '../contract/client.ts';
import type { Engine, ProviderEntry, ResolvedAccess } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import { omit } from '../contract/objects.ts';
import type { ImageProvider, JobApi } from '../contract/provider.ts';
import type { RunOptions } from '../contract/request.ts';
import type { KeptOutput, Ticket, TicketOutput } from '../contract/tickets.ts';
import { readTicket } from '../foreign/read-ticket.ts';
import type { HeldAnswer } from '../http/answer.ts';
import { checkShapes } from '../inputs/check-shapes.ts';
import { shareOf } from '../negotiate/money.ts';
import { mostNamed, shortList } from '../negotiate/nearest.ts';
import { findRow } from '../tables/find-row.ts';
import { createDeadline, type Deadline, fiveMinutes } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';
import { type Tell, teller } from '../timing/tell.ts';
import { type CallReport, type DeliverOptions, deliver, keep } from './deliver.ts';
import { closeJob, JobEnded, submitted, watchJob } from './jobs.ts';
import { recall } from './recall.ts';
import { Report } from './report.ts';
import { readKept } from './salvage.ts';

/** Whose ticket it is: the provider and host that it may be asked of. */
interface TicketOwner extends Addressee {
  readonly entry: ProviderEntry;
  readonly row: ModelCapabilities | undefined;
}

/** A ticket on its way. */
interface Resumption {
  readonly engine: Engine;
  readonly ticket: Ticket;
  readonly owner: TicketOwner;
  readonly deadline: Deadline;
  readonly tell: Tell;
  /** The ticket stays as a mark that the work is done, until then; Unix time in ms. */
  readonly markUntil?: number;
}

type JobProvider = ImageProvider & { readonly jobs: JobApi };

/** Resumes a ticket. Never rejects. */
export async function runTicket(engine: Engine, id: string, run: RunOptions = {}): Promise<Outcome> {
  const started = engine.clock.now();
  const report = new Report(started);
  let deadline: Deadline | undefined;
  let ticket: Ticket | undefined;
  try {
    checkShapes(run);
    ticket = await claimTicket(engine, id);
    const owner = ownerOf(engine, ticket);
    const timeout = run.timeout ?? Math.max(fiveMinutes, 3 * (owner.row?.latencyMs?.[1] ?? 0));
    deadline = createDeadline(timeout, run.signal, started);
    report.prompt = { original: ticket.request.prompt, sent: ticket.request.sent };
    const { markUntil } = ticket;
    const call = await fetchTicket({
      engine,
      ticket,
      owner,
      deadline,
      tell: ticketTeller(engine, ticket, run.onProgress),
      ...(markUntil !== undefined && { markUntil }),
    });
    report.add({ applied: [], warnings: [] }, [call], true);
    const error = call.images.length ? undefined : call.errors[0];
    report.attempts.push({ model: owner.name, ms: engine.clock.now() - started, ...(error && { error }) });
  } catch (error) {
    report.error = ofTicket(asImageError(error), ticket);
  } finally {
    deadline?.clear();
    if (ticket) await engine.tickets.release(id);
  }
  return report.outcome(engine.clock.now());
}

/** Tells of what a ticket stands for; `index`: of its call. */
export function ticketTeller(
  engine: Engine,
  { provider, model, mode = 'job', place, request, cost }: Ticket,
  onProgress: RunOptions['onProgress'],
  index = 0,
): Tell {
  const call = { model: `${provider}/${model}`, mode, first: place?.first ?? 0, n: request.n, cost: cost ?? null };
  return teller(engine, onProgress, index, call);
}

/** Ends the job of a ticket, if the service lets it. Throws `unavailable` while somebody else is at work on the ticket. */
export async function cancelTicket(
  engine: Engine,
  id: string,
  run: RunOptions = {},
): Promise<'cancelled' | 'too late'> {
  checkShapes(run);
  const ticket = await claimTicket(engine, id);
  try {
    return await cancelJob(engine, ticket, run);
  } catch (error) {
    throw ofTicket(asImageError(error), ticket);
  } finally {
    await engine.tickets.release(id);
  }
}

async function cancelJob(engine: Engine, ticket: Ticket, run: RunOptions): Promise<'cancelled' | 'too late'> {
  const { id } = ticket;
  if (ticket.state === 'delivered') return 'too late';
  const { entry, definition, access, name } = ownerOf(engine, ticket);
  const provider = await entry.load();
  if (ticket.service === undefined) throw await undecided(engine, ticket);
  if (!provider.jobs?.cancel) {
    throw new ImageError('unsupported', `${provider.label} cannot cancel a job`, {
      provider: provider.id,
      hint: `It goes on and is billed; resume ticket ${id} to fetch the picture.`,
    });
  }
  const deadline = createDeadline(run.timeout ?? fiveMinutes, run.signal, engine.clock.now());
  try {
    const context = createContext(engine, provider, access, deadline.signal);
    const outcome = await orAbort(provider.jobs.cancel(ticket.service, context), deadline.signal);
    if (outcome === 'cancelled') await engine.tickets.delete(id);
    return outcome;
  } catch (error) {
    const known = asImageError(error);
    const told = isOfJob(known) ? gone(known, ticket) : notCancelled(known, ticket);
    throw explainError(explainAddress(told, access), { definition, access, name });
  } finally {
    deadline.clear();
  }
}

/** What stands in the way of cancelling a job, where the ticket has something to do with it. */
function notCancelled(error: ImageError, ticket: Ticket): ImageError {
  const isOfTicket = error.code === 'network' || error.code === 'not-found';
  return isOfTicket ? stillRunning(error, ticket) : error;
}

export function ownerOf(engine: Engine, ticket: Ticket): TicketOwner {
  const entry = engine.registry.provider(ticket.provider);
  const { definition } = entry;
  const known = findRow(definition, ticket.model)?.row ?? definition.unlisted;
  return {
    entry,
    definition,
    row: known && rowFor(known, ticket.model),
    access: accessFor(engine, entry, ticket),
    name: `${ticket.provider}/${ticket.model}`,
  };
}

export async function fetchTicket(resumption: Resumption): Promise<CallReport> {
  const { engine, ticket } = resumption;
  if (ticket.state === 'done') return recall(engine, ticket);
  if (ticket.answer !== undefined) return fetchKept(resumption, ticket.answer);
  const outputs = (ticket.outputs ?? []).filter(isSomewhere);
  if (ticket.state === 'delivered' && outputs.length > 0) {
    const call = await deliverTicket(resumption, { outputs }, { n: outputs.length, priced: ticket.outputs?.length });
    const isGone = call.images.length === 0 && call.errors.every(({ code }) => code === 'not-found');
    // The service may still know the job, and have a fresh URL for it.
    if (!isGone || ticket.service === undefined) return call;
  }
  if (ticket.service === undefined) {
    throw ticket.state === 'delivered' ? nowhere(ticket) : await undecided(engine, ticket);
  }
  return fetchJob(resumption, await jobProviderOf(resumption));
}

/** The provider of a ticket's job. Throws `auth` without a key, `config` if it has no jobs. */
async function jobProviderOf({ ticket, owner }: Resumption): Promise<JobProvider> {
  const { definition, access, entry } = owner;
  const missing = missingKey({ definition, access: { ...entry.access, region: access.region } }, access);
  if (missing) throw missing;
  const provider = await entry.load();
  if (hasJobs(provider)) return provider;
  throw new ImageError('config', `ticket ${ticket.id} is of a job, and ${provider.label} has none`, {
    hint: 'Resume it with the version of the provider that made it.',
  });
}

function hasJobs(provider: ImageProvider): provider is JobProvider {
  return provider.jobs !== undefined;
}

/** Reads what the service answered once more: this version may know its form. */
async function fetchKept(resumption: Resumption, ref: string): Promise<CallReport> {
  const { engine, ticket, owner } = resumption;
  try {
    const outputs = await readKept(engine, ref, await owner.entry.load());
    return await deliverTicket(resumption, { outputs }, { n: ticket.request.n });
  } catch (error) {
    return { images: [], errors: [explainError(asImageError(error), owner)], warnings: [], pending: ticket };
  }
}

/** Waits for the job, and fetches its pictures. */
async function fetchJob(resumption: Resumption, provider: JobProvider): Promise<CallReport> {
  const { engine, ticket, owner, deadline, tell } = resumption;
  // The service gives all its pictures anew, the lost ones too.
  let current: Ticket = { ...omit(ticket, 'uncertain', 'outputs'), state: 'submitted' };
  let answer: HeldAnswer | undefined;
  try {
    const result = await watchJob({
      jobs: provider.jobs,
      provider,
      lastAnswer: () => answer,
      context: createContext(engine, provider, owner.access, deadline.signal, {
        onProgress: tell,
        onSuccess: (given) => {
          answer = given;
        },
      }),
      clock: engine.clock,
      service: ticket.service ?? null,
      resumed: true,
      onTicket: async (service, cost) => {
        current = submitted(current, service, cost);
        await keep(engine, current, []);
      },
    });
    return await deliverTicket({ ...resumption, ticket: current }, result, { n: ticket.request.n });
  } catch (error) {
    if (!(error instanceof JobEnded)) {
      const asked = stillRunning(error, ticket);
      const told = explainError(explainAddress(asked, owner.access), owner);
      return { images: [], errors: [told], warnings: [], pending: ticket };
    }
    const told = await closeJob(engine, error, current);
    return { images: [], errors: [explainError(told, owner)], warnings: [] };
  }
}

/** `n`: how many pictures the result owes. `priced`: how many the ticket's cost is for, default `n`. */
function deliverTicket(
  { engine, ticket, owner, deadline, tell, markUntil }: Resumption,
  result: DeliverOptions['result'],
  { n, priced = n }: { readonly n: number; readonly priced?: number | undefined },
): Promise<CallReport> {
  const { prompt, sent } = ticket.request;
  const { cost } = ticket;
  return deliver({
    engine,
    addressee: owner,
    sign: async (key, request) => (await owner.entry.load()).sign(key, request),
    row: owner.row,
    result,
    ticket,
    asked: { n, ...(ticket.state !== 'delivered' && askedOf(ticket)) },
    facts: { prompt: { original: prompt, sent }, applied: [], warnings: [], startedAt: engine.clock.now() },
    place: ticket.place ?? { count: ticket.request.n, first: 0 },
    isResumed: true,
    ...(markUntil !== undefined && { markUntil }),
    price: (made) => (cost ? shareOf(cost, made, priced) : null),
    deadline,
    tell,
  });
}

function isSomewhere(output: TicketOutput): output is (TicketOutput & { url: string }) | KeptOutput {
  return output.url !== undefined || output.ref !== undefined;
}

/** What was asked of each picture. A delivered one has its own facts. */
function askedOf({ request: { size, seed } }: Ticket) {
  return { ...(isSize(size) && { size }), ...(typeof seed === 'number' && { seed }) };
}

function isSize(value: unknown): value is { width: number; height: number } {
  return typeof value === 'object' && value !== null && 'width' in value && 'height' in value;
}

/**
 * The access for a ticket: only ever the provider's own hosts, and only the key it was made with. A ticket that names
 * another host is refused, so that an altered ticket cannot draw a key elsewhere.
 */
function accessFor(engine: Engine, { definition, access }: ProviderEntry, ticket: Ticket): ResolvedAccess {
  const configured = resolveAccess(definition, access, engine.env);
  const region = Object.keys(definition.regions).find(
    (name) => new URL(definition.regions[name]!.baseURL).host === ticket.host,
  );
  if (configured.host !== ticket.host && region === undefined) {
    throw new ImageError(
      'config',
      `ticket ${ticket.id} was made on ${ticket.host}, which is no host of ${definition.label} as it is set up now`,
      {
        provider: definition.id,
        hint: `Set the base URL that was in use (host ${ticket.host}) and resume again, or drop the ticket.`,
      },
    );
  }
  const own =
    configured.host === ticket.host
      ? configured
      : resolveAccess(
          definition,
          { ...access, region: region!, baseURL: definition.regions[region!]!.baseURL },
          engine.env,
        );
  // Keys of a function come and go, and have no fingerprint.
  const print = own.key?.print();
  if (ticket.state !== 'delivered' && ticket.keyPrint && print && print !== ticket.keyPrint) {
    throw new ImageError('auth', `ticket ${ticket.id} was made with another key than the one from ${own.keySource}`, {
      provider: definition.id,
      hint: 'Set the key that was used then, and resume again.',
    });
  }
  return own;
}

/** A ticket of pictures that were made, and of which nothing says where they are. */
function nowhere({ id, provider }: Ticket): ImageError {
  return new ImageError('not-found', `ticket ${id} does not say where its pictures are`, {
    provider,
    mayHaveBeenBilled: true,
    hint: 'They may have been billed: look at the account of the service, and drop the ticket.',
  });
}

/** A ticket that its holder left before anything was known of it. */
async function undecided({ tickets }: Pick<Engine, 'tickets'>, ticket: Ticket): Promise<ImageError> {
  if (!ticket.uncertain) await tickets.put({ ...ticket, uncertain: true });
  return undecidable(ticket);
}

function undecidable({ id, provider }: Ticket): ImageError {
  return new ImageError(
    'not-found',
    `ticket ${id} was cut off while being submitted: nobody can say whether the service took it`,
    {
      provider,
      mayHaveBeenBilled: true,
      hint: 'Look at the account of the service; if nothing was billed there, drop the ticket and ask again.',
    },
  );
}

/** A ticket for this caller alone. Throws `not-found`, `unavailable` while somebody else is at work on it. */
async function claimTicket(engine: Engine, id: string): Promise<Ticket> {
  const held = await findTicket(engine, id);
  if (await engine.tickets.claim(id)) return findTicket(engine, id);
  const error = new ImageError('unavailable', `another program is at work on ticket ${id}`, {
    details: { problem: 'held' },
    retryable: true,
    hint: 'Wait for it: it fetches the picture, or leaves the ticket.',
  });
  throw ofTicket(error, held);
}

/** What stands in the way of a picture says nothing of its price: it may be paid for since it was sent. */
function ofTicket(error: ImageError, ticket: Ticket | undefined): ImageError {
  return ticket && mayBePaid(ticket) ? error.with({ mayHaveBeenBilled: true }) : error;
}

/** Throws `storage` for what a store gives that is no ticket. */
function checked(found: Ticket, id: string): Ticket {
  const read = readTicket(found);
  if ('ticket' in read) return read.ticket;
  throw new ImageError('storage', `ticket ${JSON.stringify(id)} is damaged: ${read.problem}`, {
    details: { problem: 'damaged' },
    hint: 'Mend it where it is kept, or drop it. It may stand for a picture that is paid for: look at the account of the service.',
  });
}

async function findTicket({ tickets }: Pick<Engine, 'tickets'>, id: string): Promise<Ticket> {
  const found = await tickets.get(id);
  if (found) return checked(found, id);
  const open = (await tickets.list()).filter(({ state }) => state !== 'done');
  const ids = open.map((other) => other.id);
  throw new ImageError('not-found', `no ticket ${JSON.stringify(id)}`, {
    details: { problem: 'gone', allowed: ids.slice(0, mostNamed) },
    hint: ids.length ? `There are: ${shortList(ids)}.` : 'There are no open tickets.',
  });
}
