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
  const owners = providers.filter(({ definition }) => hasModel(definition, name));
  return owners.length === 1 ? `${owners[0]!.definition.id}/${name}` : name;
}

function hasModel({ models }: LazyProvider['definition'], id: string): boolean {
  return Object.entries(models).some(([name, row]) => idsOf(name, row).includes(id.toLowerCase()));
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
