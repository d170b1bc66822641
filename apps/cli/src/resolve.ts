// From flags and settings to a request.

import { resolve } from 'node:path';
import {
  type ClientRequest,
  ImageError,
  type ImageInput,
  type Json,
  type Limits,
  limitsOf,
  type OptionSpec,
} from '@anyimage/core';
import { findModel, formatOfPath } from '@anyimage/host';
import type { MakeFlags } from './flags.ts';
import type { Settings } from './settings.ts';

/**
 * The request that the flags stand for, over what `base` says: a request of an earlier day. Whether a model can do it is
 * core's to say. Throws `unsupported` for an output that can only be a drawing, where a model makes none.
 */
export function resolveRequest(
  prompt: string,
  flags: MakeFlags,
  settings: Settings,
  base: Partial<ClientRequest> = {},
): ClientRequest {
  const { model, option, image, output, outputFormat, adapt, prefer, maxCost, ...rest } = flags;
  const { dryRun: _, force: __, json: ___, ...words } = rest;
  const models = namesOf(model ?? base.model ?? settings.model, settings);
  const limits = models.map((name) => limitsFor(name, flags, settings));
  const format = outputFormat ?? formatFor(output, limits);
  const options = {
    ...drawingOptions(output, models, limits, settings),
    ...(option && optionValues(option, limits[0])),
  };
  return {
    ...withoutRivals(base, flags),
    ...(words as Omit<ClientRequest, 'model'>),
    prompt,
    model: models.length === 1 ? models[0]! : models,
    ...(image && { images: image }),
    ...(format && { outputFormat: format }),
    ...(Object.keys(options).length > 0 && { providerOptions: { ...base.providerOptions, ...options } }),
    ...(adapt && { negotiation: 'adapt' }),
    ...((prefer || maxCost) && { route: { ...(prefer && { prefer }), ...(maxCost && { maxCost }) } }),
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
  if (/^data:/i.test(text)) return `${text.split(',')[0]},…`;
  return /^[a-z][a-z0-9+.-]+:/i.test(text) ? text : resolve(text);
}

function limitsFor(name: string, flags: MakeFlags, { providers }: Settings): Limits | undefined {
  const row = findModel(providers, name)?.row;
  return row && limitsOf(row, flags.operation ?? operationFrom(flags));
}

/** The operation that core will find; only used to look up formats and options. */
function operationFrom({ mask, expand, factor, image }: MakeFlags): string {
  if (mask) return 'inpaint';
  if (expand) return 'outpaint';
  if (factor !== undefined) return 'upscale';
  return image ? 'edit' : 'generate';
}

/** The format that the output's ending asks for, if every model makes it on request; else the file is converted. */
function formatFor(output: string | undefined, limits: readonly (Limits | undefined)[]): string | undefined {
  const format = output === undefined ? undefined : formatOfPath(output);
  if (!format) return undefined;
  const choices = limits.map((one) => one?.outputFormat || undefined);
  if (!choices.every((choice) => choice?.values.includes(format))) return undefined;
  return choices.every((choice) => choice?.default === format) ? undefined : format;
}

/** The options that make a drawing of the picture, if the output's ending asks for one: a file of pixels cannot become one. */
function drawingOptions(
  output: string | undefined,
  models: readonly string[],
  limits: readonly (Limits | undefined)[],
  { providers }: Settings,
): { [name: string]: Json } {
  if (output === undefined || formatOfPath(output) !== 'svg') return {};
  const names = limits.map(drawingOption);
  const unable = models.find((_, index) => names[index] === undefined);
  if (unable === undefined) return Object.fromEntries(names.map((name) => [name, true]));
  const able = providers.flatMap(({ definition: { id, models: rows } }) =>
    Object.entries(rows).flatMap(([model, row]) =>
      drawingOption(limitsOf(row, 'generate')) ? [`${id}/${model}`] : [],
    ),
  );
  throw new ImageError('unsupported', `${unable} makes no drawings, and pixels cannot become ${output}`, {
    details: { option: 'output', asked: output, allowed: able },
    hint: `End the name in .png, or use -m ${able.join(' or ')}.`,
  });
}

function drawingOption(limits: Limits | undefined): string | undefined {
  return Object.entries(limits?.options ?? {}).find(([, spec]) => 'makes' in spec && spec.makes === 'svg')?.[0];
}

function optionValues(given: Readonly<Record<string, string>>, limits: Limits | undefined): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => [name, optionValue(text, limits?.options?.[name])]),
  );
}

/** Typed text as the value that the table asks for; of an unknown option, as JSON if it is any. */
export function optionValue(text: string, spec: OptionSpec | undefined): Json {
  if (spec?.type === 'string' || spec?.type === 'image') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
