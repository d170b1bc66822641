// Pictures in the making: the newest partial one of each, below the rows of what is on its way.

import { randomInt } from 'node:crypto';
import type { Below } from '../terminal/live.ts';
import { removal } from './encode.ts';
import type { Room } from './layout.ts';
import { previewSheet, roomOf } from './preview.ts';
import type { Protocol } from './protocol.ts';

/** A picture that is lower shows nothing. */
const leastRows = 4;
/** What one row and the lines that it leaves take of a window: so a partial picture is as large as the finished one. */
const linesAbove = 3;

export class PartialPictures {
  readonly #protocol: Protocol;
  readonly #total: number;
  readonly #firstId = randomInt(1 << 24, 1 << 30);
  readonly #newest = new Map<number, Uint8Array>();
  #room: Room | undefined;
  #below: Below | undefined;
  /** Set while one is made; `again`: there is something newer to be shown. */
  #making: { again: boolean } | undefined;

  /** `total`: how many pictures there will be. */
  constructor(protocol: Protocol, total: number) {
    this.#protocol = protocol;
    this.#total = total;
  }

  /** Takes a partial picture in place of the last one of the picture at that position. */
  take(position: number, bytes: Uint8Array): void {
    this.#newest.set(position, bytes);
    this.#make();
  }

  /** What there is to show in a room. In another room it is made anew, and there is nothing until then. */
  below(window: Room): Below | undefined {
    const most = roomOf({ columns: window.columns, rows: window.rows + linesAbove }, this.#protocol);
    const room = { columns: most.columns, rows: Math.min(most.rows, window.rows) };
    if (window.rows <= leastRows) return undefined;
    if (room.columns !== this.#room?.columns || room.rows !== this.#room.rows) {
      this.#room = room;
      this.#below = undefined;
      this.#make();
    }
    return this.#below;
  }

  #make(): void {
    if (this.#making) this.#making.again = true;
    else void this.#makeAll();
  }

  async #makeAll(): Promise<void> {
    const making = { again: true };
    this.#making = making;
    try {
      while (making.again && this.#room && this.#newest.size > 0) {
        making.again = false;
        const room = this.#room;
        const made = await this.#sheet(room);
        if (room === this.#room && made) this.#below = made;
      }
    } catch {
      // The picture itself is what counts.
    } finally {
      this.#making = undefined;
    }
  }

  async #sheet(room: Room): Promise<Below | undefined> {
    const isOne = this.#total === 1;
    const sorted = [...this.#newest].toSorted(([a], [b]) => a - b);
    const tiles = sorted.map(([at, picture]) => ({ picture, ...(!isOne && { label: String(at + 1) }) }));
    const options = { protocol: this.#protocol, room, of: this.#total, firstId: this.#firstId };
    const { text, rows, columns } = await previewSheet(tiles, options);
    // What cannot be read leaves the one before.
    if (text === '' || rows > room.rows || columns > room.columns) return undefined;
    const ids = Array.from({ length: tiles.length }, (_, index) => this.#firstId + index);
    const remove = removal(this.#protocol, ids);
    return { text: text.replace(/\n$/, ''), rows, columns, ...(remove && { remove }) };
  }
}
