// The providers and models of a client, by name.

import type { ModelCapabilities } from './capabilities.ts';
import type { Environment } from './client.ts';
import type { Applied, Warning } from './notices.ts';
import type { ImageProvider, ProviderAccess, ProviderDefinition } from './provider.ts';

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
