// From what a provider answered to pictures in the store. URLs are on a ticket before the first byte is fetched.

import { hiddenIn } from '../access/access.ts';
import { type Addressee, asImageError, explainError } from '../access/explain.ts';
import { resumable, unkept } from '../access/ticket-errors.ts';
import { sourceIn } from '../answers/picture-source.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError, messageOf, problemOf } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import { isRecord, present } from '../contract/objects.ts';
import type { CallDraft, Money, Output, ProviderFunctions, ProviderResult } from '../contract/provider.ts';
import type { GeneratedImage } from '../contract/result.ts';
import type { ImageFacts, ImageHint, ImageWriter, PictureRecord, StoredImage } from '../contract/store.ts';
import type { KeptOutput, Ticket, TicketOutput } from '../contract/tickets.ts';
import { foreignFacts, foreignLine, longest } from '../foreign/foreign.ts';
import { type GivenResult, takenResult } from '../foreign/taken-result.ts';
import type { HeldAnswer } from '../http/answer.ts';
import { shareOf } from '../negotiate/money.ts';
import type { Deadline } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';
import { withRetries } from '../timing/retry.ts';
import type { Tell } from '../timing/tell.ts';
import { type ReceiveOptions, receivePicture } from './picture.ts';
import { keepAnswer, unread } from './salvage.ts';

/** What became of one call. */
export interface CallReport {
  readonly images: readonly GeneratedImage[];
  /** One for each picture that was not made, or not fetched. */
  readonly errors: readonly ImageError[];
  /** Pictures that are made but could not be fetched or kept. */
  readonly pending?: Ticket;
  readonly warnings: readonly Warning[];
  readonly result?: ProviderResult;
  /** What the pictures in `images` cost; `null` = unknown, absent = nothing. */
  readonly cost?: Money | null;
  /** What the service charges for the call, fetched or not. */
  readonly spent?: Money | null;
}

/** What the records of all pictures of a call say. */
export interface CallFacts {
  readonly prompt: { readonly original: string; readonly sent: string };
  readonly applied: readonly Applied[];
  readonly warnings: readonly Warning[];
  /** When the request began, Unix time in ms. */
  readonly startedAt: number;
}

export interface DeliverOptions {
  readonly engine: Pick<Engine, 'transport' | 'store' | 'tickets' | 'clock' | 'maxRetries' | 'maxImageBytes' | 'log'>;
  readonly addressee: Addressee;
  /** The provider's, for a result URL below the base URL that wants the key. */
  readonly sign: ProviderFunctions['sign'];
  readonly row: ModelCapabilities | undefined;
  readonly result: GivenResult;
  /** In the store already. */
  readonly ticket: Ticket;
  /** What was asked of each picture, as far as it is known. */
  readonly asked: Pick<CallDraft, 'n' | 'size' | 'seed'>;
  readonly facts: CallFacts;
  /** How many pictures were asked for in all, and how many come before those of this call. */
  readonly place: { readonly count: number; readonly first: number };
  /** Opened before the request was sent, one for each picture; taken out when used. */
  readonly writers?: (ImageWriter | undefined)[];
  /** The ticket stays as a mark that the work is done, until then; Unix time in ms. */
  readonly markUntil?: number;
  /** The ticket was left by an earlier run. */
  readonly isResumed?: true;
  /** What the service answered, kept if none of its pictures can be read. */
  readonly answer?: HeldAnswer;
  /** What `made` pictures cost, where the service does not say. */
  readonly price: (made: number) => Money | null;
  readonly deadline: Deadline;
  /** Who hears of each picture. */
  readonly tell: Tell;
  /** Called when all pictures are in the store; what is left to do is for the ticket alone. */
  readonly onKept?: () => void;
}

interface RecordedOptions extends DeliverOptions {
  /** What all pictures cost together, if there are several. */
  readonly callCost?: Money;
}

type Made = Exclude<Output, { error: ImageError }> | KeptOutput;
/** A picture that was made, or the error in its place. */
type Owed = { readonly error: ImageError } | (Made & { readonly index: number });

