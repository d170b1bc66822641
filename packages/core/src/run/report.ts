// Collects what became of a request, call by call and model by model.

import type { Outcome } from '../contract/client.ts';
import type { ImageError } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import type { Money, Usage } from '../contract/provider.ts';
import type { Attempt, GeneratedImage } from '../contract/result.ts';
import type { Ticket } from '../contract/tickets.ts';
import type { Decision } from '../models/decide.ts';
import { roundMoney } from '../negotiate/money.ts';
import type { TextSpending } from '../prompt/text-model.ts';
import type { CallReport } from './deliver.ts';

export interface Report {
  /** Unix time, ms. */
  readonly startedAt: number;
  prompt: { original: string; sent: string };
  error?: ImageError;
  readonly attempts: Attempt[];
  readonly images: readonly GeneratedImage[];
  readonly errors: readonly ImageError[];
  readonly pending: readonly Ticket[];
  add(about: Pick<Decision, 'applied' | 'warnings'>, calls: readonly CallReport[], sent: boolean): void;
  /** What the text model used and charged. */
  spentOnText(spending: TextSpending): void;
  /** The next model is tried: what stopped this one stays in `attempts`. */
  forgetErrors(): void;
  warn(warning: Warning): void;
  /** `now`: Unix time, ms. */
  outcome(now: number): Outcome;
}

export function createReport(startedAt: number): Report {
  const images: GeneratedImage[] = [];
  const errors: ImageError[] = [];
  const pending: Ticket[] = [];
  const attempts: Attempt[] = [];
  const applied: Applied[] = [];
  const warnings: Warning[] = [];
  const calls: CallReport[] = [];
  const texts: TextSpending[] = [];
  let wasSent = false;
  return {
    startedAt,
    prompt: { original: '', sent: '' },
    attempts,
    images,
    errors,
    pending,
    add(about, added, sent) {
      applied.splice(0, applied.length, ...about.applied);
      warnings.push(...about.warnings);
      wasSent ||= sent;
      for (const call of added) {
        calls.push(call);
        images.push(...call.images);
        errors.push(...call.errors);
        if (call.pending) pending.push(call.pending);
        warnings.push(...call.warnings);
      }
    },
    spentOnText(spending) {
      texts.push(spending);
      warnings.push(...spending.warnings);
    },
    warn: (warning) => void warnings.push(warning),
    forgetErrors() {
      errors.length = 0;
    },
    outcome(now) {
      const error = this.error ?? (images.length ? undefined : errors[0]);
      const usage = sumUsage([...texts.map(({ usage }) => usage), ...calls.map((call) => call.result?.usage)]);
      const metadata = calls.map((call) => call.result?.metadata ?? null);
      return {
        images,
        errors: errors.length || !error ? errors : [error],
        pending,
        applied,
        warnings: unique(warnings),
        prompt: this.prompt,
        attempts,
        cost: sumCosts([...calls.map(({ cost }) => cost), ...texts.flatMap(({ costs }) => costs)]),
        ...(usage && { usage }),
        timings: { totalMs: Math.round(now - startedAt) },
        ...(metadata.some((data) => data !== null) && {
          providerMetadata: metadata.length === 1 ? metadata[0]! : metadata,
        }),
        ...(error && { error }),
        // A language model that was paid is something that was sent, too.
        sent: wasSent || texts.some(({ usage, costs }) => usage || costs.length > 0),
      };
    },
  };
}

/** Per currency; `null` as soon as one is unknown; undefined ones are nothing. */
function sumCosts(costs: readonly (Money | null | undefined)[]): readonly Money[] | null {
  const sums = new Map<string, Money>();
  for (const cost of costs) {
    if (cost === undefined) continue;
    if (cost === null) return null;
    const sum = sums.get(cost.currency);
    const amount = roundMoney((sum?.amount ?? 0) + cost.amount);
    sums.set(cost.currency, { ...cost, amount, estimated: cost.estimated || (sum?.estimated ?? false) });
  }
  return [...sums.values()];
}

function sumUsage(all: readonly (Usage | undefined)[]): Usage | undefined {
  const used = all.filter((usage) => usage !== undefined);
  if (used.length === 0) return undefined;
  const sum = (word: keyof Usage) => {
    const counts = used.map((usage) => usage[word]).filter((count) => count !== undefined);
    return counts.length ? { [word]: counts.reduce((total, count) => total + count, 0) } : {};
  };
  return { ...sum('textIn'), ...sum('imageIn'), ...sum('textOut'), ...sum('imageOut') };
}

function unique(warnings: readonly Warning[]): readonly Warning[] {
  return [...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values()];
}
