// From an answer to pictures, usage and cost. Sources: docs/providers/openai.md, sections 2.3, 3.4 and 5.

import {
  type Envelope,
  holdsPicture,
  ImageError,
  isRecord,
  type Json,
  type Money,
  nothingMade,
  type Output,
  otherForm,
  type ProviderCall,
  type ProviderResult,
  picturesInEntry,
  present,
  roundMoney,
  tokenCost,
  type Usage,
  unlessEmpty,
} from '@anyimage/core';
import * as z from 'zod';
import { dialectOf } from './dialect.ts';
import { requestIdOf, serviceError, tellsError } from './errors.ts';
import { wantsSVG } from './request.ts';

// Strict only where the pictures depend on it: what is said beside them, in whatever form, must not lose them.
const word = z.string().nullish().catch(undefined);
/** In place of a list that is none. */
const unread = [null];
const entries = z.array(z.unknown()).nullish().catch(unread);
const count = z.number().min(0).nullish();
const counts = z.object({ text_tokens: count, image_tokens: count, cached_tokens: count }).nullish();
const usage = z.object({
  input_tokens: count,
  output_tokens: count,
  total_tokens: count,
  input_tokens_details: counts,
  output_tokens_details: counts,
  cost_in_usd_ticks: count,
});
const answer = z.object({
  // `images` is SiliconFlow's and DeepInfra's name of the list.
  data: entries.optional(),
  images: entries.optional(),
  usage: usage.nullish().catch(undefined),
  seed: z.int().min(0).nullish().catch(undefined),
  size: word,
  quality: word,
  background: word,
  output_format: word,
  error: z.unknown().optional(),
});
type ServiceAnswer = z.infer<typeof answer>;

/**
 * The pictures of a success. Throws what the body says is wrong, also with status 200; `bad-response` for another form, and for a
 * success without a picture, which may have been billed; `content-blocked` where the server blocks without a word.
 */
export function fromWire(call: ProviderCall, envelope: Envelope, body: unknown): ProviderResult {
  const parsed = answer.safeParse(body);
  if (!parsed.success) throw otherForm(envelope, z.prettifyError(parsed.error));
  const read = parsed.data;
  const items = read.data?.some(holdsPicture) ? read.data : (read.images ?? read.data ?? []);
  if (tellsError(read.error) && !items.some(holdsPicture)) throw serviceError(envelope, body);
  const requestId = requestIdOf(envelope.headers);
  const outputs = items.flatMap((item) => outputsOf(item, read, call));
  if (outputs.length === 0) {
    throw items.every(isRecord) ? withoutPicture(call, requestId) : otherForm(envelope, 'its list holds no pictures');
  }
  const counted = countTokens(read, call.images.length > 0);
  // The text model that writes a drawing is billed on top, at a price that is not known.
  const cost = wantsSVG(call) ? undefined : costOf(call, read, counted);
  return present({ outputs, requestId, usage: counted?.used, cost, metadata: metadataOf(read) });
}

function outputsOf(item: unknown, { output_format, seed }: ServiceAnswer, call: ProviderCall): Output[] {
  // xAI: the picture was made and moderation holds it back.
  if (isRecord(item) && item.respect_moderation === false) return [{ error: blockedAfterwards() }];
  return picturesInEntry(item).map((picture) => {
    const told = 'url' in picture || !isPixels.test(output_format ?? '') ? undefined : `image/${output_format}`;
    const about = present({
      // What was not asked for is never taken as a drawing.
      mediaType: wantsSVG(call) ? 'image/svg+xml' : told,
      seed: call.n === 1 ? (seed ?? undefined) : undefined,
    });
    return { ...picture, ...about };
  });
}

const isPixels = /^(png|jpe?g|webp|gif|avif)$/i;

/** What `auto` became. */
function metadataOf({ size, quality, background, output_format }: ServiceAnswer): Json | undefined {
  const said = {
    size: size ?? undefined,
    quality: quality ?? undefined,
    background: background ?? undefined,
    outputFormat: output_format ?? undefined,
  };
  return unlessEmpty<{ readonly [name: string]: Json }>(present(said));
}

interface Counted {
  readonly used: Usage;
  /** Not every token is told by its kind, or some were cached, which makes them cheaper: it costs this much at most. */
  readonly isVague: boolean;
}

/** Some servers send zeros: that is no usage. */
function countTokens({ usage: said }: ServiceAnswer, withPictures: boolean): Counted | undefined {
  if (!said) return undefined;
  const { input_tokens: given, input_tokens_details: into, total_tokens: all } = said;
  const written = said.output_tokens ?? (all == null ? undefined : Math.max(0, all - (given ?? 0)));
  // Where nothing more is told, what was given may all be pictures, if there were any.
  const input = kindsOf(given, into, withPictures ? 'image' : 'text');
  const output = kindsOf(written, said.output_tokens_details, 'image');
  const used: Usage = present({
    textIn: input.text,
    imageIn: input.image,
    textOut: output.text,
    imageOut: output.image,
  });
  if (!Object.values(used).some((tokens) => tokens > 0)) return undefined;
  const isGuess = (input.named === 0 && withPictures) || input.isOpen || output.isOpen;
  const isSum = said.output_tokens == null && given == null;
  return { used, isVague: isGuess || isSum || !!into?.cached_tokens };
}

/**
 * Tokens by kind. Those of the sum that the details leave out are of the kind that they do not name; of `others`, if they name none;
 * and of pictures, which are dearer, if they name both and do not add up.
 */
function kindsOf(sum: number | null | undefined, details: z.infer<typeof counts>, others: 'text' | 'image') {
  const text = details?.text_tokens ?? undefined;
  const image = details?.image_tokens ?? undefined;
  const named = [text, image].filter((tokens) => tokens !== undefined).length;
  if (sum == null) return { text, image, named, isOpen: false };
  const rest = Math.max(0, sum - (text ?? 0) - (image ?? 0));
  const isText = text === undefined && (image !== undefined || others === 'text');
  const all = isText ? { text: rest, image } : { text, image: (image ?? 0) + rest };
  return { ...all, named, isOpen: named === 2 && rest > 0 };
}

/** The service's own sum, or the tokens at the prices of the table; undefined if a price, or the picture's tokens, are missing. */
function costOf(
  { limits }: Pick<ProviderCall, 'limits'>,
  { usage: said }: ServiceAnswer,
  counted: Counted | undefined,
): Money | undefined {
  const ticks = said?.cost_in_usd_ticks;
  if (ticks != null) return { amount: roundMoney(ticks / 1e10), currency: 'USD', estimated: false };
  if (!counted?.used.imageOut) return undefined;
  const cost = tokenCost(counted.used, limits.prices ?? []);
  return cost && { ...cost, estimated: cost.estimated || counted.isVague };
}

function withoutPicture({ limits }: ProviderCall, requestId: string | undefined): ImageError {
  const id = requestId ? { requestId } : {};
  return dialectOf(limits).emptyIsBlocked ? blockedAfterwards().with(id) : nothingMade(id);
}

function blockedAfterwards(): ImageError {
  return new ImageError('content-blocked', 'moderation of the service holds the picture back', {
    mayHaveBeenBilled: true,
    hint: 'Reword the prompt; the service does not say what was found.',
  });
}
