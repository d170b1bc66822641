// The paths of a request that core does not read itself: pipes of the shell, and pictures among the options of a provider, which
// people give as files and providers take as data: URLs.

import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type ClientRequest, ImageError, type ImageInput, type Json, type Limits } from '@anyimage/core';
import {
  errorCode,
  expandHome,
  formatOfPath,
  isFileName,
  isMaskShape,
  maskFromShape,
  mediaTypeOf,
} from '@anyimage/host';
import { openPipe } from './input-pipes.ts';

/** The words of a request that may name files. */
export type Inputs = Pick<ClientRequest, 'images' | 'mask' | 'providerOptions'>;

/** Inputs that core can read. */
export interface OpenedInputs extends Inputs {
  /** What a mask in words came to, for the person. */
  readonly note?: string;
}

/**
 * The inputs, with a stream in place of each picture that the shell pipes in, with bytes in place of the file of an option that is a
 * picture, and a picture in place of a mask in words; all else stays. `options`: what the model's table says of them. Throws
 * `invalid-request`, naming the option, for a file that cannot be read, as `openPipe`, and as `maskFromShape`.
 */
export async function openInputs(inputs: Inputs, options: Limits['options'] = {}): Promise<OpenedInputs> {
  const { images, mask, providerOptions } = inputs;
  const readOption = async ([name, value]: [string, Json]): Promise<[string, Json]> => {
    const isPicture = Object.hasOwn(options, name) && options[name]!.type === 'image';
    const isFile = isPicture && typeof value === 'string' && isFileName(value);
    return [name, isFile ? await dataURL(name, value) : value];
  };
  const readPipe = async (given: ImageInput, option: string) => {
    // The shell leaves the ~ of --image=~/boat.png as it is.
    const input = typeof given === 'string' ? expandHome(given) : given;
    return (await openPipe(input, option)) ?? input;
  };
  const read = providerOptions && (await Promise.all(Object.entries(providerOptions).map(readOption)));
  const opened = images && (await Promise.all(images.map((input) => readPipe(input, 'images'))));
  const others = { ...(read && { providerOptions: Object.fromEntries(read) }), ...(opened && { images: opened }) };
  if (mask === undefined) return others;
  if (typeof mask === 'string' && isMaskShape(mask) && opened?.length)
    return { ...others, ...(await drawMask(mask, opened)) };
  return { ...others, mask: await readPipe(mask, 'mask') };
}

/** The mask in words on the first picture; one that is piped in is read for it. */
async function drawMask(shape: string, images: readonly ImageInput[]): Promise<OpenedInputs> {
  const [first, ...more] = images;
  const image =
    first instanceof ReadableStream ? await buffer(first) : first instanceof Uint8Array ? first : String(first);
  const { bytes, said } = await maskFromShape(shape, image);
  return { mask: bytes, note: said, ...(image !== first && { images: [image, ...more] }) };
}

async function dataURL(option: string, place: string): Promise<string> {
  try {
    const path = /^file:/i.test(place) ? fileURLToPath(place) : expandHome(place);
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
