// Brings home what calls left on disk, of this server or of one before, and sends nothing.

import {
  type Client,
  ImageError,
  isRecord,
  type Outcome,
  type RunOptions,
  sumMoney,
  systemClock,
  type Ticket,
} from '@anyimage/core';
import { failedOutcome, timeText } from '@anyimage/host';

/** How often it is looked whether another program has come to an end with a ticket, ms. */
const lookMs = 250;

/** Whether nobody can say what became of it: it may have been sent, and there is nothing to ask the service for. */
export function isUndecided({ uncertain, service, outputs, answer }: Ticket): boolean {
  return uncertain === true && service === undefined && outputs === undefined && answer === undefined;
}

/** What comes of tickets that are there. One that another program holds is waited for. Never rejects. */
export async function bringHome(
  client: Pick<Client, 'runTicket'>,
  tickets: readonly Ticket[],
  options: RunOptions & { readonly signal: AbortSignal },
): Promise<Outcome> {
  const outcomes = tickets.map((ticket) =>
    isUndecided(ticket) ? undecided(ticket) : fetchTicket(client, ticket.id, options),
  );
  return joined(await Promise.all(outcomes));
}

async function fetchTicket(
  client: Pick<Client, 'runTicket'>,
  id: string,
  options: RunOptions & { readonly signal: AbortSignal },
): Promise<Outcome> {
  for (;;) {
    const outcome = await client.runTicket(id, options);
    if (!isHeld(outcome.error) || options.signal.aborted) return outcome;
    await systemClock.sleep(lookMs, options.signal).catch(() => {});
  }
}

function isHeld(error: ImageError | undefined): boolean {
  return isRecord(error?.details) && error.details.problem === 'held';
}

function undecided(ticket: Ticket): Outcome {
  const { provider, at, request } = ticket;
  const error = new ImageError(
    'aborted',
    `the request of ${timeText(at)} was cut off: nobody can say whether ${provider} took it, and made the picture`,
    {
      provider,
      mayHaveBeenBilled: true,
      details: { problem: 'undecided' },
      hint: 'Nothing was sent again.',
    },
  );
  return { ...failedOutcome(error, request.prompt), pending: [ticket], sent: true };
}

/** What came of all of them. */
function joined(outcomes: readonly Outcome[]): Outcome {
  const [only, ...more] = outcomes;
  if (only && more.length === 0) return only;
  const [first, ...others] = outcomes.flatMap(({ images }) => images);
  const error = outcomes.find((outcome) => outcome.error)?.error;
  const costs = outcomes.map(({ cost }) => cost);
  const facts = {
    errors: outcomes.flatMap(({ errors }) => errors),
    pending: outcomes.flatMap(({ pending }) => pending),
    applied: outcomes.flatMap(({ applied }) => applied),
    warnings: outcomes.flatMap(({ warnings }) => warnings),
    prompt: only?.prompt ?? { original: '', sent: '' },
    attempts: outcomes.flatMap(({ attempts }) => attempts),
    cost: costs.some((cost) => cost === null) ? null : sumMoney(costs.flatMap((cost) => cost ?? [])),
    timings: { totalMs: Math.max(0, ...outcomes.map(({ timings }) => timings.totalMs)) },
    sent: outcomes.some(({ sent }) => sent),
  };
  if (first) return { images: [first, ...others], ...facts };
  return { images: [], ...facts, error: error ?? new ImageError('not-found', 'there is nothing to be fetched') };
}
