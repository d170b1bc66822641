// One negotiation in progress: what is asked of whom, and what came up so far.

import type { Json, Limits, ModelCapabilities, Operation } from '../contract/capabilities.ts';
import { type ErrorCode, ImageError } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import type { ParsedRequest } from '../contract/request.ts';

/** One thing the model does not take. */
export interface Problem {
  /** Default `unsupported`. */
  readonly code?: Extract<ErrorCode, 'unsupported' | 'invalid-request'>;
  /** Which word of the request. */
  readonly option: string;
  readonly asked: Json;
  readonly allowed: Json;
  /** Values of the same option, best first. */
  readonly nearest?: readonly Json[];
  readonly message: string;
  /** Default: to change the option. */
  readonly hint?: string;
}

export interface Session {
  readonly request: ParsedRequest;
  readonly operation: Operation;
  readonly limits: Limits;
  readonly row: ModelCapabilities;
  /** `provider/model`. */
  readonly name: string;
  readonly adapt: boolean;
  /** Whether it only matters which words are refused, and not what would be taken instead. */
  readonly isTerse: boolean;
  readonly problems: Problem[];
  readonly applied: Applied[];
  readonly warnings: Warning[];
}

/**
 * What the table says of an option: `open` = nothing, and the row lets through what it does not know; the caller passes
 * the value on, the warning is given here.
 */
export function standing(session: Session, limit: keyof Limits, option: string = limit): 'declared' | 'open' | 'none' {
  const entry = session.limits[limit];
  if (entry !== undefined && entry !== false) return 'declared';
  if (entry === false || !session.row.open) return 'none';
  const message = `${option} is passed on as it is: the table does not say whether ${session.name} takes it`;
  session.warnings.push({ code: 'unlisted', message });
  return 'open';
}

/** An option that the model does not have: a problem, unless `adapt` may leave the option out. */
export function lacks(session: Session, option: string, asked: Json, droppable = false): void {
  const { name, operation, row, adapt } = session;
  if (adapt && droppable) {
    session.applied.push({ option, asked, sent: null, because: `${name} has no ${option}` });
    return;
  }
  const others = Object.keys(row.operations).length > 1 ? ` for ${operation}` : '';
  const hint = `Leave ${option} out${orAdapt(session, droppable)}.`;
  session.problems.push({ option, asked, allowed: null, message: `${name} has no ${option}${others}`, hint });
}

/** The first problem as the error the caller sees; the others are in `details.also`. */
export function toError({ problems, name }: Session): ImageError {
  const [first, ...others] = problems;
  const { code = 'unsupported', option, asked, allowed, nearest = [], message, hint } = first!;
  const also = others.map((problem) => ({ option: problem.option, message: problem.message }));
  const details = { option, asked, allowed, nearest };
  return new ImageError(code, message, {
    provider: name.slice(0, name.indexOf('/')),
    model: name,
    details: also.length ? { ...details, also } : details,
    hint: hint ?? `Change ${option} and ask again; nothing was sent.`,
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
