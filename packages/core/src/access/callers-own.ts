// What a caller gives to a client: stores, a budget, limits, an image library, styles. What they throw is told as theirs.

import type { ClientOptions, Limiter, LimitStore } from '../contract/client.ts';
import type { Engine } from '../contract/engine.ts';
import { type ErrorCode, ImageError, messageOf } from '../contract/errors.ts';
import type { InputBytes } from '../contract/provider.ts';

/** An object of the caller's, as its failures are told. */
interface Own {
  /** `the ticket store`. */
  readonly what: string;
  readonly code: ErrorCode;
  /** Functions that it must have: one that is missing fails when it is called. */
  readonly has?: readonly string[];
  /** Functions that must come to an object, or a function. */
  readonly makes?: readonly string[];
  /** What is wrong with what a function came to, of its first argument; `undefined` = nothing. */
  readonly problems?: Readonly<Record<string, (result: unknown, given: unknown) => string | undefined>>;
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
const stored: Own = { ...ofStore, has: ['bytes', 'stream'], makes: ['bytes', 'stream'], sync: ['stream'] };
const writer: Own = {
  ...ofStore,
  has: ['write', 'commit'],
  makes: ['commit'],
  quiet: ['abort', 'expect'],
  gives: { commit: stored },
};
const givesRoomBack: Own = { ...ofStore, quiet: ['expect'] };
const store: Own = {
  ...ofStore,
  has: ['open'],
  makes: ['open', 'rescue', 'expect'],
  quiet: ['forget'],
  sync: ['rescue'],
  gives: { open: writer, rescue: writer, find: stored, expect: givesRoomBack },
};
const tickets: Own = {
  what: 'the ticket store',
  code: 'storage',
  has: ['create', 'put', 'get', 'list', 'delete', 'claim'],
  makes: ['list'],
  quiet: ['release'],
};
const ofBudget = { what: 'the budget', code: 'budget' } as const;
const reservation: Own = { ...ofBudget, has: ['settle'] };
const budget: Own = { ...ofBudget, has: ['check', 'reserve'], makes: ['reserve'], gives: { reserve: reservation } };
const codec: Own = {
  what: 'the image codec',
  code: 'config',
  has: ['convert', 'mask', 'upright'],
  makes: ['convert', 'mask', 'pixels'],
  problems: {
    convert: pictureProblem,
    mask: pictureProblem,
    upright: (turned) => (turned ? pictureProblem(turned) : undefined),
    pixels: pixelsProblem,
  },
};
const styles: Own = { what: 'the style book', code: 'config', has: ['find'] };
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
  const read = (name: PropertyKey): unknown => {
    const member: unknown = Reflect.get(given, name, given);
    const word = String(name);
    if (isWork(member)) return toldFunction(member, given, word, own, log);
    return own.has?.includes(word) ? toldFunction(missing(member), given, word, own, log) : member;
  };
  // A proxy of the object itself would have to give back the very functions of one that is frozen.
  return new Proxy({} as T, {
    has: (_, name) => name in given,
    ownKeys: () => Reflect.ownKeys(given),
    getOwnPropertyDescriptor: (_, name) => {
      const own = Reflect.getOwnPropertyDescriptor(given, name);
      // The proxy's own target has none of them, which only what can be changed may say.
      return own && { value: read(name), enumerable: own.enumerable ?? false, configurable: true, writable: true };
    },
    get: (_, name) => read(name),
  });
}

/** What keeps what a codec came to from being a picture. */
function pictureProblem(result: unknown): string | undefined {
  const { as, bytes, mediaType, width, height }: Partial<Record<keyof InputBytes, unknown>> = isObject(result)
    ? result
    : {};
  if (as !== 'bytes') return `it must come to a picture as: 'bytes', and came to one as ${quoted(as)}`;
  if (!(bytes instanceof Uint8Array)) return `the bytes of its picture must be a Uint8Array, and are ${kindOf(bytes)}`;
  if (bytes.length === 0) return 'its picture has no bytes';
  if (typeof mediaType !== 'string') return `the mediaType of its picture must be a text, and is ${kindOf(mediaType)}`;
  if (isSide(width) && isSide(height)) return undefined;
  return `the sides of its picture must be whole numbers of px, and are ${quoted(width)} and ${quoted(height)}`;
}

/** Four numbers for each pixel of the picture that was given. */
function pixelsProblem(result: unknown, given: unknown): string | undefined {
  const { width, height } = given as InputBytes;
  const length = 4 * width * height;
  if (result instanceof Uint8Array && result.length === length) return undefined;
  const found = result instanceof Uint8Array ? `has ${result.length}` : `is ${kindOf(result)}`;
  return `its pixels must be a Uint8Array of ${length}, and what came ${found}`;
}

function isSide(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function quoted(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** Stands where a function should be. */
function missing(member: unknown): Work {
  return () => {
    throw new TypeError(`it must be a function, and is ${kindOf(member)}`);
  };
}

function kindOf(value: unknown): string {
  return value === undefined || value === null ? String(value) : `of type ${typeof value}`;
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
  const isMade = own.makes?.includes(name);
  const problemOf = own.problems?.[name];
  const pass = (result: unknown, [first]: readonly unknown[]): unknown => {
    if (isMade && !isObject(result) && !isWork(result)) {
      return fail(new TypeError(`it must come to an object, and came to what is ${kindOf(result)}`));
    }
    const problem = problemOf?.(result, first);
    if (problem !== undefined) return fail(new TypeError(problem));
    if (!inner) return result;
    if (isWork(result)) return toldFunction(result, given, name, inner, log);
    if (isIterable(result)) return toldEach(result, (one) => told(one, inner, log), fail);
    return isObject(result) ? told(result, inner, log) : result;
  };
  return (...args) => {
    let promised: Promise<unknown>;
    try {
      const result = Reflect.apply(work, given, args);
      if (!isPromise(result)) return pass(result, args);
      promised = Promise.resolve(result);
    } catch (error) {
      return isSync ? fail(error) : Promise.reject(error).catch(fail);
    }
    const passed = promised.then((result) => pass(result, args), fail);
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
        const limiter = limits.for(account, rate);
        if (!isWork(limiter?.run)) throw new TypeError('it must come to a limiter, which has a function run');
        return tellLimiter(limiter, own, log);
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
