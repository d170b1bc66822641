// The contract between core and a provider: a definition (JSON) plus functions.

import type { Day, Json, Limits, ModelCapabilities, ModelTable, Operation, Ratio } from './capabilities.ts';
import type { ImageError } from './errors.ts';
import type { Warning } from './notices.ts';

/** What a provider is, without running its code: this much is written into the package's manifest. */
export interface ProviderDefinition {
  readonly id: string;
  readonly label: string;
  readonly models: ModelTable;
  readonly defaultModel?: string;
  /** The row for ids the table does not know: compatible servers, hubs, workflow graphs. */
  readonly unlisted?: ModelCapabilities;
  /** The first is the default. */
  readonly regions: { readonly [region: string]: RegionFacts };
  /** Environment variables that may hold a key, in order of precedence. Empty = no key is needed. */
  readonly keys: readonly KeySource[];
  /** Environment variables that may hold a base URL; one with a region counts only while that region is in use. */
  readonly baseURLs?: readonly { readonly env: string; readonly region?: string }[];
  /**
   * The only hosts besides the base URL's origin that are ever sent a key, over https and at port 443 alone: names of hosts
   * (`files.service.example`), or domains behind a dot, which stand for all their subdomains and not for the domain itself
   * (`.service.example`). A service that is imitated on loopback has them on other ports of the base URL's host.
   */
  readonly trustedHosts?: readonly string[];
  /** What one account may do at once; two calls at a time unless stated. */
  readonly rate?: { readonly concurrent?: number; readonly perMinute?: number };
}

/** A region of a service, with prices and ids of its own. */
export interface RegionFacts {
  readonly label?: string;
  /** Where it is reached unless a base URL is given. */
  readonly baseURL: string;
  /** Other hosts of the region, such as those of one workspace: a regular expression that fits the whole name. */
  readonly hosts?: string;
}

/** An environment variable that may hold a key. */
export interface KeySource {
  readonly env: string;
  /** The region whose keys it holds; absent = any. */
  readonly region?: string;
  /** Where a person gets one. */
  readonly page?: string;
  readonly shape?: KeyShape;
}

/**
 * How keys look, as regular expressions, where that tells a wrong key from a right one. It is for doubts that are told, never for a
 * refusal: a service may change the form of its keys.
 */
export interface KeyShape {
  /** Keys of this service alone look so: at another service such a key is doubted. */
  readonly own?: string;
  /** Keys that look so are doubted here. `because` completes the sentence: "it has no dot, and …". */
  readonly doubted?: readonly { readonly looks: string; readonly because: string }[];
}

/**
 * `I`: the forms in which its table lets pictures be given. `T`: its part of a ticket. `defineProvider` finds both out by itself; without
 * them all forms and any JSON are meant.
 */
export interface ProviderFunctions<I extends InputImage = InputImage, T extends Json = Json> {
  /** Headers that authorise one request. Called only for origins that may see the key. */
  sign(key: string, request: { method: string; url: URL }): Record<string, string> | Promise<Record<string, string>>;
  /**
   * Refuses what a table cannot say, such as two values that exclude each other: throws `unsupported` or `invalid-request`. Called
   * for each call before anything is sent.
   */
  check?(call: CallDraft<I>): void;
  /** The service answers in one call. */
  generate?(call: ProviderCall<I>, context: CallContext): Promise<ProviderResult>;
  /** The service works through submit, check and cancel. */
  readonly jobs?: JobApi<T, I>;
  /**
   * The pictures of a success that neither the provider's own reading nor core's found, from the parsed body, in which bytes are
   * base64: what a version learns later, so that answers that an earlier one kept are read.
   */
  readAnswer?(body: Json): readonly Output[];
  /** Asks the service which models it has: those of its list that may make pictures. Nothing is billed. */
  discover?(context: CallContext): Promise<readonly ListedModel[]>;
  /** The service's language model, for prompt translation and rewriting. */
  readonly text?: TextApi;
}

/** A service's language model. */
export interface TextApi {
  write(question: TextQuestion, context: CallContext): Promise<WrittenText>;
  /** The most that one answer costs there; undefined = unknown. For budgets. */
  atMost?(context: CallContext): Money | undefined;
}

