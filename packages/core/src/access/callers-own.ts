// What a caller gives to a client: stores, a budget, limits, an image library, styles. What they throw is told as theirs.

import type { ClientOptions, Limiter, LimitStore } from '../contract/client.ts';
import type { Engine } from '../contract/engine.ts';
import { type ErrorCode, ImageError, messageOf } from '../contract/errors.ts';

/** An object of the caller's, as its failures are told. */
interface Own {
  /** `the ticket store`. */
  readonly what: string;
  readonly code: ErrorCode;
  /** Functions on which nothing depends: that they failed is only noted. */
  readonly quiet?: readonly string[];
  /** Functions that answer at once; all others answer with a promise, also when they fail at once. */
  readonly sync?: readonly string[];
  /** Functions that give more of the caller's own. */
  readonly gives?: Readonly<Record<string, Own>>;
}

type Log = Engine['log'];
type Work = (...args: readonly unknown[]) => unknown;

const ofStore = { what: 'the store', code: 'storage' } as const;
const writer: Own = { ...ofStore, quiet: ['abort', 'expect'] };
const stored: Own = { ...ofStore, sync: ['stream'] };
const givesRoomBack: Own = { ...ofStore, quiet: ['expect'] };
const store: Own = {
  ...ofStore,
  quiet: ['forget'],
  sync: ['rescue'],
  gives: { open: writer, rescue: writer, find: stored, expect: givesRoomBack },
};
const tickets: Own = { what: 'the ticket store', code: 'storage', quiet: ['release'] };
const ofBudget = { what: 'the budget', code: 'budget' } as const;
const budget: Own = { ...ofBudget, gives: { reserve: ofBudget } };
const codec: Own = { what: 'the image codec', code: 'config' };
const styles: Own = { what: 'the style book', code: 'config' };
const cache: Own = { what: 'the prompt cache', code: 'storage', quiet: ['get', 'set'] };

/**
 * The options, with all that is the caller's own in them telling its failures as its own. An `ImageError` of theirs stays what it is. Only
 * what was given is looked after: what core puts in its place is core's.
 */
export function tellOwn(options: ClientOptions, log: Log): ClientOptions {
  const { prompts } = options;
  return {
    ...options,
    ...(options.tickets && { tickets: told(options.tickets, tickets, log) }),
    ...(options.store && { store: told(options.store, store, log) }),
    ...(options.budget && { budget: told(options.budget, budget, log) }),
    ...(options.codec && { codec: told(options.codec, codec, log) }),
    ...(options.limits && { limits: tellLimits(options.limits, log) }),
    ...(prompts && {
      prompts: {
        ...prompts,
        ...(prompts.cache && { cache: told(prompts.cache, cache, log) }),
        ...(prompts.styles && { styles: told(prompts.styles, styles, log) }),
      },
    }),
  };
}

/** The object, each of whose functions fails as `own` says, at once or in its promise. */
function told<T extends object>(given: T, own: Own, log: Log): T {
  // A proxy of the object itself would have to give back the very functions of one that is frozen.
  return new Proxy({} as T, {
    has: (_, name) => name in given,
    get(_, name) {
      const member: unknown = Reflect.get(given, name, given);
      return isWork(member) ? toldFunction(member, given, String(name), own, log) : member;
    },
  });
}

function toldFunction(work: Work, given: object, name: string, own: Own, log: Log): Work {
  const isQuiet = own.quiet?.includes(name);
  const isSync = own.sync?.includes(name);
  const inner = own.gives?.[name];
  const fail = (error: unknown): undefined => {
    const failure = ownError(error, own, name);
    if (!isQuiet) throw failure;
    log?.('own-failed', { message: failure.message });
  };
  const pass = (result: unknown): unknown => {
    if (!inner) return result;
    if (isWork(result)) return toldFunction(result, given, name, inner, log);
    if (isIterable(result)) return toldEach(result, (one) => told(one, inner, log), fail);
    return isObject(result) ? told(result, inner, log) : result;
  };
  return (...args) => {
    let promised: Promise<unknown>;
    try {
      const result = Reflect.apply(work, given, args);
      if (!isPromise(result)) return pass(result);
      promised = Promise.resolve(result);
    } catch (error) {
      return isSync ? fail(error) : Promise.reject(error).catch(fail);
    }
    const passed = promised.then(pass, fail);
    // Nobody awaits what should be here at once.
    if (isSync) passed.catch(() => {});
    return passed;
  };
}

/** What an iteration gives, each told as its own; so is the iteration itself. */
async function* toldEach(
  given: AsyncIterable<unknown>,
  tell: (one: object) => object,
  fail: (error: unknown) => unknown,
): AsyncGenerator<unknown> {
  try {
    for await (const one of given) yield isObject(one) ? tell(one) : one;
  } catch (error) {
    fail(error);
  }
}

/** A limit store, whose limiters run what is not its own: that fails as it does, and what it came to is kept whatever the limiter does. */
function tellLimits(limits: LimitStore, log: Log): LimitStore {
  const own: Own = { what: 'the limit store', code: 'storage' };
  return {
    for(account, rate) {
      try {
        return tellLimiter(limits.for(account, rate), own, log);
      } catch (error) {
        throw ownError(error, own, 'for');
      }
    },
  };
}

function tellLimiter(limiter: Limiter, own: Own, log: Log): Limiter {
  return {
    async run(work, signal, deadline) {
      type Outcome = { readonly result: Awaited<ReturnType<typeof work>> } | { readonly failure: unknown };
      let outcome: Outcome | undefined;
      const noted = async () => {
        try {
          const result = await work();
          outcome = { result };
          return result;
        } catch (failure) {
          outcome = { failure };
          throw failure;
        }
      };
      try {
        return await limiter.run(noted, signal, deadline);
      } catch (error) {
        const known = outcome as Outcome | undefined;
        if (!known) throw ownError(error, own, 'run');
        if ('failure' in known) throw known.failure;
        log?.('own-failed', { message: ownError(error, own, 'run').message });
        return known.result;
      }
    },
  };
}

function ownError(error: unknown, { what, code }: Own, name: string): ImageError {
  if (ImageError.isInstance(error)) return error;
  return new ImageError(code, `${what} failed in ${name}: ${messageOf(error)}`, {
    cause: error,
    hint: `It is your own, which the client was given: look at what ${what} says.`,
  });
}

function isWork(value: unknown): value is Work {
  return typeof value === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return isObject(value) && 'then' in value && isWork(value.then);
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return isObject(value) && Symbol.asyncIterator in value;
}
