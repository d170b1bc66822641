// What the parts of the pipeline share. A function takes the part of it that it uses: `Pick<Engine, 'clock' | 'log'>`.

import type { Budget } from './budget.ts';
import type { Json, ModelCapabilities } from './capabilities.ts';
import type { AccountRate, Clock, Environment, Limiter, Rates } from './client.ts';
import type { ImageCodec } from './codec.ts';
import type { Applied, Warning } from './notices.ts';
import type { PromptCache, PromptSettings } from './prompts.ts';
import type { ImageProvider, ProviderAccess, ProviderDefinition } from './provider.ts';
import type { ImageStore } from './store.ts';
import type { TicketStore } from './tickets.ts';
import type { Transport } from './transport.ts';

/** A client's settings, made once. */
export interface Engine {
  readonly registry: Registry;
  readonly tickets: TicketStore;
  readonly store: ImageStore;
  readonly budget: Budget | undefined;
  readonly codec: ImageCodec | undefined;
  readonly prompts: PromptSettings & { readonly cache: PromptCache };
  readonly clock: Clock;
  readonly env: Environment;
  readonly maxRetries: number;
  readonly rates: Rates;
  readonly fromAgents: boolean;
  /** Whether a string may name a file. */
  readonly paths: boolean;
  readonly maxImageBytes: number;
  readonly transport: Transport;
  /** Absent where nobody listens, so that what would be told need not be put together. */
  readonly log: ((event: string, facts?: Json) => void) | undefined;
  /** What one account of a provider may do at once, by its table and the client's options. Throws `config` for a table that is wrong. */
  rateOf(definition: Pick<ProviderDefinition, 'label' | 'rate'>): AccountRate;
  limiter(definition: ProviderDefinition, access: ResolvedAccess): Limiter;
}

/** A key that prints as `***` wherever it is shown; only `ask`, `renew` and `known` give it. */
export interface SecretKey {
  /** The key to send. A function that gives it is asked once for all calls of a request. Throws `auth`, and the signal's reason. */
  ask(signal: AbortSignal): Promise<string>;
  /** Another key in place of one that was refused, where a function has one; asked once for each that was refused. Throws as `ask`. */
  renew(refused: string, signal: AbortSignal): Promise<string | undefined>;
  /** The values that it is known to have, which no text may hold; none as long as a function was not asked. */
  known(): readonly string[];
  /** A short fingerprint that tells two keys apart and gives neither away. Empty for keys of a function, which come and go. */
  print(): string;
  /** Tells accounts apart: the fingerprint, or within this process the function. */
  account(): string;
}

/** How a provider is reached right now. */
export interface ResolvedAccess {
  readonly region: string;
  /** Without a trailing slash. */
  readonly baseURL: string;
  /** Where the base URL came from: `ZHIPU_BASE_URL`, or `baseURL`. Absent for the region's own. */
  readonly baseURLSource?: string;
  /** Host and port of the base URL. */
  readonly host: string;
  /** Absent where no key is needed, or none was found. */
  readonly key?: SecretKey;
  /** Where the key came from: `ZHIPU_API_KEY`, `apiKey`, or `the function apiKey`. */
  readonly keySource?: string;
  /** Where no key was found: the variable that holds a placeholder for one. */
  readonly unfilledKey?: string;
  /** Further headers for the hosts that may see the key, by their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A provider as the registry knows it: its definition, and a way to its code. */
export interface ProviderEntry {
  readonly definition: ProviderDefinition;
  readonly access: ProviderAccess;
  /** Loads the code on first use. */
  load(): Promise<ImageProvider>;
}

/** A model that a request may go to. */
export interface ModelEntry {
  readonly entry: ProviderEntry;
  /** The model's id in the table. */
  readonly id: string;
  readonly row: ModelCapabilities;
  /** What resolving changed or is unsure of. */
  readonly applied: readonly Applied[];
  readonly warnings: readonly Warning[];
}

/** The name by which the choice is left to the tables; an alias of that name wins. */
export const auto = 'auto';

export interface Registry {
  readonly entries: readonly ProviderEntry[];
  /**
   * The models a name stands for, in the order to try. Throws `not-found` with the nearest names for an unknown provider
   * or model, `config` for an alias that names an alias.
   */
  resolve(model: string | readonly string[] | undefined): readonly ModelEntry[];
  /** As `resolve`, where any of the names, also in an alias or by default, may leave the choice to the tables. */
  candidates(model: string | readonly string[] | undefined): readonly (ModelEntry | typeof auto)[];
  /** The entry of a provider. Throws `not-found`. */
  provider(id: string): ProviderEntry;
  /** Providers that could be used now: their key is set, or they need none. */
  configured(env: Environment): readonly ProviderEntry[];
}
