// The contract between core and a provider: a definition (JSON) plus functions.

import type { Day, Json, Limits, ModelCapabilities, ModelTable, Operation, OwnModels, Ratio } from './capabilities.ts';
import type { ImageError } from './errors.ts';
import type { Warning } from './notices.ts';

/** What a provider is, without running its code: this much is written into the package's manifest. */
export interface ProviderDefinition {
  /** The word in `-m ID`: lower case letters, digits and dashes. */
  readonly id: string;
  /** The service's name, for people. */
  readonly label: string;
  /** The table. */
  readonly models: ModelTable;
  /** The model of a request that names the provider alone; without it such a request is refused. */
  readonly defaultModel?: string | undefined;
  /** The row for ids the table does not know: compatible servers, hubs, workflow graphs. */
  readonly unlisted?: ModelCapabilities | undefined;
  /** `discover` tells what each model can do, not only its id. */
  readonly catalogue?: true;
  /** The first is the default. */
  readonly regions: { readonly [region: string]: RegionFacts };
  /** Environment variables that may hold a key, in order of precedence. Empty = no key is needed. */
  readonly keys: readonly KeySource[];
  /** Environment variables that may hold a base URL; one with a region counts only while that region is in use. */
  readonly baseURLs?: readonly {
    /** Its name. */
    readonly env: string;
    /** Absent = any region. */
    readonly region?: string;
    /**
     * The base URL, where the variable holds only what stands at its `*`: the name of a customer's own host, as in
     * `https://*.service.example/v1`.
     */
    readonly form?: string;
  }[];
  /**
   * The only hosts besides the base URL's origin that are ever sent a key, over https and at port 443 alone: names of hosts
   * (`files.service.example`), or domains behind a dot, which stand for all their subdomains and not for the domain itself
   * (`.service.example`). A service that is imitated on loopback has them on other ports of the base URL's host.
   */
  readonly trustedHosts?: readonly string[];
  /** What one account may do at once; two calls at a time unless stated. */
  readonly rate?: {
    /** Calls at a time. */
    readonly concurrent?: number;
    /** Calls begun in any second. */
    readonly perSecond?: number;
    /** Calls begun in any minute. */
    readonly perMinute?: number;
  };
}

/** A region of a service, with prices and ids of its own. */
export interface RegionFacts {
  /** The region's name, for people. */
  readonly label?: string;
  /** Where it is reached unless a base URL is given. */
  readonly baseURL: string;
  /** Other hosts of the region, such as those of one workspace: a regular expression that fits the whole name. */
  readonly hosts?: string;
}

/** An environment variable that may hold a key. */
export interface KeySource {
  /** Its name. */
  readonly env: string;
  /** The region whose keys it holds; absent = any. */
  readonly region?: string;
  /** Where a person gets one. */
  readonly page?: string;
  /** How its keys look. */
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
  readonly doubted?: readonly {
    /** A regular expression. */
    readonly looks: string;
    /** What a person is told. */
    readonly because: string;
  }[];
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
  /** Asks it. Throws as `generate` does. */
  write(question: TextQuestion, context: CallContext): Promise<WrittenText>;
  /** The most that one answer costs there; undefined = unknown. For budgets. */
  atMost?(context: CallContext): Money | undefined;
}

/** A model that a service says it has. Its id alone says nothing of what it can do. */
export interface ListedModel {
  /** As a request names it. */
  readonly id: string;
  /** Its name, for people. */
  readonly label?: string;
  /** When it ends, where the service tells. */
  readonly retires?: Day;
  /** What it can do, where the service's catalogue says so. */
  readonly row?: ModelCapabilities;
}

/** What a language model is asked: how to write, and what is to be written. */
export interface TextQuestion {
  /** How to write: the system prompt. */
  readonly system: string;
  /** What is to be written, or rewritten. */
  readonly user: string;
}

/** What a language model wrote. */
export interface WrittenText {
  /** The answer alone, without thoughts. */
  readonly text: string;
  /** The tokens, where the service tells them. */
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
  /**
   * Rows of one's own, such as `{ "tomorrow-2": { "like": "today-1" } }`. One that is wrong is `config`, where the table is first looked
   * at: at the first request.
   */
  readonly models?: OwnModels;
}

