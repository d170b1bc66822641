// What the service reads in a request for pictures, and what it refuses. Stricter than its pages: unknown fields are refused
// (the service's own behaviour is unverified).

import { isRecord } from '@anyimage/core';
import { isBase64, lookAt, type SentPicture } from '@anyimage/testkit';
import { type Endpoint, functions, type Model, models, type PictureFacts, type SizeFacts } from './models.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A documented refusal. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** px */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** A picture that was uploaded. */
export interface Upload {
  readonly model: string;
  readonly bytes: Uint8Array;
}

/** An accepted request. */
export interface Order {
  readonly id: string;
  readonly model: Model;
  readonly prompt: string;
  readonly n: number;
  readonly seed?: number;
  readonly size: Dimensions;
  readonly extended: boolean;
}

/** What is around the body. */
export interface Surroundings {
  readonly endpoint: Endpoint;
  readonly asynchronous: boolean;
  /** The header that lets `oss:` URLs be read. */
  readonly resolves: boolean;
  readonly uploads: ReadonlyMap<string, Upload>;
}

/** Reads a request. Throws a {@link Refusal}. */
export function readOrder(body: unknown, around: Surroundings): Order {
  const { endpoint, asynchronous } = around;
  if (asynchronous !== (endpoint !== 'sync')) {
    const kind = asynchronous ? 'asynchronous' : 'synchronous';
    throw new Refusal(403, 'AccessDenied', `current user api does not support ${kind} calls.`);
  }
  const { model: id, input, parameters = {} } = only(body, ['model', 'input', 'parameters'], 'body');
  if (typeof id !== 'string' || !id) throw invalid('model is missing');
  const model = Object.hasOwn(models, id) ? models[id]! : undefined;
  if (!model) throw new Refusal(404, 'ModelNotFound', `Model can not be found: ${id}`);
  if (!model.endpoints.includes(endpoint)) throw invalid('url error, please check url');
  const said = readInput(input, id, model, endpoint);
  checkText('prompt', said.prompt, model.prompt);
  checkText('negative_prompt', said.negative, 500);
  checkSum([...said.pictures, said.mask]);
  const pictures = said.pictures.map((url) => readPicture(url, id, model, around));
  if (said.mask !== undefined) checkMask(readPicture(said.mask, id, model, around), pictures[0]);
  const values = readParameters(parameters, model, said, endpoint, pictures.length > 0);
  return {
    id,
    model,
    prompt: said.prompt,
    n: (values.n as number | undefined) ?? model.n[1],
    ...(values.seed !== undefined && { seed: values.seed as number }),
    size: outputSize(values, model, pictures.at(-1)),
    extended: values.prompt_extend !== false && 'prompt_extend' in model.parameters,
  };
}

interface Said {
  readonly prompt: string;
  readonly negative?: unknown;
  readonly pictures: readonly unknown[];
  readonly mask?: unknown;
  readonly function?: string;
}

function readInput(input: unknown, id: string, model: Model, endpoint: Endpoint): Said {
  if (endpoint === 'sync' || endpoint === 'async') return readMessages(input, model);
  if (id.includes('imageedit')) return readFunction(input);
  const own = endpoint === 'image2image' ? ['images'] : [];
  const { prompt, negative_prompt, images = [] } = only(input, ['prompt', 'negative_prompt', ...own], 'input');
  if (typeof prompt !== 'string' || !prompt) throw invalid('input.prompt is missing');
  if (!Array.isArray(images)) throw invalid('input.images is no list');
  checkCount(images.length, model);
  return { prompt, negative: negative_prompt, pictures: images };
}

function readMessages(input: unknown, model: Model): Said {
  const { messages } = only(input, ['messages'], 'input');
  if (!Array.isArray(messages) || messages.length !== 1) throw invalid('exactly one message is expected');
  const { role, content } = only(messages[0], ['role', 'content'], 'message');
  if (role !== 'user' || !Array.isArray(content)) throw invalid('the message is not one of the user');
  const entries = content.map((entry) => only(entry, ['text', 'image'], 'content'));
  const texts = entries.flatMap(({ text }) => (text === undefined ? [] : [text]));
  if (texts.length !== 1 || typeof texts[0] !== 'string' || !texts[0]) throw invalid('exactly one text is expected');
  const pictures = entries.flatMap(({ image }) => (image === undefined ? [] : [image]));
  checkCount(pictures.length, model);
  return { prompt: texts[0], pictures };
}

