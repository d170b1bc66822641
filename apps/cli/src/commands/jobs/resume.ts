// anyimage jobs resume t-7f3a9c

import { type Applied, ImageError, type ImageHint, type ImageStore, type Outcome, type Ticket } from '@anyimage/core';
import {
  checkOutput,
  describeTicket,
  type FileImageStore,
  fileImageStore,
  type History,
  listOpen,
  type OutputTarget,
  type ResultDocument,
  sweepParts,
  tellOrigins,
} from '@anyimage/host';
import { joinDocuments, outcomeDocument } from '../../print/document.ts';
import { startLivePictures } from '../../print/live/live-pictures.ts';
import { PictureStates } from '../../print/live/picture-states.ts';
import { printPaths, sayError, sayOutcome } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { translated } from '../../print/words/translated.ts';
import { Tally } from '../../session/exit-code.ts';
import { openClient } from '../../session/open-client.ts';
import { openHistory } from '../../session/open-history.ts';
import { openTickets, submitted } from '../../session/open-tickets.ts';
import { readSettings, type Settings } from '../../session/settings.ts';
import { type Interrupt, jobsLeft, listenForInterrupt } from '../../session/signals/interrupt.ts';
import {
  inRequest,
  inTicket,
  outputPath,
  placeOfTicket,
  sparing,
  type TicketPlace,
  WrittenFiles,
} from '../../session/ticket-output.ts';

interface ResumeFlags {
  readonly output?: string;
  readonly force?: true;
  readonly timeout?: number;
  readonly maxImageBytes?: number;
  readonly json?: true;
}

/** Fetches what tickets stand for and returns the exit code. Throws `storage`, `invalid-request`. */
export async function resumeTickets(ids: readonly string[], flags: ResumeFlags): Promise<number> {
  const settings = await readSettings();
  const isAll = ids.length === 0 || ids.includes('all');
  const known = await listOpen(openTickets(settings));
  const chosen = isAll ? allOf(known) : namedIn(known, ids);
  const usual = await checkTarget(chosen, flags, settings);
  const history = openHistory(settings);
  const interrupt = listenForInterrupt({ lastWords: () => translated(jobsLeft) });
  const written = new WrittenFiles();
  const tally = new Tally();
  const documents: ResultDocument[] = [];
  try {
    await nameSidecars(settings, history);
    for (const one of chosen) {
      if (interrupt.signal.aborted) break;
      const destination = await destinationOf(one.ticket, usual, flags);
      const context = { settings, destination, isAll, flags, interrupt, history, written };
      const resumed = await resumeOne(one, context);
      if (!resumed) continue;
      tally.add(resumed.outcome);
      if (flags.json) documents.push(outcomeDocument(resumed.outcome, resumed.store));
    }
  } finally {
    interrupt.stop();
    await history.close();
  }
  if (flags.json) printDocument(joinDocuments(documents));
  else if (chosen.length === 0) note(translated('nothing to resume'));
  return interrupt.exitCode ?? tally.exitCode;
}

/** A run that was stopped may have left the record of a picture that was all there: of it, nothing has to be fetched. */
async function nameSidecars({ home }: Settings, history: History): Promise<void> {
  const named = await sweepParts(home, Date.now());
  if (named.length > 0) await history.add(named).catch(sayError);
}

/** A ticket to fetch. Core refuses an id that has no ticket. */
interface Chosen {
  readonly id: string;
  readonly ticket: Ticket | undefined;
}

interface Fetched {
  readonly outcome: Outcome;
  readonly store: FileImageStore;
}

function allOf(known: readonly Ticket[]): Chosen[] {
  return submitted(known).map((ticket) => ({ id: ticket.id, ticket }));
}

function namedIn(known: readonly Ticket[], ids: readonly string[]): Chosen[] {
  return [...new Set(ids)].map((id) => ({ id, ticket: known.find((one) => one.id === id) }));
}