/** What the factory made by `defineProvider` returns. Creating one does no I/O and never throws. */
export interface ImageProvider extends ProviderDefinition, ProviderFunctions {
  /** What the factory was given. */
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
  /** What is done. Derived from the inputs unless the caller named it. */
  readonly operation: Operation;
  /** The row's limits in this operation, `wire` among them. */
  readonly limits: Limits;
  /** As it is to be sent: translated, enhanced and styled already. Empty only where the row says `optional`. */
  readonly prompt: string;
  /** What should not be in the picture. */
  readonly negativePrompt?: string;
  /** How many pictures this call makes, at most the row's `perCall`. */
  readonly n: number;
  /** Of the first picture. */
  readonly seed?: number;
  /** The id of the end user, for the service's own watch over misuse. */
  readonly user?: string;
  /** px; absent = nothing is said of it, and the service decides. */
  readonly size?: {
    /** px */
    readonly width: number;
    /** px */
    readonly height: number;
  };
  /** Where the row takes `ratios`: as such, in place of a size. */
  readonly aspectRatio?: Ratio;
  /** Where the row has `tiers`: one of them, in place of a size. */
  readonly resolution?: string;
  /** One of the row's values. */
  readonly quality?: string;
  /** One of the row's values. */
  readonly style?: string;
  /** One of the row's values. */
  readonly background?: string;
  /** One of the row's values. */
  readonly outputFormat?: string;
  /** 0 to 100, for formats that the row names. */
  readonly outputCompression?: number;
  /** The input pictures, in the caller's order. Empty = none. */
  readonly images: readonly I[];
  /** In the form that the row's `mask` says. */
  readonly mask?: I;
  /** 0 to 1: how far the result may be from the input picture. */
  readonly strength?: number;
  /** How many times larger, one of the row's values. */
  readonly factor?: number;
  /** How far each side is extended, in the unit of the row. */
  readonly expand?: {
    /** 0 = not at all. */
    readonly top: number;
    /** 0 = not at all. */
    readonly right: number;
    /** 0 = not at all. */
    readonly bottom: number;
    /** 0 = not at all. */
    readonly left: number;
  };
  /** How many unfinished pictures are wanted on the way; 0 = none. */
  readonly partials: number;
  /**
   * The caller's `providerOptions` and the defaults that are always sent, checked by the row's `options`; of an open
   * row, also others.
   */
  readonly options: { readonly [name: string]: Json };
}

/** A call that is decided and not yet sent. */
export type CallDraft<I extends InputImage = InputImage> = Omit<ProviderCall<I>, 'intent'>;

/** An input picture that the service fetches itself. */
export interface InputURL {
  readonly as: 'url';
  /** An https URL; core has not fetched it. */
  readonly url: string;
}

/** An input picture whose bytes are at hand. */
export interface InputBytes {
  readonly as: 'bytes';
  /** The whole file. */
  readonly bytes: Uint8Array;
  /** By its bytes, such as `image/png`. */
  readonly mediaType: string;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
}

/** An input picture or a mask, in a form that the row takes. */
export type InputImage = InputURL | InputBytes;

/** What the service says of a call while it is on its way. */
export type Progress =
  | {
      /** Whether the service has begun. */
      readonly phase: 'queued' | 'running';
      /** How much is done, 0 to 1; only what the service says, never a guess. */
      readonly fraction?: number;
      /** The place in the service's queue, from 1. */
      readonly position?: number;
      /** Which picture of the call it is said of, from 0; default all of them together. */
      readonly index?: number;
    }
  | {
      /** An unfinished picture: its bytes. */
      readonly partial: Uint8Array;
      /** Which picture of the call, from 0. */
      readonly index: number;
    };

/** All that a provider gets of the world. It never downloads pictures, sleeps, retries or prints. */
export interface CallContext {
  /** Where the API is, without a slash at its end. `http` puts it before paths by itself. */
  readonly baseURL: string;
  /** The region in use, one of the definition's. */
  readonly region: string;
  /** The language model that the caller wants for prompts. */
  readonly textModel?: string;
  /** Aborts when the caller leaves or the deadline comes. `http` heeds it by itself. */
  readonly signal: AbortSignal;
  /** The only way to the service. */
  readonly http: Http;
  /** Unix time, ms. */
  readonly now: () => number;
  /** Notes an event for whoever debugs; without keys. */
  readonly log: (event: string, facts?: Json) => void;
  /** Tells the caller how far it is. */
  report(progress: Progress): void;
}