/** A picture in the store. */
interface Arrived {
  readonly image: GeneratedImage;
  /** The store's name for it. */
  readonly ref?: string;
  readonly warnings: readonly Warning[];
}

/** What came of the pictures of a call. */
interface Received {
  readonly arrived: readonly Arrived[];
  readonly errors: readonly ImageError[];
  /** Made, and to be fetched from where they are. */
  readonly missing: readonly TicketOutput[];
  /** Whether the service must be asked again for bytes that were here. */
  readonly isOwed: boolean;
  /** Paid for, and their bytes, which were here, could be kept nowhere. */
  readonly lost: readonly TicketOutput[];
}

const never = new AbortController().signal;

/** So many pictures of a call are taken, even if fewer were asked for: some services make four at a time. */
const mostUnasked = 10;

/** Fetches, verifies and keeps the pictures of a call or job, each with its record. Never rejects. */
export async function deliver(given: DeliverOptions): Promise<CallReport> {
  const result = takenResult(given.result, hiddenIn(given.addressee.access));
  const options = { ...given, result };
  const { n } = options.asked;
  const most = Math.max(n, mostUnasked);
  const owed = complete(result.outputs.slice(0, most), n).map((output, index): Owed => {
    return 'error' in output ? output : withFacts(output, index, options);
  });
  const made = owed.filter((output): output is Made & { readonly index: number } => !('error' in output));
  const spent = made.length === 0 ? undefined : (result.cost ?? options.price(made.length));
  const warnings = [...(result.warnings ?? []), ...leftOut(result.outputs.length, n, most)];

  const ticket = await recordUrls(options, made, spent, warnings);
  // A ticket whose pictures are partly here already knows no more what all of them cost.
  const isWhole = made.length > 1 && given.ticket.state !== 'delivered';
  const recorded = { ...options, ...(isWhole && spent && { callCost: spent }) };
  const received = await receiveAll(recorded, owed, ticket, spent && shareOf(spent, 1, made.length));
  const { arrived, errors } = received;
  if (errors.length === 0) given.onKept?.();
  for (const picture of arrived) warnings.push(...picture.warnings);
  const pending = await closeTicket(options, ticket, received, { made: made.length, spent }, warnings);
  const images = arrived.map(({ image }) => image);
  return {
    images,
    errors: pending?.answer === undefined ? errors : errors.map((error) => unread(error, pending)),
    warnings,
    result: { ...result, outputs: [] },
    ...(pending && { pending }),
    ...(images.length > 0 && spent !== undefined && { cost: spent && shareOf(spent, images.length, made.length) }),
    ...(spent !== undefined && { spent }),
  };
}

/** That there were more than can have been meant. */
function leftOut(made: number, asked: number, most: number): Warning[] {
  if (made <= most) return [];
  const message = `the service returned ${made} pictures where ${asked} were asked for: the first ${most} are kept, the others are not fetched`;
  return [{ code: 'provider', message }];
}

/** Puts the URLs of the pictures on the ticket, and that on stable storage. */
async function recordUrls(
  { engine, ticket: given }: DeliverOptions,
  made: readonly Made[],
  spent: Money | null | undefined,
  warnings: Warning[],
): Promise<Ticket> {
  const lost = lostOn(given);
  const ticket: Ticket = { ...given, ...(spent && { cost: shareOf(spent, made.length + lost.length, made.length) }) };
  const urls = made.filter((output) => 'url' in output);
  if (urls.length === 0) return ticket;
  const delivered = withOutputs(ticket, [...urls.map(toTicketOutput), ...lost]);
  await keep(engine, delivered, warnings);
  return delivered;
}

