// What processes before left: it is brought home, given back, or gone on with.

import type { ClientRequest, Ticket } from '@anyimage/core';
import { listOpen } from '@anyimage/host';
import type { GatewayKey, Kept } from '@anyimage/store-redis/contract';
import type { PictureStore } from '../kept/pictures.ts';
import type { Calls } from './calls.ts';
import { intentOf, isUndecided } from './undecided.ts';

export interface TaskOptions {
  readonly kept: Kept;
  readonly calls: Calls;
  /** What a task asked, by what is kept of it. */
  readonly readTask: (task: string) => ClientRequest;
  /** Whoever has no key of its own. */
  readonly local: GatewayKey;
}

/**
 * Closes the books of processes that are gone: a reservation whose intent has no ticket was never sent, and goes back. The rest counts as
 * spent. Throws `storage`, `unavailable`.
 */
export async function closeBooks({ spending, intents, tickets }: Kept): Promise<void> {
  const left = (await spending.open()).filter(({ isHeld }) => !isHeld);
  if (left.length === 0) return;
  const sent = new Set((await tickets.list()).map(intentOf));
  for (const { entry, intent, amount } of left) {
    const isSent = sent.has(intent) || (await intents.get(intent))?.answer !== undefined;
    await spending.settle(entry, isSent ? amount : 0);
  }
}

/** Goes on with tasks. Resolves when all are under way. Throws `storage`. */
export async function goOnWithTasks({ kept, calls, readTask, local }: TaskOptions): Promise<void> {
  const tasks = await kept.intents.openTasks();
  const keys = new Map((await kept.keys.list()).map((key) => [key.id, key]));
  for (const { id, key, task = '' } of tasks) calls.goOn(id, keys.get(key) ?? local, readTask(task));
}

/** Fetches what services have for calls that are `left`, by the ids of their intents. Throws `storage`, `unavailable`. */
export async function fetchLeftovers(
  { tickets }: Kept,
  fetch: (ticket: Ticket) => void,
  isLeft: (intent: string) => boolean | Promise<boolean>,
): Promise<void> {
  for (const ticket of await listOpen(tickets)) {
    if (!isUndecided(ticket) && (await isLeft(intentOf(ticket)))) fetch(ticket);
  }
}

/** Forgets what is older. Throws `storage`, `unavailable`. */
export async function tidyUp({ tickets, intents }: Kept, pictures: PictureStore, before: number): Promise<void> {
  for (const ticket of await tickets.list()) {
    if (ticket.state === 'done' && ticket.at < before) await tickets.delete(ticket.id);
  }
  await intents.forget(before);
  await pictures.sweep(before);
}
