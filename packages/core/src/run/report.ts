// Collects what became of a request, call by call and model by model.

import type { Json } from '../contract/capabilities.ts';
import type { Outcome } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import { present } from '../contract/objects.ts';
import type { Money, Usage } from '../contract/provider.ts';
import type { Attempt, GeneratedImage } from '../contract/result.ts';
import type { Ticket } from '../contract/tickets.ts';
import type { Decision } from '../models/decide.ts';
import { sumMoney } from '../negotiate/money.ts';
import type { TextSpending } from '../prompt/text-model.ts';
import type { CallReport } from './deliver.ts';

export class Report {
  prompt: Outcome['prompt'] = { original: '', sent: '' };
  /** What ended the request without a picture. */
  error: ImageError | undefined;
  readonly attempts: Attempt[] = [];
  /** Unix time, ms. */
  readonly startedAt: number;
  readonly #calls: CallReport[] = [];
  readonly #texts: TextSpending[] = [];
  readonly #warnings: Warning[] = [];
  #applied: readonly Applied[] = [];
  #errors: readonly ImageError[] = [];
  #wasSent = false;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  get images(): readonly GeneratedImage[] {
    return this.#calls.flatMap(({ images }) => images);
  }

  /** What failed with the model that was tried last. */
  get errors(): readonly ImageError[] {
    return this.#errors;
  }

  get pending(): readonly Ticket[] {
    return this.#calls.flatMap(({ pending }) => pending ?? []);
  }

  /** What became of a model's calls. What is applied is that of the last model. */
  add(
    { applied, warnings }: Pick<Decision, 'applied' | 'warnings'>,
    calls: readonly CallReport[],
    sent: boolean,
  ): void {
    this.#applied = applied;
    this.#warnings.push(...warnings, ...calls.flatMap((call) => call.warnings));
    this.#errors = [...this.#errors, ...calls.flatMap(({ errors }) => errors)];
    this.#calls.push(...calls);
    this.#wasSent ||= sent;
  }

  /** What the text model used and charged. */
  spentOnText(spending: TextSpending): void {
    this.#texts.push(spending);
    this.#warnings.push(...spending.warnings);
  }

  /** The next model is tried: what stopped this one stays in `attempts`. */
  forgetErrors(): void {
    this.#errors = [];
  }

  warn(warning: Warning): void {
    this.#warnings.push(warning);
  }

  /** `now`: Unix time, ms. */
  outcome(now: number): Outcome {
    const { images, errors, pending, prompt, attempts } = this;
    const [first, ...others] = images;
    const failure = this.error ?? (first ? undefined : (errors[0] ?? nothingCame()));
    const texts = this.#texts;
    const calls = this.#calls;
    // A text model that was paid is something that was sent, too.
    const paidForText = texts.some(({ usage, mayHaveBeenBilled }) => usage || mayHaveBeenBilled);
    const facts = present({
      errors: errors.length || !failure ? errors : [failure],
      pending,
      applied: this.#applied,
      warnings: unique(this.#warnings),
      prompt,
      attempts,
      cost: sumCosts([...calls.map(({ cost }) => cost), ...texts.flatMap(({ costs }) => costs)]),
      usage: sumUsage([...texts.map(({ usage }) => usage), ...calls.map(({ result }) => result?.usage)]),
      timings: { totalMs: Math.round(now - this.startedAt) },
      providerMetadata: metadataOf(calls),
      sent: this.#wasSent || paidForText,
    });
    if (first) return { images: [first, ...others], ...facts };
    return { images: [], ...facts, error: withTickets(failure ?? nothingCame(), pending) };
  }
}

/** The error with what will come all the same. */
function withTickets(error: ImageError, pending: readonly Ticket[]): ImageError {
  return pending.length ? error.with({ tickets: pending.map(({ id }) => id) }) : error;
}

function nothingCame(): ImageError {
  return new ImageError('bad-response', 'the request ended without a picture and without an error', {
    hint: 'This is a defect of the provider; report it.',
  });
}

/** Of one call as it is, of several one for each; undefined if no call has any. */
function metadataOf(calls: readonly CallReport[]): Json | undefined {
  const metadata = calls.map(({ result }) => result?.metadata ?? null);
  if (metadata.every((data) => data === null)) return undefined;
  return metadata.length === 1 ? metadata[0] : metadata;
}

/** Per currency; `null` as soon as one is unknown; undefined ones are nothing. */
function sumCosts(costs: readonly (Money | null | undefined)[]): readonly Money[] | null {
  return costs.includes(null) ? null : sumMoney(costs);
}

function sumUsage(all: readonly (Usage | undefined)[]): Usage | undefined {
  const used = all.filter((usage) => usage !== undefined);
  if (used.length === 0) return undefined;
  const sum = (word: keyof Usage) => {
    const counts = used.map((usage) => usage[word]).filter((count) => count !== undefined);
    return counts.length ? counts.reduce((total, count) => total + count, 0) : undefined;
  };
  const sums = { textIn: sum('textIn'), imageIn: sum('imageIn'), textOut: sum('textOut'), imageOut: sum('imageOut') };
  return present(sums);
}

function unique(warnings: readonly Warning[]): readonly Warning[] {
  if (warnings.length < 2) return warnings;
  return [...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values()];
}