/** Core holds the key and signs; pool, proxy, deadline, address guard and log are inside. */
export interface Http {
  /** Sends one request, with the key where it may go. Throws `network`, `timeout` and `aborted`, never for a status. */
  send(request: HttpRequest): Promise<Answer>;
}

export interface HttpRequest {
  /** Default `POST` with a body, else `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A path below the base URL (`"images/generations"`), or an absolute URL. */
  readonly to: string;
  /** The body, as JSON. */
  readonly json?: unknown;
  /** The body, as a multipart form. */
  readonly form?: FormData;
  /** Beside those that sign it. */
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
  /** HTTP status. */
  readonly status: number;
  /** As the service sent them. */
  readonly headers: AnswerHeaders;
  /**
   * The parsed body. Long base64 strings are decoded while the body is read and arrive as `Uint8Array` in their place.
   * Throws `bad-response` if the body is not JSON.
   */
  json(): Promise<unknown>;
  /** The body as it is. */
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
  /** Submits the job, once; what it returns is kept, and is what the others get. `planned`: what `plan` returned. */
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
      /** It goes on: core asks again. */
      readonly state: 'queued' | 'running';
      /** 0 to 1. */
      readonly fraction?: number;
      /** The place in the service's queue, from 1. */
      readonly position?: number;
      /** When to ask again, ms; core chooses if absent. */
      readonly afterMs?: number;
      /** The ticket from now on, where the service's part of it changes. */
      readonly ticket?: T;
    }
  | {
      readonly state: 'done';
      /** What was made. */
      readonly result: ProviderResult;
    }
  | {
      /** `failed`: also one that moderation refused. `gone`: the service knows it no more, and nobody knows what became of it. */
      readonly state: 'failed' | 'cancelled' | 'gone';
      /** What the caller is told; `mayHaveBeenBilled` unless the service says that it costs nothing. */
      readonly error: ImageError;
    };

/** What a call or a finished job gave. */
export interface ProviderResult {
  /** One per picture asked for, made or not. */
  readonly outputs: readonly Output[];
  /** The tokens, where the service tells them. */
  readonly usage?: Usage;
  /** What the service says that the call costs. Without it core works it out from the row's prices. */
  readonly cost?: Money;
  /** The service's id of the request, for its support. */
  readonly requestId?: string;
  /** Facts of the service that have no word of ours, such as moderation levels of a success. */
  readonly metadata?: Json;
  /** What the caller should know of a success: a draft instead of a final picture, for one. */
  readonly warnings?: readonly Warning[];
}

/** A picture, or why there is none. */
export type Output =
  | {
      /** Why this picture was not made, while others of the call were. */
      readonly error: ImageError;
    }
  | ({
      /** As the service says it; core looks at the bytes. */
      readonly mediaType?: string;
      /** The seed that the service used, where it tells. */
      readonly seed?: number;
      /** The prompt that the service drew instead, where it tells. */
      readonly revisedPrompt?: string;
      /** When `url` stops working, Unix time in ms; default: now plus the row's `livesSeconds`. */
      readonly expiresAt?: number;
      /** Facts of this picture that have no word of ours. */
      readonly metadata?: Json;
    } & PictureSource);

/** Where the picture's bytes are. `base64` takes what {@link Answer.json} gives: text, or bytes already decoded. */
export type PictureSource =
  | {
      /** Core downloads it. */
      readonly url: string;
    }
  | {
      /** Without the head of a `data:` URL. */
      readonly base64: string | Uint8Array;
    }
  | {
      /** The picture's own. */
      readonly bytes: Uint8Array;
    }
  | {
      /** The picture's own bytes, as they arrive. */
      readonly stream: ReadableStream<Uint8Array>;
    };

/** Tokens. */
export interface Usage {
  /** Of prompts. */
  readonly textIn?: number;
  /** Of input pictures. */
  readonly imageIn?: number;
  /** Written. */
  readonly textOut?: number;
  /** Of pictures made. */
  readonly imageOut?: number;
}

/** An amount of money. */
export interface Money {
  /** In units of the currency, not cents. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  /** Worked out from prices; `false` = the service said it. */
  readonly estimated: boolean;
}
