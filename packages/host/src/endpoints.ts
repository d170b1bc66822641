// Providers that a config adds: servers of a known kind, each under an id of its own.

import { describeProvider, type ImageError, type LazyProvider, type ProviderDefinition } from '@anyimage/core';
import { meant } from './config-refusal.ts';
import type { Config, ProviderConfig } from './config-schema.ts';
import { endpointMakers } from './providers.generated.ts';

/** A provider that a config adds, and the kind of server it is. */
export interface Endpoint {
  readonly id: string;
  readonly kind: string;
  readonly provider: LazyProvider;
}

/** The error for what is wrong `at` a place in the config. */
type Refuse = (at: readonly string[], message: string, hint: string) => ImageError;

/**
 * The entries of `providers` whose id is none of `definitions`, as providers. Loads the code that makes them, if there are any.
 * Throws what `refuse` gives for the first one that cannot be made.
 */
export async function readEndpoints(
  entries: Config['providers'],
  definitions: readonly ProviderDefinition[],
  refuse: Refuse,
): Promise<readonly Endpoint[]> {
  const ids = definitions.map(({ id }) => id);
  const added = Object.entries(entries ?? {}).filter(([id]) => !ids.includes(id));
  if (added.length === 0) return [];
  const makers = await Promise.all(endpointMakers.map((maker) => maker.load()));
  const kinds = makers.flatMap((maker) => Object.keys(maker.kinds));
  return added.map(([id, entry]) => {
    const at = ['providers', id];
    const kind = entry.kind ?? id;
    const maker = makers.find((candidate) => Object.hasOwn(candidate.kinds, kind));
    if (maker) return { id, kind, provider: endpoint({ id, kind, entry, maker, refuse }) };
    if (entry.kind !== undefined) {
      throw refuse([...at, 'kind'], `unknown kind of server ${JSON.stringify(kind)}`, meant(kind, kinds));
    }
    const own = `A server of your own needs a kind (${kinds.join(', ')}): ${example(id, kinds[0]!)}`;
    const hint = `${meant(id, ids, [...ids, ...kinds])} ${own}`;
    throw refuse(at, `unknown provider ${JSON.stringify(id)}`, hint);
  });
}

interface Making {
  readonly id: string;
  readonly kind: string;
  readonly entry: ProviderConfig;
  readonly maker: Awaited<ReturnType<(typeof endpointMakers)[number]['load']>>;
  readonly refuse: Refuse;
}

function endpoint({ id, kind, entry, maker, refuse }: Making): LazyProvider {
  const { kind: _, ...options } = entry;
  const { baseURL, region } = entry;
  const at = ['providers', id];
  const usual = maker.kinds[kind]!.regions;
  if (baseURL === undefined && !usual) {
    const message = `providers.${id} needs a baseURL: servers of the kind ${kind} can be anywhere`;
    throw refuse(at, message, `Give both at once: ${example(id, kind)}`);
  }
  const made = listed(maker.make({ ...options, id, dialect: kind }));
  const regions = Object.keys(made.regions);
  if (region !== undefined && !regions.includes(region)) {
    const isElsewhere = baseURL !== undefined && usual !== undefined && Object.hasOwn(usual, region);
    const message = `providers.${id} has no region ${JSON.stringify(region)}`;
    const hint = isElsewhere ? `${baseURL} is in no region: leave out one of the two.` : meant(region, regions);
    throw refuse([...at, 'region'], message, hint);
  }
  return {
    definition: describeProvider(made),
    access: made.access,
    load: async () => (access) => ({ ...made, access: access ?? {} }),
  };
}

/** With its default model in the table, so that it is listed and can be chosen like any other. */
function listed<T extends ProviderDefinition>(provider: T): T {
  const { defaultModel, models, unlisted } = provider;
  if (defaultModel === undefined || !unlisted || Object.hasOwn(models, defaultModel)) return provider;
  return { ...provider, models: { [defaultModel]: { ...unlisted, label: defaultModel }, ...models } };
}

/** One command, since a config may not lack either on the way. */
function example(id: string, kind: string): string {
  const entry = JSON.stringify({ kind, baseURL: 'http://127.0.0.1:8080/v1' });
  return `anyimage config set providers.${id} '${entry}'`;
}
