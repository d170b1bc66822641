// What a caller may ask, in one vocabulary. inputs/parse-options.ts checks it.

import type { Json, Operation, Ratio, Size } from './capabilities.ts';
import type { ImageError } from './errors.ts';
import type { InputImage, Money, Progress } from './provider.ts';

/**
 * An input picture: an `http(s):` or `data:` URL, a file path, base64, bytes, a `Blob`, a stream, such as a Node `Readable`, or a picture
 * that was made before. A string without a scheme is base64 (also base64url, with line breaks or without) if it begins as a picture
 * does in it, else a path. Where strings are not the program's own, `paths: false` keeps them from naming files.
 */
export type ImageInput =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | StreamedPicture;

/** What gives its bytes when it is asked: a `GeneratedImage`, for one. */
export interface StreamedPicture {
  stream(): ReadableStream<Uint8Array>;
}

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
  /** How many partial pictures of each to report. Each of the pictures then has a call of its own. */
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
  /**
   * One deadline for waiting, polling and download, ms. Default: 5 minutes; longer if 3 times the model's usual time is, or the time for
   * many pictures as the account may ask for them.
   */
  readonly timeout?: number;
  /** Called for progress of any of the calls. `index` counts the calls of the request to one model from 0. */
  readonly onProgress?: (progress: CallProgress, index: number, call: ToldCall) => void;
}

/** What a caller is told while it waits: what the service says of a call, and how far that is otherwise. */
export type CallProgress = Progress | CallStep;

/** How far a call is, or one of its pictures. */
export interface CallStep {
  /**
   * `waiting`: for its turn among the calls of the account, or until it is sent once more. `sent`: nothing was heard of it yet.
   * `accepted`: the service took the job, and goes on with it by itself.
   * `fetching`: the picture is made, and its bytes come. `made`: it is in the store. `failed`: this request does not bring it.
   */
  readonly phase: 'waiting' | 'sent' | 'accepted' | 'fetching' | 'made' | 'failed';
  /** Which picture of the call, from 0; absent where all of them are meant. */
  readonly index?: number;
  /** How much of its bytes is here, 0 to 1, where their number is known. */
  readonly fraction?: number;
  /** Of `failed`; of `waiting`, why it is sent once more. */
  readonly error?: ImageError;
}

/** The call that a caller is told of. */
export interface ToldCall {
  /** `provider/model` */
  readonly model: string;
  /** A `job` goes on without whoever waits for it; what a `call` makes comes with its answer or never. */
  readonly mode: 'job' | 'call';
  /** The position of its first picture among those of the request, from 0. */
  readonly first: number;
  /** How many pictures it is asked for. */
  readonly n: number;
  /** What they cost by the table; `null` = unknown. */
  readonly cost: Money | null;
}
