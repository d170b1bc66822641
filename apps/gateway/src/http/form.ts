// Multipart forms, read as they arrive.

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { longestInput, messageOf, pictureFacts, shortened } from '@anyimage/core';
import { Busboy } from '@fastify/busboy';
import { badRequest } from '../wire/envelope.ts';
import { mostImages } from '../wire/fields.ts';
import type { BodyCount } from './bodies.ts';

/** A file of a form. */
export interface Upload {
  readonly bytes: Uint8Array;
  /** By its bytes. */
  readonly mediaType: string;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

/** What a form holds. */
export interface ReadForm {
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** `image` and `image[]`, in their order. */
  readonly images: readonly Upload[];
  readonly mask?: Upload;
  readonly markup?: Upload;
}

const fileFields = ['image', 'image[]', 'mask', 'markup'];
const mostFields = 200;
const longestField = 400_000;

/** Throws a refusal for a form that is broken or has what no request may have. */
export function readForm(incoming: IncomingMessage, count: BodyCount): Promise<ReadForm> {
  return new Promise((resolve, reject) => {
    const fields: [string, string][] = [];
    const images: Upload[] = [];
    const single = new Map<string, Upload>();
    const seen = new Set<string>();
    let pictures = 0;
    let isOver = false;
    let parser: InstanceType<typeof Busboy>;
    const end = (error: unknown) => {
      if (isOver) return;
      isOver = true;
      incoming.unpipe(parser);
      incoming.off('data', counted);
      reject(error);
    };
    const counted = (chunk: Buffer) => {
      try {
        count.add(chunk.length);
      } catch (error) {
        end(error);
      }
    };
    try {
      parser = new Busboy({
        headers: incoming.headers as { 'content-type': string },
        limits: {
          files: mostImages + 8,
          fields: mostFields,
          fieldSize: longestField,
          fileSize: longestInput,
          fieldNameSize: 200,
        },
      });
    } catch (error) {
      reject(broken(messageOf(error)));
      return;
    }
    parser.on('field', (name, value, isNameCut, isCut) => {
      if (isNameCut || isCut)
        end(
          badRequest(
            `The field '${shortened(name, 80)}' is too long. Shorten it.`,
            'invalid_value',
            shortened(name, 80),
          ),
        );
      else if (fileFields.includes(name)) end(notAFile(name));
      else fields.push([name, value]);
    });
    parser.on('file', (name, stream) => {
      stream.on('error', () => {});
      const problem = refusalOf(name, seen);
      seen.add(name);
      if (name === 'image' || name === 'image[]') pictures += 1;
      if (problem || pictures > mostImages) {
        stream.resume();
        end(problem ?? tooMany());
        return;
      }
      const position = name.startsWith('image') ? images.push(noUpload) - 1 : -1;
      const chunks: Buffer[] = [];
      const hash = createHash('sha256');
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        hash.update(chunk);
      });
      stream.on('limit', () =>
        end(
          badRequest(
            `The file in '${name}' is too large. Send a smaller one.`,
            'image_file_too_large',
            paramOf(name),
            413,
          ),
        ),
      );
      stream.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const facts = pictureFacts(bytes);
        if (!facts) {
          end(bytes.length === 0 ? emptyFile(name) : noPicture(name));
          return;
        }
        const upload = { bytes, mediaType: facts.mediaType, hash: hash.digest('hex') };
        if (position >= 0) images[position] = upload;
        else single.set(name, upload);
      });
    });
    parser.on('partsLimit', () => end(broken('it has too many parts')));
    parser.on('filesLimit', () => end(tooMany()));
    parser.on('fieldsLimit', () => end(broken(`it has more than ${mostFields} fields`)));
    parser.on('error', (error: unknown) => end(broken(messageOf(error))));
    parser.on('finish', () => {
      if (isOver) return;
      isOver = true;
      const [mask, markup] = [single.get('mask'), single.get('markup')];
      resolve({ fields, images, ...(mask && { mask }), ...(markup && { markup }) });
    });
    incoming.on('data', counted);
    incoming.on('error', end);
    incoming.on('aborted', () => end(broken('it stops halfway')));
    incoming.pipe(parser);
  });
}

const noUpload: Upload = { bytes: new Uint8Array(), mediaType: '', hash: '' };

function refusalOf(name: string, seen: ReadonlySet<string>): Error | undefined {
  if (!fileFields.includes(name)) {
    const known = "Files go in 'image' or 'image[]', 'mask' and 'markup'.";
    return badRequest(`Unknown file '${shortened(name, 80)}'. ${known}`, 'unknown_parameter', shortened(name, 80));
  }
  return seen.has(name) && !name.startsWith('image')
    ? badRequest(`There are several files in '${name}'. Send one.`, 'invalid_value', name)
    : undefined;
}

function paramOf(name: string): string {
  return name === 'image[]' ? 'image' : name;
}

function tooMany(): Error {
  return badRequest(
    `There are more than ${mostImages} pictures. Send at most ${mostImages}.`,
    'too_many_images',
    'image',
  );
}

function emptyFile(name: string): Error {
  return badRequest(`The file in '${name}' is empty. Send a PNG, JPEG or WebP.`, 'empty_image_file', paramOf(name));
}

function noPicture(name: string): Error {
  const message = `The file in '${name}' is no picture that can be read. Send a PNG, JPEG or WebP.`;
  return badRequest(message, 'invalid_image', paramOf(name));
}

function notAFile(name: string): Error {
  const message = `'${name}' is a text. Send it as a file with a name, or the request as JSON with images.`;
  return badRequest(message, 'invalid_image', paramOf(name));
}

function broken(reason: string): Error {
  return badRequest(`The form is broken: ${shortened(reason, 120)}. Send it again, whole.`, 'invalid_form');
}