async function receiveAll(
  options: RecordedOptions,
  owed: readonly Owed[],
  ticket: Ticket,
  cost: Money | null | undefined,
): Promise<Received> {
  const work = owed.map((output, index) => telling(options, index, () => receive(options, output, index, cost)));
  const outcomes = await Promise.allSettled(work);
  const arrived: Arrived[] = [];
  const errors: ImageError[] = [];
  const missing: TicketOutput[] = [];
  let isOwed = false;
  const lost: TicketOutput[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') {
      arrived.push(outcome.value);
      continue;
    }
    const output = owed[index]!;
    const error = explainError(asImageError(outcome.reason), options.addressee);
    if ('error' in output) {
      errors.push(error);
      continue;
    }
    const isStorage = error.code === 'storage';
    const kept = isFetchable(output) ? toTicketOutput(output) : isStorage && (await rescue(options, output, cost));
    if (kept) missing.push(kept);
    else if (ticket.service !== undefined) isOwed = true;
    else if (isStorage && !isFree(cost)) lost.push(describe(output));
    if (kept || ticket.service !== undefined) errors.push(resumable(error, ticket));
    else if (isStorage && !isFree(cost)) errors.push(unkept(error, ticket));
    else errors.push(error.with({ mayHaveBeenBilled: !isFree(cost) }));
  }
  return { arrived, errors, missing, isOwed, lost };
}

/** Tells what becomes of the picture at `index` of the call. */
async function telling<T>({ tell }: DeliverOptions, index: number, work: () => Promise<T>): Promise<T> {
  try {
    const picture = await work();
    tell({ phase: 'made', index });
    return picture;
  } catch (reason) {
    tell({ phase: 'failed', index, error: asImageError(reason) });
    throw reason;
  }
}

/** Leaves on the ticket what is still to be fetched, and returns it; or deletes it, or makes it a mark. */
async function closeTicket(
  { engine, addressee, answer, ticket: given, markUntil }: DeliverOptions,
  ticket: Ticket,
  { arrived, missing, isOwed, lost: lostNow }: Received,
  { made, spent }: { readonly made: number; readonly spent: Money | null | undefined },
  warnings: Warning[],
): Promise<Ticket | undefined> {
  // What the service still works on or keeps can be asked for again, whatever form it comes in.
  if (isOwed) {
    await keep(engine, given, warnings);
    return given;
  }
  const lost = [...lostOn(given), ...lostNow];
  const rest = withOutputs(ticket, [...missing, ...lost]);
  const open: Ticket = { ...rest, ...(spent && { cost: shareOf(spent, missing.length + lost.length, made) }) };
  if (missing.length > 0) {
    await keep(engine, open, warnings);
    return open;
  }
  const isUnread = answer !== undefined && arrived.length === 0 && made > 0;
  const kept = isUnread && (await keepAnswer(engine, answer, ticket, hiddenIn(addressee.access)));
  if (kept) {
    await keep(engine, kept, warnings);
    return kept;
  }
  if (lost.length > 0) {
    await keep(engine, { ...open, state: 'intended', uncertain: true }, warnings);
    return undefined;
  }
  if (markUntil !== undefined && arrived.length > 0) {
    await keep(engine, { ...ticket, state: 'done', outputs: arrived.map(toMark), expiresAt: markUntil }, warnings);
    return undefined;
  }
  if (made > 0 && arrived.length === 0 && ticket.answer !== undefined) return ticket; // kept before, and still not to be read
  await engine.tickets.delete(ticket.id).catch((error) => warnings.push(ticketWarning(ticket, error)));
  if (ticket.answer !== undefined) await engine.store.forget?.(ticket.answer);
  return undefined;
}

/** Has a ticket on stable storage. One that cannot be kept is no reason to lose the picture: that is a warning. */
export async function keep(
  { tickets }: Pick<Engine, 'tickets'>,
  ticket: Ticket,
  warnings: Warning[],
): Promise<boolean> {
  try {
    await tickets.put(ticket);
    return true;
  } catch (error) {
    warnings.push(ticketWarning(ticket, error));
    return false;
  }
}

