// What a caller may ask, in one vocabulary. The schema is the runtime form of the type and must accept the same.

import * as z from 'zod';
import { nearest } from '../negotiate/nearest.ts';
import type { Json, Operation, Ratio, Size } from './capabilities.ts';
import { ImageError } from './errors.ts';
import type { InputImage, Progress } from './provider.ts';

/**
 * An input picture: an `http(s):` or `data:` URL, a file path, bytes, a `Blob`, or a stream, such as a Node `Readable`. A string
 * without a scheme is a path.
 */
export type ImageInput =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** The words of a request that models differ in. */
export interface RequestOptions {
  /** Derived from the inputs if absent: `mask` = inpaint, `expand` = outpaint, `factor` = upscale, `images` = edit, else generate. */
  readonly operation?: Operation;
  readonly prompt?: string;
  readonly negativePrompt?: string;
  /** How many pictures, 1 to 100; default 1. */
  readonly n?: number;
  /** px; excludes `aspectRatio` and `resolution`. */
  readonly size?: Size;
  readonly aspectRatio?: Ratio;
  /** `"1K"`, `"2K"`, `"4K"` or what else the model names. */
  readonly resolution?: string;
  readonly quality?: string;
  readonly style?: string;
  readonly background?: string;
  /** `"png"`, `"jpeg"`, `"webp"` … */
  readonly outputFormat?: string;
  /** 0–100 */
  readonly outputCompression?: number;
  /** Picture i of the request gets seed + i. */
  readonly seed?: number;
  /** 0–1 */
  readonly strength?: number;
  /** Upscale factor. */
  readonly factor?: number;
  /** How far to extend each side; a ratio of the side, or px, as the model takes it. */
  readonly expand?: {
    readonly top?: number;
    readonly right?: number;
    readonly bottom?: number;
    readonly left?: number;
  };
  /** How many partial pictures to report. */
  readonly partials?: number;
  /** The id of the end user, for the service's abuse handling. */
  readonly user?: string;
  /** What only this provider knows, by the names in its table. */
  readonly providerOptions?: { readonly [name: string]: Json };
}

/** A request whose pictures are still as the caller gave them. */
export interface ImageRequest extends RequestOptions {
  readonly images?: readonly ImageInput[];
  /** White = repaint. */
  readonly mask?: ImageInput;
}

/** A checked request with its pictures read: what negotiation works on. */
export interface ParsedRequest extends RequestOptions {
  readonly prompt: string;
  readonly n: number;
  readonly images: readonly InputImage[];
  readonly mask?: InputImage;
}

/** How a request is carried out. */
export interface RunOptions {
  /** `strict` refuses what the model cannot; `adapt` changes size, quality and the like, and reports it. Default `strict`. */
  readonly negotiation?: 'strict' | 'adapt';
  /**
   * `auto` (default): a prompt in a language that the model does not know is translated by the provider's own text model, text in
   * quotation marks stays. `never`: it is sent as it is.
   */
  readonly translate?: 'auto' | 'never';
  /** Rewrites a short prompt into a rich one with the provider's text model: `true`, or the name of a style. Default no. */
  readonly enhance?: boolean | string;
  readonly signal?: AbortSignal;
  /** One deadline for waiting, polling and download, ms. Default: 5 minutes, or 3 times the model's usual time if that is longer. */
  readonly timeout?: number;
  /** Called for progress of any of the calls. `index` counts the calls of the request from 0. */
  readonly onProgress?: (progress: Progress, index: number) => void;
}

const text = z.string({ error: 'must be text' });
const filled = text.min(1, 'must not be empty');
const number = (error: string, least: number, most = Number.MAX_SAFE_INTEGER) =>
  z.number({ error }).min(least, error).max(most, error);
const whole = (error: string, least: number, most?: number) => number(error, least, most).int(error);
const side = number('must be a number from 0', 0).optional();
const schema = z.strictObject({
  operation: filled.optional(),
  prompt: text.optional(),
  negativePrompt: text.optional(),
  n: whole('must be a whole number from 1 to 100', 1, 100).default(1),
  size: text.regex(/^[1-9]\d{0,4}x[1-9]\d{0,4}$/, 'must be WIDTHxHEIGHT in px, such as 1024x768').optional(),
  aspectRatio: text.regex(/^\d+(\.\d+)?:\d+(\.\d+)?$/, 'must be WIDTH:HEIGHT, such as 16:9').optional(),
  resolution: filled.optional(),
  quality: filled.optional(),
  style: filled.optional(),
  background: filled.optional(),
  outputFormat: filled.optional(),
  outputCompression: number('must be a number from 0 to 100', 0, 100).optional(),
  seed: whole('must be a whole number from 0', 0).optional(),
  strength: number('must be a number from 0 to 1', 0, 1).optional(),
  factor: z.number({ error: 'must be a number above 0' }).positive('must be a number above 0').optional(),
  expand: z.strictObject({ top: side, right: side, bottom: side, left: side }).optional(),
  partials: whole('must be a whole number from 0', 0).optional(),
  user: filled.optional(),
  providerOptions: z.record(text, z.json()).optional(),
});

/**
 * Checks the words that hold for every model; what differs by model is negotiated.
 * Throws `invalid-request` naming the option, what was given and what is allowed.
 */
export function parseOptions(options: RequestOptions): RequestOptions & { prompt: string; n: number } {
  const parsed = schema.safeParse(options);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const option = issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'request');
    const given = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], options);
    const said = issue.code === 'unrecognized_keys' ? `is no word of a request${near(option)}` : issue.message;
    throw new ImageError('invalid-request', `${option} ${said}${show(given)}`, {
      details: { option, asked: json(given), problem: issue.message },
      hint: `Correct ${option} and ask again; nothing was sent.`,
    });
  }
  const request = parsed.data as RequestOptions & { n: number };
  if (request.size && (request.aspectRatio || request.resolution)) {
    const other = request.aspectRatio ? 'aspectRatio' : 'resolution';
    throw new ImageError(
      'invalid-request',
      `size (${request.size}) and ${other} (${request[other]}) exclude each other`,
      {
        details: { option: 'size', asked: request.size },
        hint: `Give size alone, or ${other} without size.`,
      },
    );
  }
  return { ...request, prompt: (request.prompt ?? '').trim() };
}

/** The nearest words there are. */
function near(option: string): string {
  const words = nearest(option, [...Object.keys(schema.shape), 'images', 'mask', 'model', 'timeout']);
  return words.length ? `; near to it: ${words.join(', ')}` : '';
}

function show(value: unknown): string {
  return value === undefined || typeof value === 'object' ? '' : ` (got ${JSON.stringify(value)})`;
}

function json(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
