// Tickets on disk, shared by all processes of a person: each writes a journal of its own and reads those of the others.

import { isForgotten, isTicketId, pageOf, type Ticket, type TicketStore } from '@anyimage/core';
import { storageError } from '../files/storage-error.ts';
import { listening, type OnNotice } from '../text/notice.ts';
import { type Found, isHeldByLiving, JournalReader } from './journal-reader.ts';
import type { JournalRecord } from './journal-record.ts';
import { OwnJournal } from './own-journal.ts';
import { TicketFiles } from './ticket-files.ts';
import { tidyJournals, withJournals } from './tidy-journals.ts';

export interface FileTicketStoreOptions {
  /** Called for each file and line that is no ticket, when it is met, and for journals of a newer version; they stay as they are. */
  readonly onNotice?: OnNotice;
  /** Unix time, ms; default the machine's. */
  readonly now?: () => number;
}

/** One user of the tickets in a folder. A second one, also of this process, is another holder. */
export interface FileTicketStore extends TicketStore {
  /** As `create`, of an id that nobody but this store makes: neither a lock is taken nor are the journals of others read. */
  createOwn(ticket: Ticket): Promise<boolean>;
  /** Lets go of all tickets and closes the file. Without it that happens when the process ends. Never rejects. */
  close(): Promise<void>;
}

/** Core makes these at random: that there is another of the same is looked for in the own journal alone. */
const isRandom = (id: string) => /^t-[0-9a-f]{8}$/.test(id);

/** All but what is about to be sent to a service that answers in one call. */
const isSynced = ({ state, mode, uncertain }: Ticket) => state !== 'intended' || mode !== 'call' || uncertain === true;

/**
 * Keeps tickets in `folder`, readable by this person only; it is made with the first ticket. A ticket is on stable storage when
 * `create` or `put` resolves, except an `intended` one of a synchronous call: that survives the death of the process, and not a
 * power cut. So does what is deleted, claimed and let go of. Who is on another machine holds a ticket for an hour after it last
 * touched its journal, which it does while it lives. All methods throw `storage`.
 */
