// The place that a ticket names for its pictures. It is kept with the ticket, so that nobody has to name it again later.

import { realpath } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import type { ImageHint, Json, Ticket, TicketStore } from '@anyimage/core';
import { checkOutput, type OutputTarget } from '@anyimage/host';

/** Where the pictures of a ticket go, and which pictures of the request they are. */
export interface TicketPlace {
  readonly target: OutputTarget;
  /** How many pictures of the request come before those of the ticket. */
  readonly first: number;
  /** Pictures of the ticket. */
  readonly n: number;
  /** Pictures of the request. */
  readonly count: number;
}

/** The word `output` of a ticket's request. `path`: absolute; a folder ends in a slash. `asItComes`: without its ending. */
type KeptOutput = {
  readonly path: string;
  readonly first: number;
  readonly count: number;
  readonly asItComes?: true;
};

/** The most that core takes in one request. */
const mostPictures = 100;

/** The store, which notes on each ticket where its pictures go and which of the `count` pictures of the request they are. */
export function withOutput(tickets: TicketStore, { folder, file }: OutputTarget, count: number): TicketStore {
  const path = file ? join(folder, file.name + file.ending) : folder + sep;
  const picturesBefore = countPictures();
  const withPlace = (ticket: Ticket): Ticket => {
    const first = Math.min(picturesBefore(ticket), Math.max(0, count - ticket.request.n));
    const output: KeptOutput = { path, first, count, ...(file?.asItComes && { asItComes: true }) };
    return { ...ticket, request: { ...ticket.request, output } };
  };
  return {
    ...tickets,
    create: (ticket) => tickets.create(withPlace(ticket)),
    put: (ticket) => tickets.put(withPlace(ticket)),
  };
}

/**
 * Tells of each ticket how many pictures the calls before its own make. The `intent` of a ticket ends in the number of its call,
 * from 0. A call that left no ticket counts as many pictures as this one: all calls but the last are alike.
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

/** The place that a ticket names, as a path; `undefined` if it names none. */
export function outputPath({ request }: Ticket): string | undefined {
  return keptOutput(request.output)?.path;
}

/**
 * The place that a ticket names; `undefined` if it names none. Without `force`, a file that is there by now is kept, and the picture
 * gets a name beside it. Throws `storage` if the place cannot be written to.
 */
export async function placeOfTicket({ request }: Ticket, force = false): Promise<TicketPlace | undefined> {
  const kept = keptOutput(request.output);
  if (!kept) return undefined;
  const { path, first, count, asItComes } = kept;
  const { file, ...target } = await checkOutput({ output: path, n: count, force: true });
  const named = file && { file: { ...file, ...(asItComes && { asItComes }) } };
  return { target: { ...target, ...named, force }, first, n: Math.min(request.n, count), count };
}

function keptOutput(output: Json | undefined): KeptOutput | undefined {
  const { path, first, count, asItComes } = Object(output) as Partial<KeptOutput>;
  const isNumber = (value: unknown): value is number => Number.isInteger(value) && Number(value) <= mostPictures;
  if (typeof path !== 'string' || path === '') return undefined;
  if (!isNumber(first) || !isNumber(count) || first < 0 || count < 1) return undefined;
  return { path, first, count, ...(asItComes === true && { asItComes }) };
}

/**
 * Turns the position that core gives a picture of the ticket into its position in the request. Core counts from 0 where it asks a job
 * again, and by the request where URLs were delivered before.
 */
export function inRequest({ first, count }: TicketPlace): (hint: ImageHint) => ImageHint {
  let isOwnCount = false;
  return (hint) => {
    isOwnCount ||= hint.index < first;
    return { ...hint, index: isOwnCount ? first + hint.index : hint.index, count };
  };
}

/** Turns the position that core gives a picture of the ticket into its position among those of the ticket alone. */
export function inTicket({ place, outputs, request }: Ticket): (hint: ImageHint) => ImageHint {
  const first = place?.first ?? 0;
  const positions = (outputs ?? []).map(({ index }, position) => index ?? first + position);
  return (hint) => {
    const position = positions.indexOf(hint.index);
    return { ...hint, index: position < 0 ? hint.index - first : position, count: outputs?.length ?? request.n };
  };
}

/** Files that a command has written. Each is looked at once, however many follow. */
export class WrittenFiles {
  readonly #stems = new Set<string>();
  readonly #added: string[] = [];

  add(path: string): void {
    this.#added.push(path);
  }

  /** The stems of all of them. */
  async stems(): Promise<ReadonlySet<string>> {
    for (const path of this.#added.splice(0)) this.#stems.add(await stem(path));
    return this.#stems;
  }
}

/** The target. It may not replace files if it could replace one of `written`. */
export async function sparing(written: WrittenFiles, { target, first, n }: TicketPlace): Promise<OutputTarget> {
  const { folder, file, force } = target;
  if (!file || !force) return target;
  const names = [file.name, ...Array.from({ length: n }, (_, index) => `${file.name}-${first + index + 1}`)];
  const own = await Promise.all(names.map((name) => stem(join(folder, name + file.ending))));
  const others = await written.stems();
  return { ...target, force: !own.some((one) => others.has(one)) };
}

/**
 * Two files with the same stem could take each other's place: some disks take capitals for small letters, and a picture that could
 * not be converted has another ending.
 */
async function stem(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return join(folder, basename(path, extname(path)))
    .normalize()
    .toLowerCase();
}
