// What the service refuses in a request whose model it knows.

import { isRecord } from '@anyimage/core';
import { isBase64, lookAt } from '@anyimage/testkit';
import { isSize, type Model } from './facts.ts';
import { invalid, invalidValue, missing, type Refusal, unknownParameter } from './refusals.ts';

/** The fields of a JSON body or form. */
export type Fields = Readonly<Record<string, unknown>>;

/** A file of a form. */
export interface Upload {
  /** What the form says it is. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Checks every field but files. `presets`: only listed sizes count, as for GIF and SVG. */
export function refuseFields(fields: Fields, model: Model, presets: boolean): Refusal | undefined {
  const { prompt, size, background, output_format: format = 'png', stream } = fields;
  if (prompt === undefined || prompt === '') return missing('prompt');
  if (typeof prompt !== 'string') return invalid('prompt', 'Expected a string.', 'invalid_type');
  if ([...prompt].length > 32_000) return invalid('prompt', 'String too long.', 'string_above_max_length');
  const listed = presets || format === 'gif' || format === 'svg';
  if (size !== undefined && !(typeof size === 'string' && isSize(size, model, listed))) {
    return invalid('size', `Invalid size '${String(size)}'.`);
  }
  const formats = ['png', 'jpeg', 'webp', ...(model.newFormats ? ['gif', 'svg'] : [])];
  const choices: readonly (readonly [string, readonly string[]])[] = [
    ['quality', [...Object.keys(model.tokens), 'auto']],
    // Transparency of gpt-image-2 is called a preview by some sources.
    ['background', ['opaque', 'transparent', 'auto']],
    ['output_format', formats],
    ['moderation', ['auto', 'low']],
    ['complexity', model.complexity ? ['low', 'medium', 'high'] : []],
    ['input_fidelity', model.inputFidelity ?? []],
  ];
  for (const [name, values] of choices) {
    if (fields[name] === undefined) continue;
    if (values.length === 0) return unknownParameter(name);
    if (!values.includes(fields[name] as string)) return invalidValue(name, fields[name], values);
  }
  const ranges: readonly (readonly [string, number, number])[] = [
    ['n', 1, 10],
    ['output_compression', 0, 100],
    ['partial_images', 0, 3],
    ['frame_count', 2, 16],
    ['frame_duration_ms', 20, 655_350],
  ];
  for (const [name, min, max] of ranges) {
    const value = fields[name];
    if (value === undefined) continue;
    if (!(Number.isInteger(value) && (value as number) >= min && (value as number) <= max)) {
      return invalid(name, `Expected an integer from ${min} to ${max}.`);
    }
  }
  const noText = ['user', 'safety_identifier'].find((name) => !['undefined', 'string'].includes(typeof fields[name]));
  if (noText) return invalid(noText, 'Expected a string.');
  if (stream !== undefined && typeof stream !== 'boolean') return invalid('stream', 'Expected a boolean.');
  if (fields.partial_images !== undefined && stream !== true) return invalid('partial_images', 'Needs stream.');
  if (stream === true && fields.n !== undefined && fields.n !== 1) return invalid('n', 'A stream has one image.');
  if (background === 'transparent' && format === 'jpeg') return invalid('background', 'jpeg is never transparent.');
  if (fields.output_compression !== undefined && format !== 'jpeg' && format !== 'webp') {
    return invalid('output_compression', `Not for ${String(format)}.`);
  }
  const frames = fields.frame_count ?? fields.frame_duration_ms;
  if (frames !== undefined && format !== 'gif') return invalid('frame_count', 'Only for gif.');
  if ((format === 'gif' || format === 'svg') && stream === true)
    return invalid('output_format', `No ${format} in a stream.`);
  if (format === 'svg' && fields.n !== undefined && fields.n !== 1) return invalid('n', 'One svg at a time.');
  return fields.svg === undefined ? undefined : refuseSVG(fields.svg, format);
}

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The text model that writes a drawing. */
function refuseSVG(svg: unknown, format: unknown): Refusal | undefined {
  if (format !== 'svg' || !isRecord(svg)) return invalid('svg', 'An object, only for svg.');
  const { model, reasoning, ...others } = svg;
  const [stray] = Object.keys(others);
  if (stray) return unknownParameter(`svg.${stray}`);
  if (model !== undefined && typeof model !== 'string') return invalid('svg.model', 'Expected a string.');
  if (reasoning === undefined) return undefined;
  if (!isRecord(reasoning)) return invalid('svg.reasoning', 'Expected an object.');
  const { effort, ...rest } = reasoning;
  const [unknown] = Object.keys(rest);
  if (unknown) return unknownParameter(`svg.reasoning.${unknown}`);
  if (effort === undefined || efforts.includes(effort as string)) return undefined;
  return invalidValue('svg.reasoning.effort', effort, efforts);
}

/** The files of an edit by form, by field. */
export interface Uploads {
  readonly image: readonly Upload[];
  /** `image[]` */
  readonly images: readonly Upload[];
  readonly mask: readonly Upload[];
  readonly markup: readonly Upload[];
}

/**
 * Looks at the files themselves. Several pictures go in `image[]`: that several `image` are refused is the strict reading. That a
 * mask of another size is refused is expected, unverified; so are the codes, which are those of another API of the service.
 */
export function refuseUploads(
  { image, images, mask: masks, markup: markups }: Uploads,
  model: Model | undefined,
): Refusal | undefined {
  const pictures = [...image, ...images];
  if (pictures.length === 0) return missing('image');
  if (image.length > 1) return invalid('image', "Several images go in 'image[]'.");
  if (image.length > 0 && images.length > 0) return invalid('image', "Use 'image' or 'image[]', not both.");
  if (pictures.length > 16) return invalid('image', 'At most 16 images.');
  for (const picture of pictures) {
    const refusal = refuseInput('image', picture);
    if (refusal) return refusal;
  }
  const [mask] = masks;
  const [markup] = markups;
  if (masks.length > 1 || markups.length > 1) return invalid('mask', 'One file at most.');
  if (mask && markup) return invalid('markup', 'Use mask or markup, not both.');
  if (markup && !model?.markup) return unknownParameter('markup');
  if (mask) return refuseOverlay('mask', mask, pictures[0]!);
  return markup && refuseOverlay('markup', markup, pictures[0]!);
}

function refuseInput(name: string, picture: Upload): Refusal | undefined {
  return refusePicture(name, picture, ['image/png', 'image/jpeg', 'image/webp'], 50_000_000);
}

/** `below`: how many bytes are too many. */
function refusePicture(name: string, file: Upload, types: readonly string[], below: number): Refusal | undefined {
  if (!types.includes(file.type)) return invalid(name, `Not ${types.join(', ')}: ${file.type}`, badType);
  if (file.bytes.length === 0) return invalid(name, 'The file is empty.', 'empty_image_file');
  const seen = lookAt(file.bytes);
  if (!seen) return invalid(name, 'The file is not a valid image.', 'image_parse_error');
  if (seen.mediaType !== file.type) return invalid(name, `The file is ${seen.mediaType}, not ${file.type}.`, badType);
  return file.bytes.length >= below ? invalid(name, 'The file is too large.', 'image_file_too_large') : undefined;
}

/** What lies over the first picture: a PNG with alpha, of its size if that is at hand. */
function refuseOverlay(name: string, file: Upload, first: Upload | undefined): Refusal | undefined {
  const refusal = refusePicture(name, file, ['image/png'], 4_000_000);
  if (refusal) return refusal;
  const [over, under] = [lookAt(file.bytes)!, first && lookAt(first.bytes)];
  if (!over.alpha) return invalid(name, 'The PNG has no alpha channel.', 'invalid_image_format');
  if (!under) return undefined;
  if (over.width === under.width && over.height === under.height) return undefined;
  return invalid(name, 'Its size is not that of the first image.');
}

/**
 * The pictures and the mask of an edit by JSON, by their URLs; undefined stands for the id of a file. What is at an address is not
 * fetched here.
 */
export function refuseEmbedded(images: readonly (string | undefined)[], mask: string | undefined): Refusal | undefined {
  const pictures = images.map((url) => readEmbedded('images', url));
  for (const picture of pictures) {
    const refusal = picture && (isRefusal(picture) ? picture : refuseInput('images', picture));
    if (refusal) return refusal;
  }
  const over = readEmbedded('mask', mask);
  if (!over || isRefusal(over)) return over;
  return refuseOverlay('mask', over, pictures[0] as Upload | undefined);
}

/** A picture inside a URL, or what is wrong with the URL; undefined where the picture is elsewhere. */
function readEmbedded(name: string, url: string | undefined): Upload | Refusal | undefined {
  if (url === undefined || /^https:\/\/[^/]/.test(url)) return undefined;
  const [, type, base64 = ''] = /^data:(image\/[a-z+]+);base64,(.*)$/s.exec(url) ?? [];
  if (type === undefined) return invalid(name, 'Not a URL.', 'failed_to_download_image');
  if (!isBase64(base64)) return invalid(name, 'Not base64.', 'invalid_base64_image');
  return { type, bytes: Buffer.from(base64, 'base64') };
}

function isRefusal(read: Upload | Refusal): read is Refusal {
  return 'status' in read;
}

const badType = 'unsupported_image_media_type';
