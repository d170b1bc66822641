// What is done with the pixels of a picture, each by name. All that comes and goes is plain data, so that a process of its own can do
// it. The image library is loaded with the first of them.

import { open } from 'node:fs/promises';
import type { InputBytes, MaskForm, PictureForm } from '@anyimage/core';
import type { Metadata, Sharp } from 'sharp';
import { fillMask } from './fill-mask.ts';
import { shapeOn, type WrittenShape } from './mask-shapes.ts';

/** Formats that pixels can be kept in, by the word that `outputFormat` uses. */
export type PixelFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif';

/** A picture: its bytes, or the path of its file. */
export type Source = Uint8Array | string;

export interface Preview {
  /** Base64. */
  readonly data: string;
  /** `image/jpeg`, `image/png` or `image/webp`. */
  readonly mimeType: string;
}

/** Pixels: red, green, blue and opacity of each, a byte for each, in rows from the top. */
export interface Raster {
  readonly data: Uint8Array;
  /** px */
  readonly width: number;
  readonly height: number;
}

/** Formats that every client shows. */
export type ShownFormat = 'png' | 'jpeg' | 'webp';

/** What is to be seen of a picture, and how. */
export interface ViewForm {
  readonly format: ShownFormat;
  /** The box that it fits in, px. A smaller picture is not enlarged. */
  readonly width?: number;
  readonly height?: number;
  /** The part of the upright picture: its left and upper edge, width and height; default all of it. */
  readonly crop?: readonly [x: Length, y: Length, width: Length, height: Length];
}

/** In px, or as percent of the side of the picture. */
export interface Length {
  readonly amount: number;
  readonly unit: 'px' | '%';
}

/** Most bytes that a work may need: 100 megapixels of a png with transparency, to be looked at, take four fifths. */
const mostNeeded = 520_000_000;
/** What is worked on in this process, bytes: 5 megapixels with transparency. */
const fewNeeded = 20_000_000;

/** How often all pixels are held while a format is read, as measured; a progressive jpeg is held as coefficients of two bytes. */
const decoded: { readonly [format: string]: number } = { gif: 1.5, webp: 3, heif: 6 };
/** The same while it is written. */
const encoded: Readonly<Record<PixelFormat, number>> = { png: 0.5, jpeg: 0.5, gif: 2, webp: 3.5, avif: 9 };
/** How often four bytes of each pixel are held: of a mask that is made, and of pixels that are handed from one process to the other. */
const held = { mask: 2, pixels: 4 } as const;

/** Each rejects with what the image library says of a picture that it cannot read, or with what is too large in it. */
export const works = {
  preview,
  view,
  raster,
  convert,
  reshape,
  maskIn,
  maskFromHoles,
  shapeMask,
  upright,
  pixels,
  flaw,
};

export type Works = typeof works;
export type Work = keyof Works;

const smallestSide = 64;
const lossy = [80, 60, 40] as const;
/** From the best one on, until a preview is small enough at one. */
const qualities: { readonly [format in ShownFormat]: readonly (number | undefined)[] } = {
  png: [undefined],
  jpeg: lossy,
  webp: lossy,
};

/**
 * A small copy, its longest side at most `side` px, turned as its metadata says, in sRGB, without the metadata. A picture with transparency
 * is webp in place of jpeg.
 */
async function preview(
  source: Source,
  side: number,
  maxLength: number,
  format: ShownFormat = 'jpeg',
): Promise<Preview> {
  const { sharp, picture } = await openPicture(source);
  const { data, info } = await picture
    .rotate()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const small = sharp(data, { raw: { width, height, channels } });
  const isOpaque = channels % 2 === 1 || (await small.stats()).isOpaque;
  const shown = format === 'jpeg' && !isOpaque ? 'webp' : format;
  for (let length = side; ; length = Math.floor(length * 0.75)) {
    const sized = small.clone().resize({ width: length, height: length, fit: 'inside', withoutEnlargement: true });
    for (const quality of qualities[shown]) {
      const encoded = sized.clone().toFormat(shown, { ...(quality !== undefined && { quality }) });
      const text = (await encoded.toBuffer()).toString('base64');
      const isSmallest = quality === qualities[shown].at(-1) && length <= smallestSide;
      if (text.length <= maxLength || isSmallest) return { data: text, mimeType: `image/${shown}` };
    }
  }
}

