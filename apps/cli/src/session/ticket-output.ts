// Where the pictures of a ticket were to go: kept with it, so that who fetches them later need not say it again.

import { realpath } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import type { ImageHint, Json, Ticket, TicketStore } from '@anyimage/core';
import { checkOutput, type OutputTarget } from '@anyimage/host';

/** Where the pictures of a ticket go, and which ones of their request they are. */
export interface TicketPlace {
  readonly target: OutputTarget;
  /** How many pictures of the request come before those of the ticket. */
  readonly first: number;
  /** Pictures of the ticket. */
  readonly n: number;
  /** Pictures of the request. */
  readonly count: number;
}

/** The word `output` of a ticket's request. `path`: absolute; a folder ends in a slash. */
type KeptOutput = { readonly path: string; readonly first: number; readonly count: number };

/** Core asks for no more pictures at once. */
const mostPictures = 100;

/** The store, with `target` and the position among the `count` pictures of the request on each ticket. */
export function withOutput(tickets: TicketStore, { folder, file }: OutputTarget, count: number): TicketStore {
  const path = file ? join(folder, file.name + file.ending) : folder + sep;
  const picturesBefore = countPictures();
  const withPlace = (ticket: Ticket): Ticket => {
    const first = Math.min(picturesBefore(ticket), Math.max(0, count - ticket.request.n));
    const output: KeptOutput = { path, first, count };
    return { ...ticket, request: { ...ticket.request, output } };
  };
  return {
    ...tickets,
    create: (ticket) => tickets.create(withPlace(ticket)),
    put: (ticket) => tickets.put(withPlace(ticket)),
  };
}

/**
 * How many pictures the calls before a ticket's make. The `intent` of a ticket is that of its request and the number of the call,
 * from 0. A call that has shown no ticket counts as one like this: all calls but the last are alike.
 */
function countPictures(): (ticket: Ticket) => number {
  const requests = new Map<string, Map<number, number>>();
  return ({ intent, request: { n } }) => {
    const [, request = intent, call = '0'] = /^(.*)-(\d+)$/s.exec(intent) ?? [];
    const calls = requests.get(request) ?? new Map<number, number>();
    requests.set(request, calls.set(Number(call), n));
    const before = [...calls].filter(([other]) => other < Number(call));
    return before.reduce((sum, [, pictures]) => sum + pictures, (Number(call) - before.length) * n);
  };
}

/** Where the pictures of a ticket were to go, as a path; `undefined` if nobody said. */
export function outputPath({ request }: Ticket): string | undefined {
  return keptOutput(request.output)?.path;
}

/**
 * Where the pictures of a ticket were to go; `undefined` if nobody said. Without `force`, what is there by now is kept: they get a
 * name beside it. Throws `storage` for what cannot be written to.
 */
export async function placeOfTicket({ request }: Ticket, force = false): Promise<TicketPlace | undefined> {
  const kept = keptOutput(request.output);
  if (!kept) return undefined;
  const { path, first, count } = kept;
  const target = await checkOutput({ output: path, n: count, force: true });
  return { target: { ...target, force }, first, n: Math.min(request.n, count), count };
}

function keptOutput(output: Json | undefined): KeptOutput | undefined {
  const { path, first, count } = Object(output) as Partial<KeptOutput>;
  const isNumber = (value: unknown): value is number => Number.isInteger(value) && Number(value) <= mostPictures;
  if (typeof path !== 'string' || path === '') return undefined;
  return isNumber(first) && isNumber(count) && first >= 0 && count >= 1 ? { path, first, count } : undefined;
}

/**
 * From the position that core gives to a picture of the ticket to that in the request. Core counts from 0 in the answer of a job that
 * it asks again, and by the request what was delivered before.
 */
export function inRequest({ first, count }: TicketPlace): (hint: ImageHint) => ImageHint {
  let isOwnCount = false;
  return (hint) => {
    isOwnCount ||= hint.index < first;
    return { ...hint, index: isOwnCount ? first + hint.index : hint.index, count };
  };
}

/** The target, without leave to replace files if that could strike one of `written`. */
export async function sparing(written: readonly string[], { target, first, n }: TicketPlace): Promise<OutputTarget> {
  const { folder, file, force } = target;
  if (!file || !force) return target;
  const names = [file.name, ...Array.from({ length: n }, (_, index) => `${file.name}-${first + index + 1}`)];
  const own = await Promise.all(names.map((name) => stem(join(folder, name + file.ending))));
  const others = await Promise.all(written.map(stem));
  return { ...target, force: !own.some((one) => others.includes(one)) };
}

/**
 * What files have in common of which one could take the other's place: not all disks tell capitals from small letters, and the
 * ending is another where a picture could not be converted.
 */
async function stem(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return join(folder, basename(path, extname(path)))
    .normalize()
    .toLowerCase();
}