function readFunction(input: unknown): Said {
  const fields = ['function', 'prompt', 'base_image_url', 'mask_image_url'];
  const { function: name, prompt, base_image_url, mask_image_url } = only(input, fields, 'input');
  if (typeof name !== 'string' || !Object.hasOwn(functions, name)) throw invalid('input.function is unknown');
  if (typeof prompt !== 'string') throw invalid('input.prompt is missing');
  if (base_image_url === undefined) throw invalid('input.base_image_url is missing');
  if ((name === 'description_edit_with_mask') !== (mask_image_url !== undefined)) {
    throw invalid('mask_image_url belongs to description_edit_with_mask, and only there');
  }
  return { function: name, prompt, pictures: [base_image_url], mask: mask_image_url };
}

function readParameters(given: unknown, model: Model, said: Said, endpoint: Endpoint, edits: boolean): Fields {
  const own = said.function === undefined ? {} : functions[said.function]!;
  const messages = endpoint === 'sync' || endpoint === 'async';
  const known = [
    ...['n', 'seed', 'watermark', ...Object.keys(model.parameters), ...Object.keys(own)],
    ...(model.sizes ? ['size'] : []),
    ...(model.negative && messages ? ['negative_prompt'] : []),
  ];
  const values = only(given, known, 'parameters');
  const { n, seed, watermark, size, negative_prompt } = values;
  const most = values.enable_sequential === true ? (model.series ?? 1) : model.n[0];
  if (n !== undefined && !isWhole(n, 1, most)) throw invalid(`n is not 1 to ${most}`);
  if (seed !== undefined && !isWhole(seed, 0, 2147483647)) throw invalid('seed is not 0 to 2147483647');
  if (watermark !== undefined && typeof watermark !== 'boolean') throw invalid('watermark is no boolean');
  if (size !== undefined && !isSize(size, model.sizes!, edits)) throw invalid(`size ${String(size)} is not supported`);
  checkText('negative_prompt', negative_prompt, 500);
  const stray = edits && model.withoutPictures?.find((name) => values[name] !== undefined);
  if (stray) throw invalid(`${stray} is for pictures from text alone`);
  if (values.color_palette !== undefined) checkPalette(values.color_palette);
  for (const [name, type] of Object.entries({ ...model.parameters, ...own })) checkParameter(name, values[name], type);
  if (values.enable_interleave === true) throw invalid('this emulator does not interleave text and pictures');
  return values;
}

/** The names of its fields are unverified, so shares are added up where there are any. */
function checkPalette(colours: unknown): void {
  if (!Array.isArray(colours) || colours.length < 3 || colours.length > 10) {
    throw invalid('color_palette is not 3 to 10 colours');
  }
  const shares = colours.flatMap((colour) => (isRecord(colour) && 'ratio' in colour ? [colour.ratio] : []));
  const sum = shares.reduce<number>((all, share) => all + Number.parseFloat(String(share)), 0);
  // Thirds do not add up to the last digit.
  if (shares.length > 0 && !(Math.abs(sum - 100) < 0.5)) throw invalid('the shares of color_palette are not 100 %');
}

function checkParameter(name: string, value: unknown, type: string | readonly [number, number]): void {
  if (value === undefined || type === 'any') return;
  if (typeof type === 'string') {
    if (typeof value !== type) throw invalid(`${name} is no ${type}`);
  } else if (typeof value !== 'number' || value < type[0] || value > type[1]) {
    throw invalid(`${name} is not ${type.join(' to ')}`);
  } else if (name === 'upscale_factor' && !Number.isInteger(value)) {
    throw invalid('upscale_factor is no whole number');
  }
}

/** Looks at a picture; what is behind an http address is not fetched here. Which codes tell of which fault is unverified. */
function readPicture(url: unknown, model: string, { pictures }: Model, around: Surroundings): Partial<Dimensions> {
  if (typeof url !== 'string') throw invalid('an image is no text');
  if (/^https?:\/\/[^/]/.test(url)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pages say ASCII
    if (!/^[\x00-\x7f]+$/.test(url)) throw new Refusal(400, 'InvalidURL', 'the url holds characters beyond ASCII');
    return {};
  }
  const { bytes, type } = url.startsWith('oss://') ? stored(url, model, around) : embedded(url);
  if (!pictures) throw invalid('this model takes no image');
  if (bytes.length > pictures.bytes) throw invalid('the image is too large');
  const seen = lookAt(bytes);
  if (!seen || (type !== undefined && type !== seen.mediaType) || !pictures.types.includes(seen.mediaType)) {
    throw new Refusal(400, 'InvalidImageFormat', `an image is not ${pictures.types.join(', ')}`);
  }
  if (seen.alpha && pictures.alpha === false) {
    throw new Refusal(400, 'InvalidImageFormat', 'an image has an alpha channel');
  }
  checkShape(seen, pictures);
  return seen;
}

function checkShape({ width, height }: SentPicture, { side, aspect = Number.POSITIVE_INFINITY }: PictureFacts): void {
  if (width === undefined || height === undefined) return;
  const [min, max] = side ?? [1, Number.POSITIVE_INFINITY];
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (short >= min && long <= max && long <= aspect * short) return;
  throw new Refusal(
    400,
    'InvalidImageResolution',
    `an image is not of ${min} to ${max} px, or longer than ${aspect}:1`,
  );
}

