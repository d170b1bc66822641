// From what a provider answered to pictures in the store. URLs are on a ticket before the first byte is fetched.

import { type Addressee, asImageError, explainError } from '../access/explain.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { Engine } from '../contract/engine.ts';
import { type ErrorCode, ImageError, messageOf } from '../contract/errors.ts';
import type { Warning } from '../contract/notices.ts';
import { isRecord, omit } from '../contract/objects.ts';
import type { CallDraft, Money, Output, ProviderResult } from '../contract/provider.ts';
import type { GeneratedImage } from '../contract/result.ts';
import type { ImageHint } from '../contract/store.ts';
import type { Ticket, TicketOutput } from '../contract/tickets.ts';
import { redact } from '../http/redact.ts';
import { shareOf } from '../negotiate/money.ts';
import type { Deadline } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';
import { withRetries } from '../timing/retry.ts';
import { receivePicture } from './picture.ts';
import { saveTo } from './save.ts';

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

export interface DeliverOptions {
  readonly engine: Pick<Engine, 'transport' | 'store' | 'tickets' | 'clock' | 'maxRetries' | 'maxImageBytes'>;
  readonly addressee: Addressee;
  readonly row: ModelCapabilities | undefined;
  readonly result: ProviderResult;
  readonly ticket: Ticket;
  /** Whether `ticket` is in the store already. */
  readonly stored: boolean;
  /** What was asked of each picture, as far as it is known. */
  readonly asked: Pick<CallDraft, 'n' | 'size' | 'seed'>;
  readonly hint: Omit<ImageHint, 'index' | 'model'> & { readonly first: number };
  /** What `made` pictures cost, where the service does not say. */
  readonly price: (made: number) => Money | null;
  readonly deadline: Deadline;
}

type Made = Exclude<Output, { error: ImageError }>;
/** A picture that was made, or the error in its place. */
type Owed = { readonly error: ImageError } | (Made & { readonly index: number });

/** A ticket, and whether the store has it. */
interface Kept {
  readonly ticket: Ticket;
  readonly stored: boolean;
}

/** What came of the pictures of a call. */
interface Received {
  readonly images: readonly GeneratedImage[];
  readonly errors: readonly ImageError[];
  readonly warnings: readonly Warning[];
  /** Made, and not fetched. */
  readonly missing: readonly TicketOutput[];
  /** Whether bytes that were here could not be kept. */
  readonly lostBytes: boolean;
}

const never = new AbortController().signal;

/** Fetches, verifies and keeps the pictures of a call or job. Never rejects. */
export async function deliver(options: DeliverOptions): Promise<CallReport> {
  const { addressee, result } = options;
  const owed = complete(result.outputs, options.asked.n).map((output, index): Owed => {
    return 'error' in output ? output : withFacts(output, index, options);
  });
  const made = owed.filter((output): output is Made & { readonly index: number } => !('error' in output));
  const spent = made.length === 0 ? undefined : (result.cost ?? options.price(made.length));
  const key = addressee.access.key?.reveal();
  const warnings = (result.warnings ?? []).map((warning) => ({ ...warning, message: redact(warning.message, key) }));

  const recorded = await recordUrls(options, made, spent, warnings);
  const received = await receiveAll(options, owed, recorded, spent);
  warnings.push(...received.warnings);
  const pending = await closeTicket(options, recorded, received, { made: made.length, spent }, warnings);

  const { images, errors } = received;
  return {
    images,
    errors,
    warnings,
    result,
    ...(pending && { pending }),
    ...(images.length > 0 && spent !== undefined && { cost: spent && shareOf(spent, images.length, made.length) }),
    ...(spent !== undefined && { spent }),
  };
}

