// A request on its way to a worker: what is large in it goes by the store of pictures, not through Redis.

import { type ClientRequest, ImageError, isRecord, type PictureRecord } from '@anyimage/core';
import type { GivenMask } from '../calls/call.ts';
import type { PictureStore } from '../kept/pictures.ts';

/** What was taken out, and where it belongs. */
interface Part {
  readonly path: readonly (string | number)[];
  readonly ref: string;
  readonly isText: boolean;
}

export interface Packed {
  /** JSON, with nothing in the places of the parts. */
  readonly request: unknown;
  readonly parts: readonly Part[];
  readonly mask?: { readonly part: Part; readonly width: number; readonly height: number };
}

/** Texts of more characters are pictures, as data: URLs. */
const longText = 16_384;

/** Throws `storage`, `unavailable`. `id`: of the call. */
export async function pack(
  id: string,
  request: ClientRequest,
  mask: GivenMask | undefined,
  pictures: PictureStore,
): Promise<Packed> {
  const parts: Part[] = [];
  let count = 0;

  async function put(path: Part['path'], given: string | Uint8Array): Promise<Part> {
    const bytes = typeof given === 'string' ? Buffer.from(given) : given;
    count += 1;
    return { path, ref: await keepPart(pictures, `input ${id} ${count}`, bytes), isText: typeof given === 'string' };
  }

  async function without(value: unknown, path: Part['path']): Promise<unknown> {
    if (value instanceof Uint8Array || (typeof value === 'string' && value.length > longText)) {
      parts.push(await put(path, value));
      return null;
    }
    if (Array.isArray(value)) return Promise.all(value.map((one, index) => without(one, [...path, index])));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).map(async ([name, one]) => [name, await without(one, [...path, name])]);
    return Object.fromEntries(await Promise.all(entries));
  }

  const rest = await without(request, []);
  if (!mask) return { request: rest, parts };
  const { width, height } = mask;
  return { request: rest, parts, mask: { part: await put([], mask.bytes), width, height } };
}

/** Keeps bytes for another process. */
export async function keepPart(pictures: PictureStore, id: string, bytes: Uint8Array): Promise<string> {
  const done = await pictures.expect?.({ count: 1, bytes: bytes.length });
  try {
    const writer = await pictures.open({ id, model: '', prompt: '', index: 0, count: 1 });
    try {
      await writer.write(bytes);
      const facts = { mediaType: 'image/png', width: 0, height: 0, byteLength: bytes.length };
      return (await writer.commit(facts, noRecord)).ref;
    } catch (error) {
      await writer.abort();
      throw error;
    }
  } finally {
    done?.();
  }
}

const noRecord: PictureRecord = {
  model: '',
  prompt: { original: '', sent: '' },
  applied: [],
  warnings: [],
  timings: { totalMs: 0 },
};

/** The request as it was. Throws `unavailable` for what is not there: nothing is sent then. */
export async function unpack(
  { request, parts, mask }: Packed,
  pictures: PictureStore,
): Promise<{ readonly request: ClientRequest; readonly mask?: GivenMask }> {
  const words = structuredClone(request) as ClientRequest;
  for (const part of parts) {
    const bytes = await bytesOf(part, pictures);
    const place = part.path.slice(0, -1).reduce((at: unknown, step) => (at as never)[step], words);
    (place as Record<string | number, unknown>)[part.path.at(-1)!] = part.isText
      ? Buffer.from(bytes).toString()
      : bytes;
  }
  if (!mask) return { request: words };
  return {
    request: words,
    mask: { bytes: await bytesOf(mask.part, pictures), width: mask.width, height: mask.height },
  };
}

async function bytesOf({ ref }: Part, pictures: PictureStore): Promise<Uint8Array> {
  const found = await pictures.find(ref);
  if (found) return found.bytes();
  throw new ImageError('unavailable', 'a picture of the request did not reach the worker', {
    retryable: true,
    hint: 'Nothing was sent: send it again. Whoever runs the gateway lets all its processes share their pictures.',
  });
}
