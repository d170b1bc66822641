// From the words of a request to a row of a table.

import { isConfigured } from '../access/access.ts';
import { asImageError } from '../access/explain.ts';
import type { LazyProvider } from '../contract/client.ts';
import { auto, type ModelEntry, type ProviderEntry, type Registry } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { ImageProvider } from '../contract/provider.ts';
import { didYouMean, mostNamed, nearest, shortList } from '../negotiate/nearest.ts';
import { findName, findRow, idsOf, usualModel } from '../tables/find-row.ts';
import { withOwnModels } from '../tables/own-models.ts';

export interface RegistryOptions {
  readonly providers: readonly (ImageProvider | LazyProvider)[];
  readonly aliases?: { readonly [name: string]: string | readonly string[] };
  readonly defaultModel?: string;
}

export function createRegistry({ providers, aliases = {}, defaultModel }: RegistryOptions): Registry {
  const entries = providers.map(toEntry);
  const byId = new Map(entries.map((entry) => [entry.definition.id, entry]));

  function provider(id: string, asked = id): ProviderEntry {
    const entry = byId.get(findName([...byId.keys()], id) ?? id);
    if (entry) return entry;
    throw unknown(asked, `unknown provider ${JSON.stringify(id)}`, suggest(asked), [...byId.keys()], 'Providers');
  }

  function resolveOne(asked: string): ModelEntry {
    const slash = asked.indexOf('/');
    const entry = provider(slash < 0 ? asked : asked.slice(0, slash), asked);
    const { definition } = entry;
    const name = slash < 0 ? (usualModel(definition) ?? '') : asked.slice(slash + 1);
    const found = findRow(definition, name);
    if (found) {
      const { id, row } = found;
      if (id.toLowerCase() === name.toLowerCase()) return { entry, id, row, applied: [], warnings: [] };
      const because = `${name} is another name of ${id}`;
      const renamed = { option: 'model', asked, sent: `${definition.id}/${id}`, because };
      return { entry, id, row, applied: [renamed], warnings: [] };
    }
    if (definition.unlisted && name) {
      const message = `${name} is not in the table of ${definition.label}: what it can do is unknown, all is passed on`;
      return { entry, id: name, row: definition.unlisted, applied: [], warnings: [{ code: 'unlisted', message }] };
    }
    const models = Object.keys(definition.models);
    if (!name) {
      throw new ImageError('invalid-request', `${definition.label} has no usual model: ${asked} needs one`, {
        details: { option: 'model', asked },
        hint: `Name one of its models: ${definition.id}/MODEL.`,
      });
    }
    const near = nearest(name, models).map((id) => `${definition.id}/${id}`);
    throw unknown(asked, `${definition.label} has no model ${JSON.stringify(name)}`, near, models, 'Its models');
  }

  /** The alias that is meant. What a provider is called exactly is no alias in other capitals. */
  function aliasOf(name: string): string | undefined {
    const isExact = name === auto || byId.has(name);
    return isExact && !Object.hasOwn(aliases, name) ? undefined : findName(Object.keys(aliases), name);
  }

  /** What a name stands for: an alias once, and never through another. */
  function expand(name: string): string | readonly string[] {
    const asked = aliasOf(name);
    if (asked === undefined) return name;
    const meant = aliases[asked]!;
    const alias = [meant].flat().find((one) => Object.hasOwn(aliases, one) && !byId.has(one));
    if (alias === undefined) return meant;
    const what = alias === asked ? 'itself' : `${JSON.stringify(alias)}, which is an alias, too`;
    throw new ImageError('config', `the alias ${JSON.stringify(name)} names ${what}`, {
      details: { option: 'model', asked: name },
      hint: `Let it name a provider or one of its models, as PROVIDER/MODEL. Providers: ${shortList([...byId.keys()])}.`,
    });
  }

  function namesOf(
    model: string | readonly string[] | undefined = defaultModel ?? entries[0]?.definition.id,
  ): readonly string[] {
    if (model === undefined) {
      throw new ImageError('config', 'no provider is registered', {
        hint: 'Give at least one provider to the client.',
      });
    }
    const names = [model].flat().flatMap(expand);
    if (names.length > 0) return names;
    throw new ImageError('invalid-request', 'model is an empty list', { hint: 'Name a model.' });
  }

  /** Names near to what was asked, among providers, aliases and the models of all providers. */
  function suggest(asked: string): string[] {
    const full = entries.flatMap(({ definition: { id, models } }) =>
      Object.entries(models).flatMap(([model, row]) =>
        idsOf(model, row).map((name) => [name, `${id}/${model}`] as const),
      ),
    );
    const word = asked.slice(asked.indexOf('/') + 1);
    const exact = full.filter(([name]) => name === word.toLowerCase()).map(([, path]) => path);
    if (exact.length) return exact;
    const named = nearest(asked, [...byId.keys(), ...Object.keys(aliases)]);
    return [
      ...new Set([
        ...named,
        ...nearest(
          word,
          full.map(([name]) => name),
        ).map((near) => full.find(([name]) => name === near)![1]),
      ]),
    ];
  }

  return {
    entries,
    provider,
    resolve: (model) => namesOf(model).map(resolveOne),
    candidates: (model) => namesOf(model).map((name) => (name.toLowerCase() === auto ? auto : resolveOne(name))),
    configured: (env) => entries.filter(({ definition, access }) => isConfigured(definition, access, env)),
  };
}

function toEntry(given: ImageProvider | LazyProvider): ProviderEntry {
  if (!('definition' in given)) return { definition: given, access: given.access, load: async () => given };
  const load = async () => (await given.load())(given.access);
  let loading: Promise<ImageProvider> | undefined;
  return {
    definition: withOwnModels(given.definition, given.access?.models),
    access: given.access ?? {},
    load: () => {
      loading ??= load().catch((error: unknown) => {
        loading = undefined; // the next request tries again
        throw asImageError(error);
      });
      return loading;
    },
  };
}

function unknown(
  asked: string,
  message: string,
  near: readonly string[],
  all: readonly string[],
  title: string,
): ImageError {
  return new ImageError('not-found', message, {
    details: { option: 'model', asked, nearest: near, allowed: all.slice(0, mostNamed) },
    hint: didYouMean(near, `${title}: ${shortList(all)}.`),
  });
}