/** Puts the URLs of the pictures on the ticket, and that on stable storage. */
async function recordUrls(
  { engine, ticket: given, stored }: DeliverOptions,
  made: readonly Made[],
  spent: Money | null | undefined,
  warnings: Warning[],
): Promise<Kept> {
  const ticket: Ticket = { ...given, ...(spent && { cost: spent }) };
  const urls = made.filter((output) => 'url' in output);
  if (urls.length === 0) return { ticket, stored };
  const delivered = withUrls(ticket, urls);
  const isKept = await keep(engine, delivered, warnings);
  return { ticket: delivered, stored: isKept || stored };
}

async function receiveAll(
  options: DeliverOptions,
  owed: readonly Owed[],
  { ticket, stored }: Kept,
  spent: Money | null | undefined,
): Promise<Received> {
  const outcomes = await Promise.allSettled(owed.map((output) => receive(options, output)));
  const images: GeneratedImage[] = [];
  const errors: ImageError[] = [];
  const warnings: Warning[] = [];
  const missing: TicketOutput[] = [];
  let lostBytes = false;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') {
      images.push(outcome.value.image);
      warnings.push(...outcome.value.warnings);
      continue;
    }
    const output = owed[index]!;
    const error = explainError(asImageError(outcome.reason), options.addressee);
    if ('error' in output) {
      errors.push(error);
      continue;
    }
    errors.push(stored ? resumable(error, ticket) : error.with({ mayHaveBeenBilled: spent?.amount !== 0 }));
    if ('url' in output) missing.push(toTicketOutput(output));
    else lostBytes = true;
  }
  return { images, errors, warnings, missing, lostBytes };
}

