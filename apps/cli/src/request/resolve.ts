// From flags and settings to a request.

import { resolve } from 'node:path';
import { type ClientRequest, type ImageInput, type Json, type Limits, limitsOf, type OptionSpec } from '@anyimage/core';
import type { Settings } from '@anyimage/host';
import { findModel, formatOfPath } from '@anyimage/host';
import type { MakeFlags } from './flags.ts';
import type { EarlierRequest } from './request-again.ts';
import { carriedOptions, drawingOptions, type Target } from './resolve-drawing.ts';

/** A request, and what the person should know of how it came about. */
export interface ResolvedRequest extends ClientRequest {
  readonly notes?: readonly string[] | undefined;
}

/**
 * The request that the flags stand for, over an earlier one if there is. Whether a model can do it is core's to say. Throws
 * `unsupported` for an output that can only be a drawing, where a model makes none, `invalid-request` where drawing is off.
 */
export function resolveRequest(
  prompt: string,
  flags: MakeFlags,
  settings: Settings,
  earlier: EarlierRequest = {},
): ResolvedRequest {
  const { model, option, image, output, outputFormat, adapt, prefer, maxCost, ...rest } = flags;
  const { dryRun: _, force: __, json: ___, ...words } = rest;
  const { format: ____, providerOptions: _____, ...base } = earlier;
  const target = targetOf(flags, settings, base);
  const { models, limits } = target;
  const format = outputFormat ?? formatFor(output, limits);
  const asked = optionValues(option ?? {}, limits[0]);
  const carried = carriedOptions(earlier, limitsOfRequest(base, settings), target, asked);
  const options = { ...carried.options, ...drawingOptions(target, asked, settings), ...asked };
  return {
    ...withoutRivals(base, flags),
    ...(words as Omit<ClientRequest, 'model'>),
    prompt,
    model: models.length === 1 ? models[0]! : models,
    ...(image && { images: image }),
    ...(format && { outputFormat: format }),
    ...(Object.keys(options).length > 0 && { providerOptions: options }),
    ...(adapt && { negotiation: 'adapt' }),
    ...((prefer || maxCost) && { route: { ...(prefer && { prefer }), ...(maxCost && { maxCost }) } }),
    // Always set: a sidecar by another hand may hold a word of that name.
    notes: carried.notes.length > 0 ? carried.notes : undefined,
  };
}

/** A size given now replaces whatever said how large the picture was; a style, also one that is only words, the style. */
function withoutRivals(base: Partial<ClientRequest>, flags: MakeFlags): Partial<ClientRequest> {
  const isSized = flags.size || flags.aspectRatio || flags.resolution;
  const rivals = [...(isSized ? ['size', 'aspectRatio', 'resolution'] : []), ...(flags.style ? ['style'] : [])];
  return Object.fromEntries(Object.entries(base).filter(([word]) => !rivals.includes(word)));
}

/** The models that names stand for: those of config first. */
export function namesOf(names: string | readonly string[], { config }: Pick<Settings, 'config'>): readonly string[] {
  const { aliases = {} } = config;
  return [names].flat().flatMap((name) => (Object.hasOwn(aliases, name) ? aliases[name]! : [name]));
}

/**
 * The request as plain JSON, for the sidecar: input pictures by their absolute path, so that it can be asked again from
 * anywhere; the bytes of data: URLs left out.
 */
export function describeRequest(request: ClientRequest): Json {
  const { signal: _, onProgress: __, ...words } = request;
  const { images, mask } = words;
  return JSON.parse(
    JSON.stringify({
      ...words,
      ...(images && { images: images.map(named) }),
      ...(mask !== undefined && { mask: named(mask) }),
    }),
  );
}

function named(input: ImageInput): string {
  const text = String(input);
  return /^data:/i.test(text) ? `${text.split(',')[0]},…` : absolute(text);
}

function absolute(pathOrURL: string): string {
  return /^[a-z][a-z0-9+.-]+:/i.test(pathOrURL) ? pathOrURL : resolve(pathOrURL);
}

function targetOf(flags: MakeFlags, settings: Settings, base: Partial<ClientRequest>): Target {
  const { model, image, output, prefer, maxCost: _, ...words } = flags;
  // Who says how to choose wants the choice.
  const models = namesOf(model ?? base.model ?? (prefer ? 'auto' : settings.model), settings);
  const operation = operationOf({ ...base, ...(image && { images: image }), ...words });
  const limits = models.map((name) => limitsFor(name, operation, settings));
  return { models, limits, operation, ...(output !== undefined && { output }) };
}

/** Within which limits a request is, by the first of its models. */
export function limitsOfRequest(request: Partial<ClientRequest>, settings: Settings): Limits | undefined {
  const [name] = [request.model ?? []].flat();
  return name === undefined ? undefined : limitsFor(name, operationOf(request), settings);
}

function limitsFor(name: string, operation: string, { providers }: Settings): Limits | undefined {
  const row = findModel(providers, name)?.row;
  return row && limitsOf(row, operation);
}

/** The operation that core will find; only used to look up formats and options. */
function operationOf(
  request: Readonly<Partial<Record<'operation' | 'mask' | 'expand' | 'factor' | 'images', unknown>>>,
): string {
  const { operation, mask, expand, factor, images } = request;
  if (typeof operation === 'string') return operation;
  if (mask !== undefined) return 'inpaint';
  if (expand) return 'outpaint';
  if (factor !== undefined) return 'upscale';
  return images ? 'edit' : 'generate';
}

/** The format that the output's ending asks for, if every model makes it on request; else the file is converted. */
function formatFor(output: string | undefined, limits: readonly (Limits | undefined)[]): string | undefined {
  const format = output === undefined ? undefined : formatOfPath(output);
  if (!format) return undefined;
  const choices = limits.map((one) => one?.outputFormat || undefined);
  if (!choices.every((choice) => choice?.values.includes(format))) return undefined;
  return choices.every((choice) => choice?.default === format) ? undefined : format;
}

function optionValues(given: Readonly<Record<string, string>>, limits: Limits | undefined): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => [name, optionValue(text, limits?.options?.[name])]),
  );
}

/** Typed text as the value that the table asks for, the path of a picture made absolute; of an unknown option, as JSON if it is any. */
export function optionValue(text: string, spec: OptionSpec | undefined): Json {
  if (spec?.type === 'string') return text;
  if (spec?.type === 'image') return absolute(text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