/** Files inside the request: at most 16 MiB together. */
function checkSum(urls: readonly unknown[]): void {
  const inside = urls.filter((url) => typeof url === 'string' && url.startsWith('data:')) as string[];
  const decoded = (url: string) => Math.floor(url.slice(url.indexOf(',') + 1).replace(/=+$/, '').length * 0.75);
  const sum = inside.reduce((bytes, url) => bytes + decoded(url), 0);
  if (sum > 16 * 2 ** 20) throw new Refusal(413, 'BadRequest.TooLarge', 'the request is too large');
}

/** A file of the request or of the storage. */
interface File {
  readonly bytes: Uint8Array;
  /** What it says it is. */
  readonly type?: string;
}

function stored(url: string, model: string, { resolves, uploads }: Surroundings): File {
  const upload = uploads.get(url);
  if (!resolves || upload?.model !== model) throw new Refusal(400, 'InvalidURL', 'the oss url cannot be resolved');
  return { bytes: upload.bytes };
}

function embedded(url: string): File {
  const [head = '', type] = /^data:(image\/[a-z]+);base64,/.exec(url) ?? [];
  const base64 = url.slice(head.length);
  if (type === undefined || !isBase64(base64)) throw new Refusal(400, 'InvalidURL', 'the url of an image is invalid');
  if (base64.length > 20 * 2 ** 20) throw new Refusal(413, 'BadRequest.TooLarge', 'the request is too large');
  return { bytes: Buffer.from(base64, 'base64'), type };
}

function checkMask(mask: Partial<Dimensions>, base: Partial<Dimensions> | undefined): void {
  if (mask.width === undefined || base?.width === undefined) return;
  if (mask.width !== base.width || mask.height !== base.height) throw invalid('the mask is not as large as the image');
}

function checkCount(count: number, { pictures }: Model): void {
  const [min, max] = pictures?.count ?? [0, 0];
  if (count < min || count > max) throw invalid(`${count} images are given; ${min} to ${max} are expected`);
}

function checkText(name: string, value: unknown, max: number | undefined): void {
  if (value === undefined) return;
  if (typeof value !== 'string') throw invalid(`${name} is no text`);
  if (max !== undefined && [...value].length > max) throw new Refusal(400, 'InvalidInputLength', `${name} is too long`);
}

function isSize(size: unknown, { listed, side, pixels, aspect, names }: SizeFacts, edits: boolean): boolean {
  if (typeof size !== 'string') return false;
  if (listed?.includes(size)) return true;
  if (names?.includes(size)) return !(edits && size === '4K');
  const sides = /^([1-9]\d*)\*([1-9]\d*)$/.exec(size)?.slice(1).map(Number) as [number, number] | undefined;
  if (!sides || !(side || pixels)) return false;
  const area = sides[0] * sides[1];
  const most = edits && names ? 2048 * 2048 : pixels?.[1];
  return (
    (!side || sides.every((length) => length >= side[0] && length <= side[1])) &&
    (!pixels || (area >= pixels[0] && area <= most!)) &&
    (!aspect || Math.max(...sides) <= aspect * Math.min(...sides))
  );
}

/** What will be made: the size that is asked for, the function's own, or one in the aspect of the last picture. */
function outputSize(values: Fields, { sizes }: Model, input: Partial<Dimensions> | undefined): Dimensions {
  const { width = 1024, height = 1024 } = input ?? {};
  const scale = (name: string) => (values[name] as number | undefined) ?? 1;
  if (!sizes) {
    const factor = scale('upscale_factor');
    return {
      width: Math.round(width * factor * (scale('left_scale') + scale('right_scale') - 1)),
      height: Math.round(height * factor * (scale('top_scale') + scale('bottom_scale') - 1)),
    };
  }
  const asked = (values.size as string | undefined) ?? sizes.usual;
  if (typeof asked === 'number') {
    const stretch = Math.sqrt(asked / (width * height));
    return { width: Math.round(width * stretch), height: Math.round(height * stretch) };
  }
  if (asked.endsWith('K'))
    return { width: Number.parseInt(asked, 10) * 1024, height: Number.parseInt(asked, 10) * 1024 };
  const [across, down] = asked.split('*').map(Number);
  return { width: across!, height: down! };
}

function only(value: unknown, known: readonly string[], where: string): Fields {
  if (!isRecord(value)) throw invalid(`${where} is not a JSON object`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown) throw invalid(`${where} has no field ${unknown}`);
  return value;
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

function invalid(message: string): Refusal {
  return new Refusal(400, 'InvalidParameter', message);
}
