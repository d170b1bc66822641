// What the service refuses in a request whose model it knows.

import { isRecord } from '@anyimage/core';
import { isSize, type Model, models } from './facts.ts';
import { invalid, invalidValue, missing, type Refusal, unknownParameter } from './refusals.ts';

/** The fields of a JSON body or form. */
export type Fields = Readonly<Record<string, unknown>>;

/** A file of a form. */
export interface Upload {
  /** What the form says it is. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Checks every field but files. `presets`: only listed sizes count. */
export function refuseFields(fields: Fields, model: Model, presets: boolean): Refusal | undefined {
  const { prompt, size, background, output_format: format = 'png', stream } = fields;
  if (prompt === undefined || prompt === '') return missing('prompt');
  if (typeof prompt !== 'string') return invalid('prompt', 'Expected a string.', 'invalid_type');
  if ([...prompt].length > 32_000) return invalid('prompt', 'String too long.', 'string_above_max_length');
  if (size !== undefined && !(typeof size === 'string' && isSize(size, model, presets))) {
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
  if (fields.user !== undefined && typeof fields.user !== 'string') return invalid('user', 'Expected a string.');
  if (stream !== undefined && typeof stream !== 'boolean') return invalid('stream', 'Expected a boolean.');
  if (fields.partial_images !== undefined && stream !== true) return invalid('partial_images', 'Needs stream.');
  if (stream === true && fields.n !== undefined && fields.n !== 1) return invalid('n', 'A stream has one image.');
  if (background === 'transparent' && format === 'jpeg') return invalid('background', 'jpeg is never transparent.');
  if (fields.output_compression !== undefined && format !== 'jpeg' && format !== 'webp') {
    return invalid('output_compression', `Not for ${String(format)}.`);
  }
  const frames = fields.frame_count ?? fields.frame_duration_ms;
  if (frames !== undefined && format !== 'gif') return invalid('frame_count', 'Only for gif.');
  if (format === 'gif' && stream === true) return invalid('output_format', 'No gif in a stream.');
  if (fields.svg === undefined) return undefined;
  return format === 'svg' && isRecord(fields.svg) ? undefined : invalid('svg', 'An object, only for svg.');
}

/** Types by what the file says and by its first bytes. That a mask of another size is refused is expected, unverified. */
export function refuseUploads(
  pictures: readonly Upload[],
  masks: readonly Upload[],
  markups: readonly Upload[],
  model: unknown,
): Refusal | undefined {
  if (pictures.length === 0) return missing('image');
  if (pictures.length > 16) return invalid('image', 'At most 16 images.');
  for (const { type, bytes } of pictures) {
    const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
    const found = /^\x89PNG/.test(head)
      ? 'png'
      : /^\xff\xd8/.test(head)
        ? 'jpeg'
        : /^RIFF.{4}WEBP/s.test(head) && 'webp';
    if (!found || type !== `image/${found}`) return invalid('image', `Not png, jpg or webp: ${type}`, badType);
    if (bytes.length >= 50_000_000) return invalid('image', 'The file is too large.', 'image_file_too_large');
  }
  const [mask] = masks;
  const [markup] = markups;
  if (masks.length > 1 || markups.length > 1) return invalid('mask', 'One file at most.');
  if (mask && markup) return invalid('markup', 'Use mask or markup, not both.');
  if (markup && !(typeof model === 'string' && models[model]?.newFormats)) return unknownParameter('markup');
  for (const [name, file] of [
    ['mask', mask],
    ['markup', markup],
  ] as const) {
    if (!file) continue;
    const size = pngSize(file.bytes);
    if (file.type !== 'image/png' || !size) return invalid(name, 'Not a PNG.', badType);
    if (!hasAlpha(file.bytes)) return invalid(name, 'The PNG has no alpha channel.', 'invalid_image_format');
    if (file.bytes.length >= 4_000_000) return invalid(name, 'The file is too large.', 'image_file_too_large');
    const first = pngSize(pictures[0]!.bytes);
    if (first && (first.width !== size.width || first.height !== size.height)) {
      return invalid(name, 'Its size is not that of the first image.');
    }
  }
  return undefined;
}

const badType = 'unsupported_image_media_type';

/** A PNG with alpha for each pixel, or with a transparent colour. */
function hasAlpha(png: Uint8Array): boolean {
  return png[25] === 4 || png[25] === 6 || Buffer.from(png).includes('tRNS', 0, 'latin1');
}

/** Width and height of a PNG file in px; undefined if it is none. */
function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 33 || file.toString('latin1', 1, 4) !== 'PNG') return undefined;
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}
