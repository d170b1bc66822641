// What is known of each row of a batch, by what the row says: little of each, so that hundreds of thousands are little, too.

import { createHash } from 'node:crypto';

/**
 * `done`: its pictures are here. `refused`: the service will not make it, which it says for nothing or not. `uncertain`: it may have been
 * made and billed, and nobody can say. `waiting`: it is paid for, and its pictures are to be fetched. `failed`: it cost nothing, and may go
 * well another time.
 */
export const rowStates = ['done', 'refused', 'uncertain', 'waiting', 'failed'] as const;
export type RowState = (typeof rowStates)[number];

/** What is known of a row. */
export interface KnownRow {
  readonly state: RowState | undefined;
  /** How often it was asked anew on purpose. */
  readonly tries: number;
  /** Where its newest record begins, bytes; absent where there is none. */
  readonly offset: number | undefined;
}

export class RowTable {
  readonly #places = new Map<string, number>();
  readonly #states: (RowState | undefined)[] = [];
  readonly #tries: number[] = [];
  readonly #offsets: number[] = [];
  readonly #counts = new Map<RowState, number>();

  get size(): number {
    return this.#places.size;
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** The place of a row, which is made for a new one. */
  placeOf(key: string): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(key, place);
    this.#states.push(undefined);
    this.#tries.push(0);
    this.#offsets.push(-1);
    return place;
  }

  at(place: number): KnownRow {
    const offset = this.#offsets[place]!;
    return { state: this.#states[place], tries: this.#tries[place]!, offset: offset < 0 ? undefined : offset };
  }

  note(key: string, { state, tries, offset }: KnownRow): void {
    const place = this.placeOf(key);
    this.#count(this.#states[place], -1);
    this.#count(state, 1);
    this.#states[place] = state;
    this.#tries[place] = tries;
    this.#offsets[place] = offset ?? -1;
  }

  /** How many rows are in a state. */
  count(state: RowState): number {
    return this.#counts.get(state) ?? 0;
  }

  #count(state: RowState | undefined, more: number): void {
    if (state) this.#counts.set(state, this.count(state) + more);
  }
}

/**
 * Gives the rows of one reading of a file their keys. Rows that say the same are told apart by how many were before: each of them is
 * made. Where a row stands in the file counts for nothing.
 */
export class RowKeys {
  readonly #table: RowTable;
  readonly #seen: number[] = [];

  constructor(table: RowTable) {
    this.#table = table;
  }

  /** `said`: all that the row asks for, whose members may be in any order. Adds the row to the table. */
  next(said: Readonly<Record<string, unknown>>): string {
    const key = hashOf(Object.entries(said).sort(([a], [b]) => (a < b ? -1 : 1)));
    const place = this.#table.placeOf(key);
    const before = this.#seen[place] ?? 0;
    this.#seen[place] = before + 1;
    if (before === 0) return key;
    const other = hashOf([key, before]);
    this.#table.placeOf(other);
    return other;
  }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 20);
}
