// Where a setting was written, and which setting a failure is due to: what a person must open to put it right.

import { sep } from 'node:path';
import { type ImageError, isRecord, type Json, type LazyProvider, type OutcomeFacts } from '@anyimage/core';
import type { ConfigFile } from '../config/config-files.ts';
import { noPlugin } from '../config/config-refusal.ts';
import type { Layer } from '../config/layer.ts';
import { lineOf } from '../text/json-lines.ts';

/** The part of the settings that says where they come from. */
export interface OriginSettings {
  readonly layers: readonly Layer[];
  readonly user?: Pick<ConfigFile, 'path' | 'text'>;
  readonly project?: Pick<ConfigFile, 'path' | 'text'>;
  readonly outputFolder?: string;
  /** Those that are known. */
  readonly providers?: readonly LazyProvider[];
}

/** A setting, and where it was written. */
export interface Origin {
  /** `aliases.quick`. */
  readonly key: string;
  /** `/home/mia/boats/anyimage.json:3`, or the name of a variable. */
  readonly place: string;
}

/** The models of a request, and where each was written: `undefined` for one that the request itself names. */
export interface NamedModels {
  readonly models: readonly string[];
  readonly origins: readonly (Origin | undefined)[];
}

type Path = readonly (string | number)[];

/** Where the setting at a path was written; `undefined` if it is the default. Numbers are places in lists. */
export function originOf({ layers, user, project }: OriginSettings, path: Path): Origin | undefined {
  const key = path.filter((part) => typeof part === 'string').join('.');
  const layer = layers.find(({ values }) => values.has(key));
  if (!layer || layer.kind === 'default') return undefined;
  const { from } = layer.values.get(key)!;
  const file = layer.kind === 'project' ? project : user;
  const isInFile = layer.kind !== 'environment' && file !== undefined;
  return { key, place: isInFile ? `${file.path}:${lineOf(file.text, [...(layer.under ?? []), ...path])}` : from };
}

/** The error, with the setting that it is due to and where that was written. `named`: the models of the request, if it was one. */
export function tellOrigin(given: ImageError, settings: OriginSettings, named?: NamedModels): ImageError {
  const error = withPluginHint(given, settings);
  const origin = guiltyOf(error, settings, named);
  if (!origin && isOfLength(error)) return error.with({ hint: `${error.hint} ${wayToRaise}` });
  if (!origin || error.hint?.includes(origin.place)) return error;
  const { key, place } = origin;
  const told = `The setting ${key} comes from ${place}.`;
  const details = isRecord(error.details) ? (error.details as { readonly [name: string]: Json }) : {};
  return error.with({
    hint: error.hint ? `${error.hint} ${told}` : told,
    details: { ...details, setting: { key, place } },
  });
}

/** What a person wrote once, or what was drawn once, may name a plugin that is gone, or is not used. */
function withPluginHint(error: ImageError, { providers }: OriginSettings): ImageError {
  const { code, details, hint } = error;
  const { option, asked, nearest } = isRecord(details) ? details : {};
  if (!providers || code !== 'not-found' || option !== 'model' || typeof asked !== 'string') return error;
  const [id = ''] = asked.split('/');
  const isKnown = providers.some(({ definition }) => definition.id === id);
  if (isKnown || (Array.isArray(nearest) && nearest.length > 0)) return error;
  return error.with({ hint: [hint, noPlugin(id)].filter(Boolean).join(' ') });
}

/** The same for all errors of an outcome. */
export function tellOrigins<O extends OutcomeFacts>(outcome: O, settings: OriginSettings, named?: NamedModels): O {
  const tell = (error: ImageError) => tellOrigin(error, settings, named);
  const { error } = outcome;
  return {
    ...outcome,
    errors: outcome.errors.map(tell),
    ...(error && { error: tell(error) }),
    attempts: outcome.attempts.map((one) => (one.error ? { ...one, error: tell(one.error) } : one)),
  };
}

const wayToRaise = 'It is a key of the config, and the variable ANYIMAGE_MAX_IMAGE_BYTES.';

/** Whether a picture is longer than the setting allows. */
function isOfLength({ details }: ImageError): boolean {
  return isRecord(details) && details.option === 'maxImageBytes';
}

/** The setting that a failure is due to, as far as its kind tells. */
function guiltyOf(error: ImageError, settings: OriginSettings, named: NamedModels | undefined): Origin | undefined {
  const { code, provider, details } = error;
  const { option, limit } = isRecord(details) ? details : {};
  if (isOfLength(error)) return originOf(settings, ['maxImageBytes']);
  if (isOfModel(error)) return named && modelOrigin(error, named);
  if (code === 'budget' && typeof limit === 'string') return originOf(settings, ['budget', limit]);
  if (code === 'storage' || option === 'output') return outputOrigin(error, settings);
  if (provider === undefined) return undefined;
  const keys = keysOf(error);
  const origins = keys.map((key) => originOf(settings, ['providers', provider, key]));
  return origins.find((origin) => origin !== undefined) ?? proxyOrigin(error, settings);
}

/** Whether the name of a model is wrong: there is none of that name, or none any more. */
function isOfModel({ code, model, details, mayHaveBeenBilled }: ImageError): boolean {
  const option = isRecord(details) ? details.option : undefined;
  if (option === 'model') return true;
  return code === 'not-found' && option === undefined && model !== undefined && !mayHaveBeenBilled;
}

/** Where the model that is wrong was written: by the name that was asked for, else by that of its provider. */
function modelOrigin({ details, model, provider }: ImageError, { models, origins }: NamedModels): Origin | undefined {
  if (models.length === 1) return origins[0];
  const asked = isRecord(details) ? details.asked : undefined;
  const isMeant = [
    (name: string) => name === asked,
    (name: string) => name === model,
    (name: string) => name.split('/')[0] === provider,
  ];
  const index = isMeant.map((test) => models.findIndex(test)).find((found) => found >= 0);
  return index === undefined ? undefined : origins[index];
}

/** What a config says of a provider that may lead to a failure of this kind, the likeliest first. */
function keysOf({ code, status, details }: ImageError): readonly string[] {
  const { option, name } = isRecord(details) ? details : {};
  if (option === 'headers') return [`headers.${String(name)}`];
  if (option === 'baseURL' || option === 'region') return [String(option)];
  if (code === 'network') return ['baseURL', 'region'];
  if (code !== 'auth') return [];
  return status === undefined ? ['keyEnv', 'region', 'baseURL'] : ['baseURL', 'region', 'keyEnv'];
}

/** A proxy that lets nothing through, if the config names it. */
function proxyOrigin({ code, message }: ImageError, settings: OriginSettings): Origin | undefined {
  const { layers } = settings;
  const proxy = layers.find(({ values }) => values.has('proxy'))?.values.get('proxy')?.value;
  const host = typeof proxy === 'string' ? URL.parse(proxy)?.host : undefined;
  if (code !== 'network' || host === undefined || !message.includes(`proxy ${host}`)) return undefined;
  return originOf(settings, ['proxy']);
}

/** The folder for pictures, if it is the one that cannot be used. */
function outputOrigin({ details }: ImageError, settings: OriginSettings): Origin | undefined {
  const { outputFolder } = settings;
  const { path, asked } = isRecord(details) ? details : {};
  const failed = String(path ?? asked ?? '');
  if (outputFolder === undefined || !(failed + sep).startsWith(outputFolder + sep)) return undefined;
  return originOf(settings, ['output']);
}
