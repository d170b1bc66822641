// One negotiation in progress: what is asked of whom, and what came up so far.

import type { Json, Limits, ModelCapabilities, Operation } from '../contract/capabilities.ts';
import { type ErrorCode, ImageError } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import type { ParsedRequest } from '../contract/request.ts';
import type { PricedWords } from './draft.ts';
import { costOf } from './estimate.ts';
import { highestSeed, sharesOf } from './series.ts';
import { parseSize } from './shape/size.ts';

/** One thing the model does not take. */
export interface Problem {
  /** Default `unsupported`. */
  readonly code?: Extract<ErrorCode, 'unsupported' | 'invalid-request'>;
  /** A word of the request. */
  readonly option: string;
  readonly asked: Json;
  readonly allowed: Json;
  /** Values of the same option, best first. */
  readonly nearest?: readonly Json[];
  readonly message: string;
  /** Default: to use the first of `nearest`. */
  readonly hint?: string;
}

export interface Session {
  readonly request: ParsedRequest;
  readonly operation: Operation;
  readonly limits: Limits;
  readonly row: ModelCapabilities;
  /** `provider/model`. */
  readonly name: string;
  readonly region: string;
  readonly adapt: boolean;
  readonly problems: Problem[];
  readonly applied: Applied[];
  readonly warnings: Warning[];
  /** What the request would cost as asked, and as it will be sent: filled in word by word. */
  asked: PricedWords;
  sent: PricedWords;
}

/**
 * What the table says of a word: `open` = nothing, and the row lets through what it does not know; the caller passes the
 * value on, the warning is given here.
 */
export function standing(session: Session, word: keyof Limits, option: string = word): 'declared' | 'open' | 'none' {
  const entry = session.limits[word];
  if (entry !== undefined && entry !== false) return 'declared';
  if (entry === false || !session.row.open) return 'none';
  const message = `${option} is passed on as it is: the table does not say whether ${session.name} takes it`;
  session.warnings.push({ code: 'unlisted', message });
  return 'open';
}

/** A problem with a word that the model does not have. `adaptable`: `adapt` would leave it out. */
export function lacks(session: Session, option: string, asked: Json, adaptable = false): void {
  const { name, operation, row } = session;
  const others = Object.keys(row.operations).length > 1 ? ` for ${operation}` : '';
  const hint = `Leave ${option} out${orAdapt(session, adaptable)}.`;
  session.problems.push({ option, asked, allowed: null, message: `${name} has no ${option}${others}`, hint });
}

/** The problem as the error the caller sees; the other problems are in `details.also`. */
export function toError({ problems, name }: Session): ImageError {
  const [first, ...others] = problems;
  const { code = 'unsupported', option, asked, allowed, nearest = [], message } = first!;
  const also = others.map((problem) => ({ option: problem.option, message: problem.message }));
  return new ImageError(code, message, {
    provider: name.slice(0, name.indexOf('/')),
    model: name,
    details: { option, asked, allowed, nearest, ...(also.length && { also }) },
    hint: first!.hint ?? `Change ${option} and ask again; nothing was sent.`,
  });
}

/** The end of a hint: `adapt` is no way out of what it may not change, or when it is in force already. */
export function orAdapt({ adapt }: Session, adaptable?: boolean): string {
  return adaptable && !adapt ? ', or ask with negotiation: "adapt"' : '';
}

/** `Use size: "1024x992", or …` */
export function useHint(session: Session, option: string, value: Json, adaptable?: boolean): string {
  return `Use ${option}: ${JSON.stringify(value)}${orAdapt(session, adaptable)}.`;
}

/** `; nearest: 1024x992, 992x992`, or nothing. */
export function nearestText(nearest: readonly Json[]): string {
  return nearest.length ? `; nearest: ${nearest.join(', ')}` : '';
}

/**
 * Whether the pictures cost no more with other words than as asked, or, where the table has no price for what was asked, than
 * with none of these words. Both prices must be known, but for what would be made with none of these words anyway, and for a
 * table that has no prices at all: there any value may be sent. Where nobody knows what was asked would cost, a size of at most a
 * tenth more pixels counts as no dearer.
 */
export function costsNoMore(session: Session, words: Partial<PricedWords>): boolean {
  const { limits, request, asked } = session;
  if (!limits.prices?.length) return true;
  const calls = callCount(session);
  const cost = (priced: PricedWords) => costOf(limits, priced, request.n, calls);
  const { size: _, aspectRatio: __, resolution: ___, quality: ____, ...usual } = asked;
  const most = cost(asked) ?? cost(usual);
  const next = { ...withoutUnknownQuality(session), ...words };
  if (most === null) return isUsual(limits, next) || isAlike(asked, next);
  const sent = cost(next);
  return sent !== null && sent.currency === most.currency && sent.amount <= most.amount;
}

/** How many calls there will be. A seed that the model does not take is left out by then. */
function callCount({ limits, row, request, asked }: Session): number {
  const { n, seed } = request;
  const { options = {} } = asked;
  const takesSeeds = limits.seed ?? row.open ?? false;
  const isSent = seed !== undefined && takesSeeds && seed <= highestSeed(limits, options, n);
  return sharesOf({ limits, options, n, ...(isSent && { seed }) }).length;
}

/** Whether a size is about as large as what was asked, and all else the same. */
function isAlike(asked: PricedWords, next: PricedWords): boolean {
  if (!asked.size || !next.size || next.quality !== asked.quality || next.resolution !== asked.resolution) return false;
  const [given, taken] = [parseSize(asked.size), parseSize(next.size)];
  return taken.width * taken.height <= 1.1 * given.width * given.height;
}

/** Whether these words are what the service takes if nothing is asked. */
function isUsual({ size: rule, quality: choice }: Limits, words: PricedWords): boolean {
  const { size, aspectRatio, resolution, quality } = words;
  const preset = rule ? rule.default : undefined;
  const { ratio, tier } = typeof preset === 'object' ? preset : {};
  const usual = { size: preset, aspectRatio: ratio, resolution: tier, quality: choice ? choice.default : undefined };
  return Object.entries({ size, aspectRatio, resolution, quality }).every(
    ([word, value]) => value === undefined || value === usual[word as keyof typeof usual],
  );
}

/** What is sent so far. A quality that the model does not have is decided after the size, and counts as left out until then. */
function withoutUnknownQuality({ sent, limits }: Session): PricedWords {
  const { quality, ...others } = sent;
  return limits.quality && quality !== undefined && !limits.quality.values.includes(quality) ? others : sent;
}
