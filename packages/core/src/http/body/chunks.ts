import { type ErrorCode, ImageError, messageOf } from '../../contract/errors.ts';
import { abortError } from '../../timing/abort-error.ts';

/**
 * The chunks of a stream that somebody handed over. Breaking off cancels it, and so does the signal, whose reason is thrown
 * at once even if the stream never answers. A failure of the stream itself is thrown as `code`.
 */
export async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
  code: ErrorCode,
): AsyncGenerator<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array>;
  try {
    reader = stream.getReader();
  } catch (cause) {
    throw new ImageError(code, 'the stream is in use already', { cause, hint: 'Give a stream that nobody reads.' });
  }
  const cancel = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      if (signal?.aborted) throw abortError(signal);
      const { done, value } = await read(reader, code);
      if (signal?.aborted) throw abortError(signal);
      if (done) return;
      if (!(value instanceof Uint8Array)) {
        throw new ImageError(code, `the stream gave ${typeof value} instead of bytes`, {
          hint: 'Give a stream of Uint8Array.',
        });
      }
      yield value;
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancel();
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>, code: ErrorCode) {
  try {
    return await reader.read();
  } catch (cause) {
    if (ImageError.isInstance(cause)) throw cause;
    throw new ImageError(code, `the stream failed: ${messageOf(cause)}`, {
      cause,
      hint: 'Look at what feeds the stream.',
    });
  }
}
