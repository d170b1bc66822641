import type { Json } from './capabilities.ts';
import { isRecord } from './objects.ts';

/**
 * Who must act, by code:
 * - the caller changes the request: `invalid-request` (a value is wrong), `unsupported` (this model cannot; `details` holds
 *   `option`, `asked`, `allowed`, `nearest`, `models`), `content-blocked` (`details` holds moderation roles and levels),
 *   `not-found` (model, ticket, job);
 * - the person changes the set-up: `auth`, `permission`, `quota` (account empty or plan used up), `budget`, `config`, `storage`;
 * - time helps: `rate-limit`, `unavailable`, `server`, `timeout`, `network`;
 * - nobody: `aborted` (the caller's own signal), `bad-response` (the service broke its own contract).
 */
export type ErrorCode =
  | 'auth'
  | 'permission'
  | 'quota'
  | 'budget'
  | 'rate-limit'
  | 'invalid-request'
  | 'unsupported'
  | 'content-blocked'
  | 'not-found'
  | 'timeout'
  | 'aborted'
  | 'server'
  | 'unavailable'
  | 'network'
  | 'bad-response'
  | 'storage'
  | 'config';

export interface ImageErrorFacts {
  readonly provider?: string;
  readonly model?: string;
  /** HTTP status. */
  readonly status?: number;
  /** The service's own code, as text. */
  readonly serviceCode?: string;
  readonly requestId?: string;
  /** The same request may succeed later. */
  readonly retryable?: boolean;
  /** Wait at least this long before trying again, ms. */
  readonly retryAfter?: number;
  /** The service may have charged for it. */
  readonly mayHaveBeenBilled?: boolean;
  /** Ids of tickets of what was paid for and is still to come. */
  readonly tickets?: readonly string[];
  readonly details?: Json;
  /** What to do next, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

const brand = Symbol.for('anyimage.error');

/**
 * The only error class of anyimage. Match with {@link ImageError.isInstance}, which also works when two copies of the
 * package are installed. Messages never hold keys.
 */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ErrorCode;
  declare readonly provider?: string;
  declare readonly model?: string;
  declare readonly status?: number;
  declare readonly serviceCode?: string;
  declare readonly requestId?: string;
  readonly retryable: boolean;
  declare readonly retryAfter?: number;
  readonly mayHaveBeenBilled: boolean;
  /** Ids of tickets of what was paid for and is still to come: `resume` brings it, with nothing paid anew. */
  declare readonly tickets?: readonly string[];
  declare readonly details?: Json;
  declare readonly hint?: string;

  constructor(code: ErrorCode, message: string, facts: ImageErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.retryable = facts.retryable ?? false;
    this.mayHaveBeenBilled = facts.mayHaveBeenBilled ?? false;
    if (facts.provider !== undefined) this.provider = facts.provider;
    if (facts.model !== undefined) this.model = facts.model;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.serviceCode !== undefined) this.serviceCode = facts.serviceCode;
    if (facts.requestId !== undefined) this.requestId = facts.requestId;
    if (facts.retryAfter !== undefined) this.retryAfter = facts.retryAfter;
    if (facts.tickets !== undefined) this.tickets = facts.tickets;
    if (facts.details !== undefined) this.details = facts.details;
    if (facts.hint !== undefined) this.hint = facts.hint;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether `value` is an ImageError of any installed copy. */
  static isInstance(value: unknown): value is ImageError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
  }

  /** The same error with facts added or replaced; the stack and cause stay. */
  with(facts: ImageErrorFacts): ImageError {
    const copy = new ImageError(this.code, this.message, { ...this.facts(), ...facts });
    if (this.stack) copy.stack = this.stack;
    return copy;
  }

  /** Plain JSON: what `--json`, MCP results and sidecars show. Never the cause or the stack. */
  toJSON(): { [key: string]: Json } {
    const { cause: _, ...facts } = this.facts();
    const plain = { code: this.code, message: this.message, hint: this.hint ?? '', ...facts };
    return JSON.parse(JSON.stringify(plain));
  }

  private facts(): ImageErrorFacts {
    const { provider, model, status, serviceCode, requestId, retryable, retryAfter } = this;
    const { mayHaveBeenBilled, tickets, details, hint, cause } = this;
    return {
      provider,
      model,
      status,
      serviceCode,
      requestId,
      retryable,
      retryAfter,
      mayHaveBeenBilled,
      tickets,
      details,
      hint,
      cause,
    };
  }
}

/** The word by which the details of an error name what is wrong: `address`, `truncated` …; `undefined` for any other error. */
export function problemOf(error: unknown): string | undefined {
  const details = ImageError.isInstance(error) ? error.details : undefined;
  return isRecord(details) && typeof details.problem === 'string' ? details.problem : undefined;
}

/** What anything that was thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * The error for code that cannot be loaded because of how the program was put together: bundled so that nothing can be required any
 * more, or without a package. It is nobody's defect but the set-up's. `undefined` for whatever else was thrown.
 */
export function setUpFault(thrown: unknown): ImageError | undefined {
  const message = messageOf(thrown);
  const [line = ''] = message.split('\n');
  if (isBundlers.test(message)) {
    return new ImageError('config', `the program was bundled so that parts of it cannot be loaded: ${line}`, {
      cause: thrown,
      hint: 'Mark @anyimage/* and their dependencies as external in the bundler, or bundle for the platform node with require at hand.',
    });
  }
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (!isMissing.test(code)) return undefined;
  return new ImageError('config', `a part of the program is not there: ${line}`, {
    cause: thrown,
    hint: 'Install what it names; if the program is bundled, mark @anyimage/* and their dependencies as external.',
  });
}

/** Words of esbuild, Rollup and Rolldown, and of Node where CommonJS runs as a module. */
const isBundlers =
  /^Dynamic require of ".*" is not supported|^Could not dynamically require|^Calling `require` for|^(?:require|module|exports|__dirname|__filename) is not defined|createRequire.*undefined|argument 'filename' must be a file URL.*undefined/;
const isMissing = /^(?:ERR_)?MODULE_NOT_FOUND$|^ERR_UNKNOWN_BUILTIN_MODULE$|^ERR_PACKAGE_PATH_NOT_EXPORTED$/;
