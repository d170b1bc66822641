// Input pictures in the form a model takes: fetched, upright, and under `adapt` converted or scaled down.

import { type Limits, limitsOf, rowFor } from '../contract/capabilities.ts';
import type { ImageCodec, PictureForm } from '../contract/codec.ts';
import type { Engine, ModelEntry } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { Applied } from '../contract/notices.ts';
import type { CallDraft, InputBytes, InputImage } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import type { Asked } from '../models/decide.ts';
import { modelInUse } from '../models/retirement.ts';
import { operationOf } from '../negotiate/negotiate.ts';
import { together } from '../timing/together.ts';
import { hasAlpha } from '../verify/verify.ts';
import { fetchInput, refuseLocal } from './inputs.ts';
import { judgeMask } from './judge-mask.ts';

type Surroundings = Pick<Engine, 'codec' | 'transport' | 'fromAgents' | 'clock' | 'env' | 'log'>;
type ImageLimits = Exclude<Limits['images'], false | undefined>;
type MaskLimits = Exclude<Limits['mask'], false | undefined>;

/**
 * The request with its pictures as this model takes them (under `adapt`, as the successor of a retired one does). URLs are
 * fetched if it takes none. With a codec, pictures are turned upright and, under `adapt`, converted and scaled down, which is
 * in `applied`; what then still does not fit is negotiation's to refuse. Rejects with the signal's reason when it aborts, and
 * throws `invalid-request` for a mask that is none by its pixels.
 */
export async function prepareInputs(
  engine: Surroundings,
  model: ModelEntry,
  request: ParsedRequest,
  how: { readonly adapt: boolean; readonly signal: AbortSignal },
): Promise<Asked> {
  const inUse = modelInUse(engine, model, how.adapt);
  const row = rowFor(inUse.row, inUse.id, request.providerOptions);
  const limits = limitsOf(row, operationOf(request));
  if (!limits || request.images.length === 0) return { request, applied: [] };
  const prepared = limits.images
    ? await fitInputs(engine, inUse, request, limits.images, how)
    : { request, applied: [] };
  const { mask } = prepared.request;
  const takesMask = limits.mask || (limits.mask === undefined && row.open);
  if (takesMask && mask?.as === 'bytes') await judgeMask(engine.codec, mask);
  return prepared;
}

async function fitInputs(
  engine: Surroundings,
  { entry, id }: ModelEntry,
  request: ParsedRequest,
  limits: ImageLimits,
  { adapt, signal }: { readonly adapt: boolean; readonly signal: AbortSignal },
): Promise<Asked> {
  const { codec } = engine;
  const applied: Applied[] = [];
  const fetched = async (image: InputImage, until = signal): Promise<InputImage> => {
    if (image.as !== 'url') return image;
    const { transport, fromAgents: directOnly, log } = engine;
    if (!limits.as.includes('url')) return fetchInput(image.url, { transport, signal: until, directOnly, log });
    refuseLocal(image.url, transport);
    return image;
  };
  const upright = async (option: 'images' | 'mask', image: InputImage): Promise<InputImage> => {
    if (image.as !== 'bytes' || !codec) return image;
    signal.throwIfAborted();
    const turned = await codec.upright(image);
    if (!turned) return image;
    const because = 'its EXIF orientation says how it is to be turned, and services do not all read it';
    applied.push({ option, asked: show(image), sent: show(turned), because });
    return turned;
  };
  const images = await together(request.images, signal, fetched);
  for (const [index, image] of images.entries()) images[index] = await upright('images', image);
  let mask = request.mask && (await upright('mask', await fetched(request.mask)));
  if (!adapt || !codec) return { request: { ...request, images, ...(mask && { mask }) }, applied };

  for (const [index, image] of images.entries()) {
    if (image.as !== 'bytes') continue;
    const fitted = await fit(codec, image, limits, signal);
    if (!fitted) continue;
    images[index] = fitted;
    const because = `${entry.definition.id}/${id} takes ${describe(limits)}`;
    applied.push({ option: 'images', asked: show(image), sent: show(fitted), because });
    // The mask lies on the first picture and goes with it.
    if (index === 0 && mask?.as === 'bytes' && mask.width === image.width && mask.height === image.height) {
      const { width, height } = fitted;
      if (width === mask.width && height === mask.height) continue;
      signal.throwIfAborted();
      const scaled = await codec.convert(mask, { mediaType: 'image/png', width, height });
      applied.push({ option: 'mask', asked: show(mask), sent: show(scaled), because: 'it is scaled with its picture' });
      mask = scaled;
    }
  }
  return { request: { ...request, images, ...(mask && { mask }) }, applied };
}

/**
 * The mask in the form the service takes. Throws `unsupported` if it must be changed and nothing here can; one that should only
 * be harder passes as it is.
 */
