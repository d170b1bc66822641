// The index while a program uses it. Other programs write it, too, and each of them may find it damaged and put it aside.

import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, isDamage, whenFree } from '../files/sqlite.ts';
import { listening, type OnNotice } from '../text/notice.ts';
import { indexError } from './index-error.ts';
import { type IndexEvents, type IndexFile, indexPath, type OpenOptions, openIndex } from './index-file.ts';
import type { SkippedPicture } from './picture-index.ts';

/** The index of a home folder. It is opened when it is first used. */
export class SharedIndex {
  readonly home: string;
  readonly path: string;
  /** Ends with `close`. */
  readonly signal: AbortSignal;
  readonly onNotice: OnNotice;
  readonly #options: OpenOptions;
  readonly #closing = new AbortController();
  #opening: Promise<IndexFile> | undefined;

  constructor(home: string, events: IndexEvents) {
    this.home = home;
    this.path = indexPath(home);
    this.signal = this.#closing.signal;
    this.onNotice = listening(events.onNotice);
    this.#options = {
      ...events,
      onNotice: this.onNotice,
      signal: this.signal,
      onWait: () => this.onNotice({ kind: 'index-busy', path: this.path }),
    };
  }

  /**
   * Runs `work` on the index. If the index is damaged, or another process put it aside, `work` runs again on a new one. Throws
   * `storage`, also for what `work` throws.
   */
  async use<T>(work: (database: DatabaseSync) => T | Promise<T>): Promise<T> {
    try {
      return await this.#use(work);
    } catch (error) {
      throw indexError(error, `use the index ${this.path}`, this.path);
    }
  }

  /** As `use`, in one transaction that begins as soon as no other process writes. */
  change<T>(work: (database: DatabaseSync) => T): Promise<T> {
    return this.use((database) =>
      whenFree(database, () => inTransaction(database, () => work(database)), this.#options),
    );
  }

  /** Tells of the pictures that the index cannot hold. */
  tellSkipped(skipped: readonly SkippedPicture[]): void {
    for (const picture of skipped) this.onNotice({ kind: 'picture-skipped', ...picture });
  }

  /** Ends what still waits for the index. It cannot be used again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#leave(this.#opening);
  }

  async #use<T>(work: (database: DatabaseSync) => T | Promise<T>): Promise<T> {
    let isMended = false;
    for (;;) {
      this.signal.throwIfAborted();
      const opening = this.#opening ?? this.#open();
      const file = await opening;
      // Other work found it damaged meanwhile, and opens a new one.
      if (this.#opening !== opening) continue;
      try {
        const result = await work(file.database);
        // Asked after the work: if the index was put aside before or meanwhile, the work is done again on the new one.
        if (await file.isCurrent()) return result;
        await this.#leave(opening);
      } catch (error) {
        // Other work closed it while this waited.
        if (this.#opening !== opening) continue;
        if (!isDamage(error) || isMended) {
          await this.#leave(opening);
          throw error;
        }
        isMended = true;
        this.#open(file);
      }
    }
  }

  /** Opens the index, in place of a damaged one. What cannot be opened is tried again by the next work. */
  #open(damaged?: IndexFile): Promise<IndexFile> {
    const opening = damaged
      ? damaged.putAside().then(() => openIndex(this.home, this.#options, 'was damaged'))
      : openIndex(this.home, this.#options);
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }

  /** Closes an index, unless other work did and uses another. */
  async #leave(opening: Promise<IndexFile> | undefined): Promise<void> {
    if (this.#opening !== opening) return;
    this.#opening = undefined;
    (await opening?.catch(() => undefined))?.close();
  }
}
