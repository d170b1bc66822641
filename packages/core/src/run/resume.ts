// Bringing back what a ticket stands for, with no new submission.

import { explainAddress, isConfigured, missingKey, type ResolvedAccess, resolveAccess } from '../access/access.ts';
import { createContext } from '../access/context.ts';
import { asImageError, explainError, type Origin } from '../access/explain.ts';
import { type ModelCapabilities, rowFor } from '../contract/capabilities.ts';
import type { Outcome } from '../contract/client.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { ImageProvider, JobApi, ProviderResult } from '../contract/provider.ts';
import type { RunOptions } from '../contract/request.ts';
import type { Ticket } from '../contract/tickets.ts';
import type { ProviderEntry } from '../models/registry.ts';
import { roundMoney } from '../negotiate/money.ts';
import { createDeadline, type Deadline, fiveMinutes } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';
import { type CallReport, deliver, keep } from './deliver.ts';
import { JobEnded, watchJob } from './jobs.ts';
import { createReport, finish } from './report.ts';
import { stillRunning } from './run-call.ts';

/** Resumes a ticket. Never rejects. */
export async function runTicket(engine: Engine, id: string, run: RunOptions = {}): Promise<Outcome> {
  const started = engine.clock.now();
  const report = createReport(started);
  let deadline: Deadline | undefined;
  try {
    const ticket = await engine.tickets.get(id);
    if (!ticket) throw await unknownTicket(engine, id);
    const place = placeOf(engine, ticket);
    deadline = createDeadline(
      run.timeout ?? Math.max(fiveMinutes, 3 * (place.row?.latencyMs?.[1] ?? 0)),
      run.signal,
      started,
    );
    report.prompt = { original: ticket.request.prompt, sent: ticket.request.sent };
    const call = await fetchTicket(engine, ticket, place, deadline, run);
    report.add({ applied: [], warnings: [] }, [call], true);
    const error = call.images.length ? undefined : call.errors[0];
    report.attempts.push({ model: place.name, ms: engine.clock.now() - started, ...(error && { error }) });
  } catch (error) {
    report.error = asImageError(error);
  } finally {
    deadline?.clear();
  }
  return finish(report, engine);
}

/** Ends the job of a ticket, if the service lets it. */
export async function cancelTicket(
  engine: Engine,
  id: string,
  run: RunOptions = {},
): Promise<'cancelled' | 'too late'> {
  const ticket = await engine.tickets.get(id);
  if (!ticket) throw await unknownTicket(engine, id);
  if (ticket.state === 'delivered') return 'too late';
  const entry = engine.registry.provider(ticket.provider);
  const access = accessFor(engine, entry, ticket);
  const provider = await entry.load();
  if (ticket.service === undefined) throw await undecidable(engine, ticket);
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
    throw explainError(asImageError(error), {
      definition: entry.definition,
      access,
      name: `${ticket.provider}/${ticket.model}`,
    });
  } finally {
    deadline.clear();
  }
}

/** Where a ticket's pictures come from. */
interface Place extends Origin {
  readonly entry: ProviderEntry;
  readonly row: ModelCapabilities | undefined;
}

function placeOf(engine: Engine, ticket: Ticket): Place {
  const entry = engine.registry.provider(ticket.provider);
  const { definition } = entry;
  const known = Object.hasOwn(definition.models, ticket.model) ? definition.models[ticket.model] : definition.unlisted;
  return {
    entry,
    definition,
    row: known && rowFor(known, ticket.model),
    access: accessFor(engine, entry, ticket),
    name: `${ticket.provider}/${ticket.model}`,
  };
}