/** Where pictures go if their ticket names no place. Throws `storage`, and `invalid-request` for one file for several tickets. */
async function checkTarget(
  chosen: readonly Chosen[],
  { output, force }: ResumeFlags,
  { outputFolder }: Settings,
): Promise<OutputTarget> {
  const target = await checkOutput({
    folder: outputFolder,
    n: chosen[0]?.ticket?.outputs?.length ?? 1,
    ...(output !== undefined && { output }),
    ...(force && { force }),
  });
  if (!target.file || chosen.length < 2) return target;
  throw new ImageError('invalid-request', `${chosen.length} tickets cannot go to one file`, {
    details: { option: 'output', asked: output ?? '' },
    hint: 'Give a folder, or resume one ticket at a time.',
  });
}

interface Destination {
  readonly target: OutputTarget;
  /** Present if the pictures go to the place that the ticket names. */
  readonly place?: TicketPlace;
  /** Present if that place cannot be written to. */
  readonly applied?: Applied;
}

/** The place that the ticket names; `usual` if it names none, if the flags name another, or if that place cannot be written to. */
async function destinationOf(
  ticket: Ticket | undefined,
  usual: OutputTarget,
  flags: ResumeFlags,
): Promise<Destination> {
  if (!ticket || flags.output !== undefined) return { target: usual };
  try {
    const place = await placeOfTicket(ticket, flags.force);
    return place ? { target: place.target, place } : { target: usual };
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    const asked = outputPath(ticket) ?? '';
    return { target: usual, applied: { option: 'output', asked, sent: usual.folder, because: error.message } };
  }
}

interface ResumeContext {
  readonly settings: Settings;
  readonly destination: Destination;
  readonly flags: ResumeFlags;
  /** Whether no ticket was named. */
  readonly isAll: boolean;
  readonly interrupt: Interrupt;
  readonly history: History;
  /** The pictures that this command has fetched so far. */
  readonly written: WrittenFiles;
}

/** `undefined` where another program does it, and it was not named. */
async function resumeOne({ id, ticket }: Chosen, context: ResumeContext): Promise<Fetched | undefined> {
  const { settings, destination, flags, isAll, interrupt, history, written } = context;
  const { place } = destination;
  const total = ticket?.outputs?.length ?? 1;
  const states = new PictureStates(total);
  const live = startLivePictures(process.stderr, [
    { title: ticket ? `${ticket.provider}/${ticket.model}` : id, states },
  ]);
  const store = fileImageStore({
    target: place ? await sparing(written, place) : destination.target,
    home: settings.home,
    history,
    onSaved: ({ path }) => void written.add(path),
    ...(ticket && { request: describeTicket(ticket) }),
  });
  const positioned = place ? inRequest(place) : ticket && inTicket(ticket);
  const client = openClient(settings, {
    store: positioned ? placing(store, positioned) : store,
    maxImageBytes: flags.maxImageBytes,
  });
  try {
    const found = await client.runTicket(id, {
      signal: interrupt.signal,
      // What a ticket stands for is shown alone, wherever it is among the pictures of its request.
      onProgress: (progress, _, call) => states.tell(progress, { ...call, first: 0 }, performance.now()),
      ...(flags.timeout !== undefined && { timeout: flags.timeout }),
    });
    const fetched = tellOrigins(found, settings);
    await store.noted();
    live.stop();
    if (isAll && isTaken(fetched)) {
      note(translated('{id} is left to another program, which fetches it', { id }));
      return undefined;
    }
    const outcome = withApplied(fetched, destination);
    if (!flags.json) printPaths(outcome);
    sayOutcome(outcome, store);
    return { outcome, store };
  } finally {
    live.stop();
    await client.close();
  }
}

/** Whether another program is at work on the ticket, or was. */
function isTaken({ error }: Outcome): boolean {
  const { problem } = Object(error?.details);
  return problem === 'held' || problem === 'gone';
}

/** The store, which names each picture by its position among others: those of the request, or of the ticket alone. */
function placing(store: ImageStore, positioned: (hint: ImageHint) => ImageHint): ImageStore {
  return { ...store, open: (hint) => store.open(positioned(hint)), rescue: (hint) => store.rescue!(positioned(hint)) };
}

/** The outcome, with the other place in `applied` if a picture went there. */
function withApplied(outcome: Outcome, { applied }: Destination): Outcome {
  return applied && outcome.images.length > 0 ? { ...outcome, applied: [applied, ...outcome.applied] } : outcome;
}
