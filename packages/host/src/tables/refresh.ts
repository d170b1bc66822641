// Asking services which models they have, and keeping what they say: because a person wants it, or for a request that needs a catalogue.

import {
  type Client,
  type ClientOptions,
  findRow,
  ImageError,
  isConfigured,
  type LazyProvider,
  type ModelList,
  messageOf,
  usualModel,
} from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { listHere } from '../services/model-facts.ts';
import { keepListed } from './kept.ts';
import type { KeptTables } from './kept-tables.ts';

const hourMs = 3_600_000;
/** A list that is older is asked for anew, beside a call that needs it. */
const weekMs = 168 * hourMs;
/** A service that did not answer is left alone for that long, by this process. */
const restMs = 600_000;
/** How long a request waits for a catalogue that it cannot do without. */
const firstMs = 5000;
/** How long a list that came beside a call waits for its turn to be written, which the end of the call waits for. */
const besideMs = 500;

/** The part of the settings that says what there is, and where it is kept. */
export interface RefreshSettings {
  readonly home: string;
  readonly providers: readonly LazyProvider[];
  readonly shownEnv: Environment;
  readonly tables: KeptTables;
}

/** Whom to ask by, and what for. */
export interface Asking {
  readonly settings: RefreshSettings;
  readonly client: Pick<Client, 'discover'>;
  /** Is told of failures: they are nobody else's affair. */
  readonly log?: ClientOptions['log'];
}

/** What a service said. */
export interface Refreshed {
  readonly list: ModelList;
  /** Why it could not be kept; it counts in this process all the same. */
  readonly unkept?: ImageError;
}

/**
 * Asks a service for its models. What it says counts from now on, and is kept. Throws as `Client.discover`, and `bad-response` for a
 * catalogue that says of no model what it can do; what was kept counts on then.
 */
export async function refreshModels(
  provider: string,
  { settings: { home, providers, tables }, client }: Asking,
  { patience, ...run }: Parameters<Client['discover']>[1] & { readonly patience?: number } = {},
): Promise<Refreshed> {
  const list = await client.discover(provider, run);
  const { definition } = providers.find((one) => one.definition.id === provider)!;
  if (definition.catalogue && list.models.every(({ row }) => row === undefined)) throw noCatalogue(definition, list);
  const listed = { baseURL: list.baseURL, at: Date.now(), models: list.models };
  tables.take(provider, listed);
  const unkept = await keepListed(home, provider, listed, patience).then(() => undefined, asError);
  return { list, ...(unkept && { unkept }) };
}

function noCatalogue({ id, label }: LazyProvider['definition'], { models, warnings }: ModelList): ImageError {
  const why = warnings.length > 0 ? `: ${warnings[0]!.message}` : '';
  const said = models.length > 0 ? 'says of no model what it can do' : 'names no models';
  return new ImageError('bad-response', `the catalogue of ${label} ${said}${why}`, {
    provider: id,
    hint: 'What was known before holds. Update anyimage if this lasts.',
  });
}

function asError(error: unknown): ImageError {
  if (ImageError.isInstance(error)) return error;
  throw error;
}

/** Catalogues that a request needs, by the ids of their providers. */
interface Due {
  /** Without an answer, a model that is named is in no table, or `auto` does not see the models. */
  readonly first: readonly string[];
  /** There is a list, or a row, and it may be old. */
  readonly beside: readonly string[];
}

/** `models`: as a request names them, aliases resolved. Looks at the tables of those providers alone. */
export function dueCatalogues(models: readonly string[], settings: RefreshSettings, now = Date.now()): Due {
  const ages = settings.providers
    .filter((provider) => canBeAsked(provider, models, settings, now))
    .map((provider) => {
      const list = listHere(provider, settings.shownEnv, settings.tables);
      // The clock may have been set back since.
      const age = list && list.at <= now ? now - list.at : Number.POSITIVE_INFINITY;
      const isMissing = models.some((name) => isUnknown(name, provider)) && age > hourMs;
      const isUnseen = models.includes('auto') && !list;
      return { id: provider.definition.id, isFirst: isMissing || isUnseen, isOld: age > weekMs };
    });
  return {
    first: ages.filter(({ isFirst }) => isFirst).map(({ id }) => id),
    beside: ages.filter(({ isFirst, isOld }) => isOld && !isFirst).map(({ id }) => id),
  };
}

/** Whether a request needs the catalogue of a provider that can be asked for it now. */
function canBeAsked(
  { definition, access = {} }: LazyProvider,
  models: readonly string[],
  { shownEnv, tables }: RefreshSettings,
  now: number,
): boolean {
  const { id, catalogue } = definition;
  return (
    catalogue === true &&
    models.some((name) => name === 'auto' || name.split('/', 1)[0] === id) &&
    isConfigured(definition, access, shownEnv) &&
    now - (tables.failures.get(id) ?? Number.NEGATIVE_INFINITY) > restMs
  );
}

/** Whether a name is one of a provider's, and of no row. */
function isUnknown(name: string, { definition }: LazyProvider): boolean {
  const { id } = definition;
  if (name !== id && !name.startsWith(`${id}/`)) return false;
  const model = name === id ? usualModel(definition) : name.slice(id.length + 1);
  return model === undefined || !findRow(definition, model);
}

/** Asks for the catalogues that a request cannot do without, 5 s at most. Never rejects: the request goes on with what there is. */
export async function askFirst(models: readonly string[], asking: Asking, signal?: AbortSignal): Promise<void> {
  const { first } = dueCatalogues(models, asking.settings);
  const run = { timeout: firstMs, patience: besideMs, ...(signal && { signal }) };
  await Promise.all(first.map((id) => askQuietly(id, asking, run)));
}

/**
 * Asks for the catalogues of a request that are old, beside it. The returned function ends that with the request: what came until then is
 * kept, and nothing is left behind when it resolves. It never rejects.
 */
export function askBeside(models: readonly string[], asking: Asking): () => Promise<void> {
  const { beside } = dueCatalogues(models, asking.settings);
  const controller = new AbortController();
  const run = { signal: controller.signal, patience: besideMs };
  const asked = Promise.all(beside.map((id) => askQuietly(id, asking, run)));
  return async () => {
    controller.abort();
    await asked;
  };
}

async function askQuietly(id: string, asking: Asking, run: Parameters<typeof refreshModels>[2]): Promise<void> {
  const tell = (error: unknown) => asking.log?.('models-not-refreshed', { provider: id, error: messageOf(error) });
  try {
    const { unkept } = await refreshModels(id, asking, run);
    if (unkept) tell(unkept);
  } catch (error) {
    if (run?.signal?.aborted) return;
    asking.settings.tables.failures.set(id, Date.now());
    tell(error);
  }
}