const viewQuality = 90;

/** A picture, or a part of it, turned as its metadata says, at another size and in another format; white where that has no transparency. */
async function view(source: Source, { format, width, height, crop }: ViewForm): Promise<InputBytes> {
  const { picture, facts, needed } = await openPicture(source, { copies: encoded[format] });
  let shown = picture.autoOrient();
  if (crop) shown = shown.extract(partOf(facts.autoOrient, crop));
  if (width !== undefined || height !== undefined) {
    shown = shown.resize({ width, height, fit: 'inside', withoutEnlargement: true });
  }
  if (format === 'jpeg') shown = shown.flatten({ background: 'white' });
  const mediaType = `image/${format}`;
  return bytesOf(inFormat(shown.keepIccProfile(), mediaType, viewQuality, needed), mediaType);
}

/** A small copy as pixels: red, green, blue and opacity of each, in rows from the top. It fits a box, px, and is not enlarged. */
async function raster(source: Source, width: number, height: number): Promise<Raster> {
  const { picture } = await openPicture(source);
  const { data, info } = await picture
    .autoOrient()
    .resize({ width, height, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** What lies within the picture. Throws if none of it does. */
function partOf(whole: { readonly width: number; readonly height: number }, crop: NonNullable<ViewForm['crop']>) {
  const [x, y, wide, high] = crop;
  const px = ({ amount, unit }: Length, side: number) => (unit === '%' ? (amount / 100) * side : amount);
  const left = Math.round(px(x, whole.width));
  const top = Math.round(px(y, whole.height));
  const width = Math.min(Math.max(1, Math.round(px(wide, whole.width))), whole.width - left);
  const height = Math.min(Math.max(1, Math.round(px(high, whole.height))), whole.height - top);
  if (width <= 0 || height <= 0) throw new Error(`nothing of its ${whole.width}x${whole.height} pixels lies there`);
  return { left, top, width, height };
}

/** The picture in another format, with its colour profile and metadata; white where the format has no transparency. */
async function convert(source: Source, format: PixelFormat): Promise<Uint8Array> {
  const animated = format === 'webp' || format === 'gif';
  const { picture, needed } = await openPicture(source, { animated, copies: encoded[format] });
  const kept = picture.keepMetadata();
  const opaque = format === 'jpeg' ? kept.flatten({ background: 'white' }) : kept;
  return opaque.toFormat(format, effortFor(format, needed)).toBuffer();
}

/** From here on a picture is packed the quick way: the usual one takes a minute for the largest. Bytes. */
const manyNeeded = 150_000_000;

function effortFor(format: PixelFormat, needed: number): { readonly effort?: number } {
  const effort = quickEffort[format];
  return needed > manyNeeded && effort !== undefined ? { effort } : {};
}

/** Below 2, webp cannot hold a large picture of noise. */
const quickEffort: Readonly<Partial<Record<PixelFormat, number>>> = { webp: 2, avif: 0 };

/** The picture in the form that a service takes. */
async function reshape(source: Source, { mediaType, width, height, flatten, quality = 90 }: PictureForm) {
  const written = encoded[formatOf(mediaType)] * width * height * 4;
  const { picture, needed } = await openPicture(source, { written });
  const opaque = flatten || mediaType === 'image/jpeg' ? picture.flatten({ background: 'white' }) : picture;
  return bytesOf(
    inFormat(opaque.resize(width, height, { fit: 'fill' }).keepIccProfile(), mediaType, quality, needed),
    mediaType,
  );
}

const uprightQuality = 95;

/** The picture turned as its EXIF orientation says; `undefined` if it stands upright already. */
async function upright(source: Source, mediaType: string): Promise<InputBytes | undefined> {
  const { picture, facts, needed } = await openPicture(source);
  if ((facts.orientation ?? 1) <= 1) return undefined;
  return bytesOf(inFormat(picture.autoOrient().keepIccProfile(), mediaType, uprightQuality, needed), mediaType);
}

/** Red, green, blue and opacity of each pixel. */
async function pixels(source: Source): Promise<Uint8Array> {
  const { picture } = await openPicture(source, { fourfold: held.pixels });
  return picture.toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' }).toBuffer();
}

/** The mask as png in the form that a service takes. What is transparent in it is kept, like black. */
async function maskIn(source: Source, { repaint, hard }: MaskForm): Promise<InputBytes> {
  const { sharp, picture } = await openPicture(source, { fourfold: held.mask });
  const grey = picture.flatten({ background: 'black' }).toColourspace('b-w').extractChannel(0);
  const shades = hard ? grey.threshold(128) : grey;
  if (repaint === 'white') return bytesOf(shades.png(), 'image/png');
  if (repaint === 'black') return bytesOf(shades.negate().png(), 'image/png');
  const { data, info } = await shades.raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const masked = Buffer.alloc(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const shade = data[pixel * info.channels]!;
    if (repaint === 'white+transparent') masked.fill(shade, pixel * 4, pixel * 4 + 3);
    masked[pixel * 4 + 3] = 255 - shade;
  }
  return bytesOf(sharp(masked, { raw: { width, height, channels: 4 } }).png(), 'image/png');
}

/** The mask as png, white where this one is transparent. `undefined` for a picture that is transparent nowhere. */
async function maskFromHoles(source: Source): Promise<InputBytes | undefined> {
  const { picture, facts } = await openPicture(source, { fourfold: held.mask });
  if (!facts.hasAlpha || (await picture.clone().stats()).isOpaque) return undefined;
  return bytesOf(picture.extractChannel('alpha').negate().toColourspace('b-w').png(), 'image/png');
}

/** The mask of shapes on a picture, as png; how many pixels are in each shape and in all tells what it is worth. */
async function shapeMask(source: Source, written: readonly WrittenShape[]) {
  const { sharp, facts } = await openPicture(source);
  const { width, height } = facts.autoOrient;
  const size = { width, height };
  const { pixels, inShape, painted } = fillMask(
    written.map((shape) => shapeOn(shape, size)),
    size,
  );
  const bytes: Uint8Array = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
  return { bytes, width, height, inShape, painted };
}

/** What is wrong with the pixels; `undefined` if all of them can be read, or none is, because they are too many. */
async function flaw(source: Source): Promise<string | undefined> {
  try {
    const { picture, facts } = await openPicture(source);
    const { width, height } = facts;
    if (pixelBytes(facts) <= fewPixelBytes) {
      await picture.raw().toBuffer();
      return undefined;
    }
    // Shrinking reads every pixel and keeps none; taking the whole out of it first, the decoder cannot shrink by leaving out.
    await picture.extract({ left: 0, top: 0, width, height }).resize(8, 8, { fit: 'fill' }).raw().toBuffer();
    return undefined;
  } catch (error) {
    return error instanceof TooMuch ? undefined : (error as Error).message.split('\n')[0]!;
  }
}

/** What is as soon held whole as shrunk. */
const fewPixelBytes = 2 ** 20;

class TooMuch extends Error {}

/** A longer file may hold much besides its pixels, which takes time to pass over. Bytes. */
const fewBytes = 4 * 2 ** 20;

/**
 * A picture that is worked on in this process, as bytes: its file is short, its pixels need little, and no drawing is executed. `undefined` for
 * another. The image library maps a file that it reads, and a process ends at once when such a file is cut meanwhile.
 */
export async function readSmall(source: Source, room: Room): Promise<Source | undefined> {
  try {
    const bytes = typeof source === 'string' ? await readShort(source, room) : source;
    if (bytes === undefined || bytes.length > fewBytes) return undefined;
    if (!isPixels.test(Buffer.from(bytes.subarray(0, 12)).toString('latin1'))) return undefined;
    // With all frames: some works take the first alone, others the whole animation.
    return (await measure(bytes, { animated: true }).catch(() => none)).needed <= fewNeeded ? bytes : undefined;
  } catch {
    return source; // a file that cannot be read is told as soon here
  }
}

/** What is no picture needs nothing, and is told as soon here. */
const none = { needed: 0 };

/** How png, jpeg, webp, gif and avif begin. Even the size of a drawing may have to be drawn to be known. */
const isPixels = /^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP|.{4}ftyp)/s;

/** Gives memory of at least so many bytes. */
export type Room = (length: number) => Uint8Array;

/** `undefined` for a longer file. */
async function readShort(path: string, room: Room): Promise<Uint8Array | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > fewBytes) return undefined;
    const { buffer, bytesRead } = await file.read(room(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What a work does beside reading the picture. */
interface Doing {
  /** How often all its pixels are held once more. */
  readonly copies?: number;
  /** How often four bytes of each pixel are held besides: a grey one becomes as large. */
  readonly fourfold?: number;
  /** What is held of the picture that is made, bytes. */
  readonly written?: number;
  readonly animated?: boolean;
}

async function openPicture(source: Source, how: Doing = {}) {
  const { sharp, facts, needed } = await measure(source, how);
  const { animated = false } = how;
  if (needed > mostNeeded) {
    const { width, height, pages = 1 } = facts;
    const frames = animated && pages > 1 ? ` in ${pages} frames` : '';
    throw new TooMuch(`its ${width}x${height} pixels${frames} are more than can be worked on here`);
  }
  return { sharp, facts, needed, picture: sharp(source, { limitInputPixels: false, animated }) };
}

let library: ReturnType<typeof importLibrary> | undefined;

/** Loads the image library, once. */
export function loadLibrary() {
  library ??= importLibrary();
  return library;
}

async function importLibrary() {
  const { default: sharp } = await import('sharp');
  // What it remembers it would hold, and tell of a file that is another one by now.
  sharp.cache(false);
  return sharp;
}

/** Of pictures that were looked at, to see whether they are small: the work itself asks again. */
const known = new WeakMap<Uint8Array, Metadata>();

async function measure(source: Source, { copies = 0, fourfold = 0, written = 0, animated = false }: Doing = {}) {
  const sharp = await loadLibrary();
  const isHere = typeof source !== 'string';
  const facts = (isHere && known.get(source)) || (await sharp(source, { limitInputPixels: false }).metadata());
  if (isHere) known.set(source, facts);
  const frames = animated ? (facts.pages ?? 1) : 1;
  const made = facts.width * facts.height * 4 * fourfold + written;
  return { sharp, facts, needed: pixelBytes(facts) * frames * (copiesRead(facts) + copies) + made };
}

function copiesRead({ format, isProgressive }: Metadata): number {
  return format === 'jpeg' && isProgressive ? 2 : (decoded[format] ?? 1);
}

/** Of one frame. */
function pixelBytes({ width, height, channels, depth }: Metadata): number {
  return width * height * channels * (bytesOfDepth[depth] ?? 1);
}

const bytesOfDepth: { readonly [depth: string]: number } = {
  ushort: 2,
  short: 2,
  float: 4,
  int: 4,
  uint: 4,
  double: 8,
};

function inFormat(picture: Sharp, mediaType: string, quality: number, needed: number): Sharp {
  const format = formatOf(mediaType);
  return format === 'png' || format === 'gif'
    ? picture.toFormat(format)
    : picture.toFormat(format, { quality, ...effortFor(format, needed) });
}

function formatOf(mediaType: string): PixelFormat {
  return mediaType.replace('image/', '') as PixelFormat;
}

async function bytesOf(picture: Sharp, mediaType: string): Promise<InputBytes> {
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  return { as: 'bytes', bytes: data, mediaType, width: info.width, height: info.height };
}
