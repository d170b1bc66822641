// What a ticket on disk must be: people and other programs write there, too.

import { isRecord, type Ticket } from '@anyimage/core';
import { parseJSON } from '../text/json.ts';

/** Whether a ticket may have this id: it can become a file name, and may not lead anywhere else. */
export function isTicketId(id: unknown): id is string {
  return typeof id === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id);
}

/** Why a value is no ticket; `undefined` for one. */
export function ticketProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return 'it is not a JSON object';
  const wrong = Object.entries(fields).find(([name, holds]) => !holds(value[name]));
  if (wrong) return `its ${wrong[0]} is missing or wrong`;
  // Of a picture that is kept, done work may know no place.
  const outputs = value.state === 'done' ? [] : ((value.outputs ?? []) as readonly Record<string, unknown>[]);
  return outputs.every(({ url, ref }) => isText(url) || isText(ref)) ? undefined : 'its outputs say no place';
}

/** The ticket that a JSON text is, or why it is none. */
export function parseTicket(text: string): { readonly ticket: Ticket } | { readonly problem: string } {
  const value = parseJSON(text);
  if (value === undefined) return { problem: 'it is not JSON' };
  const problem = ticketProblem(value);
  return problem === undefined ? { ticket: value as Ticket } : { problem };
}

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === 'string';

const fields: Readonly<Record<string, Test>> = {
  id: isTicketId,
  provider: isText,
  model: isText,
  host: isText,
  region: isText,
  at: Number.isFinite,
  intent: isText,
  keyPrint: isText,
  state: (value) => value === 'intended' || value === 'submitted' || value === 'delivered' || value === 'done',
  request: (value) => isRecord(value) && isText(value.prompt) && isText(value.sent) && Number.isInteger(value.n),
  answer: (value) => value === undefined || isText(value),
  outputs: (value) => value === undefined || (Array.isArray(value) && value.every(isRecord)),
};
