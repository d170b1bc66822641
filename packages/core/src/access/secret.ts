import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import type { SecretKey } from '../contract/engine.ts';

/** A key that prints as `***` wherever it is shown; only `reveal()` gives it. */
export class Secret implements SecretKey {
  readonly #value: string;
  #print: string | undefined;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  print(): string {
    this.#print ??= createHash('sha256').update(`anyimage:${this.#value}`).digest('hex').slice(0, 12);
    return this.#print;
  }

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
