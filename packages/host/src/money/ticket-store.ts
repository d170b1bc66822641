// Tickets on disk: one file each, so that processes need not agree on anything.

import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord, type Ticket, type TicketStore } from '@anyimage/core';
import { readIfThere } from '../files/read-file.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import { parseJSON } from '../text/json.ts';
import type { OnNotice } from '../text/notice.ts';

export interface FileTicketStoreOptions {
  /** Called for each file that is no ticket, whenever it is met; it is left where it is. */
  readonly onNotice?: OnNotice;
}

/**
 * Keeps tickets as `<id>.json` in `folder`, readable by this person only. The folder is made with the first ticket. Throws
 * `storage`.
 */
export function fileTicketStore(folder: string, { onNotice }: FileTicketStoreOptions = {}): TicketStore {
  const pathOf = (id: string) => join(folder, `${id}.json`);

  async function read(id: string): Promise<Ticket | undefined> {
    const path = pathOf(id);
    const text = await readIfThere(path, `read ticket ${id}`);
    if (text === undefined) return undefined;
    const { ticket, problem } = parseTicket(text, id);
    if (problem) onNotice?.({ kind: 'ticket-damaged', path, reason: problem });
    return ticket;
  }

  return {
    async put(ticket) {
      if (!isId(ticket.id)) throw new TypeError(`no ticket id: ${JSON.stringify(ticket.id)}`);
      const path = pathOf(ticket.id);
      try {
        await writeFileAtomically(path, `${JSON.stringify(ticket, null, 2)}\n`, { mode: 0o600, folderMode: 0o700 });
      } catch (error) {
        throw storageError(error, `keep ticket ${ticket.id} in ${folder}`, path);
      }
    },

    get: async (id) => (isId(id) ? read(id) : undefined),

    async list() {
      let names: string[];
      try {
        names = await readdir(folder);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return [];
        throw storageError(error, `list the tickets in ${folder}`, folder);
      }
      const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
      const tickets = await Promise.all(ids.filter(isId).map(read));
      return tickets.filter((ticket) => ticket !== undefined).sort((a, b) => a.at - b.at);
    },

    async delete(id) {
      if (!isId(id)) return;
      try {
        await unlink(pathOf(id));
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw storageError(error, `delete ticket ${id}`, pathOf(id));
      }
    },
  };
}

/** An id becomes a file name: it may not lead anywhere else. */
function isId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id);
}

function parseTicket(text: string, id: string): { ticket?: Ticket; problem?: string } {
  const value = parseJSON(text);
  if (value === undefined) return { problem: 'it is not JSON' };
  if (!isRecord(value)) return { problem: 'it is not a JSON object' };
  if (value.id !== id) return { problem: `its id is ${JSON.stringify(value.id)}` };
  const wrong = Object.entries(fields).find(([name, holds]) => !holds(value[name]));
  if (wrong) return { problem: `its ${wrong[0]} is missing or wrong` };
  return { ticket: value as unknown as Ticket };
}

const isText = (value: unknown) => typeof value === 'string';
const fields: Readonly<Record<string, (value: unknown) => boolean>> = {
  provider: isText,
  model: isText,
  host: isText,
  region: isText,
  at: Number.isFinite,
  intent: isText,
  keyPrint: isText,
  state: (value) => value === 'intended' || value === 'submitted' || value === 'delivered',
  request: (value) => isRecord(value) && isText(value.prompt) && isText(value.sent) && Number.isInteger(value.n),
  outputs: (value) => value === undefined || (Array.isArray(value) && value.every((one) => isText(one?.url))),
};
