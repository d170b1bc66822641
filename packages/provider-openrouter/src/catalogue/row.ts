// From a record of the catalogue to a row of the table. What the record does not say is not invented: a word whose values it tells in a
// form that is not known here is left out, and the row is open for it; a parameter that it does not name is refused.

import {
  type Choice,
  type Day,
  type Json,
  type Limits,
  type ModelCapabilities,
  type OptionSpec,
  present,
  type Ratio,
  type Size,
  type SizeRule,
  unlessEmpty,
} from '@anyimage/core';
import { everyModel, pricedFields, references, routing, words } from '../capabilities.ts';
import type { Parameter, RowWire, ServiceWire } from '../row-wire.ts';
import { pricesOf } from './prices.ts';
import type { Endpoint, Endpoints, Entry, Parameters } from './record.ts';

/** Where and when the catalogue was read. */
export interface Reading {
  readonly source: string;
  readonly checked: Day;
}

/** Parameters that have a word of ours, or are said with every request. */
const ownWords: ReadonlySet<string> = new Set([
  ...['model', 'prompt', 'n', 'size', 'resolution', 'aspect_ratio', 'quality', 'background', 'output_format'],
  ...['output_compression', 'seed', 'input_references', 'user', 'session_id', 'provider', 'stream', 'trace'],
]);
/** So many pictures one request makes at most, whatever the catalogue says. */
const mostPictures = 10;
/** The catalogue tells no largest seed: any whole number. */
const anySeed = Number.MAX_SAFE_INTEGER;
/** The catalogue tells no largest number of references: as many as a request can hold. */
const manyReferences = 100;

/** What is known of a service, or of all services of a model together. */
type Taking = Pick<Endpoint, 'parameters' | 'passthrough' | 'streams'>;

/**
 * The row of a model. Without the records of its services (`undefined`) it is made of the list alone: its price is not known then.
 * `undefined` where neither says what the model takes.
 */
export function rowOf(entry: Entry, services: Endpoints | undefined, reading: Reading): ModelCapabilities | undefined {
  const { parameters, streams } = entry;
  const all: readonly Taking[] = services?.known ?? (parameters ? [{ parameters, streams, passthrough: [] }] : []);
  if (all.length === 0) return undefined;
  const editing = all.filter((one) => one.parameters.has('input_references'));
  const [generate, edit] = [limitsOf(all), limitsOf(editing)];
  const images = imagesOf(unionOf(editing.map((one) => one.parameters)).get('input_references'));
  const isOpen = [generate, edit].some((one) => openWords.some((word) => one[word] === undefined));
  const lists = services?.hasOthers ? undefined : services?.known.map(({ pricing }) => pricing);
  const priced = (limits: Limits, isEdit: boolean) => {
    const prices = pricesOf(lists, limits, isEdit);
    return prices.length > 0 ? { prices } : {};
  };
  // Where not every service takes references, an edit has what those take that do.
  const isShared = !images || editing.length === all.length;
  return {
    ...everyModel,
    ...(isShared && generate),
    label: entry.label ?? entry.id,
    ...reading,
    ...(isOpen && { open: true, mask: false, factor: [] }),
    wire: wireOf(all, services?.known ?? []),
    operations: {
      generate: { ...(!isShared && generate), ...priced(generate, false) },
      ...(images && { edit: { ...(!isShared && edit), images, ...priced(edit, true) } }),
    },
    delivery: { as: 'bytes' },
  };
}

/** The words that are left out where they are taken in a form that is not known. */
const openWords = ['size', 'quality', 'background', 'outputFormat'] as const;

/** What at least one of the services takes. Which of them takes all that a request asks for, is decided with the request. */
function limitsOf(services: readonly Taking[]): Limits {
  const all = services.map(({ parameters }) => parameters);
  const parameters = unionOf(all);
  return present({
    ...everyModel,
    size: sizeOf(parameters)?.rule,
    quality: choiceOf(parameters.get('quality'), words.qualities),
    background: choiceOf(parameters.get('background'), words.backgrounds),
    outputFormat: formatOf(parameters),
    outputCompression: [...new Set(all.flatMap(compressedBy))],
    perCall: perCallOf(all),
    seed: seedOf(parameters.get('seed')),
    partials: services.some(({ streams }) => streams) ? 1 : 0,
    options: optionsOf(parameters, services),
  });
}