export async function encodeMasks(
  codec: ImageCodec | undefined,
  limits: Limits,
  calls: readonly CallDraft[],
): Promise<readonly CallDraft[]> {
  const mask = calls[0]?.mask;
  if (!limits.mask || mask?.as !== 'bytes') return calls;
  const { repaint, hard = false } = limits.mask;
  if (repaint === 'white' && !hard) return calls;
  if (!codec && repaint === 'white') return calls;
  if (!codec) {
    throw new ImageError(
      'unsupported',
      `the model takes a mask whose area to repaint is ${repaint}, and nothing here can convert masks`,
      {
        details: { option: 'mask', asked: 'white', allowed: repaint },
        hint: 'Give a codec that can: imageCodec() of @anyimage/host/codec, or one of your own.',
      },
    );
  }
  const encoded = await codec.mask(mask, { repaint, hard });
  measureMask(encoded, mask, limits.mask);
  return calls.map((call) => ({ ...call, mask: encoded }));
}

/** What was measured when it was negotiated is not what is sent. Throws `unsupported` for one that is too long, `config` for a codec's slip. */
function measureMask(encoded: InputBytes, mask: InputBytes, { maxBytes, repaint }: MaskLimits): void {
  const { length } = encoded.bytes;
  if (maxBytes !== undefined && length > maxBytes) {
    const message = `the mask has ${length} bytes in the form that the model takes (${repaint} = repaint), which is at most ${maxBytes}`;
    throw new ImageError('unsupported', message, {
      details: { option: 'mask', asked: length, allowed: maxBytes },
      hint: 'Give a smaller picture and mask, or a mask of fewer and simpler areas.',
    });
  }
  if (encoded.width === mask.width && encoded.height === mask.height) return;
  const sizes = `${encoded.width}x${encoded.height} px of one of ${mask.width}x${mask.height} px`;
  throw new ImageError('config', `the image codec made a mask of ${sizes}`, {
    details: { option: 'mask' },
    hint: 'It is your own, which the client was given: a mask keeps its size.',
  });
}

const lessQuality = [90, 75, 60];

/** A form of the picture that fits the limits, or `undefined` if it fits as it is or cannot be made to. */
async function fit(
  codec: ImageCodec,
  image: InputBytes,
  limits: ImageLimits,
  signal: AbortSignal,
): Promise<InputBytes | undefined> {
  const { types, maxBytes = Number.POSITIVE_INFINITY } = limits;
  const scale = scaleTo(image, limits);
  const typed = types.includes(image.mediaType);
  const fits = image.bytes.length <= maxBytes;
  const opaque = limits.alpha !== false || !hasAlpha(image);
  if (typed && scale === 1 && fits && opaque) return undefined;
  const form = (mediaType: string, by: number, quality?: number): PictureForm => ({
    mediaType,
    width: Math.max(1, Math.floor(image.width * by)),
    height: Math.max(1, Math.floor(image.height * by)),
    ...(!opaque && { flatten: true }),
    ...(quality !== undefined && { quality }),
  });
  const mediaType = typed ? image.mediaType : types.includes('image/png') ? 'image/png' : types[0];
  if (!mediaType) return undefined;
  const convert = (wanted: PictureForm) => {
    signal.throwIfAborted();
    return codec.convert(image, wanted);
  };
  let fitted = await convert(form(mediaType, scale));
  const small = ['image/webp', 'image/jpeg'].find((type) => types.includes(type)) ?? mediaType;
  for (let by = scale; fitted.bytes.length > maxBytes && by > scale / 16; by *= 0.7) {
    for (const quality of lessQuality) {
      fitted = await convert(form(small, by, quality));
      if (fitted.bytes.length <= maxBytes) break;
    }
  }
  return fitted;
}

/** How much the picture must shrink for its sides and pixels, at most 1. */
function scaleTo({ width, height }: InputBytes, { side, pixels }: ImageLimits): number {
  const bySide = side ? side[1] / Math.max(width, height) : 1;
  const byPixels = pixels ? Math.sqrt(pixels[1] / (width * height)) : 1;
  return Math.min(1, bySide, byPixels);
}

function describe({ types, side, pixels, maxBytes, alpha }: ImageLimits): string {
  return [
    types.map((type) => type.replace('image/', '')).join(', '),
    side && `sides up to ${side[1]} px`,
    pixels && `up to ${pixels[1]} pixels`,
    maxBytes !== undefined && `up to ${maxBytes} bytes`,
    alpha === false && 'no transparency',
  ]
    .filter(Boolean)
    .join(', ');
}

function show({ mediaType, width, height, bytes }: InputBytes): string {
  return `${mediaType.replace('image/', '')} ${width}x${height}, ${bytes.length} bytes`;
}
