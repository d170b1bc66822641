// The result of a request as JSON, as --json prints it. The shape is the same whatever happened.

import type { FailedOutcome, ImageError, OutcomeFacts, Ticket } from '@anyimage/core';
import type * as z from 'zod';
import { tally } from '../text/text.ts';
import { isoTime } from '../text/units.ts';
import type { FileImageStore } from './image-store.ts';
import type { resultSchema, ticketSchema } from './result-schema.ts';

/** Times are ISO 8601, durations ms, paths absolute. `error` is present when pictures were asked for and none was made. */
export type ResultDocument = z.infer<typeof resultSchema>;

export interface DocumentOptions {
  /** What the store did is added to what core reports. */
  readonly store?: Pick<FileImageStore, 'applied' | 'warnings'>;
  /** Rewrites a hint, such as with the names of flags; default as core says it. */
  readonly hintText?: (hint: string) => string;
}

export function resultDocument(
  outcome: OutcomeFacts,
  { store, hintText = (hint) => hint }: DocumentOptions = {},
): ResultDocument {
  const errorDocument = (error: ImageError) => ({ ...error.toJSON(), hint: hintText(error.hint ?? '') });
  return toJSON({
    images: outcome.images.map((image) => ({
      path: image.path,
      width: image.width,
      height: image.height,
      mediaType: image.mediaType,
      bytes: image.byteLength,
      model: image.model,
      seed: image.seed,
      revisedPrompt: image.revisedPrompt,
      sourceUrl: image.sourceUrl,
      expiresAt: isoTime(image.expiresAt),
    })),
    errors: counted(outcome.errors.map(errorDocument)),
    error: outcome.error && errorDocument(outcome.error),
    pending: outcome.pending.map(ticketDocument),
    applied: [...outcome.applied, ...(store?.applied ?? [])],
    warnings: [...outcome.warnings, ...(store?.warnings ?? [])],
    prompt: outcome.prompt,
    cost: outcome.cost,
    attempts: outcome.attempts.map(({ model, ms, error }) => ({ model, ms, error: error && errorDocument(error) })),
    timings: outcome.timings,
  });
}

/** Each error once; `count` says how often it happened, if more than once. */
function counted(errors: readonly object[]): readonly object[] {
  return [...tally(errors.map((error) => JSON.stringify(error)))].map(([text, count]) => ({
    ...JSON.parse(text),
    ...(count > 1 && { count }),
  }));
}

/** What is shown of a ticket. */
export function ticketDocument({
  id,
  provider,
  model,
  state,
  uncertain,
  at,
  expiresAt,
  cost,
  request,
}: Ticket): z.infer<typeof ticketSchema> {
  return toJSON({
    id,
    provider,
    model,
    state,
    uncertain,
    createdAt: isoTime(at),
    expiresAt: isoTime(expiresAt),
    prompt: request.prompt,
    cost,
  });
}

/** A request that never began: nothing asked of a service, nothing made. */
export function emptyOutcome(prompt = ''): OutcomeFacts {
  return {
    images: [],
    errors: [],
    pending: [],
    applied: [],
    warnings: [],
    prompt: { original: prompt, sent: prompt },
    attempts: [],
    cost: [],
    timings: { totalMs: 0 },
    sent: false,
  };
}

/** A request that never began, because of an error. */
export function failedOutcome(error: ImageError, prompt?: string): FailedOutcome {
  return { ...emptyOutcome(prompt), images: [], errors: [error], error };
}

/** Without the fields that are undefined. */
function toJSON<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value));
}
