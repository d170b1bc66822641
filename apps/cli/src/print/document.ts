// What --json prints: one document of one shape, whatever happened, its hints in flags.

import type { ImageError, OutcomeFacts, Plan } from '@anyimage/core';
import { emptyOutcome, type FileImageStore, failedOutcome, type ResultDocument, resultDocument } from '@anyimage/host';
import { inFlags } from './in-flags.ts';

/** `store`: what it did on top of what core reports. */
export function outcomeDocument(outcome: OutcomeFacts, store?: FileImageStore): ResultDocument {
  return resultDocument(outcome, { ...(store && { store }), hintText: inFlags });
}

/** The same shape for a request that never began. */
export function failureDocument(error: ImageError, prompt?: string): ResultDocument {
  return outcomeDocument(failedOutcome(error, prompt));
}

/** The same shape for a request that is only planned, and what would be sent. */
export function planDocument(plan: Plan, prompt: string): ResultDocument & { readonly plan: Plan } {
  const { applied, warnings, estimate } = plan;
  const cost = estimate && [estimate];
  return { ...outcomeDocument({ ...emptyOutcome(prompt), applied, warnings, cost }), plan };
}

/** What one model of a comparison made, or would be sent. */
export type ComparedDocument = ResultDocument & { readonly model: string };

/** Several models asked for the same: what each made, and the path of the sheet that shows all of it. */
export function comparisonDocument(models: readonly ComparedDocument[], sheet?: string) {
  return { models, ...(sheet !== undefined && { sheet }) };
}

/** Several outcomes as one: the tickets of `jobs resume`. */
export function joinDocuments(documents: readonly ResultDocument[]): ResultDocument {
  const images = documents.flatMap((document) => document.images);
  const error = images.length ? undefined : documents.find((document) => document.error)?.error;
  const costs = documents.map(({ cost }) => cost);
  return {
    images,
    errors: documents.flatMap(({ errors }) => errors),
    ...(error !== undefined && { error }),
    pending: documents.flatMap(({ pending }) => pending),
    applied: documents.flatMap(({ applied }) => applied),
    warnings: documents.flatMap(({ warnings }) => warnings),
    prompt: documents.length === 1 ? documents[0]!.prompt : { original: '', sent: '' },
    cost: costs.includes(null) ? null : costs.flatMap((cost) => cost ?? []),
    attempts: documents.flatMap(({ attempts }) => attempts),
    timings: { totalMs: documents.reduce((sum, { timings }) => sum + timings.totalMs, 0) },
  };
}