function unlessEmptyList<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function unionOf(all: readonly Parameters[]): Parameters {
  const union = new Map<string, Parameter>();
  for (const parameters of all) {
    for (const [name, one] of parameters) {
      const other = union.get(name);
      union.set(name, other ? either(other, one) : one);
    }
  }
  return union;
}

function either(one: Parameter, other: Parameter): Parameter {
  if (one.type === 'enum' && other.type === 'enum') {
    return { type: 'enum', values: [...new Set([...one.values, ...other.values])] };
  }
  if (one.type === 'range' && other.type === 'range') {
    return { type: 'range', min: Math.min(one.min, other.min), max: Math.max(one.max, other.max) };
  }
  return one.type === other.type ? one : { type: 'unknown' };
}

/** `false`: not taken; `undefined`: taken, and nobody says which. `usual`: the API's own values, of a parameter that is merely taken. */
function choiceOf(parameter: Parameter | undefined, usual: readonly string[]): Choice | false | undefined {
  const values = valuesOf(parameter, usual);
  return values && (values.length > 0 ? { values } : false);
}

function valuesOf(parameter: Parameter | undefined, usual: readonly string[]): readonly string[] | undefined {
  if (!parameter) return [];
  if (parameter.type === 'boolean') return usual;
  if (parameter.type !== 'enum') return undefined;
  // From least to most, where the API has an order; others keep theirs.
  const place = (value: string) => (usual.includes(value) ? usual.indexOf(value) : usual.length);
  return parameter.values.toSorted((a, b) => place(a) - place(b));
}

/** How sizes are asked for. `tiersAre`: resolutions are values of `size`. `undefined`: taken in a form that is not known. */
function sizeOf(parameters: Parameters): { readonly rule: SizeRule | false; readonly tiersAre?: 'size' } | undefined {
  const [size, resolution] = [parameters.get('size'), parameters.get('resolution')];
  const ratios = valuesOf(parameters.get('aspect_ratio'), words.ratios)?.filter(isRatio);
  const tiers = valuesOf(resolution, words.tiers);
  // What `size` takes without saying so is not known.
  const sizes = size?.type === 'boolean' ? undefined : valuesOf(size, []);
  if (!ratios || !tiers || !sizes) return undefined;
  const presets = sizes.filter(isSize);
  const tiersAre = !resolution && sizes.length > presets.length ? ('size' as const) : undefined;
  const isTier = (value: string) => !isSize(value) && value !== 'auto';
  const lists = {
    presets: unlessEmptyList(presets),
    ratios: unlessEmptyList(withoutSame(ratios)),
    tiers: unlessEmptyList((tiersAre ? sizes : tiers).filter(isTier)),
  };
  const rule: SizeRule | false = unlessEmpty(present(lists)) ? { ...present(lists), default: 'auto' } : false;
  return { rule, ...present({ tiersAre }) };
}

function isRatio(text: string): text is Ratio {
  const [, width, height] = /^(\d{1,5}(?:\.\d{1,3})?):(\d{1,5}(?:\.\d{1,3})?)$/.exec(text) ?? [];
  return Number(width) > 0 && Number(height) > 0;
}

function isSize(text: string): text is Size {
  return /^[1-9]\d{0,4}x[1-9]\d{0,4}$/.test(text);
}

/** A ratio that is there in two spellings, once. */
function withoutSame(ratios: readonly Ratio[]): readonly Ratio[] {
  const value = (ratio: Ratio) => ratio.split(':').reduce((width, height) => String(Number(width) / Number(height)));
  return [...new Map(ratios.toReversed().map((ratio) => [value(ratio), ratio])).values()].toReversed();
}

/** A drawing is no format of pixels: it is an option, or all that the model makes. */
function formatOf(parameters: Parameters): Choice | false | undefined {
  const values = valuesOf(parameters.get('output_format'), words.formats);
  const pixels = values?.filter((value) => value !== 'svg');
  return pixels && (pixels.length > 0 ? { values: pixels } : false);
}

/** The formats that one service compresses as it is told. */
function compressedBy(parameters: Parameters): readonly string[] {
  const formats = compressesAsWe(parameters.get('output_compression')) ? formatOf(parameters) : undefined;
  return formats ? formats.values.filter((format) => format === 'jpeg' || format === 'webp') : [];
}

/** Whether a parameter takes what `outputCompression` says, 0 to 100. */
function compressesAsWe(parameter: Parameter | undefined): boolean {
  return parameter?.type === 'boolean' || (parameter?.type === 'range' && parameter.min <= 0 && parameter.max >= 100);
}

