// anyimage jobs resume t-7f3a9c

import { ImageError, type Outcome, type Ticket } from '@anyimage/core';
import { checkOutput, fileImageStore, type Library, type OutputTarget, type ResultDocument } from '@anyimage/host';
import { exitCodeOf } from '../exit-code.ts';
import { type Interrupt, listenForInterrupt } from '../interrupt.ts';
import { openClient } from '../open-client.ts';
import { openLibrary } from '../open-library.ts';
import { openTickets } from '../open-tickets.ts';
import { joinDocuments, outcomeDocument } from '../print/document.ts';
import { startLiveLine } from '../print/live-line.ts';
import { outcomeText, shownPath, warningText } from '../print/outcome-text.ts';
import { note, print, printDocument } from '../print/output.ts';
import { paintFor } from '../print/paint.ts';
import { requestOfTicket } from '../request-again.ts';
import { readSettings, type Settings } from '../settings.ts';

interface ResumeFlags {
  readonly output?: string;
  readonly force?: true;
  readonly timeout?: number;
  readonly json?: true;
}

/** Fetches what tickets stand for and returns the exit code. Throws `storage`, `invalid-request`. */
export async function resumeJobs(ids: readonly string[], flags: ResumeFlags): Promise<number> {
  const settings = await readSettings();
  const known = await openTickets(settings).list();
  const chosen = ids.length === 0 || ids.includes('all') ? resumable(known) : [...new Set(ids)];
  const pictures = known.find(({ id }) => id === chosen[0])?.outputs?.length ?? 1;
  const target = await checkOutput({
    folder: settings.outputFolder,
    n: pictures,
    ...(flags.output !== undefined && { output: flags.output }),
    ...(flags.force && { force: true }),
  });
  if (target.file && chosen.length > 1) {
    throw new ImageError('invalid-request', `${chosen.length} tickets cannot go to one file`, {
      details: { option: 'output', asked: flags.output ?? '' },
      hint: 'Give a folder, or resume one ticket at a time.',
    });
  }
  const library = openLibrary(settings);
  const interrupt = listenForInterrupt();
  const outcomes: Outcome[] = [];
  const documents: ResultDocument[] = [];
  try {
    for (const id of chosen) {
      if (interrupt.signal.aborted) break;
      const ticket = known.find((one) => one.id === id);
      const { outcome, document } = await resumeOne(id, ticket, { settings, target, flags, interrupt, library });
      outcomes.push(outcome);
      documents.push(document);
    }
  } finally {
    interrupt.stop();
    await library.close();
  }
  if (flags.json) printDocument(joinDocuments(documents));
  else if (chosen.length === 0) note('nothing to resume');
  return interrupt.exitCode ?? exitCode(outcomes);
}

/** A ticket that may never have been submitted is not asked for with the rest: it may belong to a run that goes on. */
function resumable(tickets: readonly Ticket[]): string[] {
  for (const { id } of tickets.filter(({ state }) => state === 'intended')) {
    const message = `${id} was cut off while being submitted, or is being submitted now: left alone`;
    note(warningText(message, paintFor(process.stderr)));
  }
  return tickets.filter(({ state }) => state !== 'intended').map(({ id }) => id);
}

interface ResumeContext {
  readonly settings: Settings;
  readonly target: OutputTarget;
  readonly flags: ResumeFlags;
  readonly interrupt: Interrupt;
  readonly library: Library;
}

async function resumeOne(id: string, ticket: Ticket | undefined, context: ResumeContext) {
  const { settings, target, flags, interrupt, library } = context;
  const total = ticket?.outputs?.length ?? 1;
  const live = startLiveLine(process.stderr, { model: ticket ? `${ticket.provider}/${ticket.model}` : id, total });
  const request = ticket && requestOfTicket(ticket);
  const store = fileImageStore({
    target,
    home: settings.home,
    library,
    onSaved: () => live.made(),
    ...(request !== undefined && { request }),
  });
  const client = openClient(settings, store);
  try {
    const outcome = await client.runTicket(id, {
      signal: interrupt.signal,
      onProgress: live.report,
      ...(flags.timeout !== undefined && { timeout: flags.timeout }),
    });
    live.stop();
    if (!flags.json) for (const { path } of outcome.images) if (path !== undefined) print(shownPath(path));
    const text = outcomeText(outcome, paintFor(process.stderr), store);
    if (text) note(text);
    return { outcome, document: outcomeDocument(outcome, store) };
  } finally {
    live.stop();
    await client.close();
  }
}

function exitCode(outcomes: readonly Outcome[]): number {
  if (outcomes.length === 0) return 0;
  return exitCodeOf({
    images: outcomes.flatMap((outcome) => outcome.images),
    errors: outcomes.flatMap((outcome) => outcome.errors),
    pending: outcomes.flatMap((outcome) => outcome.pending),
    sent: outcomes.some((outcome) => outcome.sent),
  });
}