export function fileTicketStore(folder: string, options: FileTicketStoreOptions = {}): FileTicketStore {
  const { now = Date.now } = options;
  const onNotice = listening(options.onNotice);
  const own = new OwnJournal(folder);
  const reader = new JournalReader(folder, own, onNotice);
  const files = new TicketFiles(folder, onNotice);
  /** What only one process at a time may do, one after the other. */
  let turn: Promise<unknown> = Promise.resolve();
  let willTidy = false;

  const isOver = (ticket: Ticket | undefined) => ticket !== undefined && isForgotten(ticket, now());

  /** Of a ticket that is over, its holder has nothing more: another may have made one of the same id. */
  const held = (id: string) => {
    const record = own.records.get(id);
    return record?.isHeld && !isOver(record.ticket) ? record : undefined;
  };

  /** Adds what a change left of a ticket, and now and then tidies up. */
  async function add(ticket: Ticket | string, seq: number, facts: Added = {}): Promise<void> {
    const isFirst = !own.hasBegun;
    const record = { ...recordOf(ticket), seq, at: now(), isHeld: facts.isHeld ?? false };
    await own.append(record, facts);
    if (willTidy || !(isFirst || own.isRoomy)) return;
    willTidy = true;
    turn = turn.then(tidy);
  }

  /** Never rejects: it is for speed alone. */
  async function tidy(): Promise<void> {
    try {
      if (own.isRoomy) {
        await reader.refresh();
        await own.rewrite((record) => isNeeded(record));
      }
      await tidyJournals(folder, reader, now());
    } catch {
      // The next process tries again.
    } finally {
      willTidy = false;
    }
  }

  function isNeeded(record: JournalRecord): boolean {
    const newest = reader.find(record.id);
    if (newest?.journal !== own || isOver(record.ticket)) return false;
    return record.ticket !== undefined || record.isHeld || reader.isBeside(own, record.id);
  }

  /** The state of a ticket by the journals, as of now. */
  async function find(id: string): Promise<Found | undefined> {
    await reader.refresh();
    return reader.find(id);
  }

  /** A ticket of the journals as it is shown; `undefined` for a deleted one. */
  function shown(found: Found | undefined): Ticket | undefined {
    const ticket = found?.record.ticket;
    if (!found || !ticket || isOver(ticket)) return undefined;
    return ticket.state === 'intended' && !isHeldByLiving(found, now()) ? { ...ticket, uncertain: true } : ticket;
  }

  async function isThere(id: string): Promise<boolean> {
    return (shown(await find(id)) ?? (await files.read(id))) !== undefined;
  }

  async function inFile(id: string): Promise<Ticket | undefined> {
    const ticket = await files.read(id);
    return ticket?.state === 'intended' ? { ...ticket, uncertain: true } : ticket;
  }

  /** Does what only one process at a time may do. Others of this store wait for it, and not for the lock. */
  function alone<T>(action: string, work: () => Promise<T>): Promise<T> {
    const next = turn.then(() => telling(action, () => withJournals(folder, work)));
    turn = next.catch(() => {});
    return next;
  }

  async function telling<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storageError(error, `${action} in ${folder}`, folder);
    }
  }

  async function createAlone(ticket: Ticket): Promise<boolean> {
    refuseId(ticket.id);
    const mine = own.records.get(ticket.id);
    if (mine?.ticket && !isOver(mine.ticket)) return false;
    const facts = { isHeld: true, isSynced: isSynced(ticket) };
    await telling(`keep ticket ${ticket.id}`, () => addNew(ticket, (mine?.seq ?? 0) + 1, facts));
    return true;
  }

  return {
    createOwn: createAlone,

    async create(ticket) {
      refuseId(ticket.id);
      const action = `keep ticket ${ticket.id}`;
      const facts = { isHeld: true, isSynced: isSynced(ticket) };
      if (isRandom(ticket.id)) return createAlone(ticket);
      return alone(action, async () => {
        const found = await find(ticket.id);
        if (shown(found) ?? (await files.read(ticket.id))) return false;
        await addNew(ticket, (found?.record.seq ?? 0) + 1, facts);
        return true;
      });
    },

    async put(ticket) {
      const { id } = ticket;
      refuseId(id);
      const action = `keep ticket ${id}`;
      const mine = held(id);
      const facts = { isHeld: mine !== undefined, isSynced: isSynced(ticket) };
      if (mine?.ticket) return telling(action, () => add(ticket, mine.seq + 1, facts));
      if (mine) return telling(action, () => files.write(ticket));
      await alone(action, async () => {
        const found = await find(id);
        if (!found?.record.ticket && (await files.read(id))) return files.write(ticket);
        const isHeld = found?.journal === own && found.record.isHeld;
        await add(ticket, (found?.record.seq ?? 0) + 1, { ...facts, isHeld, isShared: found !== undefined });
      });
    },

    async get(id) {
      const found = await find(id);
      return shown(found) ?? (await inFile(id));
    },

    async list(page) {
      await reader.refresh();
      const all = [...reader.all().values()].map(shown);
      const known = new Set(all.map((ticket) => ticket?.id));
      const old = files.idsOf(reader.names).filter((id) => !known.has(id));
      // One after the other: there may be few files that can be open at a time.
      for (const id of old) all.push(await inFile(id));
      return pageOf(
        all.filter((ticket) => ticket !== undefined),
        page,
      );
    },

    async delete(id) {
      const mine = held(id);
      const action = `delete ticket ${id}`;
      if (mine?.ticket) return telling(action, () => add(id, mine.seq + 1));
      if (!(await isThere(id))) return;
      await alone(action, async () => {
        const found = await find(id);
        await files.delete(id);
        if (found?.record.ticket || mine) await add(id, (found?.record.seq ?? 0) + 1, { isShared: true });
      });
    },

    async claim(id) {
      if (!(await isThere(id))) return false;
      return alone(`claim ticket ${id}`, async () => {
        const found = await find(id);
        if (found && isHeldByLiving(found, now())) return false;
        const ticket = shown(found);
        if (!ticket && !(await files.read(id))) return false;
        await add(ticket ?? id, (found?.record.seq ?? 0) + 1, { isHeld: true, isShared: true });
        return true;
      });
    },

    async release(id) {
      const mine = held(id);
      if (!mine) return;
      const { ticket } = mine;
      // Who made it knows no more of it.
      const left = ticket?.state === 'intended' ? ({ ...ticket, uncertain: true } as const) : ticket;
      await add(left ?? id, mine.seq + 1).catch(() => {});
    },

    async close() {
      await turn;
      await own.end();
    },
  };

  /** A ticket that costs nothing if it could not be kept: then it is not there. */
  async function addNew(ticket: Ticket, seq: number, facts: Added): Promise<void> {
    try {
      await add(ticket, seq, facts);
    } catch (error) {
      if (held(ticket.id)?.seq === seq) await add(ticket.id, seq + 1).catch(() => {});
      throw error;
    }
  }
}

/** The tickets of what is not done: all but the marks that say what an intent made. Throws as `list`. */
export async function listOpen(store: Pick<TicketStore, 'list'>): Promise<readonly Ticket[]> {
  return (await store.list()).filter(({ state }) => state !== 'done');
}

interface Added {
  readonly isHeld?: boolean;
  readonly isSynced?: boolean;
  readonly isShared?: boolean;
}

function recordOf(ticket: Ticket | string): Pick<JournalRecord, 'id' | 'ticket'> {
  return typeof ticket === 'string' ? { id: ticket } : { id: ticket.id, ticket };
}

function refuseId(id: string): void {
  if (!isTicketId(id)) throw new TypeError(`no ticket id: ${JSON.stringify(id)}`);
}
