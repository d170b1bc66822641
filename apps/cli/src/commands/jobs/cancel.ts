// anyimage jobs cancel t-7f3a9c

import { type Client, ImageError, type Ticket } from '@anyimage/core';
import { listOpen, tellOrigin } from '@anyimage/host';
import { sayError } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { translated } from '../../print/words/translated.ts';
import { openClient } from '../../session/open-client.ts';
import { openTickets, submitted } from '../../session/open-tickets.ts';
import { readSettings } from '../../session/settings.ts';
import { jobsLeft, listenForInterrupt } from '../../session/signals/interrupt.ts';

/**
 * Ends jobs at their service and returns the exit code: 1 if one goes on, or is not known. `all` stands for every job that is being made.
 * For the only ticket that is named it throws `not-found`, `unsupported` (the service cannot end jobs), `auth` …
 */
export async function cancelJobs(ids: readonly string[], { json }: { readonly json?: true }): Promise<number> {
  const settings = await readSettings();
  const isAll = ids.includes('all');
  const chosen = isAll ? cancellable(await listOpen(openTickets(settings))) : [...new Set(ids)];
  if (chosen.length === 0) note(translated('nothing to cancel'));
  const client = openClient(settings);
  const interrupt = listenForInterrupt({ lastWords: () => translated(jobsLeft) });
  const cancelled: string[] = [];
  const goingOn: string[] = [];
  const unknown: string[] = [];
  try {
    for (const id of chosen) {
      if (interrupt.signal.aborted) break;
      const list = await cancel(client, id, interrupt.signal).then(
        (isCancelled) => (isCancelled ? cancelled : goingOn),
        (error: unknown) => {
          if (!ImageError.isInstance(error)) throw error;
          const told = tellOrigin(error, settings);
          if (!isAll && chosen.length === 1) throw told;
          // If one cannot be cancelled, the others still are.
          const isUnknown = told.code === 'not-found';
          if (!isUnknown) note(translated('{id} goes on:', { id }));
          sayError(told);
          return isUnknown ? unknown : goingOn;
        },
      );
      list.push(id);
    }
    if (json) printDocument({ cancelled, goingOn, unknown });
    return interrupt.exitCode ?? (goingOn.length + unknown.length > 0 ? 1 : 0);
  } finally {
    await client.close();
    interrupt.stop();
  }
}

async function cancel(client: Client, id: string, signal: AbortSignal): Promise<boolean> {
  const outcome = await client.cancel(id, { signal });
  if (outcome === 'cancelled') note(translated('cancelled {id}', { id }));
  else note(translated('{id} is too far to be cancelled; fetch it with anyimage jobs resume {id}', { id }));
  return outcome === 'cancelled';
}

/** The tickets of jobs that are being made. A picture that is made cannot be cancelled. */
function cancellable(tickets: readonly Ticket[]): string[] {
  return submitted(tickets)
    .filter(({ state }) => state === 'submitted')
    .map(({ id }) => id);
}