/** A model that a service says it has. Its id says nothing of what it can do. */
export interface ListedModel {
  readonly id: string;
  readonly label?: string;
  /** When it ends, where the service tells. */
  readonly retires?: Day;
}

/** What a language model is asked: how to write, and what is to be written. */
export interface TextQuestion {
  readonly system: string;
  readonly user: string;
}

/** What a language model wrote. */
export interface WrittenText {
  readonly text: string;
  readonly usage?: Usage;
  /** Absent = unknown. */
  readonly cost?: Money;
}

/** Gives a key that is valid now. */
export type KeyFunction = () => string | Promise<string>;

/** How one instance is reached. Everything is optional; what is absent comes from the environment at the time of the call. */
export interface ProviderAccess {
  /**
   * The key, or a function that gives it, for keys that expire. Default: the first of the definition's environment variables that is set.
   * A function is asked once for each request that is sent (for all its calls), ticket that is resumed or cancelled, and list of models. If a
   * question that costs nothing, such as how a job stands, is answered 401, it is asked for another key, and the question put once more;
   * what costs money is never sent a second time. What it throws is `auth`, and nothing was sent.
   */
  readonly apiKey?: string | KeyFunction;
  /**
   * Further headers, such as an organisation, a project or what a gateway wants: sent to the hosts that may see the key, and to no other. None that the
   * provider or core set themselves, its authorisation among them (`config`). Their values are kept out of all texts, as the key is.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the region's. Its origin is trusted, also on a private network. */
  readonly baseURL?: string;
  /** Default: the region of the key that is used, else the definition's first. */
  readonly region?: string;
  /** The service's language model for translating and rewriting prompts. Default: the provider's choice, if it has one. */
  readonly textModel?: string;
}

/** What the factory made by `defineProvider` returns. Creating one does no I/O and never throws. */
export interface ImageProvider extends ProviderDefinition, ProviderFunctions {
  readonly access: ProviderAccess;
}

/**
 * Everything is decided: legal for the row, aliases and region resolved, inputs checked and masks encoded as the row says. `I`: the forms
 * in which pictures are given, which is all that the rows of the table say in `as`.
 */
export interface ProviderCall<I extends InputImage = InputImage> {
  /** The same across retries and restarts; the idempotency key where the service takes one. */
  readonly intent: string;
  /** The model's id in this region. */
  readonly model: string;
  readonly operation: Operation;
  readonly limits: Limits;
  readonly prompt: string;
  readonly negativePrompt?: string;
  readonly n: number;
  readonly seed?: number;
  readonly user?: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly aspectRatio?: Ratio;
  readonly resolution?: string;
  readonly quality?: string;
  readonly style?: string;
  readonly background?: string;
  readonly outputFormat?: string;
  readonly outputCompression?: number;
  readonly images: readonly I[];
  readonly mask?: I;
  readonly strength?: number;
  readonly factor?: number;
  readonly expand?: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
  readonly partials: number;
  readonly options: { readonly [name: string]: Json };
}

/** A call that is decided and not yet sent. */
export type CallDraft<I extends InputImage = InputImage> = Omit<ProviderCall<I>, 'intent'>;

/** An input picture that the service fetches itself. */
export interface InputURL {
  readonly as: 'url';
  readonly url: string;
}

/** An input picture whose bytes are at hand. */
export interface InputBytes {
  readonly as: 'bytes';
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
}

export type InputImage = InputURL | InputBytes;

export type Progress =
  | { readonly phase: 'queued' | 'running'; readonly fraction?: number; readonly position?: number }
  | { readonly partial: Uint8Array; readonly index: number };

/** All that a provider gets of the world. It never downloads pictures, sleeps, retries or prints. */
export interface CallContext {
  readonly baseURL: string;
  readonly region: string;
  /** The language model that the caller wants for prompts. */
  readonly textModel?: string;
  readonly signal: AbortSignal;
  readonly http: Http;
  /** Unix time, ms. */
  readonly now: () => number;
  readonly log: (event: string, facts?: Json) => void;
  report(progress: Progress): void;
}

