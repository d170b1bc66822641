// GET /v1/models and /v1/models/ID.

import { didYouMean, isConfigured, type ModelCapabilities, modelStatus, nearest } from '@anyimage/core';
import { findModel, isoDay, namedModels, type Settings } from '@anyimage/host';
import type { GatewayKey } from '@anyimage/store-redis/contract';
import { mayUse } from '../calls/fit-words.ts';
import { badRequest } from '../wire/envelope.ts';

/** A model as OpenAI lists it, with what only we know. */
export interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  /** Unix time, s: when its facts were compared with the service's own. */
  readonly created: number;
  readonly owned_by: string;
  readonly label?: string;
  readonly status?: string;
  readonly operations?: readonly string[];
  readonly shutdown_date?: string;
  /** Of an alias: what it stands for. */
  readonly models?: readonly string[];
}

/** Those that a key may use and whose service has a key, aliases first. */
export function listModels(settings: Settings, key: GatewayKey, now: number): readonly ListedModel[] {
  const { config, providers, shownEnv } = settings;
  const aliases = Object.keys(config.aliases ?? {}).map((name) => aliasEntry(name, settings));
  const models = providers
    .filter(({ definition, access = {} }) => isConfigured(definition, access, shownEnv))
    .flatMap(({ definition: { id, models: rows } }) =>
      Object.entries(rows).map(([model, row]) => modelEntry(id, model, row, now)),
    )
    .filter(({ status }) => status !== 'retired');
  return [...aliases, ...models].filter(({ id }) => mayUse(key, id, settings));
}

/** One of them, with its row. Throws a refusal for one that there is not, or that the key may not use. */
export function showModel(
  settings: Settings,
  key: GatewayKey,
  name: string,
  now: number,
): ListedModel & { readonly row?: ModelCapabilities } {
  const { aliases = {} } = settings.config;
  if (mayUse(key, name, settings)) {
    if (Object.hasOwn(aliases, name)) return aliasEntry(name, settings);
    const found = findModel(settings.providers, name);
    if (found) return { ...modelEntry(found.definition.id, found.id, found.row, now), row: found.row };
  }
  const ids = listModels(settings, key, now).map(({ id }) => id);
  const near = didYouMean(nearest(name, ids, 1), 'GET /v1/models lists those that there are.');
  throw badRequest(`There is no model '${name.slice(0, 200)}'. ${near}`, 'model_not_found', 'model', 404);
}

function aliasEntry(name: string, settings: Settings): ListedModel {
  return { id: name, object: 'model', created: 0, owned_by: 'alias', models: namedModels(name, settings) };
}

function modelEntry(provider: string, model: string, row: ModelCapabilities, now: number): ListedModel {
  return {
    id: `${provider}/${model}`,
    object: 'model',
    created: Math.floor(Date.parse(row.checked) / 1000),
    owned_by: provider,
    label: row.label,
    status: modelStatus(row, isoDay(now) as `${number}-${number}-${number}`),
    operations: Object.keys(row.operations),
    ...(row.retires && { shutdown_date: row.retires }),
  };
}