/** As many as every service makes in one request, so that any of them may answer. */
function perCallOf(all: readonly Parameters[]): number {
  const most = all.map((parameters) => {
    const n = parameters.get('n');
    if (n?.type === 'boolean') return mostPictures;
    return n?.type === 'range' && n.min <= 1 ? Math.floor(n.max) : 1;
  });
  return Math.max(1, Math.min(mostPictures, ...most));
}

/** How the pictures of one request follow from its seed is unverified: a seed means one picture for each request. */
function seedOf(parameter: Parameter | undefined): Limits['seed'] {
  if (parameter?.type === 'boolean') return { max: anySeed, within: 'same' };
  const isOurs = parameter?.type === 'range' && parameter.min <= 0 && parameter.max >= 1;
  return isOurs && { max: Math.min(anySeed, Math.floor(parameter.max)), within: 'same' };
}

/** That a model makes nothing without references, the catalogue has no words for: they can be left out. */
function imagesOf(parameter: Parameter | undefined): Exclude<Limits['images'], false> {
  if (!parameter) return undefined;
  const [least, most] = parameter.type === 'range' ? [parameter.min, parameter.max] : [1, manyReferences];
  const count = [Math.max(1, Math.ceil(least)), Math.min(manyReferences, Math.floor(most))] as const;
  return count[0] > count[1] ? undefined : { ...references, count };
}

/** What has no word of ours: further parameters of the API, and the options of single services. Those of the API come first. */
function optionsOf(parameters: Parameters, services: readonly Taking[]): NonNullable<Limits['options']> {
  const further: { [name: string]: OptionSpec } = {};
  for (const name of services.flatMap(({ passthrough }) => passthrough)) {
    if (!isPriced(name, parameters)) further[name] = { type: 'json' };
  }
  for (const [name, parameter] of parameters) if (isFurther(name, parameters)) further[name] = specOf(name, parameter);
  const makesDrawings = drawingOf(valuesOf(parameters.get('output_format'), words.formats));
  return { ...further, ...makesDrawings, ...routing };
}

/** Whether a parameter is an option. One that has a word of ours is one if its values are not those that the word can have. */
function isFurther(name: string, parameters: Parameters): boolean {
  if (!ownWords.has(name)) return true;
  const parameter = parameters.get(name);
  if (name === 'output_compression') return !compressesAsWe(parameter);
  return name === 'seed' && !seedOf(parameter);
}

/** Whether a service's own option would say anew what a word of ours says, and the price follows from. */
function isPriced(name: string, parameters: Parameters): boolean {
  return name === 'n' || (pricedFields.includes(name) && parameters.has(name));
}

function specOf(name: string, parameter: Parameter): OptionSpec {
  if (parameter.type === 'enum') return { type: 'string', values: parameter.values };
  // That a parameter is taken does not say in which form.
  if (parameter.type !== 'range') return { type: 'json' };
  return { type: ownWords.has(name) ? 'integer' : 'number', min: parameter.min, max: parameter.max };
}

/** SVG beside other formats has to be asked for; of a model that makes nothing else, it always is. */
function drawingOf(formats: readonly string[] = []): { readonly svg?: OptionSpec } {
  if (!formats.includes('svg')) return {};
  const about = 'A drawing, as SVG';
  return {
    svg: { type: 'boolean', makes: 'svg', about, ...(formats.length === 1 && { default: true, send: 'always' }) },
  };
}

function wireOf(all: readonly Taking[], services: readonly Endpoint[]): { readonly [key: string]: Json } {
  const parameters = unionOf(all.map((one) => one.parameters));
  const passthrough: { [option: string]: string[] } = {};
  const isTaken = (name: string) =>
    Object.hasOwn(routing, name) ||
    name === 'svg' ||
    isPriced(name, parameters) ||
    (parameters.has(name) && isFurther(name, parameters));
  for (const { slug, passthrough: names } of services) {
    for (const name of names) {
      if (!isTaken(name)) passthrough[name] = [...new Set([...(passthrough[name] ?? []), slug])];
    }
  }
  const wire: RowWire = present({
    tiers: sizeOf(parameters)?.tiersAre,
    passthrough: unlessEmpty<{ readonly [option: string]: readonly string[] }>(passthrough),
    services: services.length > 1 ? services.map(serviceWire) : undefined,
  });
  return wire;
}

function serviceWire({ name, slug, streams, parameters }: Endpoint): ServiceWire {
  return { name, slug, streams, takes: Object.fromEntries(parameters) };
}
