// What --json prints: one document of one shape, whatever happened.

import type { ImageError, Json, Outcome, Plan, Ticket } from '@anyimage/core';
import type { FileImageStore } from '@anyimage/host';
import { inFlags } from './in-flags.ts';

/** Times are ISO 8601, durations ms, paths absolute. `error` is present when pictures were asked for and none was made. */
export interface ResultDocument {
  readonly images: readonly { readonly [field: string]: Json }[];
  readonly errors: readonly Json[];
  readonly error?: Json;
  readonly pending: readonly { readonly [field: string]: Json }[];
  readonly applied: Json;
  readonly warnings: Json;
  readonly prompt: { readonly original: string; readonly sent: string };
  readonly cost: Json;
  readonly attempts: readonly Json[];
  readonly timings: { readonly totalMs: number };
  /** With --dry-run: what would be sent. */
  readonly plan?: Json;
}

/** `store`: what it did on top of what core reports. */
export function resultDocument(outcome: Outcome, store?: FileImageStore): ResultDocument {
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
    errors: outcome.errors.map(errorJSON),
    error: outcome.error && errorJSON(outcome.error),
    pending: outcome.pending.map(ticketJSON),
    applied: [...outcome.applied, ...(store?.applied ?? [])],
    warnings: [...outcome.warnings, ...(store?.warnings ?? [])],
    prompt: outcome.prompt,
    cost: outcome.cost,
    attempts: outcome.attempts.map(({ model, ms, error }) => ({ model, ms, error: error && errorJSON(error) })),
    timings: outcome.timings,
  });
}

/** The same shape for a request that never began. */
export function failureDocument(error: ImageError, prompt = ''): ResultDocument {
  return resultDocument({ ...empty(prompt), errors: [error], error });
}

/** The same shape for a request that is only planned. */
export function planDocument(plan: Plan, prompt: string): ResultDocument {
  const { applied, warnings, estimate } = plan;
  const cost = estimate && [estimate];
  return { ...resultDocument({ ...empty(prompt), applied, warnings, cost }), plan: toJSON(plan) };
}

/** Several outcomes as one: the tickets of `jobs resume`. */
export function joinDocuments(documents: readonly ResultDocument[]): ResultDocument {
  const all = <T>(of: (document: ResultDocument) => unknown) => documents.flatMap((document) => of(document) as T[]);
  const images = all<ResultDocument['images'][number]>((document) => document.images);
  const error = images.length ? undefined : documents.find((document) => document.error)?.error;
  return {
    images,
    errors: all<Json>((document) => document.errors),
    ...(error !== undefined && { error }),
    pending: all((document) => document.pending),
    applied: all<Json>((document) => document.applied),
    warnings: all<Json>((document) => document.warnings),
    prompt: documents.length === 1 ? documents[0]!.prompt : { original: '', sent: '' },
    cost: documents.some((document) => document.cost === null) ? null : all<Json>((document) => document.cost),
    attempts: all((document) => document.attempts),
    timings: { totalMs: documents.reduce((sum, document) => sum + document.timings.totalMs, 0) },
  };
}

/** What is shown of a ticket. */
export function ticketJSON({ id, provider, model, state, uncertain, at, expiresAt, cost, request }: Ticket): {
  readonly [field: string]: Json;
} {
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

function errorJSON(error: ImageError): { readonly [field: string]: Json } {
  const facts = error.toJSON();
  return { ...facts, hint: inFlags(String(facts.hint)) };
}

function empty(prompt: string): Outcome {
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

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** Without the fields that are undefined. */
function toJSON<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value));
}
