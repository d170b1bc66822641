// The structured output: the document of the command line's --json, and what is still running.

import { pathToFileURL } from 'node:url';
import type { ImageError, OutcomeFacts, Ticket } from '@anyimage/core';
import { emptyOutcome, type FileImageStore, failedOutcome, isoTime, resultDocument } from '@anyimage/host';
import type { Call } from '../calls/call.ts';
import type { KnownPicture } from './picture-file.ts';
import type { Document } from './tool-result.ts';

/** What became of a request. Times are ISO 8601, durations ms, paths absolute. */
export function outcomeDocument(outcome: OutcomeFacts, store?: FileImageStore): Document {
  const document = resultDocument(outcome, { ...(store && { store }) });
  return { ...document, images: document.images.map(withURI), running: [] };
}

/** A request that never began. */
export function failureDocument(error: ImageError): Document {
  return outcomeDocument(failedOutcome(error));
}

/** What there is, where no request has ended: pictures, running calls, open tickets. */
export function overviewDocument(
  images: readonly KnownPicture[],
  running: readonly Call[],
  pending: readonly Ticket[],
): Document {
  return {
    ...outcomeDocument({ ...emptyOutcome(), pending }),
    images: images.map(({ path, uri, mediaType, bytes, facts }) => ({ path, uri, mediaType, bytes, ...facts })),
    running: running.map(runningDocument),
  };
}

/** The id to ask for a call by. That of its ticket, if it has exactly one: a ticket outlives this server. */
export function idOf(call: Call): string {
  const [ticket, ...more] = call.tickets.keys();
  return ticket !== undefined && more.length === 0 && call.n === 1 ? ticket : call.id;
}

function runningDocument(call: Call): Document {
  const { model, prompt, n, phase, tickets, store, startedAt } = call;
  return {
    id: idOf(call),
    model,
    prompt,
    n,
    phase,
    made: store.files.size,
    tickets: [...tickets.keys()],
    startedAt: isoTime(startedAt),
  };
}

function withURI(image: Document): Document {
  return typeof image.path === 'string' ? { ...image, uri: pathToFileURL(image.path).href } : image;
}
