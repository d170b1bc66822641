// Input pictures as callers give them, read and checked before anything is sent.

import { ImageError, messageOf } from '../contract/errors.ts';
import { present } from '../contract/objects.ts';
import type { InputBytes, InputImage } from '../contract/provider.ts';
import type { ImageInput, StreamedPicture } from '../contract/request.ts';
import type { Transport } from '../contract/transport.ts';
import { quoted } from '../foreign/foreign.ts';
import { AddressRefused } from '../http/address-guard.ts';
import { chunksOf } from '../http/body/chunks.ts';
import { decodeBase64, decodeDataUri } from '../http/body/data-uri.ts';
import { type DownloadOptions, download } from '../http/download.ts';
import { abortError } from '../timing/abort-error.ts';
import { together } from '../timing/together.ts';
import { createProbe, isPictureHead } from '../verify/verify.ts';

export interface InputOptions {
  readonly transport: Transport;
  readonly signal?: AbortSignal;
  /** Nothing goes through a proxy: for URLs that an agent gives. */
  readonly directOnly?: boolean;
  /** Notes how a URL is fetched. */
  readonly log?: DownloadOptions['log'];
  /** Longest file that is read, bytes; default 64 MiB. */
  readonly maxBytes?: number;
  /** Whether a text may name a file; default yes. */
  readonly paths?: boolean;
  /** What all pictures of the request may still have. */
  readonly room?: InputRoom;
}

/** Bytes that pictures may still have in all; less with each that is read. */
export interface InputRoom {
  left: number;
}

/** Longest input picture that is read unless the caller allows more, bytes. */
export const longestInput = 64 * 2 ** 20;

/** Most that all input pictures of a request may have, bytes: they stand in memory together. */
export const mostInput = 256 * 2 ** 20;

/**
 * Reads the input pictures of a request, as `readInput` does each. What is known of their sizes is added up before any is read: throws
 * `invalid-request` for more than 256 MiB in all.
 */
export async function readInputs(inputs: readonly ImageInput[], options: InputOptions): Promise<InputImage[]> {
  const sizes = await Promise.all(inputs.map((input) => sizeOf(input, options)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > mostInput) throw tooMuch(`the ${inputs.length} input pictures have ${total} bytes in all`);
  const room = { left: mostInput };
  return together(inputs, options.signal, (input, signal) => readInput(input, present({ ...options, signal, room })));
}

/** In bytes, as far as it is known before the picture is read; else 0. */
async function sizeOf(input: ImageInput, { paths = true }: InputOptions): Promise<number> {
  if (input instanceof Uint8Array || input instanceof ArrayBuffer) return input.byteLength;
  if (input instanceof Blob) return input.size;
  if (typeof input !== 'string' && !(input instanceof URL)) return 0;
  const text = textOf(input);
  if (/^data:/i.test(text) || isBase64Picture(text)) return Math.floor(text.length * 0.75);
  if (/^https?:/i.test(text) || !paths) return 0;
  const { stat } = await import('node:fs/promises');
  const path = /^file:/i.test(text) ? URL.parse(text) : text;
  const found = await stat(path ?? '').catch(() => undefined);
  return found?.isFile() ? found.size : 0;
}

function tooMuch(said: string): ImageError {
  const message = `${said}; at most ${mostInput} (${mostInput / 2 ** 20} MiB) are read`;
  return invalid(message, 'Give fewer pictures, or smaller ones.');
}

/**
 * Reads an input picture. An http(s) URL is checked and kept as a URL, not fetched; a path, `file:` URL, `data:` URI, bytes
 * or stream becomes bytes with type and size. Throws `invalid-request`, naming the file, for what cannot be read or is no
 * whole picture, and for any other kind of value.
 */
export async function readInput(input: ImageInput, options: InputOptions): Promise<InputImage> {
  const { signal } = options;
  if (signal?.aborted) throw abortError(signal);
  if (typeof input !== 'string' && !(input instanceof URL)) {
    return probed('the input picture', chunksIn(input, signal), options);
  }
  const text = textOf(input);
  if (/^data:/i.test(text)) {
    const bytes = decodeDataUri(text);
    if (!bytes)
      throw invalid('the data: URI of the input picture is broken', 'Check its base64, or give the file itself.');
    return probed('the data: URI', [bytes], options);
  }
  if (/^https?:/i.test(text)) return keepURL(text, options);
  const { paths = true } = options;
  if (isBase64Picture(text)) return readBase64(text, options);
  if (/^file:/i.test(text) && paths) return readFile(await pathOf(text), options);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1];
  if (scheme && !/^file$/i.test(scheme)) {
    throw invalid(`${scheme}: URLs cannot be read`, 'Give an http, https or data URL, or a file.');
  }
  if (!paths) {
    const message = 'the input picture is a text that is neither an http, https or data URL nor base64 of a picture';
    throw invalid(message, 'Give one of these, or bytes: texts name no files here (paths is false).');
  }
  if (text.length > longestPath) {
    const message = `the input picture is a text of ${text.length} characters, which is neither a path nor base64 of a picture`;
    throw invalid(message, 'Give the base64 of a whole PNG, JPEG, WebP, GIF or AVIF, or its bytes.');
  }
  return readFile(text, options);
}

