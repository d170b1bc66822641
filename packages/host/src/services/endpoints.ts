// Providers that a config adds: servers of a known kind, each under an id of its own.

import { describeProvider, type LazyProvider, omit, type ProviderDefinition } from '@anyimage/core';
import { meant, noPlugin, type Refuse } from '../config/config-refusal.ts';
import type { Config, ProviderConfig } from '../config/config-schema.ts';
import { shellWord } from '../text/shell-word.ts';
import { endpointMakers } from './providers.generated.ts';

/** What there is without a config. */
export interface KnownProviders {
  readonly definitions: readonly ProviderDefinition[];
  /** Whether an id is, or may be, that of a plugin which cannot be used: what a config says of it counts for nothing. */
  isLeftOut(id: string): boolean;
}

/**
 * The entries of `providers` whose id is none of `definitions`, as providers, less those of plugins that are left out. Loads the code that
 * makes them, if there are any. Throws what `refuse` gives for the first entry that cannot be, of a known provider too.
 */
export async function readEndpoints(
  entries: Config['providers'],
  { definitions, isLeftOut }: KnownProviders,
  refuse: Refuse,
): Promise<readonly LazyProvider[]> {
  for (const known of definitions) {
    const wrong = entries && Object.hasOwn(entries, known.id) && problemOf(entries[known.id]!, known);
    if (wrong) throw refuse(['providers', known.id, wrong.key], wrong.message, wrong.hint);
  }
  const ids = definitions.map(({ id }) => id);
  const added = Object.entries(entries ?? {}).filter(([id]) => !ids.includes(id));
  if (added.length === 0) return [];
  const makers = await loadMakers();
  const kinds = makers.flatMap((maker) => Object.keys(maker.kinds));
  return added.flatMap(([id, entry]) => {
    const at = ['providers', id];
    const kind = entry.kind ?? id;
    const maker = makers.find((candidate) => Object.hasOwn(candidate.kinds, kind));
    if (maker) return endpoint({ id, kind, entry, maker, refuse });
    if (entry.kind !== undefined) {
      throw refuse([...at, 'kind'], `unknown kind of server ${JSON.stringify(kind)}`, meant(kind, kinds));
    }
    if (isLeftOut(id)) return [];
    const own = `A server of your own needs a kind (${kinds.join(', ')}): ${example(id, kinds[0]!)}`;
    const hint = `${meant(id, ids, [...ids, ...kinds])} ${noPlugin(id)} ${own}`;
    throw refuse(at, `unknown provider ${JSON.stringify(id)}`, hint);
  });
}

/** The entries of `providers`, each with the kind that its id says, unless it has one or its id is one of `known`. */
export async function withKinds(
  entries: NonNullable<Config['providers']>,
  known: readonly string[],
): Promise<NonNullable<Config['providers']>> {
  const added = Object.entries(entries).filter(([id, { kind }]) => kind === undefined && !known.includes(id));
  if (added.length === 0) return entries;
  const makers = await loadMakers();
  const meantById = added.filter(([id]) => makers.some(({ kinds }) => Object.hasOwn(kinds, id)));
  return { ...entries, ...Object.fromEntries(meantById.map(([id, entry]) => [id, { ...entry, kind: id }])) };
}

type Maker = Awaited<ReturnType<(typeof endpointMakers)[number]['load']>>;

function loadMakers(): Promise<readonly Maker[]> {
  return Promise.all(endpointMakers.map((maker) => maker.load()));
}

/** What is wrong with what a config says of a provider that is there without it. */
function problemOf(entry: ProviderConfig, { id, label, regions }: ProviderDefinition) {
  const { region } = entry;
  if (region !== undefined && !Object.hasOwn(regions, region)) {
    const message = `${label} has no region ${JSON.stringify(region)}`;
    return { key: 'region', message, hint: meant(region, Object.keys(regions)) };
  }
  const [key] = Object.keys(omit(entry, 'baseURL', 'region', 'textModel', 'headers'));
  if (key === undefined) return undefined;
  const message = `providers.${id}.${key} is for servers of your own, and ${id} is a known provider`;
  return { key, message, hint: 'Choose another id, or set only baseURL, region, textModel and headers.' };
}

interface Making {
  readonly id: string;
  readonly kind: string;
  readonly entry: ProviderConfig;
  readonly maker: Maker;
  readonly refuse: Refuse;
}

function endpoint({ id, kind, entry, maker, refuse }: Making): LazyProvider {
  const { baseURL, region } = entry;
  const at = ['providers', id];
  const usual = maker.kinds[kind]!.regions;
  if (baseURL === undefined && !usual) {
    const message = `providers.${id} needs a baseURL: servers of the kind ${kind} can be anywhere`;
    throw refuse(at, message, `Give both at once: ${example(id, kind)}`);
  }
  const made = listed(maker.make({ ...omit(entry, 'kind'), id, dialect: kind }));
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
  return `anyimage config set providers.${id} ${shellWord(entry)}`;
}
