// Tickets of earlier versions: one file each, which stays where it is, since a program of such a version may be at work on it.

import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isTicketId, type Ticket } from '@anyimage/core';
import { isAbsent, readIfThere } from '../files/read-file.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import type { OnNotice } from '../text/notice.ts';
import { parseTicket } from './ticket-check.ts';

export class TicketFiles {
  readonly #folder: string;
  readonly #onNotice: OnNotice;

  constructor(folder: string, onNotice: OnNotice) {
    this.#folder = folder;
    this.#onNotice = onNotice;
  }

  /** The tickets that the names of files stand for. */
  idsOf(names: readonly string[]): readonly string[] {
    return names
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .filter(isTicketId);
  }

  /** `undefined` if there is none; what is no ticket is told, and left where it is. Throws `storage`. */
  async read(id: string): Promise<Ticket | undefined> {
    if (!isTicketId(id)) return undefined;
    const path = this.#pathOf(id);
    const text = readIfThere(path, `read ticket ${id}`);
    if (text === undefined) return undefined;
    const read = parseTicket(text);
    const problem = 'problem' in read ? read.problem : idProblem(read.ticket, id);
    if (problem === undefined && 'ticket' in read) return read.ticket;
    this.#onNotice({ kind: 'ticket-damaged', path, reason: problem ?? '' });
    return undefined;
  }

  /** Throws the system's error. */
  async write(ticket: Ticket): Promise<void> {
    await writeFileAtomically(this.#pathOf(ticket.id), `${JSON.stringify(ticket, null, 2)}\n`, { mode: 0o600 });
  }

  /** Throws the system's error, but not for one that is not there. */
  async delete(id: string): Promise<void> {
    await unlink(this.#pathOf(id)).catch((error) => {
      if (!isAbsent(error)) throw error;
    });
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function idProblem(ticket: Ticket, id: string): string | undefined {
  return ticket.id === id ? undefined : `its id is ${JSON.stringify(ticket.id)}`;
}