/** Brings one picture into the store. `position`: that of its writer. */
async function receive(
  options: RecordedOptions,
  output: Owed,
  position: number,
  cost: Money | null | undefined,
): Promise<Arrived> {
  if ('error' in output) throw output.error;
  const { engine, addressee, asked } = options;
  const fetchOnce = async () => {
    const [opened] = options.writers?.splice(position, 1, undefined) ?? [];
    const writer = opened ?? (await engine.store.open(hintOf(options, addressee.name, output.index)));
    const onBytes = (fraction?: number) => {
      options.tell({ phase: 'fetching', index: position, ...(fraction !== undefined && { fraction }) });
    };
    return bring(options, output, writer, cost, isOnItsWay(output) ? onBytes : undefined);
  };
  const picture = await (isOnItsWay(output) ? inTime(options, output, fetchOnce) : fetchOnce());
  const { stored, warnings = [] } = picture;
  if ('ref' in output) await engine.store.forget?.(output.ref);
  const known = { ...factsOf(output, options), ...(stored.facts ?? picture.facts), model: addressee.name };
  return {
    image: toImage(known, stored),
    ...(stored.ref !== undefined && { ref: stored.ref }),
    warnings: [...warnings, ...sizeWarning(picture.facts, asked.size)],
  };
}

/** Whether its bytes are still to come. Those that are here already are kept even if time is over: they are paid for. */
function isOnItsWay(output: Made): boolean {
  return 'url' in output || 'stream' in output;
}

/** The work within the deadline. What a URL leads to may be fetched again; if the URL came just now, also what is not there yet. */
async function inTime<T>(options: DeliverOptions, output: Made, work: () => Promise<T>): Promise<T> {
  const { engine, deadline, ticket } = options;
  const { clock } = engine;
  const { signal, at } = deadline;
  const maxRetries = 'url' in output ? engine.maxRetries : 0;
  const retry = { clock, signal, deadline: at, maxRetries, spends: false };
  const fetch = () => withRetries(() => orAbort(work(), signal), retry);
  const isFresh = 'url' in output && ticket.state !== 'delivered';
  try {
    return await fetch();
  } catch (error) {
    if (!isFresh || !isNotReady(error) || clock.now() + momentMs >= at) throw error;
    await clock.sleep(momentMs, signal);
    return fetch();
  }
}

/** How long storage may take to have what it was given, ms. */
const momentMs = 2000;

/** Whether a result URL leads to nothing, or to nothing yet. */
function isNotReady(error: unknown): boolean {
  if (problemOf(error) === 'empty') return true;
  return ImageError.isInstance(error) && [202, 204, 403, 404, 425].includes(error.status ?? 0);
}

/** A picture in the store, as the caller sees it. */
export function toImage(
  known: Omit<GeneratedImage, 'path' | 'bytes' | 'stream' | 'save'>,
  stored: StoredImage,
): GeneratedImage {
  // What a store says besides is for the caller; what the picture is, core has seen.
  const { facts: _, ref: __, ...more } = stored;
  return {
    ...more,
    ...known,
    ...(stored.path && { path: stored.path }),
    bytes: () => stored.bytes(),
    stream: () => stored.stream(),
    save: async (path, options) => (await import('./save.ts')).saveTo(path, stored, options),
  };
}

