// The forms of what providers.generated.ts lists.

import type { ImageProvider, ProviderDefinition } from '@anyimage/core';
import type { EmulatorFactory } from '@anyimage/testkit';
import type { ProviderConfig } from '../config/config-schema.ts';

/** A service that can be imitated on this machine. Its code is loaded on first use. */
export interface KnownEmulator {
  /** The service's name: `anyimage emulate <id>`. */
  readonly id: string;
  /** The provider that talks to it. */
  readonly provider: string;
  load(): Promise<EmulatorFactory>;
}

/** A package as it is installed. */
export interface PackageVersion {
  readonly package: string;
  readonly version: string;
}

/** Code that makes providers for servers of known kinds, which a config names. Loaded on first use. */
export interface EndpointMaker {
  load(): Promise<EndpointCode>;
}

export interface EndpointCode {
  /** Kinds of servers by name; one without regions needs a base URL. */
  readonly kinds: {
    readonly [kind: string]: Pick<ProviderDefinition, 'label'> & Partial<Pick<ProviderDefinition, 'regions'>>;
  };
  /** `dialect`: a name of `kinds`. */
  make(options: Omit<ProviderConfig, 'kind'> & { readonly id: string; readonly dialect: string }): ImageProvider;
}