/** As the caller means it: line breaks around a URL or base64 are slips of copying. Paths may begin with a space. */
function textOf(input: string | URL): string {
  const text = String(input);
  return /^\s+(?:data|https?):/i.test(text) || isBase64Picture(text) ? text.trim() : text;
}

/** No system takes a longer path, characters. */
const longestPath = 4096;
/** No picture has less, characters of base64. */
export const leastBase64 = 36;

/** Whether a text, looked at as base64, begins as a picture does: then it is no path. */
export function isBase64Picture(text: string): boolean {
  const head = text.slice(0, 400).replace(/\s+/g, '').slice(0, 64);
  if (head.length < leastBase64) return false;
  const bytes = decodeBase64(head.replace(/=+$/, '').slice(0, leastBase64));
  if (!bytes || !isPictureHead(bytes)) return false;
  // A path with an ending is none, and so is any other text that has something else in it: broken base64 is told of where it is long.
  return text.length > longestPath || /^[\w+/\-\s]+(?:=\s*){0,2}$/.test(text);
}

/** Throws `invalid-request` for base64 that is broken, and for a text that is the path of a file as well. */
async function readBase64(text: string, options: InputOptions): Promise<InputBytes> {
  const { stat } = await import('node:fs/promises');
  const isPath = options.paths !== false && text.length <= longestPath && (await stat(text).catch(() => undefined));
  if (isPath) {
    const message = `the input picture ${JSON.stringify(text)} may be base64, and is the path of a file, too`;
    throw invalid(message, 'Say which: put ./ or the folder before a path, or data:;base64, before base64.');
  }
  const bytes = decodeBase64(text);
  if (!bytes) throw invalid('the base64 of the input picture is broken', 'Check it, or give the bytes themselves.');
  return probed('the base64 of the input picture', [bytes], options);
}

/**
 * The bytes of an input picture that was kept as a URL, for models that take none. Fetched through the address guard.
 * Throws `invalid-request` for a URL that may not or cannot be fetched or is no whole picture; `network`, `server`,
 * `unavailable` may pass with time.
 */
export async function fetchInput(url: string, options: InputOptions): Promise<InputBytes> {
  const maxBytes = options.maxBytes ?? longestInput;
  const name = `the picture at ${URL.parse(url)?.host ?? 'the URL'}`;
  const { body } = await download(url, { ...options, maxBytes, by: 'caller' });
  return probed(name, body, options);
}

function keepURL(text: string, { transport }: InputOptions): InputImage {
  const url = URL.parse(text);
  if (!url) throw invalid('the URL of the input picture is not valid', 'Check the URL, or give the file itself.');
  try {
    transport.guard.check(url);
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw invalid(
      `the URL of the input picture ${error.reason}`,
      'Give the file itself; or, if that network is yours, add it to allowNetworks.',
      error,
    );
  }
  return { as: 'url', url: url.href };
}

/** Throws `invalid-request` for a URL whose name only a local resolver knows: a service that is to fetch it never can. */
export function refuseLocal(url: string, { guard }: Transport): void {
  try {
    guard.checkForProxy(new URL(url));
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    const message = `the URL of the input picture ${error.reason}, which the service cannot reach`;
    throw invalid(message, 'Give the file itself.', error);
  }
}

/** The bytes of an input that is neither text nor URL. Throws `invalid-request` for what holds none. */
function chunksIn(
  input: Exclude<ImageInput, string | URL>,
  signal: AbortSignal | undefined,
): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (input instanceof Uint8Array) return [input];
  if (input instanceof ArrayBuffer) return [new Uint8Array(input)];
  const stream = openedStream(input);
  if (stream) return chunksOf(stream, signal, 'invalid-request');
  const kind = Object.prototype.toString.call(input).slice('[object '.length, -1);
  throw invalid(
    `the input picture is given as ${kind}, which is not read`,
    'Give a path, a URL, base64, a Uint8Array, an ArrayBuffer, a Blob, a picture that was made, or a stream of bytes.',
  );
}

