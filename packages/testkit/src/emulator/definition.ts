// What a service's emulator file says: its documented API, and nothing about HTTP plumbing or faults.

import type { ErrorCode } from '@anyimage/core';
import type { Card } from '../picture/test-card.ts';
import type { EffectOf, FaultEffect } from './effects.ts';
import type { RecordedRequest } from './recorder.ts';

/** A service on loopback. */
export interface EmulatorDefinition {
  /** The name in `anyimage emulate <id>`. */
  readonly id: string;
  readonly label: string;
  /** The environment variable that gives the key to the provider under test. */
  readonly keyEnv: string;
  /** The environment variable that gives it the base URL. */
  readonly baseURLEnv: string;
  /** Where the API begins: `"/api/paas/v4"`. */
  readonly basePath: string;
  /** ISO 4217; the unit of every `cost`. */
  readonly currency: string;
  /** How long the URL of a picture works, s; default 30 days, of which the suite says that nobody documented them. */
  readonly filesLiveSeconds?: number;
  /** Documented: a job that fails is not charged. Else it may be, and a provider must say so. */
  readonly failedJobs?: 'free';
  /**
   * `none`: the service refuses nothing for what it shows. Else the answer to `check` says how it does: see {@link Exchange.checkJob}.
   * `silent`: of several pictures it leaves out those that it refuses, and says nothing of them.
   */
  readonly moderation?: 'none' | 'silent';
  /** A host besides the base URL's that answers name, such as for the state of a job: see {@link Exchange.otherOrigin}. */
  readonly otherHost?: string;
  /** Checks the key. Returns the documented refusal, or `undefined` to go on. Not asked for pictures. */
  authorize(exchange: Exchange): Reply | undefined;
  readonly routes: readonly Route[];
  /** The answer to a path or method that the API does not have. */
  readonly unknown: Reply;
  /** The documented errors, by the code that a provider should make of them: what a `failure` fault answers. */
  readonly failures: { readonly [code in ErrorCode]?: Reply };
}

/** One operation of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base path; `:name` matches one segment: `"async-result/:id"`. */
  readonly path: string;
  /** The name that faults and records use: `generate`, `edit`, `submit`, `check`, `cancel`, `chat`. */
  readonly point: string;
  /** Costs money when it is accepted. */
  readonly spends?: true;
  /** What its requests ask for, by the documentation: the suite compares it with what was asked. */
  readonly understood?: Understood;
  /** Where its answers tell what was made: the suite compares it with the result. */
  readonly told?: Told;
  /** The service's documented answer. A status below 300 means accepted. */
  answer(exchange: Exchange): Reply | Promise<Reply>;
}

/** An answer. `json` and `body` exclude each other. */
export interface Reply {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: Uint8Array | string;
  /** Media type of `body`. */
  readonly type?: string;
  /** What the account is charged, in the definition's currency; default 0. */
  readonly cost?: number;
}

/** A job that the emulated service works on. */
export interface EmulatedJob {
  readonly id: string;
  state: 'running' | 'done' | 'failed' | 'refused' | 'cancelled';
  /** How many more checks find it running. */
  checksLeft: number;
  /** What was submitted. */
  readonly body: unknown;
}

/** One request and all that an answer is made with. */
export interface Exchange {
  readonly request: RecordedRequest;
  /** Parsed JSON, or what else the request held; `undefined` if it could not be parsed. */
  readonly body: unknown;
  /** The body as a form, if it was one. */
  readonly form?: FormData;
  /** The values of `:name` segments. */
  readonly params: Readonly<Record<string, string>>;
  /** The key that is valid here. */
  readonly key: string;
  readonly baseURL: string;
  /** The origin that stands for the definition's `otherHost`: this emulator at another port. */
  readonly otherOrigin: string;
  /** Unix time, ms. */
  readonly now: number;
  /** How many checks a new job stays running. */
  readonly checks: number;
  readonly jobs: Map<string, EmulatedJob>;
  /** A readable id, the next of its kind: `task-0001`. */
  nextId(kind: string): string;
  /** A new job, which runs for {@link checks} checks. `body` is what its answers are made from, `kind` its id's (default `job`). */
  startJob(body: unknown, kind?: string): EmulatedJob;
  /** The job, one check further. Faults `failed` and `refused` of the request strike it here. */
  checkJob(id: string | undefined): EmulatedJob | undefined;
  /** Draws a picture and returns its URL on this emulator, or the URL of a `url` fault. */
  picture(card: Card): string;
  /** Draws a picture for an answer that holds it. Faults of the point `result` strike it here. */
  pictureBytes(card: Card): Uint8Array;
  /**
   * The fault of this kind that strikes this request, if any, for the answer to show as the service would: one refused picture
   * of several, a failed job.
   */
  takes<K extends FaultEffect['kind']>(kind: K): EffectOf<K> | undefined;
}

/** The JSON of a body, or the text fields of a form. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Where a value stands. A path: `"seed"`, `"input.size"`, `"images.*.url"` (`*` is each of a list), a field of a form, files included.
 * Several paths: what stands at any of them, in that order. Or a function, for what the service says otherwise than anyimage.
 */
export type Where = string | readonly string[] | ((fields: Fields, exchange: Exchange) => unknown);

/** The words whose values are compared as they are. */
export type UnderstoodWord =
  | 'model'
  | 'operation'
  | 'prompt'
  | 'negativePrompt'
  | 'n'
  | 'size'
  | 'aspectRatio'
  | 'resolution'
  | 'quality'
  | 'style'
  | 'background'
  | 'outputFormat'
  | 'outputCompression'
  | 'seed'
  | 'images'
  | 'strength'
  | 'factor'
  | 'expand'
  | 'partials'
  | 'user'
  | 'intent';

/**
 * What a request asks for. A word that is absent is one that the suite cannot see. Sizes are `1024x768`, `1024*768` or an object of
 * `width` and `height`; numbers may be text, as in forms; pictures are base64, `data:` URLs, URLs, files or bytes.
 */
export type Understood = { readonly [word in UnderstoodWord]?: Where } & {
  /** Where the mask is, and which of its pixels the service repaints. */
  readonly mask?: { readonly at: Where; readonly repaint: 'white' | 'black' | 'transparent' | 'white+transparent' };
  /** By the names of the provider's options. */
  readonly options?: { readonly [name: string]: Where };
};

/** Where an answer says what it made: paths in its JSON, or functions of it. A list has one value for each picture. */
export interface Told {
  readonly seed?: string | ((answer: Fields) => unknown);
  readonly revisedPrompt?: string | ((answer: Fields) => unknown);
  /** What the answer says that all of its pictures cost, in the definition's currency. */
  readonly cost?: string | ((answer: Fields) => unknown);
}
