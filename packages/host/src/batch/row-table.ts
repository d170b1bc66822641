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

/** Bytes of a key: those that its 20 hexadecimal digits stand for. */
const keyBytes = 10;
/** A new table has room for so many rows; a power of two. */
const firstRoom = 1024;

/** About 35 bytes a row. */
export class RowTable {
  /** Where a key would be: its place and one, or 0. Twice as many as there is room for rows, so that a free one is near. */
  #slots = new Uint32Array(2 * firstRoom);
  // By place.
  #keys = new Uint8Array(keyBytes * firstRoom);
  /** As `rowStates`, from 1. */
  #states = new Uint8Array(firstRoom);
  #tries = new Uint32Array(firstRoom);
  #offsets = new Float64Array(firstRoom);
  #size = 0;
  readonly #counts = new Map<RowState, number>();

  get size(): number {
    return this.#size;
  }

  /** The place of a row, which is made for a new one. */
  placeOf(key: string): number {
    const bytes = bytesOf(key);
    const slot = this.#slotOf(bytes);
    const known = this.#slots[slot]!;
    if (known > 0) return known - 1;
    const place = this.#size;
    this.#size += 1;
    this.#slots[slot] = place + 1;
    this.#keys.set(bytes, keyBytes * place);
    this.#offsets[place] = -1;
    if (this.#size === this.#states.length) this.#grow();
    return place;
  }

  at(place: number): KnownRow {
    const offset = this.#offsets[place]!;
    return {
      state: rowStates[this.#states[place]! - 1],
      tries: this.#tries[place]!,
      offset: offset < 0 ? undefined : offset,
    };
  }

  note(key: string, { state, tries, offset }: KnownRow): void {
    const place = this.placeOf(key);
    this.#count(this.at(place).state, -1);
    this.#count(state, 1);
    this.#states[place] = state ? rowStates.indexOf(state) + 1 : 0;
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

  /** The slot of a key, or the free one where it goes. */
  #slotOf(key: Uint8Array): number {
    const last = this.#slots.length - 1;
    // A key is a hash already.
    let slot = (key[0]! | (key[1]! << 8) | (key[2]! << 16) | (key[3]! << 24)) & last;
    while (this.#slots[slot]! > 0 && !this.#isAt(this.#slots[slot]! - 1, key)) slot = (slot + 1) & last;
    return slot;
  }

  #isAt(place: number, key: Uint8Array): boolean {
    for (let index = 0; index < keyBytes; index++) {
      if (this.#keys[keyBytes * place + index] !== key[index]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#keys = doubled(this.#keys);
    this.#states = doubled(this.#states);
    this.#tries = doubled(this.#tries);
    this.#offsets = doubled(this.#offsets);
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let place = 0; place < this.#size; place++) {
      const key = this.#keys.subarray(keyBytes * place, keyBytes * (place + 1));
      this.#slots[this.#slotOf(key)] = place + 1;
    }
  }
}

/** Of a key that is none of ours, its hash. */
function bytesOf(key: string): Uint8Array {
  const bytes = Buffer.from(key, 'hex');
  return bytes.length === keyBytes && key.length === 2 * keyBytes ? bytes : digestOf(key).subarray(0, keyBytes);
}

function doubled<T extends Uint8Array | Uint32Array | Float64Array>(numbers: T): T {
  const more = new (numbers.constructor as new (length: number) => T)(2 * numbers.length);
  more.set(numbers);
  return more;
}

/**
 * Gives the rows of one reading of a file their keys. Rows that say the same are told apart by how many were before: each of them is
 * made. Where a row stands in the file counts for nothing.
 */
export class RowKeys {
  readonly #table: RowTable;
  /** By place. */
  #seen = new Uint32Array(firstRoom);

  constructor(table: RowTable) {
    this.#table = table;
  }

  /** `said`: all that the row asks for, whose members may be in any order. Adds the row to the table. */
  next(said: Readonly<Record<string, unknown>>): string {
    const key = hashOf(Object.entries(said).sort(([a], [b]) => (a < b ? -1 : 1)));
    const place = this.#table.placeOf(key);
    while (place >= this.#seen.length) this.#seen = doubled(this.#seen);
    const before = this.#seen[place]!;
    this.#seen[place] = before + 1;
    if (before === 0) return key;
    const other = hashOf([key, before]);
    this.#table.placeOf(other);
    return other;
  }
}

function hashOf(value: unknown): string {
  return digestOf(JSON.stringify(value)).toString('hex', 0, keyBytes);
}

/** Of keys in another form. A key may be the hash of such a text itself, and is another one. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update('key ').update(text).digest();
}
