// The structured output: the document of the command line's --json, and what is still running.

import { pathToFileURL } from 'node:url';
import type { ImageError, Outcome, Ticket } from '@anyimage/core';
import type { FileImageStore } from '@anyimage/host';
import type { Call } from './calls.ts';
import type { Document } from './operation.ts';
import type { PictureFile } from './picture-file.ts';

/** What became of a request. Times are ISO 8601, durations ms, paths absolute. */
export function outcomeDocument(outcome: Outcome, store: FileImageStore): Document {
  return plain({
    ...empty,
    images: outcome.images.map((image) => {
      const { path, width, height, model, seed, revisedPrompt, sourceUrl } = image;
      const file = path === undefined ? undefined : store.files.get(path);
      return {
        path,
        uri: path === undefined ? undefined : pathToFileURL(path).href,
        width,
        height,
        mediaType: file?.mediaType ?? image.mediaType,
        bytes: file?.bytes ?? image.byteLength,
        model,
        seed,
        revisedPrompt,
        sourceUrl,
        expiresAt: isoTime(image.expiresAt),
      };
    }),
    errors: outcome.errors,
    error: outcome.error,
    pending: outcome.pending.map(ticketDocument),
    applied: [...outcome.applied, ...store.applied],
    warnings: [...outcome.warnings, ...store.warnings],
    prompt: outcome.prompt,
    cost: outcome.cost,
    attempts: outcome.attempts,
    timings: outcome.timings,
  });
}

/** A request that never began. */
export function failureDocument(error: ImageError): Document {
  return plain({ ...empty, errors: [error], error });
}

/** Nothing is over yet, or nothing was asked for: what there is. */
export function overviewDocument(
  images: readonly PictureFile[],
  running: readonly Call[],
  pending: readonly Ticket[],
): Document {
  return plain({
    ...empty,
    images: images.map(({ path, uri, mediaType, bytes, facts }) => ({ path, uri, mediaType, bytes, ...facts })),
    running: running.map(runningDocument),
    pending: pending.map(ticketDocument),
  });
}

/** How to ask for a call: by its ticket, which outlives this server, if it has exactly one. */
export function idOf(call: Call): string {
  const [ticket, ...more] = call.tickets.keys();
  return ticket !== undefined && more.length === 0 && call.n === 1 ? ticket : call.id;
}

function runningDocument(call: Call): unknown {
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

function ticketDocument({ id, provider, model, state, uncertain, at, expiresAt, cost, request }: Ticket): unknown {
  return {
    id,
    provider,
    model,
    state,
    uncertain,
    createdAt: isoTime(at),
    expiresAt: isoTime(expiresAt),
    prompt: request.prompt,
    cost,
  };
}

const empty = {
  images: [],
  errors: [],
  pending: [],
  running: [],
  applied: [],
  warnings: [],
  prompt: { original: '', sent: '' },
  cost: [],
  attempts: [],
  timings: { totalMs: 0 },
};

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** Without the fields that are undefined; errors as their plain facts. */
function plain(value: object): Document {
  return JSON.parse(JSON.stringify(value));
}
