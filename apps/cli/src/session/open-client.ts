import { type Client, type ClientOptions, createClient, type ImageStore, present } from '@anyimage/core';
import { clientOptions, type OutputTarget } from '@anyimage/host';
import { asRecorded, type RecordedPrompt } from '../request/prompt-again.ts';
import { logTo } from './log.ts';
import { openTickets } from './open-tickets.ts';
import type { Settings } from './settings.ts';
import { withOutput } from './ticket-output.ts';

export interface OpenOptions extends Pick<ClientOptions, 'tickets' | 'budget' | 'concurrency' | 'maxRetries'> {
  readonly store?: ImageStore;
  /** How the prompt of an earlier picture was sent. */
  readonly recorded?: RecordedPrompt | undefined;
  /** The largest picture that is taken, bytes; default as the settings say. */
  readonly maxImageBytes?: number | undefined;
  /** The place that tickets name for their pictures, and how many pictures the request asks for. */
  readonly output?: { readonly target: OutputTarget; readonly count: number };
}

/**
 * The client of this command line: the providers as they are set up, tickets and budget on disk. What it does is told where the
 * settings want it. Throws the system's error where pictures are to be kept (`store`) and the current folder is gone.
 */
export function openClient(
  settings: Settings,
  { store, recorded = {}, output, maxImageBytes, tickets = openTickets(settings), ...others }: OpenOptions = {},
): Client {
  // Pictures of a current folder that is gone would lie where nobody looks, and their paths could not be told: this throws.
  if (store) process.cwd();
  const options = clientOptions(settings);
  return createClient({
    ...options,
    prompts: asRecorded(options.prompts ?? {}, recorded),
    tickets: output ? withOutput(tickets, output.target, output.count) : tickets,
    ...(maxImageBytes !== undefined && { maxImageBytes }),
    ...(store && { store }),
    ...present(others),
    ...logTo(settings),
  });
}
