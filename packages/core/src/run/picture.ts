// A picture on its way from the service into the store: fetched or decoded, verified, written, each chunk once.

import { ImageError, problemOf } from '../contract/errors.ts';
import type { Warning } from '../contract/notices.ts';
import { omit } from '../contract/objects.ts';
import type { PictureSource } from '../contract/provider.ts';
import type { ImageFacts, ImageWriter, PictureRecord, StoredImage } from '../contract/store.ts';
import type { Transport } from '../contract/transport.ts';
import { mediaTypeIn } from '../foreign/media-type.ts';
import { chunksOf } from '../http/body/chunks.ts';
import { decodeBase64, decodeDataUri } from '../http/body/data-uri.ts';
import { beginArrival } from '../http/body/memory-weight.ts';
import { type DownloadOptions, download, type Signing } from '../http/download.ts';
import { abortError } from '../timing/abort-error.ts';
import { drawingType } from '../verify/svg.ts';
import { createDrawingProbe, createProbe } from '../verify/verify.ts';

export interface ReceiveOptions {
  readonly transport: Transport;
  /** Origins reached at any address, also over http: that of the base URL. */
  readonly trustedOrigins?: readonly string[];
  /** For a URL below the base URL that wants the key. */
  readonly signing?: Signing;
  /** Notes how it is fetched. */
  readonly log?: DownloadOptions['log'];
  /** Where the picture goes. Committed when it is complete, else aborted. */
  readonly writer: ImageWriter;
  readonly signal: AbortSignal;
  /** Longest file that is taken, bytes. */
  readonly maxBytes: number;
  /** What is kept beside the picture. */
  readonly record: (facts: ImageFacts) => PictureRecord;
  /** What the service says it is; a difference is a warning, the bytes decide. A drawing is taken only if this says so. */
  readonly declaredType?: string;
  /** Called when its bytes begin to come and with each that came; `fraction` of them are here, where their number is known. */
  readonly onBytes?: (fraction?: number) => void;
}

export interface ReceivedPicture {
  readonly facts: ImageFacts;
  readonly stored: StoredImage;
  /** The URL it was fetched from. */
  readonly sourceUrl?: string;
  readonly warnings?: readonly Warning[];
}

/**
 * Brings one picture into the store. Throws `bad-response` for what is no whole picture (retryable if it was cut off on its
 * way from a URL), what {@link download} throws, `storage` of the writer, or the signal's reason; nothing is left behind then.
 */
export async function receivePicture(source: PictureSource, options: ReceiveOptions): Promise<ReceivedPicture> {
  const { writer, record, signal, maxBytes } = options;
  const declared = options.declaredType && mediaTypeIn(options.declaredType);
  const weight = beginArrival();
  try {
    const probe = declared === drawingType ? createDrawingProbe({ maxBytes }) : createProbe({ maxBytes });
    options.onBytes?.();
    const { arriving, byteLength } = await open(source, options);
    let here = 0;
    const take = (chunk: Uint8Array) => {
      if (signal.aborted) throw abortError(signal);
      probe.push(chunk);
      weight.add(chunk.length);
      here += chunk.length;
      if (byteLength) options.onBytes?.(here / byteLength);
      return writer.write(chunk);
    };
    if (arriving instanceof Uint8Array) await take(arriving);
    else for await (const chunk of arriving) await take(chunk);
    if (signal.aborted) throw abortError(signal);
    const facts = omit(probe.end(), 'alpha', 'grey', 'c2pa');
    const stored = await writer.commit(facts, record(facts));
    return {
      facts,
      stored,
      ...('url' in source && !isDataUri(source.url) && { sourceUrl: source.url }),
      ...(declared && declared !== facts.mediaType && { warnings: [mislabelled(declared, facts)] }),
    };
  } catch (error) {
    await writer.abort();
    throw 'url' in source && isTruncated(error) ? error.with({ retryable: true }) : error;
  } finally {
    weight.end();
  }
}

/** A picture as it comes, or whole if it is here already. */
interface Arriving {
  readonly arriving: Uint8Array | AsyncIterable<Uint8Array>;
  /** As announced. */
  readonly byteLength?: number | undefined;
}

async function open(source: PictureSource, options: ReceiveOptions): Promise<Arriving> {
  if ('stream' in source) return { arriving: chunksOf(source.stream, options.signal, 'bad-response') };
  if ('bytes' in source) return { arriving: source.bytes };
  if ('base64' in source) {
    if (typeof source.base64 !== 'string') return { arriving: source.base64 };
    return { arriving: decoded(isDataUri(source.base64) ? decodeDataUri(source.base64) : decodeBase64(source.base64)) };
  }
  if (isDataUri(source.url)) return { arriving: decoded(decodeDataUri(source.url)) };
  const { body, whole, byteLength } = await download(source.url, { ...options, by: 'service' });
  if (byteLength !== undefined) options.writer.expect?.(byteLength);
  return { arriving: whole ?? body, byteLength };
}

function isDataUri(text: string): boolean {
  return /^data:/i.test(text);
}

function decoded(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes) return bytes;
  throw new ImageError('bad-response', 'the service sent a picture whose base64 is broken', {
    details: { problem: 'damaged' },
    hint: 'Ask for the picture again.',
  });
}

function isTruncated(error: unknown): error is ImageError {
  return problemOf(error) === 'truncated';
}

function mislabelled(declared: string, { mediaType }: ImageFacts): Warning {
  return { code: 'type-differs', message: `the service declared ${declared}, the picture is ${mediaType}` };
}