/** One try: from its source into the writer, with its record. */
async function bring(
  options: RecordedOptions,
  output: Made & { readonly index: number },
  writer: ImageWriter,
  cost: Money | null | undefined,
  onBytes?: ReceiveOptions['onBytes'],
) {
  const { engine, addressee, deadline, asked, facts } = options;
  const record = (found: ImageFacts): PictureRecord => ({
    ...factsOf(output, options),
    model: addressee.name,
    prompt: facts.prompt,
    applied: facts.applied,
    warnings: [...facts.warnings, ...sizeWarning(found, asked.size)],
    ...(cost !== undefined && { cost }),
    ...(options.callCost && { callCost: options.callCost }),
    timings: { totalMs: Math.round(engine.clock.now() - facts.startedAt) },
  });
  try {
    return await receivePicture('ref' in output ? { stream: (await find(engine, output.ref)).stream() } : output, {
      transport: engine.transport,
      ...('url' in output && wayTo(options)),
      writer,
      record,
      signal: isOnItsWay(output) ? deadline.signal : never,
      maxBytes: engine.maxImageBytes,
      ...(onBytes && { onBytes }),
      ...(output.mediaType && { declaredType: output.mediaType }),
    });
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** How the service's own places are reached. */
function wayTo({
  engine,
  addressee: { access },
  sign,
  deadline: { signal },
}: DeliverOptions): Pick<ReceiveOptions, 'trustedOrigins' | 'signing' | 'log'> {
  const { baseURL, key, headers: own } = access;
  const log: ReceiveOptions['log'] = (event, facts) => engine.log?.(event, foreignFacts(facts, hiddenIn(access)));
  const headers = async (url: URL) => ({
    ...own,
    ...(key && (await sign(await key.ask(signal), { method: 'GET', url }))),
  });
  return { log, trustedOrigins: [new URL(baseURL).origin], ...((key || own) && { signing: { baseURL, headers } }) };
}

async function find({ store }: Pick<Engine, 'store'>, ref: string): Promise<StoredImage> {
  const stored = await store.find?.(ref);
  if (stored) return stored;
  throw new ImageError('not-found', `the picture is not at ${ref} any more`, { hint: 'Look whether it was moved.' });
}

function isFree(cost: Money | null | undefined): boolean {
  return cost?.amount === 0;
}

/** Keeps bytes at another place when they cannot be written where they should be; `undefined` if that fails, too. */
async function rescue(
  options: RecordedOptions,
  output: Made & { readonly index: number },
  cost: Money | null | undefined,
): Promise<TicketOutput | undefined> {
  const { store } = options.engine;
  const hint = hintOf(options, options.addressee.name, output.index);
  try {
    for await (const writer of store.rescue?.(hint) ?? []) {
      const brought = await bring(options, output, writer, cost).catch(() => undefined);
      const ref = brought?.stored.ref;
      if (brought && ref !== undefined) return { ...describe(output), ...brought.facts, ref };
    }
  } catch {
    // The caller tells why it could not be kept in its place.
  }
  return undefined;
}

/** What a store is told of the picture at `index` of the request. */
export function hintOf(
  {
    ticket,
    facts,
    place: { count },
    markUntil,
    isResumed,
  }: Pick<DeliverOptions, 'ticket' | 'facts' | 'place' | 'markUntil' | 'isResumed'>,
  model: string,
  index: number,
): ImageHint {
  return {
    id: `${ticket.id}-${index}`,
    model,
    prompt: facts.prompt.original,
    index,
    count,
    ...(markUntil !== undefined && { keep: true }),
    ...(isResumed && { resumed: true }),
  };
}

/** What the service said of a picture, and of the call that made it. */
function factsOf(output: Made, { result, addressee }: DeliverOptions) {
  const { seed, revisedPrompt } = output;
  return {
    ...(seed !== undefined && { seed }),
    ...(revisedPrompt && { revisedPrompt }),
    ...('url' in output && { sourceUrl: shownURL(output.url, addressee) }),
    ...('url' in output && output.expiresAt !== undefined && { expiresAt: output.expiresAt }),
    ...metadataOf(output, result),
  };
}

/** Of a URL that holds the key the ticket alone keeps all. */
function shownURL(url: string, { access }: Addressee): string {
  return foreignLine(url, { key: hiddenIn(access), longest: longest.url });
}

function metadataOf(output: Made, result: Pick<ProviderResult, 'metadata'>): Pick<GeneratedImage, 'metadata'> {
  if (output.metadata === undefined) return result.metadata === undefined ? {} : { metadata: result.metadata };
  const isBoth = isRecord(output.metadata) && isRecord(result.metadata);
  return { metadata: isBoth ? { ...result.metadata, ...output.metadata } : output.metadata };
}

function sizeWarning(made: { width: number; height: number }, size: CallDraft['size']): Warning[] {
  if (!size || (size.width === made.width && size.height === made.height)) return [];
  const message = `asked for ${size.width}x${size.height}, the service made ${made.width}x${made.height}`;
  return [{ code: 'size-differs', message }];
}

/** A provider owes one output per picture asked for; what it forgets is an error, not silence. */
function complete<T>(outputs: readonly T[], n: number): readonly (T | { readonly error: ImageError })[] {
  if (outputs.length >= n) return outputs;
  const error = new ImageError('bad-response', `the service returned ${outputs.length} of ${n} pictures`, {
    mayHaveBeenBilled: true,
    hint: 'The missing pictures may have been billed: look at the account before asking for them.',
  });
  return [...outputs, ...Array<{ error: ImageError }>(n - outputs.length).fill({ error })];
}

/** An output with all that must survive on a ticket: seed, position and expiry. A `data:` URL is no URL to keep, but bytes. */
function withFacts(
  output: Made,
  index: number,
  { engine, addressee, row, asked, place }: DeliverOptions,
): Made & { readonly index: number } {
  const seed = output.seed ?? (asked.seed === undefined ? undefined : asked.seed + index);
  const known = { ...output, ...(seed !== undefined && { seed }), index: indexOf(output) ?? place.first + index };
  const text = textOf(known);
  if (text === undefined) return known;
  const { mediaType, revisedPrompt, metadata } = known;
  const about = present({ mediaType, revisedPrompt, metadata, seed, index: known.index });
  const source = sourceIn(text);
  if (!('url' in source)) return { ...about, ...source };
  const lives = row && 'livesSeconds' in row.delivery ? row.delivery.livesSeconds : undefined;
  const ends = lives === undefined ? undefined : engine.clock.now() + lives * 1000;
  const expiresAt = ('expiresAt' in known ? known.expiresAt : undefined) ?? ends;
  return { ...about, url: absolute(source.url, addressee.access.baseURL), ...present({ expiresAt }) };
}

/** Where a provider says in words that a picture is, in whichever field. */
function textOf(output: Made): string | undefined {
  if ('url' in output) return output.url;
  return 'base64' in output && typeof output.base64 === 'string' ? output.base64 : undefined;
}

/** An address as the service means it: what has no host is on its own. */
function absolute(address: string, baseURL: string): string {
  if (/^https?:\/\//i.test(address)) return address;
  return URL.parse(address, new URL(baseURL).origin)?.href ?? address;
}

function indexOf(output: Made): number | undefined {
  return 'index' in output && typeof output.index === 'number' ? output.index : undefined;
}

type Fetchable = Extract<Made, { url: string }> | KeptOutput;

function isFetchable(output: Made): output is Fetchable {
  return 'url' in output || 'ref' in output;
}

function withOutputs(ticket: Ticket, outputs: readonly TicketOutput[]): Ticket {
  const ends = outputs.map((output) => output.expiresAt).filter((time) => time !== undefined);
  return { ...ticket, state: 'delivered', outputs, ...(ends.length && { expiresAt: Math.min(...ends) }) };
}

/** What a ticket says of a picture, but for where it is. */
function describe(output: Made): Omit<TicketOutput, 'url' | 'ref'> {
  const { mediaType, seed, revisedPrompt, metadata } = output;
  const expiresAt = 'expiresAt' in output ? output.expiresAt : undefined;
  return JSON.parse(JSON.stringify({ mediaType, seed, index: indexOf(output), revisedPrompt, expiresAt, metadata }));
}

function toTicketOutput(output: Fetchable): TicketOutput {
  return { ...('url' in output ? { url: output.url } : { ref: output.ref }), ...describe(output) };
}

/** The pictures of a ticket that were paid for and are nowhere. */
function lostOn({ outputs = [] }: Ticket): readonly TicketOutput[] {
  return outputs.filter(({ url, ref }) => url === undefined && ref === undefined);
}

/** What the mark of done work says of a picture. */
function toMark({ image, ref }: Arrived, index: number): TicketOutput {
  const { mediaType, width, height, byteLength, seed, revisedPrompt, metadata } = image;
  const facts = { mediaType, width, height, byteLength, seed, index, revisedPrompt, metadata };
  return { ...JSON.parse(JSON.stringify(facts)), ...(ref !== undefined && { ref }) };
}

function ticketWarning(ticket: Ticket, error: unknown): Warning {
  const message = `ticket ${ticket.id} could not be kept: ${messageOf(error)}`;
  return { code: 'ticket', message };
}
