// A request in the words of the models that it is for.

import type { ClientRequest, LazyProvider } from '@anyimage/core';
import { idsOf, omit } from '@anyimage/core';
import { findModel, findProvider, namedModels, requestTarget, type Settings } from '@anyimage/host';
import type { GatewayKey } from '@anyimage/store-redis/contract';
import { badRequest } from '../wire/envelope.ts';

/** What of the settings names are looked up in. */
export type Names = Pick<Settings, 'config' | 'model' | 'providers' | 'shownEnv'>;

/**
 * The request with its models by names that core knows, formats that are options of a model as these, and partial pictures only where all
 * of its models make them: who streams gets the pictures all the same.
 */
export function fitWords(request: ClientRequest, names: Names): ClientRequest {
  const named = request.model === undefined ? request : { ...request, model: knownNames(request.model, names) };
  const { limits } = requestTarget(named, names);
  const format = named.outputFormat?.toLowerCase();
  const options = limits[0]?.options ?? {};
  const maker = Object.keys(options).find((name) => {
    const option = options[name]!;
    return option.type === 'boolean' && option.makes !== undefined && option.makes === format;
  });
  const drawn =
    maker === undefined
      ? named
      : { ...omit(named, 'outputFormat'), providerOptions: { ...named.providerOptions, [maker]: true } };
  const hasPartials = limits.every((row) => row?.partials !== undefined);
  return hasPartials && maker === undefined ? drawn : omit(drawn, 'partials');
}

function knownNames(model: string | readonly string[], names: Names): string | readonly string[] {
  return typeof model === 'string' ? knownName(model, names) : model.map((name) => knownName(name, names));
}

/** `openai/gpt-image-2` for `gpt-image-2`, where one provider alone has a model of that id, or one alone of those with a key. */
function knownName(name: string, { config: { aliases = {} }, providers }: Names): string {
  if (name.includes('/') || name.toLowerCase() === 'auto' || findProvider(providers, name)) return name;
  if (Object.keys(aliases).some((alias) => alias.toLowerCase() === name.toLowerCase())) return name;
  // A table may have got rows since it was looked through.
  const id = name.toLowerCase();
  const owners = ownersIn(providers).get(id) ?? ownersAnew(providers).get(id);
  return owners?.size === 1 ? `${[...owners][0]}/${name}` : name;
}

type Providers = readonly LazyProvider[];
const knownOwners = new WeakMap<Providers, ReadonlyMap<string, ReadonlySet<string>>>();

/** Which providers have a model of an id, in small letters. */
function ownersIn(providers: Providers): ReadonlyMap<string, ReadonlySet<string>> {
  return knownOwners.get(providers) ?? ownersAnew(providers);
}

function ownersAnew(providers: Providers): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { definition } of providers) {
    for (const [name, row] of Object.entries(definition.models)) {
      for (const id of idsOf(name, row)) found.set(id, (found.get(id) ?? new Set()).add(definition.id));
    }
  }
  knownOwners.set(providers, found);
  return found;
}

/** Throws a refusal unless the key may use every model that the request may be sent to. */
export function checkModels(key: GatewayKey, { model }: ClientRequest, names: Names): void {
  if (!key.models) return;
  const asked = [model ?? names.model].flat();
  const refused = asked.find((name) => !mayUse(key, name, names));
  if (refused === undefined) return;
  const allowed = key.models.join(', ');
  throw badRequest(
    `The key ${key.name} may not use the model '${refused}'. It may use: ${allowed}.`,
    'model_not_allowed',
    'model',
    403,
  );
}

/** Whether a key may use what a name stands for. */
export function mayUse({ models }: GatewayKey, name: string, names: Names): boolean {
  if (!models) return true;
  const allowed = models.map((one) => one.toLowerCase());
  if (allowed.includes(name.toLowerCase())) return true;
  const meant = namedModels(knownName(name, names), names);
  return meant.every((one) => {
    const found = findModel(names.providers, one);
    const ids = found ? [found.definition.id, `${found.definition.id}/${found.id}`] : [one, one.split('/', 1)[0]!];
    return ids.some((id) => allowed.includes(id.toLowerCase()));
  });
}
