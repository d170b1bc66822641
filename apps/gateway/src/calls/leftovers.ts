// What gateways before left: at the start it is brought home, given back, or gone on with.

import type { ClientRequest } from '@anyimage/core';
import { type FileTicketStore, listOpen } from '@anyimage/host';
import type { GatewayKey, Kept } from '../kept/contract.ts';
import type { PictureStore } from '../kept/pictures.ts';
import type { Calls } from './calls.ts';
import { intentOf, isUndecided } from './undecided.ts';

export interface LeftoverOptions {
  readonly kept: Kept;
  readonly tickets: FileTicketStore;
  readonly calls: Calls;
  /** What a task asked, by what is kept of it. */
  readonly readTask: (task: string) => ClientRequest;
  /** Whoever has no key of its own. */
  readonly local: GatewayKey;
}

/**
 * Closes the books of a process that is gone: a reservation whose intent has no ticket was never sent, and goes back. The rest counts as
 * spent. No call may be under way. Throws `storage`.
 */
export async function closeBooks({ spending, intents }: Kept, tickets: FileTicketStore): Promise<void> {
  const open = await spending.open();
  if (open.length === 0) return;
  const sent = new Set((await tickets.list()).map(intentOf));
  for (const { entry, intent, amount } of open) {
    const isSent = sent.has(intent) || (await intents.get(intent))?.answer !== undefined;
    await spending.settle(entry, isSent ? amount : 0);
  }
}

/** Fetches what is open, and goes on with tasks. Resolves when all is under way. Throws `storage`. */
export async function goOnWithLeftovers({ kept, tickets, calls, readTask, local }: LeftoverOptions): Promise<void> {
  const tasks = await kept.intents.openTasks();
  const ofTasks = new Set(tasks.map(({ id }) => id));
  const keys = new Map((await kept.keys.list()).map((key) => [key.id, key]));
  for (const { id, key, task = '' } of tasks) calls.goOn(id, keys.get(key) ?? local, readTask(task));
  for (const ticket of await listOpen(tickets)) {
    if (!isUndecided(ticket) && !ofTasks.has(intentOf(ticket))) void calls.fetch(ticket);
  }
}

/** Forgets what is older. Throws `storage`. */
export async function tidyUp(
  kept: Kept,
  tickets: FileTicketStore,
  pictures: PictureStore,
  before: number,
): Promise<void> {
  for (const ticket of await tickets.list()) {
    if (ticket.state === 'done' && ticket.at < before) await tickets.delete(ticket.id);
  }
  await kept.intents.forget(before);
  await pictures.sweep(before);
}
