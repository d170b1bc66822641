// From flags and settings to the words of a request. The prompt goes its own way.

import { type ClientRequest, ImageError, type Json, type Limits, type OptionSpec, omit } from '@anyimage/core';
import {
  absoluteInput,
  formatOfPath,
  modelWord,
  type NamedModels,
  type ReadWords,
  readRequest,
  requestModels,
  requestTarget,
  type Settings,
} from '@anyimage/host';
import { type MakeFlags, preferenceOf } from './flags.ts';
import type { EarlierRequest } from './request-again.ts';
import { carriedOptions, drawingOptions } from './resolve-drawing.ts';

/** What flags and settings come to. */
export interface Resolved {
  /** All words of the request but the prompt. */
  readonly words: Omit<ClientRequest, 'prompt'>;
  /** The models, and where each was written if no flag names it. */
  readonly named: NamedModels;
  /** What the first of the models can do; absent where no table knows. */
  readonly limits?: Limits;
  /** What the person should know of how the words came about. */
  readonly notes: readonly string[];
}

/** Flags that are no words of a request, or come to words of another form. */
const ownFlags = [
  'model',
  'prefer',
  'fast',
  'best',
  'maxCost',
  'maxPrice',
  'option',
  'image',
  'clipboard',
  'maskRegion',
  'maskEllipse',
  'output',
  'adapt',
  'dryRun',
  'maxImageBytes',
  'preview',
  'open',
  'embed',
  'quiet',
  'force',
  'json',
  'yes',
] as const;

/**
 * The words that the flags stand for, over those of an earlier request if there is one. Whether a model can do it is core's to
 * say. Throws `unsupported` for an output that can only be a drawing, where a model makes none, `invalid-request` where drawing
 * is off, and for a format beside a file of another.
 */
export function resolveFlags(flags: MakeFlags, settings: Settings, earlier: EarlierRequest = {}): Resolved {
  const { option, output, adapt } = flags;
  const before = beforeOf(earlier);
  const words = wordsOf(flags, earlier);
  if (flags.outputFormat !== undefined) refuseOtherEnding(output, words.outputFormat);
  const target = { ...requestTarget(words, settings), ...(output !== undefined && { output }) };
  const [limits] = target.limits;
  const given = optionValues(option ?? {}, limits);
  const [limitsBefore] = requestTarget(omit(before, 'route'), settings).limits;
  const carried = carriedOptions(earlier, limitsBefore, target, given);
  const options = { ...carried.options, ...drawingOptions(target, given, settings), ...given };
  const format = words.outputFormat ?? formatFor(output, target.limits);
  return {
    words: {
      ...words,
      model: modelWord(target.models),
      ...(format && { outputFormat: format }),
      ...(Object.keys(options).length > 0 && { providerOptions: options }),
      ...(adapt && { negotiation: 'adapt' }),
    },
    named: target,
    ...(limits && { limits }),
    notes: carried.notes,
  };
}

/** The models that the flags ask for, by name alone: no table is looked at. */
export function modelsAsked(flags: MakeFlags, settings: Settings, earlier: EarlierRequest = {}): readonly string[] {
  return requestModels(wordsOf(flags, earlier), settings);
}

function beforeOf(earlier: EarlierRequest) {
  return omit(earlier, 'prompt', 'format', 'providerOptions');
}

/** The words that the flags are, over those of an earlier request. */
function wordsOf(flags: MakeFlags, earlier: EarlierRequest) {
  const read = readFlags(flags);
  return { ...withoutRivals(beforeOf(earlier), flags, read), ...read };
}

/** What the flags mean, in the words of a request. */
function readFlags(flags: MakeFlags): ReadWords {
  const { model, image, maxPrice, maxCost = maxPrice } = flags;
  const prefer = preferenceOf(flags);
  return readRequest({
    ...omit(flags, ...ownFlags),
    ...(model && { model }),
    ...(image && { images: image }),
    ...((prefer || maxCost) && { route: { ...(prefer && { prefer }), ...(maxCost && { maxCost }) } }),
  });
}

/**
 * The words of an earlier request without those that a flag replaces: any form of size by any other, a style by a style, a format by the
 * ending of the output, the model by a new choice. A flag that asks for nothing takes the word away.
 */
function withoutRivals(before: Partial<ClientRequest>, flags: MakeFlags, read: ReadWords): Partial<ClientRequest> {
  const isSized = flags.size || flags.aspectRatio || flags.resolution;
  const format = flags.outputFormat ?? (flags.output === undefined ? undefined : formatOfPath(flags.output));
  const words = Object.keys(before) as (keyof ClientRequest)[];
  return omit(
    before,
    ...words.filter((word) => Object.hasOwn(flags, word) && !Object.hasOwn(read, word)),
    ...(isSized ? (['size', 'aspectRatio', 'resolution'] as const) : []),
    ...(flags.style ? (['style'] as const) : []),
    ...(format && format !== before.outputFormat ? (['outputFormat', 'outputCompression'] as const) : []),
    ...(preferenceOf(flags) ? (['model'] as const) : []),
  );
}

/** A name that says one format beside a flag that says another: whichever counted, the other would be ignored. Throws `invalid-request`. */
function refuseOtherEnding(output: string | undefined, format: string | undefined): void {
  const named = output === undefined ? undefined : formatOfPath(output);
  if (named === undefined || format === undefined || named === format) return;
  throw new ImageError('invalid-request', `${output} is to be ${named}, and --output-format is ${format}`, {
    details: { option: 'outputFormat', asked: format, allowed: [named] },
    hint: `Leave --output-format out, or name the file to end in .${format}.`,
  });
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

/** The typed text as a value of the option's type; the path of a picture is made absolute. An unknown option takes JSON, else text. */
export function optionValue(text: string, spec: OptionSpec | undefined): Json {
  if (spec?.type === 'string') return text;
  if (spec?.type === 'image') return absoluteInput(text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