/** Core holds the key and signs; pool, proxy, deadline, address guard and log are inside. */
export interface Http {
  send(request: HttpRequest): Promise<Answer>;
}

export interface HttpRequest {
  /** Default `POST` with a body, else `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A path below the base URL (`"images/generations"`), or an absolute URL. */
  readonly to: string;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly headers?: Record<string, string>;
  /** Costs money: a failure after sending says `mayHaveBeenBilled`. */
  readonly spends?: true;
}

/** The headers of an answer; a `Headers` is one. */
export interface AnswerHeaders {
  /** By name in any case. Several values of one name are joined by commas; `null` = there is none. */
  get(name: string): string | null;
}

/** The service's answer, whatever its status. The body can be read once, in one of three ways. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /**
   * The parsed body. Long base64 strings are decoded while the body is read and arrive as `Uint8Array` in their place.
   * Throws `bad-response` if the body is not JSON.
   */
  json(): Promise<unknown>;
  bytes(): Promise<Uint8Array>;
  /** Server-sent events, as they arrive. */
  events(): AsyncIterable<{ event: string; data: string }>;
}

/**
 * A service that works through jobs. `T` is the service's part of a ticket; core adds the rest and stores it. In `defineProvider` it is
 * what `plan` or `submit` returns: write that one first, and the others know it. A name for it is a `type` (TypeScript does not take an
 * `interface` for JSON).
 */
export interface JobApi<T extends Json = Json, I extends InputImage = InputImage> {
  /** Where the service takes our id: the ticket is on disk before money is spent. */
  plan?(call: ProviderCall<I>): T;
  submit(call: ProviderCall<I>, context: CallContext, planned?: T): Promise<T>;
  /**
   * What the service said, when it took the job, that the job costs; `undefined` = nothing. The ticket keeps it, a budget counts it, and it is the
   * cost of a result of `check` that has none.
   */
  cost?(ticket: T): Money | undefined;
  /**
   * A throw means that the question failed, not the job; core asks again. A refusal whose words say that there is no such job may be
   * thrown or told as `gone`: its ticket stays, uncertain.
   */
  check(ticket: T, context: CallContext): Promise<JobState<T>>;
  /** Ends a job that has not begun. `too late`: it goes on, and is billed. */
  cancel?(ticket: T, context: CallContext): Promise<'cancelled' | 'too late'>;
}

/** What becomes of a job. `T`: what the ticket may be from now on, where the service's part of it changes. */
export type JobState<T extends Json = never> =
  | {
      readonly state: 'queued' | 'running';
      /** 0 to 1. */
      readonly fraction?: number;
      readonly position?: number;
      /** When to ask again, ms; core chooses if absent. */
      readonly afterMs?: number;
      readonly ticket?: T;
    }
  | { readonly state: 'done'; readonly result: ProviderResult }
  | { readonly state: 'failed' | 'cancelled' | 'gone'; readonly error: ImageError };

export interface ProviderResult {
  /** One per picture asked for, made or not. */
  readonly outputs: readonly Output[];
  readonly usage?: Usage;
  readonly cost?: Money;
  readonly requestId?: string;
  /** Facts of the service that have no word of ours, such as moderation levels of a success. */
  readonly metadata?: Json;
  /** What the caller should know of a success: a draft instead of a final picture, for one. */
  readonly warnings?: readonly Warning[];
}

export type Output =
  | { readonly error: ImageError }
  | ({
      readonly mediaType?: string;
      readonly seed?: number;
      readonly revisedPrompt?: string;
      /** When `url` stops working, Unix time in ms; default: now plus the row's `livesSeconds`. */
      readonly expiresAt?: number;
      readonly metadata?: Json;
    } & PictureSource);

/** Where the picture's bytes are. `base64` takes what {@link Answer.json} gives: text, or bytes already decoded. */
export type PictureSource =
  | { readonly url: string }
  | { readonly base64: string | Uint8Array }
  | { readonly bytes: Uint8Array }
  | { readonly stream: ReadableStream<Uint8Array> };

/** Tokens. */
export interface Usage {
  readonly textIn?: number;
  readonly imageIn?: number;
  readonly textOut?: number;
  readonly imageOut?: number;
}

export interface Money {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly estimated: boolean;
}
