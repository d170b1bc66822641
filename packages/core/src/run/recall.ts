// What work that is done has made, as long as it is remembered.

import type { Engine } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import { present } from '../contract/objects.ts';
import type { GeneratedImage } from '../contract/result.ts';
import type { Ticket, TicketOutput } from '../contract/tickets.ts';
import { type CallReport, toImage } from './deliver.ts';

/** The pictures of done work. One that its store has no more is an error: it was paid for, and is not made again by itself. */
export async function recall({ store }: Pick<Engine, 'store'>, ticket: Ticket): Promise<CallReport> {
  const images: GeneratedImage[] = [];
  const errors: ImageError[] = [];
  for (const output of ticket.outputs ?? []) {
    const stored = output.ref === undefined ? undefined : await store.find?.(output.ref);
    const image = stored && toImage({ ...knownOf(output), model: `${ticket.provider}/${ticket.model}` }, stored);
    if (image) images.push(image);
    else errors.push(gone(ticket));
  }
  return { images, errors, warnings: [], ...(images.length > 0 && { cost: ticket.cost ?? null }) };
}

function knownOf({
  mediaType = '',
  width = 0,
  height = 0,
  byteLength = 0,
  seed,
  revisedPrompt,
  metadata,
}: TicketOutput) {
  return present({ mediaType, width, height, byteLength, seed, revisedPrompt, metadata });
}

function gone({ id }: Ticket): ImageError {
  return new ImageError('not-found', 'the picture was made before, and is not where it was kept any more', {
    mayHaveBeenBilled: true,
    hint: `It was paid for. Ask with another intent to make it anew; ticket ${id} tells of the first.`,
  });
}