async function fetchTicket(
  engine: Engine,
  ticket: Ticket,
  place: Place,
  deadline: Deadline,
  run: RunOptions,
): Promise<CallReport> {
  if (ticket.state === 'delivered') {
    const outputs = ticket.outputs ?? [];
    const call = await deliverTicket(engine, ticket, place, deadline, { outputs }, outputs.length);
    const isGone = call.images.length === 0 && call.errors.every(({ code }) => code === 'not-found');
    // The service may still know the job, and have a fresh URL for it.
    if (!isGone || ticket.service === undefined) return call;
  }
  if (ticket.service === undefined) throw await undecidable(engine, ticket);

  const { definition, access, entry } = place;
  if (!isConfigured(definition, entry.access, engine.env)) throw missingKey(definition, access.region, []);
  const provider = await entry.load();
  if (!hasJobs(provider)) {
    throw new ImageError('config', `ticket ${ticket.id} is of a job, and ${provider.label} has none`, {
      hint: 'Resume it with the version of the provider that made it.',
    });
  }
  let current: Ticket = { ...ticket, state: 'submitted' };
  try {
    const result = await askOn(engine, provider, access, deadline, current, run, (next) => {
      current = next;
    });
    return await deliverTicket(engine, current, place, deadline, result, ticket.request.n);
  } catch (error) {
    if (!(error instanceof JobEnded)) {
      const told = explainError(explainAddress(stillRunning(error, ticket), access), place);
      return { images: [], errors: [told], warnings: [], pending: ticket };
    }
    await engine.tickets.delete(ticket.id).catch(() => {});
    return { images: [], errors: [explainError(error.error, place)], warnings: [] };
  }
}

/** `n`: how many pictures the ticket's cost is for. */
function deliverTicket(
  engine: Engine,
  ticket: Ticket,
  place: Place,
  deadline: Deadline,
  result: ProviderResult,
  n: number,
): Promise<CallReport> {
  const { prompt, size, seed } = ticket.request;
  const known =
    ticket.state === 'delivered' ? {} : { ...(isSize(size) && { size }), ...(typeof seed === 'number' && { seed }) };
  return deliver({
    engine,
    origin: place,
    row: place.row,
    result,
    ticket,
    stored: true,
    asked: { n, ...known },
    hint: { prompt, count: ticket.request.n, first: 0 },
    price: (made) => (ticket.cost ? { ...ticket.cost, amount: roundMoney((ticket.cost.amount * made) / n) } : null),
    deadline,
  });
}

function isSize(value: unknown): value is { width: number; height: number } {
  return typeof value === 'object' && value !== null && 'width' in value && 'height' in value;
}

function hasJobs(provider: ImageProvider): provider is ImageProvider & { readonly jobs: JobApi } {
  return provider.jobs !== undefined;
}

function askOn(
  engine: Engine,
  provider: ImageProvider & { readonly jobs: JobApi },
  access: ResolvedAccess,
  deadline: Deadline,
  ticket: Ticket,
  run: RunOptions,
  onTicket: (ticket: Ticket) => void,
): Promise<ProviderResult> {
  return watchJob({
    jobs: provider.jobs,
    context: createContext(engine, provider, access, deadline.signal, (progress) => run.onProgress?.(progress, 0)),
    clock: engine.clock,
    service: ticket.service ?? null,
    resumed: true,
    onTicket: async (service) => {
      const next = { ...ticket, service };
      await keep(engine, next, []);
      onTicket(next);
    },
  });
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
  if (ticket.state !== 'delivered' && ticket.keyPrint && own.key && own.key.print() !== ticket.keyPrint) {
    throw new ImageError('auth', `ticket ${ticket.id} was made with another key than the one from ${own.keySource}`, {
      provider: definition.id,
      hint: 'Set the key that was used then, and resume again.',
    });
  }
  return own;
}

async function undecidable(engine: Engine, ticket: Ticket): Promise<ImageError> {
  if (!ticket.uncertain) await engine.tickets.put({ ...ticket, uncertain: true });
  return new ImageError(
    'not-found',
    `ticket ${ticket.id} was cut off while being submitted: nobody can say whether the service took it`,
    {
      provider: ticket.provider,
      mayHaveBeenBilled: true,
      hint: 'Look at the account of the service; if nothing was billed there, drop the ticket and ask again.',
    },
  );
}

async function unknownTicket(engine: Engine, id: string): Promise<ImageError> {
  const ids = (await engine.tickets.list()).map((ticket) => ticket.id);
  return new ImageError('not-found', `no ticket ${JSON.stringify(id)}`, {
    details: { allowed: ids },
    hint: ids.length ? `There are: ${ids.join(', ')}.` : 'There are no open tickets.',
  });
}
