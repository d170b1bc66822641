import { type Duplex, pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ImageError } from '../../contract/errors.ts';
import type { AnswerHeaders } from '../../contract/provider.ts';
import { quoted } from '../../foreign/foreign.ts';

interface Encoding {
  readonly decoder: () => Duplex;
  /** Whether a body may begin with these bytes. */
  readonly begins: (start: Uint8Array) => boolean;
}

const gzip: Encoding = { decoder: createGunzip, begins: ([first]) => first === 0x1f };
const encodings = {
  gzip,
  'x-gzip': gzip,
  deflate: { decoder: createInflate, begins: ([first = 0]) => (first & 0x0f) === 8 },
  br: { decoder: createBrotliDecompress, begins: () => true },
} as const satisfies { readonly [name: string]: Encoding };

/**
 * The body as it was before its `content-encoding`. We ask for none, but gateways exist that compress all the same, and others that
 * unpack a body and leave the header: one that is plainly not packed as it says is taken as it is. `explain` words what breaks the
 * decoder. Throws `bad-response` for an encoding that is unknown.
 */
export function decode(
  body: AsyncIterable<Uint8Array>,
  headers: AnswerHeaders,
  explain: (error: unknown) => Error,
): AsyncIterable<Uint8Array> {
  const named = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (named === 'identity' || named === '') return body;
  if (!Object.hasOwn(encodings, named)) {
    throw new ImageError('bad-response', `the answer has the unknown content encoding ${quoted(named)}`, {
      hint: 'Check what stands between this machine and the service.',
    });
  }
  return unpacked(body, encodings[named as keyof typeof encodings], explain);
}

/** How long a body is, as its headers announce it, bytes; `undefined` if they do not, or if it arrives encoded. */
export function announcedLength(headers: AnswerHeaders): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.get('content-encoding') ? undefined : Number(length);
}

async function* unpacked(
  body: AsyncIterable<Uint8Array>,
  { decoder, begins }: Encoding,
  explain: (error: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  const whole = resumed(first, chunks);
  if (first.done || !begins(first.value)) {
    yield* whole;
    return;
  }
  try {
    // A failure of either side reaches the reader through the decoder.
    yield* pipeline(whole, decoder(), () => {});
  } catch (error) {
    throw explain(error);
  }
}

/** All chunks, of which the first was taken already. */
async function* resumed(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first.done) return;
  yield first.value;
  yield* { [Symbol.asyncIterator]: () => rest };
}