/** Throws `invalid-request` for one that cannot be opened. */
function openedStream(input: Parameters<typeof streamOf>[0]) {
  try {
    return streamOf(input);
  } catch (error) {
    if (ImageError.isInstance(error)) throw error;
    throw invalid(
      `the input picture could not be opened: ${messageOf(error)}`,
      'Look at what its stream() does.',
      error,
    );
  }
}

function streamOf(input: Exclude<ImageInput, string | URL | Uint8Array | ArrayBuffer>) {
  if (input instanceof ReadableStream) return input;
  if (isStreamed(input)) return input.stream();
  const isIterable = typeof (input as AsyncIterable<Uint8Array> | undefined)?.[Symbol.asyncIterator] === 'function';
  return isIterable ? ReadableStream.from(input as AsyncIterable<Uint8Array>) : undefined;
}

function isStreamed(input: unknown): input is StreamedPicture {
  return typeof (input as StreamedPicture | undefined)?.stream === 'function';
}

async function pathOf(fileURL: string): Promise<string> {
  const { fileURLToPath } = await import('node:url');
  try {
    return fileURLToPath(fileURL);
  } catch (cause) {
    throw invalid(`${fileURL} names no file of this machine`, 'Give the path of the file.', cause);
  }
}

async function readFile(path: string, options: InputOptions): Promise<InputBytes> {
  const { createReadStream } = await import('node:fs');
  await refuseSpecial(path);
  const file = createReadStream(path, { ...(options.signal && { signal: options.signal }) });
  try {
    return await probed(shown(path), file, options);
  } catch (error) {
    if (options.signal?.aborted) throw abortError(options.signal);
    if (ImageError.isInstance(error)) throw error;
    const [problem, hint] = fileProblems[(error as NodeJS.ErrnoException).code ?? ''] ?? [
      `cannot be read: ${quoted(messageOf(error), longestShown)}`,
      'Check the path.',
    ];
    throw invalid(`${shown(path)} ${problem}`, hint, error);
  } finally {
    file.destroy();
  }
}

/** Reading a pipe or a device may wait, or go on, for ever. */
async function refuseSpecial(path: string): Promise<void> {
  const { stat } = await import('node:fs/promises');
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isFile() || found.isDirectory()) return;
  throw invalid(`${shown(path)} is a pipe, socket or device, not a file`, 'Give the path of a picture, or its bytes.');
}

/** A message holds no more of a path, characters. */
const longestShown = 200;

/** A path among words: as it is, unless that is more than a line. */
function shown(path: string): string {
  return path.length > longestShown || /\p{Cc}/u.test(path) ? quoted(path, longestShown) : path;
}

const fileProblems: { readonly [code: string]: readonly [problem: string, hint: string] } = {
  ENOENT: ['does not exist', 'Check the path; it is taken from the current folder.'],
  ENOTDIR: ['does not exist: a part of its path is no folder', 'Check the path.'],
  ENAMETOOLONG: ['is too long for the path of a file', 'Check the path. A picture as base64 must be whole.'],
  EISDIR: ['is a folder', 'Give the path of a picture.'],
  EACCES: ['may not be read', 'Give yourself the right to read it.'],
  EPERM: ['may not be read', 'Give yourself the right to read it.'],
};

async function probed(
  name: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: InputOptions,
): Promise<InputBytes> {
  const { maxBytes = longestInput, room } = options;
  const probe = createProbe({ maxBytes });
  const kept: Uint8Array[] = [];
  try {
    for await (const chunk of chunks) {
      probe.push(chunk);
      if (room) room.left -= chunk.length;
      if (room && room.left < 0) throw tooMuch('the input pictures have more bytes in all than can be held');
      kept.push(chunk);
    }
    const { mediaType, width, height } = probe.end();
    const bytes = kept.length === 1 ? kept[0]! : Buffer.concat(kept);
    return { as: 'bytes', bytes, mediaType, width, height };
  } catch (error) {
    throw ImageError.isInstance(error) ? aboutInput(name, error) : error;
  }
}

/** What the probe says of a picture, said of the caller's own file. */
function aboutInput(name: string, error: ImageError): ImageError {
  const details = error.details as { problem?: string; found?: string } | undefined;
  if (error.code !== 'bad-response' || !details?.problem) return error;
  const { problem, found } = details;
  const message = found ? `${name} is not a picture: it is ${found}` : `${name}: ${error.message}`;
  const hint =
    problem === 'too-large' ? 'Give a smaller picture.' : 'Give a whole picture: PNG, JPEG, WebP, GIF or AVIF.';
  return invalid(message, hint, error, { problem, ...(found && { found }) });
}

function invalid(
  message: string,
  hint: string,
  cause?: unknown,
  details?: { readonly [key: string]: string },
): ImageError {
  return new ImageError('invalid-request', message, { hint, cause, ...(details && { details }) });
}
