// The manifest of a provider package: what apps know of a provider without running its code. The package's build writes it.

import type { Json } from './capabilities.ts';
import type { ImageProvider, ProviderDefinition } from './provider.ts';

/**
 * The contract between anyimage and packages with providers that this version speaks: the form of the manifest, and what core and a
 * provider's code ask of each other. Raised when either side would no longer understand the other.
 */
export const contractVersion = 1;

/** What `dist/manifest.json` of a provider package holds. `anyimage-manifest` of `@anyimage/testkit` writes it. */
export interface ProviderManifest {
  /** The {@link contractVersion} that the package was built for. */
  readonly contract: number;
  /** As `describeProvider` gives it. */
  readonly provider: ProviderDefinition;
  readonly factory: CodePlace;
  /** The service on loopback, where the package has one: `anyimage emulate ID`. */
  readonly emulator?: EmulatorFacts & CodePlace;
  /** Every host that may get pictures and keys, unless a person sets another base URL. `.example.com` stands for all below it. */
  readonly hosts: readonly string[];
  /** The JSON Schema of `providers.ID` in a config. */
  readonly config: Json;
}

/** Where something is in a package. */
export interface CodePlace {
  /** The path of the module, relative to the package: `./dist/index.js`. */
  readonly module: string;
  /** The name that the module exports it by. */
  readonly name: string;
}

/** What is known of an emulator without starting it. */
export interface EmulatorFacts {
  readonly id: string;
  /** The environment variable that gives its key to the provider. */
  readonly keyEnv: string;
  /** The environment variable that gives its address to the provider. */
  readonly baseURLEnv: string;
}

/** The `hosts` of a manifest: those of all regions, the domains to which variables lead by their `form`, and the trusted ones, in that order. */
export function hostsOf({
  regions,
  baseURLs = [],
  trustedHosts = [],
}: Pick<ProviderDefinition, 'regions' | 'baseURLs' | 'trustedHosts'>): string[] {
  const ofRegions = Object.values(regions).flatMap(({ baseURL }) => URL.parse(baseURL)?.host ?? []);
  const ofForms = baseURLs.flatMap(({ form = '' }) => /^https:\/\/\*(\.[^/]+)/.exec(form)?.[1] ?? []);
  return [...new Set([...ofRegions, ...ofForms, ...trustedHosts])];
}

/** The `config` of a manifest: what a config may say of the provider. */
export function configSchemaOf({ label, regions, text }: Pick<ImageProvider, 'label' | 'regions' | 'text'>): Json {
  const names = Object.keys(regions);
  const properties = {
    baseURL: { type: 'string', format: 'uri', description: 'Where the service is reached. It is sent the key.' },
    headers: { type: 'object', additionalProperties: { type: 'string' }, description: 'Sent wherever the key is.' },
    ...(names.length > 1 && { region: { enum: names, description: 'The region of the service.' } }),
    ...(text && { textModel: { type: 'string', description: "The service's language model, for prompts." } }),
  };
  return { title: label, type: 'object', properties, additionalProperties: false };
}
