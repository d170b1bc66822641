import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ImageError } from '../../contract/errors.ts';
import type { AnswerHeaders } from '../../contract/provider.ts';

const decoders = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;

/**
 * The body as it was before its `content-encoding`. We ask for none, but gateways exist that compress all the same. `explain` words
 * what breaks the decoder. Throws `bad-response` for an encoding that is unknown.
 */
export function decode(
  body: AsyncIterable<Uint8Array>,
  headers: AnswerHeaders,
  explain: (error: unknown) => Error,
): AsyncIterable<Uint8Array> {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return body;
  const decoder = decoders[encoding as keyof typeof decoders]?.();
  if (!decoder) {
    throw new ImageError('bad-response', `the answer has the unknown content encoding ${JSON.stringify(encoding)}`, {
      hint: 'Check what stands between this machine and the service.',
    });
  }
  // A failure of either side reaches the reader through the decoder.
  return explained(
    pipeline(body, decoder, () => {}),
    explain,
  );
}

/** How long a body is, as its headers announce it, bytes; `undefined` if they do not, or if it arrives encoded. */
export function announcedLength(headers: AnswerHeaders): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.get('content-encoding') ? undefined : Number(length);
}

async function* explained(decoded: AsyncIterable<Uint8Array>, explain: (error: unknown) => Error) {
  try {
    yield* decoded;
  } catch (error) {
    throw explain(error);
  }
}
