// Options of a provider that are pictures: people give files, providers take data: URLs.

import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type ClientRequest, ImageError, type Json } from '@anyimage/core';
import type { Settings } from '@anyimage/host';
import { errorCode, formatOfPath, mediaTypeOf } from '@anyimage/host';
import { openPipe } from './input-pipes.ts';
import { limitsOfRequest } from './resolve.ts';

/**
 * The request with the bytes of its options' pictures in place of their files; other URLs stay. Throws `invalid-request`, naming
 * the option, for a file that cannot be read.
 */
export async function withOptionFiles(request: ClientRequest, settings: Settings): Promise<ClientRequest> {
  const { providerOptions } = request;
  if (!providerOptions) return request;
  const specs = limitsOfRequest(request, settings)?.options ?? {};
  const read = async ([name, value]: [string, Json]): Promise<[string, Json]> => {
    const isPicture = Object.hasOwn(specs, name) && specs[name]!.type === 'image';
    const isFile = isPicture && typeof value === 'string' && !/^(?!file:)[a-z][a-z0-9+.-]+:/i.test(value);
    return [name, isFile ? await dataURL(name, value) : value];
  };
  return {
    ...request,
    providerOptions: Object.fromEntries(await Promise.all(Object.entries(providerOptions).map(read))),
  };
}

async function dataURL(option: string, place: string): Promise<string> {
  try {
    const path = /^file:/i.test(place) ? fileURLToPath(place) : place;
    const pipe = await openPipe(path, `providerOptions.${option}`);
    const bytes = pipe ? await buffer(pipe) : await readFile(path);
    return `data:${mediaTypeOf(formatOfPath(path) ?? 'png')};base64,${bytes.toString('base64')}`;
  } catch (error) {
    if (ImageError.isInstance(error)) throw error;
    const problem = errorCode(error) === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new ImageError('invalid-request', `${option}: ${place} ${problem}`, {
      cause: error,
      details: { option: `providerOptions.${option}`, asked: place, code: errorCode(error) },
      hint: 'Give the path of a picture; it is taken from the current folder.',
    });
  }
}
