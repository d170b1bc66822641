// From the body of a request to what is asked.

import type { IncomingMessage } from 'node:http';
import type { ClientRequest } from '@anyimage/core';
import { hashOf, maskFromHoles } from '@anyimage/host';
import type { GivenMask } from '../calls/call.ts';
import { badRequest } from '../wire/envelope.ts';
import { type AnyFields, editFields, editFormFields, generationFields } from '../wire/fields.ts';
import { formValues, readFields } from '../wire/read-fields.ts';
import { type AnswerForm, formOf, wordsOf } from '../wire/words.ts';
import { type BodyCount, readJSON } from './bodies.ts';
import { readForm, type Upload } from './form.ts';

/** What a body asks for. */
export interface ReadRequest {
  /** In core's words, with its pictures. */
  readonly request: ClientRequest;
  readonly form: AnswerForm;
  /** SHA-256 of the fields and of the bytes of files. */
  readonly fingerprint: string;
  readonly mask?: GivenMask;
  /** As they came, for whoever keeps them. */
  readonly fields: AnyFields;
}

/** Throws a refusal. */
export async function readGeneration(incoming: IncomingMessage, count: BodyCount): Promise<ReadRequest> {
  if (typeOf(incoming) === 'multipart/form-data') {
    throw badRequest(
      'Generations are asked as JSON. Send edits as a form.',
      'unsupported_content_type',
      undefined,
      415,
    );
  }
  return generationOf(readFields(await readJSON(incoming, count), generationFields));
}

export function generationOf(fields: AnyFields): ReadRequest {
  return { request: wordsOf(fields), form: formOf(fields), fingerprint: hashOf(['generation', fields]), fields };
}

/** Throws a refusal. */
export async function readEdit(incoming: IncomingMessage, count: BodyCount): Promise<ReadRequest> {
  return typeOf(incoming) === 'multipart/form-data' ? editForm(incoming, count) : editJSON(incoming, count);
}

async function editForm(incoming: IncomingMessage, count: BodyCount): Promise<ReadRequest> {
  const { fields: written, images, mask, markup } = await readForm(incoming, count);
  const fields = readFields(formValues(written), editFormFields) as AnyFields;
  if (images.length === 0) throw missing('image', 'a file');
  const files = { images: images.map(hashIn), mask: mask && hashIn(mask), markup: markup && hashIn(markup) };
  return withPictures(fields, hashOf(['edit', fields, files]), {
    images: images.map(({ bytes }) => bytes),
    ...(mask && { mask: mask.bytes }),
    ...(markup && { markup: dataURL(markup) }),
  });
}

async function editJSON(incoming: IncomingMessage, count: BodyCount): Promise<ReadRequest> {
  const { images, mask, markup, ...fields } = readFields(await readJSON(incoming, count), editFields);
  const files = { images, mask, markup };
  const maskURL = mask && urlOf(mask, 'mask');
  const isHere = maskURL === undefined || /^data:/i.test(maskURL);
  if (!isHere) {
    throw badRequest(
      'The mask must be in the request. Send it as a data: URL, or the request as a form.',
      'invalid_value',
      'mask',
    );
  }
  return withPictures(fields as AnyFields, hashOf(['edit', fields, files]), {
    images: images.map((image) => urlOf(image, 'images')),
    ...(maskURL !== undefined && { mask: bytesOf(maskURL) }),
    ...(markup && { markup: urlOf(markup, 'markup') }),
  });
}

interface Pictures {
  readonly images: readonly (string | Uint8Array)[];
  readonly mask?: Uint8Array;
  readonly markup?: string;
}

async function withPictures(fields: AnyFields, fingerprint: string, pictures: Pictures): Promise<ReadRequest> {
  const words = wordsOf(fields);
  const mask = pictures.mask && (await readMask(pictures.mask));
  const request: ClientRequest = {
    ...words,
    images: pictures.images,
    ...(mask && { mask: mask.white }),
    ...(pictures.markup !== undefined && {
      providerOptions: { ...words.providerOptions, markup: pictures.markup },
    }),
  };
  return { request, form: formOf(fields), fingerprint, fields, ...(mask && { mask: mask.given }) };
}

/** OpenAI's masks say with transparency what is drawn anew, core's with white. */
async function readMask(bytes: Uint8Array): Promise<{ readonly white: Uint8Array; readonly given: GivenMask }> {
  const white = await maskFromHoles(bytes).catch(() => {
    throw badRequest('The mask is no picture that can be read. Send a PNG with transparency.', 'invalid_image', 'mask');
  });
  if (!white) {
    const message =
      'The mask is transparent nowhere. Send a PNG that is transparent where the picture is to be drawn anew.';
    throw badRequest(message, 'invalid_mask', 'mask');
  }
  return { white: white.bytes, given: { bytes, width: white.width, height: white.height } };
}

function urlOf(image: { readonly image_url?: string; readonly file_id?: string }, param: string): string {
  if (image.image_url !== undefined) return image.image_url;
  throw badRequest(
    'Files are not kept here: a file_id names none. Send an image_url, such as a data: URL.',
    'unsupported_value',
    param,
  );
}

function bytesOf(url: string): Uint8Array {
  const [, base64] = /^data:[^,]*;base64,(.*)$/is.exec(url) ?? [];
  if (base64 === undefined)
    throw badRequest('The mask is no base64. Send it as data:image/png;base64,...', 'invalid_value', 'mask');
  return Buffer.from(base64, 'base64');
}

function dataURL({ bytes, mediaType }: Upload): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
}

function hashIn({ hash }: Upload): string {
  return hash;
}

function missing(param: string, what: string): Error {
  return badRequest(`Missing required parameter: '${param}'. Send ${what}.`, 'missing_required_parameter', param);
}

/** The type of a body. Throws a refusal for one that nothing is known of. */
function typeOf({ headers }: IncomingMessage): string {
  const type = (headers['content-type'] ?? 'application/json').split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'multipart/form-data' || type === 'application/json') return type;
  const message = `The body is ${JSON.stringify(type.slice(0, 80))}. Send application/json, or multipart/form-data for edits.`;
  throw badRequest(message, 'unsupported_content_type', undefined, 415);
}
