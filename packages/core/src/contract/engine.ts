// What the parts of the pipeline share. A function takes the part of it that it uses: `Pick<Engine, 'clock' | 'log'>`.

import type { Budget } from './budget.ts';
import type { Json } from './capabilities.ts';
import type { AccountRate, Clock, Environment, Limiter, Rates } from './client.ts';
import type { ImageCodec } from './codec.ts';
import type { PromptCache, PromptSettings } from './prompts.ts';
import type { ProviderDefinition } from './provider.ts';
import type { Registry } from './registry.ts';
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

/** A key that prints as `***` wherever it is shown; only `reveal()` gives it. */
export interface SecretKey {
  reveal(): string;
  /** A short fingerprint that tells two keys apart and gives neither away. */
  print(): string;
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
  /** Where the key came from: `ZHIPU_API_KEY`, or `apiKey`. */
  readonly keySource?: string;
}
