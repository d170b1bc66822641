// The front door: one object that knows the providers, the tickets and the store, and makes pictures.

import type { Budget } from './budget.ts';
import type { Json } from './capabilities.ts';
import type { ImageCodec } from './codec.ts';
import type { ImageError } from './errors.ts';
import type { Applied, Warning } from './notices.ts';
import type { PromptSettings } from './prompts.ts';
import type { ImageProvider, InputBytes, ListedModel, Money, ProviderAccess, ProviderDefinition } from './provider.ts';
import type { ImageInput, ImageRequest, RunOptions } from './request.ts';
import type { GeneratedImage, GenerateResult } from './result.ts';
import type { ImageStore } from './store.ts';
import type { TicketStore } from './tickets.ts';

/** A provider whose code is loaded on first use; its definition comes from the manifest. */
export interface LazyProvider {
  readonly definition: ProviderDefinition;
  load(): Promise<(access?: ProviderAccess) => ImageProvider>;
  readonly access?: ProviderAccess;
}

/** Environment variables, as `process.env` holds them. */
export type Environment = { readonly [name: string]: string | undefined };

/** Time, injectable for tests. */
export interface Clock {
  /** Unix time, ms. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** `X`: what the store adds to each picture. */
export interface ClientOptions<X = unknown> {
  readonly providers: readonly (ImageProvider | LazyProvider)[];
  /** Own names for models; a list is tried in order. */
  readonly aliases?: { readonly [name: string]: string | readonly string[] };
  /** The model used when a request names none; default: the first provider's. */
  readonly defaultModel?: string;
  /** Default: in memory. */
  readonly tickets?: TicketStore;
  /** Default: in memory. */
  readonly store?: ImageStore<X>;
  readonly budget?: Budget;
  /** What accounts are doing, where several processes share it; default this process alone, all of its clients together. */
  readonly limits?: LimitStore;
  /** For comparing prices in different currencies; without one they are not compared. */
  readonly rates?: Rates;
  /** Turns, converts and scales input pictures and encodes masks; without one they are sent as they are, or refused. */
  readonly codec?: ImageCodec;
  /** How prompts are translated and enhanced. */
  readonly prompts?: PromptSettings;
  /** Networks besides the base URL's origin that result and input URLs may lead to, CIDR; default none but the public internet. */
  readonly allowNetworks?: readonly string[];
  /**
   * Makes the connections of all requests: an undici `Agent`, `ProxyAgent` or other dispatcher, of undici 6, 7 or 8, for proxies,
   * certificates or tests of your own. `HTTPS_PROXY` and its like are not read then, and it stays yours to close. It should neither repeat requests
   * nor follow redirects: core does both where that costs nothing and is safe. The address guard sees less: URLs of others are checked as they are written and
   * as this machine resolves their names, before the dispatcher resolves them anew and connects. With `fromAgents`, input URLs are
   * refused unless `allowNetworks` names their address. Default: connections of core's own, or by the proxy of the environment.
   */
  readonly dispatcher?: HttpDispatcher;
  /**
   * Requests are an agent's: input URLs that would go through a proxy are refused unless `allowNetworks` names their address,
   * since the proxy resolves their names and the address guard cannot see to what. Default no.
   */
  readonly fromAgents?: boolean;
  /**
   * Whether a string, or a `file:` URL, may name an input picture on this machine. Default yes. `false` for a server whose users send
   * the strings: no file is opened for them then, and the program gives its own pictures as bytes or streams (`openAsBlob` of node:fs).
   */
  readonly paths?: boolean;
  /** Largest picture that is accepted, bytes; default 64 MiB. */
  readonly maxImageBytes?: number;
  /**
   * Calls of one account that run at a time, within its limits; a whole number from 1. Default 2, unless the provider says more. The others
   * wait for their turn. All clients of a process that are given no `limits` count together.
   */
  readonly concurrency?: number;
  /** How often a call is repeated after a failure known to be free; a whole number from 0. Default 3. */
  readonly maxRetries?: number;
  /** Default `process.env`. Read at the time of each call: keys, base URLs, proxies. */
  readonly env?: Environment;
  readonly clock?: Clock;
  readonly log?: (event: string, facts?: Json) => void;
}

/** A `Dispatcher` of undici 6, 7 or 8, as far as it is used. */
export interface HttpDispatcher {
  dispatch(options: object, handler: object): boolean;
}

/** What one unit of each currency is worth in a common one, such as `{ USD: 1, CNY: 0.14 }`: for comparing prices only. */
export type Rates = { readonly [currency: string]: number };

/** What one account may do at once. */
export interface Limiter {
  /**
   * Waits for a free place, runs the work, and learns from a `rate-limit` error. Rejects with the signal's reason while waiting.
   * `deadline`, Unix time in ms: throws `rate-limit` at once if the account is known not to be free before it.
   */
  run<T>(work: () => Promise<T>, signal: AbortSignal, deadline?: number): Promise<T>;
}

/** What a service lets one account do. */
export interface AccountRate {
  /** Calls at a time. */
  readonly concurrent: number;
  /** Calls that begin within any second; default any number. */
  readonly perSecond?: number;
  /** The same for a minute. */
  readonly perMinute?: number;
}

/** Where it is known what the accounts are doing: for one client, or for all that share the store. */
export interface LimitStore {
  /** The limiter of an account, which `account` names. */
  for(account: string, rate: AccountRate): Limiter;
}

/** What an automatic choice goes by, and what any choice may cost. */
export interface Route {
  /**
   * The most that all pictures of the request may cost by the table. A model whose price is unknown, or in a currency that
   * nothing compares with this one, is not taken. Where the price hangs on quality, size or resolution, and the request leaves them open, they
   * are said under `adapt`, which `applied` tells; else the error says how to.
   */
  readonly maxCost?: { readonly amount: number; readonly currency: string };
  /**
   * Only for `auto`. `price`: the cheapest first. `speed`: the shortest usual time first. `quality`: the dearest first, since
   * services price their better models higher. Default: what is free, then the cheapest, as with `price`. In any case what draws
   * without a neural network comes last.
   */
  readonly prefer?: 'price' | 'speed' | 'quality';
}

export interface ClientRequest extends ImageRequest, RunOptions {
  /**
   * The caller's own id of this request: asked again, also by another process that shares the tickets, nothing is sent a second
   * time unless the last try is known to have been free. What was made is returned for 30 days. Default: a new one.
   */
  readonly intent?: string;
  /** Once it aborts, nothing more is sent: what was sent comes home, and the rest is an error, `aborted`. `signal` ends all of it. */
  readonly stopSending?: AbortSignal;
  /** `provider/model`, a provider (its default model), an alias, or `auto`; a list, in which each of these may stand, is tried in order on `unavailable`, `rate-limit` and `quota`. */
  readonly model?: string | readonly string[];
  /**
   * What a key that is missing or refused, or not permitted, does to a list of models: `next` (default) leads to the next of the list,
   * `stop` ends the request with `auth` or `permission`, for work so large that its price was agreed to for the first.
   */
  readonly refusedKey?: 'next' | 'stop';
  /** How `model: "auto"` chooses, and what the request may cost. */
  readonly route?: Route;
  /** What the app read otherwise than its person wrote it, before it asked: told first in `applied` of the plan and of the result. */
  readonly applied?: readonly Applied[];
}

/** What a request would do, decided without sending anything. */
export interface Plan {
  /** `provider/model`. */
  readonly model: string;
  readonly operation: string;
  readonly region: string;
  readonly host: string;
  readonly mode: 'job' | 'call';
  /** The calls that would be made, one entry each. Input pictures are described, not included. */
  readonly calls: readonly { readonly [word: string]: Json }[];
  readonly applied: readonly Applied[];
  readonly warnings: readonly Warning[];
  /** `null` = unknown. */
  readonly estimate: Money | null;
  /** Usual time of one call, ms. */
  readonly latencyMs?: readonly [min: number, max: number];
  /** Of `auto`: what would be tried next, best first. Absent where there is no other. */
  readonly others?: readonly Pick<Plan, 'model' | 'estimate' | 'latencyMs'>[];
}

/** What an outcome says whatever became of the request: the form of both. */
export interface OutcomeFacts extends Omit<GenerateResult, 'images'> {
  readonly images: readonly GeneratedImage[];
  readonly error?: ImageError | undefined;
  /** Whether a provider was called: nothing was sent, and nothing can have been billed, if not. */
  readonly sent: boolean;
}

/** What became of a request, whatever became of it. `error` says which: pictures are here, or there is an error. */
export type Outcome<X = unknown> = MadeOutcome<X> | FailedOutcome;

/** Some of the pictures are here, or all of them. */
export interface MadeOutcome<X = unknown> extends Pick<OutcomeFacts, 'sent'>, GenerateResult<X> {
  readonly error?: undefined;
}

/** No picture is here. What was paid for and will come later is in `pending`, and named by the error. */
export interface FailedOutcome extends OutcomeFacts {
  readonly images: readonly [];
  readonly error: ImageError;
}

/** What a service answered when it was asked for its models. */
export interface ModelList {
  /** Where it was asked. */
  readonly baseURL: string;
  /** Those that may make pictures, as far as the service lets one tell; at most 2,000. */
  readonly models: readonly ListedModel[];
  /** What of the service's answer is not in `models`, and why. */
  readonly warnings: readonly Warning[];
}

/** `X`: what the caller's own store adds to each picture. */
export interface Client<X = unknown> {
  /**
   * Decides everything and sends nothing. Throws what `generate` would throw before sending; a missing key is only a
   * warning. An input picture given as a URL is fetched if the model takes no URLs. */
  plan(request: ClientRequest): Promise<Plan>;
  /**
   * `generate` for apps that must always show one shape: never rejects, a refusal or failure is in `error`.
   */
  run(request: ClientRequest): Promise<Outcome<X>>;
  /**
   * Makes the pictures. Rejects if none is here: then `tickets` of the error names what was paid for and is still to come, which `resume`
   * brings. If some are here, what became of the others is in `errors` and `pending`.
   */
  generate(request: ClientRequest): Promise<GenerateResult<X>>;
  /**
   * Brings back what a ticket stands for, with no new submission. Rejects as `generate` does, and with `not-found`, `auth` (another
   * key), `unavailable` …
   */
  resume(ticketId: string, run?: RunOptions): Promise<GenerateResult<X>>;
  /** `resume` that never rejects. */
  runTicket(ticketId: string, run?: RunOptions): Promise<Outcome<X>>;
  /**
   * Ends the job of a ticket at the service, if that can still be done; then the ticket is gone. `too late`: it goes on, and
   * `resume` fetches it. Throws `not-found`, `unsupported` (the service has no such thing), `auth` …
   */
  cancel(ticketId: string, run?: RunOptions): Promise<'cancelled' | 'too late'>;
  /**
   * Asks a provider's service which models it has; nothing is billed. Default timeout 30 s. Throws `not-found` for an unknown
   * provider, `unsupported` where the service has no such list, `auth` …
   */
  discover(provider: string, run?: Pick<RunOptions, 'signal' | 'timeout'>): Promise<ModelList>;
  /**
   * The bytes of an input picture, as a request reads it; one at a URL is fetched as it is for a model that takes no URLs. For what has to lie on
   * the picture, such as a mask. Default timeout 60 s. Throws `invalid-request` for what may not be read, cannot be, or is no whole picture;
   * `network`, `server`, `unavailable`, `timeout`.
   */
  readInput(image: ImageInput, run?: Pick<RunOptions, 'signal' | 'timeout'>): Promise<InputBytes>;
  /** Releases the connections. */
  close(): Promise<void>;
}
