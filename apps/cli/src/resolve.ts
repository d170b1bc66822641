// From flags and settings to a request.

import { resolve } from 'node:path';
import {
  type Applied,
  type ClientRequest,
  type ImageInput,
  type Json,
  type Limits,
  limitsOf,
  type OptionSpec,
} from '@anyimage/core';
import { findModel, formatOfPath, withStyle } from '@anyimage/host';
import type { MakeFlags } from './flags.ts';
import type { Settings } from './settings.ts';

/** A request, and what was made of the person's words before it. */
export interface ResolvedRequest {
  readonly request: ClientRequest;
  readonly applied: readonly Applied[];
}

/**
 * The request that the flags stand for, over what `base` says: a request of an earlier day. Whether a model can do it is
 * core's to say.
 */
export function resolveRequest(
  prompt: string,
  flags: MakeFlags,
  settings: Settings,
  base: Partial<ClientRequest> = {},
): ResolvedRequest {
  const { model, option, image, output, outputFormat, adapt, prefer, maxCost, ...rest } = flags;
  const { dryRun: _, force: __, json: ___, ...words } = rest;
  const models = namesOf(model ?? base.model ?? settings.model, settings);
  const limits = models.map((name) => limitsFor(name, flags, settings));
  const format = outputFormat ?? formatFor(output, limits);
  const styled = withStyle(prompt, flags.style, settings.config.styles);
  const { style, ...others } = words;
  const request: ClientRequest = {
    ...withoutRivals(base, flags),
    ...(others as Omit<ClientRequest, 'model'>),
    ...(style !== undefined && !styled.applied && { style }),
    prompt: styled.prompt,
    model: models.length === 1 ? models[0]! : models,
    ...(image && { images: image }),
    ...(format && { outputFormat: format }),
    ...(option && { providerOptions: { ...base.providerOptions, ...optionValues(option, limits[0]) } }),
    ...(adapt && { negotiation: 'adapt' }),
    ...((prefer || maxCost) && { route: { ...(prefer && { prefer }), ...(maxCost && { maxCost }) } }),
  };
  return { request, applied: styled.applied ? [styled.applied] : [] };
}

/** A size given now replaces whatever said how large the picture was. */
function withoutRivals(base: Partial<ClientRequest>, flags: MakeFlags): Partial<ClientRequest> {
  if (!flags.size && !flags.aspectRatio && !flags.resolution) return base;
  const { size: _, aspectRatio: __, resolution: ___, ...others } = base;
  return others;
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