/** Leaves on the ticket what is still to be fetched, and returns it; or deletes it. */
async function closeTicket(
  { engine, ticket: given }: DeliverOptions,
  { ticket, stored }: Kept,
  { images, missing, lostBytes }: Received,
  { made, spent }: { readonly made: number; readonly spent: Money | null | undefined },
  warnings: Warning[],
): Promise<Ticket | undefined> {
  if (!stored) return undefined;
  // What the service still works on or keeps can be asked for again, whatever form it comes in.
  if (lostBytes && ticket.service !== undefined) {
    await keep(engine, given, warnings);
    return given;
  }
  if (missing.length > 0) {
    const rest = { ...ticket, outputs: missing, ...(spent && { cost: shareOf(spent, missing.length, made) }) };
    if (images.length > 0) await keep(engine, rest, warnings);
    return rest;
  }
  await engine.tickets.delete(ticket.id).catch((error) => warnings.push(ticketWarning(ticket, error)));
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

async function receive(options: DeliverOptions, output: Owed) {
  if ('error' in output) throw output.error;
  const { engine, addressee, deadline, hint, asked } = options;
  const fetched = 'url' in output || 'stream' in output;
  // Bytes that are here already are kept even if time is over: they are paid for.
  const signal = fetched ? deadline.signal : never;
  const picture = await withRetries(
    async () => {
      const writer = await engine.store.open({
        model: addressee.name,
        prompt: hint.prompt,
        count: hint.count,
        index: output.index,
      });
      const receiving = receivePicture(output, {
        transport: engine.transport,
        trustedOrigins: [new URL(addressee.access.baseURL).origin],
        writer,
        signal,
        maxBytes: engine.maxImageBytes,
        ...(output.mediaType && { declaredType: output.mediaType }),
      });
      return orAbort(receiving, signal);
    },
    {
      clock: engine.clock,
      signal,
      deadline: deadline.at,
      maxRetries: 'url' in output ? engine.maxRetries : 0,
      spends: false,
    },
  );
  const { stored, warnings = [] } = picture;
  const image: GeneratedImage = {
    model: addressee.name,
    ...(stored.facts ?? picture.facts),
    ...(output.seed !== undefined && { seed: output.seed }),
    ...(output.revisedPrompt && { revisedPrompt: output.revisedPrompt }),
    ...('url' in output && { sourceUrl: output.url }),
    ...('url' in output && output.expiresAt !== undefined && { expiresAt: output.expiresAt }),
    ...(stored.path && { path: stored.path }),
    ...metadataOf(output, options.result),
    bytes: () => stored.bytes(),
    stream: () => stored.stream(),
    save: (path) => saveTo(path, stored),
  };
  return { image, warnings: [...warnings, ...sizeWarning(picture.facts, asked.size)] };
}

/** What the service said of the picture, and of the call that made it. */
function metadataOf(output: Made, result: ProviderResult): Pick<GeneratedImage, 'metadata'> {
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
function complete(outputs: readonly Output[], n: number): readonly Output[] {
  if (outputs.length >= n) return outputs;
  const error = new ImageError('bad-response', `the service returned ${outputs.length} of ${n} pictures`, {
    mayHaveBeenBilled: true,
    hint: 'Ask again for the missing pictures.',
  });
  return [...outputs, ...Array<Output>(n - outputs.length).fill({ error })];
}

/** An output with all that must survive on a ticket: seed, position and expiry. A `data:` URL is no URL to keep, but bytes. */
function withFacts(
  output: Made,
  index: number,
  { engine, row, asked, hint }: DeliverOptions,
): Made & { readonly index: number } {
  const seed = output.seed ?? (asked.seed === undefined ? undefined : asked.seed + index);
  const known = { ...output, ...(seed !== undefined && { seed }), index: indexOf(output) ?? hint.first + index };
  if (!('url' in known)) return known;
  if (/^data:/i.test(known.url)) {
    return { ...omit(known, 'url', 'expiresAt'), base64: known.url };
  }
  const lives = row && 'livesSeconds' in row.delivery ? row.delivery.livesSeconds : undefined;
  if (known.expiresAt !== undefined || lives === undefined) return known;
  return { ...known, expiresAt: engine.clock.now() + lives * 1000 };
}

function indexOf(output: Output): number | undefined {
  return 'index' in output && typeof output.index === 'number' ? output.index : undefined;
}

function withUrls(ticket: Ticket, outputs: readonly (Made & { url: string })[]): Ticket {
  const ends = outputs.map((output) => output.expiresAt).filter((time) => time !== undefined);
  return {
    ...ticket,
    state: 'delivered',
    outputs: outputs.map(toTicketOutput),
    ...(ends.length && { expiresAt: Math.min(...ends) }),
  };
}

function toTicketOutput(output: Made & { url: string }): TicketOutput {
  const { url, mediaType, seed, revisedPrompt, expiresAt, metadata } = output;
  const index = indexOf(output);
  return JSON.parse(JSON.stringify({ url, mediaType, seed, index, revisedPrompt, expiresAt, metadata }));
}

/** What a caller should know of a picture that is paid for: how to get it, and that it may be gone. */
function resumable(error: ImageError, { id, service }: Ticket): ImageError {
  const isGone = error.code === 'not-found' && service === undefined;
  const next = isGone
    ? `The picture is paid for: resume ticket ${id} to try once more without paying again; drop it if it is gone for good.`
    : `The picture is made and paid for: resume ticket ${id} to fetch it without paying again.`;
  return error.with({ mayHaveBeenBilled: true, hint: isForPerson(error) ? `${error.hint} ${next}` : next });
}

/** Whether nothing will come of it before somebody has done what the hint says. */
function isForPerson({ code, details, hint }: ImageError): boolean {
  const problem = isRecord(details) ? details.problem : undefined;
  return hint !== undefined && (setUp.has(code) || problem === 'address');
}

/** Errors that a person ends by changing how anyimage is set up. */
const setUp: ReadonlySet<ErrorCode> = new Set(['auth', 'permission', 'quota', 'config', 'storage']);

function ticketWarning(ticket: Ticket, error: unknown): Warning {
  const message = `ticket ${ticket.id} could not be kept: ${messageOf(error)}`;
  return { code: 'ticket', message };
}
