// A key, given or asked for: it prints as `***` wherever it is shown.

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import type { SecretKey } from '../contract/engine.ts';
import { ImageError, messageOf } from '../contract/errors.ts';
import type { KeyFunction } from '../contract/provider.ts';
import { orAbort } from '../timing/or-abort.ts';

/** Prints as `***`, whatever prints it. */
class Unprinted {
  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

/** A key that is given. */
export class Secret extends Unprinted implements SecretKey {
  readonly #value: string;
  #print: string | undefined;

  constructor(value: string) {
    super();
    this.#value = value;
  }

  known(): readonly string[] {
    return [this.#value];
  }

  ask(): Promise<string> {
    return Promise.resolve(this.#value);
  }

  renew(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  print(): string {
    this.#print ??= createHash('sha256').update(`anyimage:${this.#value}`).digest('hex').slice(0, 12);
    return this.#print;
  }

  account(): string {
    return this.print();
  }
}

/** A key that a function of the caller's gives: one for all calls of a request, and another only where that one was refused. */
export class AskedKey extends Unprinted implements SecretKey {
  readonly #give: KeyFunction;
  readonly #known = new Set<string>();
  /** What was asked for first, and in place of each key that was refused. */
  readonly #asked = new Map<string | undefined, Promise<string>>();

  constructor(give: KeyFunction) {
    super();
    this.#give = give;
  }

  known(): readonly string[] {
    return [...this.#known];
  }

  ask(signal: AbortSignal): Promise<string> {
    const last = [...this.#asked.values()].at(-1);
    return last ?? this.#askOnce(undefined, signal);
  }

  async renew(refused: string, signal: AbortSignal): Promise<string | undefined> {
    const key = await (this.#asked.get(refused) ?? this.#askOnce(refused, signal));
    return key === refused ? undefined : key;
  }

  print(): string {
    return '';
  }

  account(): string {
    const number = accounts.get(this.#give) ?? ++lastAccount;
    accounts.set(this.#give, number);
    return `function ${number}`;
  }

  /** `instead`: the key that was refused. Calls that are under way together ask once. */
  #askOnce(instead: string | undefined, signal: AbortSignal): Promise<string> {
    const asking = orAbort(this.#value(), signal);
    this.#asked.set(instead, asking);
    return asking;
  }

  async #value(): Promise<string> {
    const key = checked(await given(this.#give));
    this.#known.add(key);
    return key;
  }
}

/** A function is an account, whatever keys it gives: numbered within this process. */
const accounts = new WeakMap<KeyFunction, number>();
let lastAccount = 0;

const hint = 'It is your own, which the provider was given: look at what it does.';

async function given(give: KeyFunction): Promise<unknown> {
  try {
    return await give();
  } catch (error) {
    if (ImageError.isInstance(error)) throw error;
    throw new ImageError('auth', `the function apiKey failed: ${messageOf(error)}`, { cause: error, hint });
  }
}

/** Says nothing of what was given but what is wrong with it. */
function checked(value: unknown): string {
  const key = typeof value === 'string' ? value.trim() : '';
  if (isSendable(key)) return key;
  const problem =
    typeof value !== 'string' ? `gave ${value === null ? 'null' : typeof value}, and not text` : textProblem(key);
  throw new ImageError('auth', `the function apiKey ${problem}`, { hint });
}

function textProblem(key: string): string {
  return key === '' ? 'gave an empty text' : 'gave a key with characters that no key has';
}

/** Whether a key has only characters that keys are made of. */
export function isSendable(key: string): boolean {
  return /^[\x20-\x7e]+$/.test(key);
}
