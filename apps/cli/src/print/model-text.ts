// The page of one model: everything that its row says.

import {
  type Choice,
  cleanText,
  describeOption,
  idsOf,
  type Limits,
  limitsOf,
  type MegapixelPrice,
  type OptionSpec,
  type Price,
  rowIn,
} from '@anyimage/core';
import { countText, dayText, durationRange, fileSize, type ModelFacts, valueText } from '@anyimage/host';
import { operationText } from './operation-text.ts';
import { grouped, sizeEntries } from './row-text.ts';
import { type Entry, entryLines, titleColumns } from './terminal/entries.ts';
import type { Paint } from './terminal/paint.ts';
import { columnsOf, wrap } from './terminal/wrap.ts';

/** Lines without a final line break, on a terminal no wider than it. */
export function modelText(model: ModelFacts, paint: Paint, columns = columnsOf(process.stdout)): string {
  const { name, provider, row } = model;
  const about = aboutEntries(model);
  const operations = Object.keys(row.operations).map((operation) => ({
    operation,
    entries: limitEntries(limitsOf(row, operation)!, operation),
  }));
  const common = commonEntries(operations.map(({ entries }) => entries));
  const titles = titleColumns([...about, ...operations.flatMap(({ entries }) => entries)]);
  const lines = (entries: readonly Entry[]) => entryLines(entries, paint, titles, columns);
  const section = (title: string, text: string, entries: readonly Entry[]) => [
    ...headingLines(title, text, paint, columns),
    ...lines(entries),
  ];
  return [
    ...headingLines(name, `${row.label}, ${provider.label}`, paint, columns),
    ...lines(about),
    ...(common.length ? section('all operations', '', common) : []),
    ...operations.flatMap(({ operation, entries }) =>
      section(
        operation,
        operationText(operation),
        entries.filter((entry) => !has(common, entry)),
      ),
    ),
  ].join('\n');
}

function headingLines(title: string, text: string, paint: Paint, columns: number): string[] {
  const [first, ...others] = wrap(cleanText(text ? `${title}  ${text}` : title), columns, '  ');
  return [paint('title', title) + first!.slice(title.length), ...others];
}

function aboutEntries(model: ModelFacts): Entry[] {
  const { id, row, origin, listedAt } = model;
  const [, ...others] = idsOf(id, row);
  const listed = `the service listed it on ${dayText(listedAt ?? 0)}; what it can do is unknown, all is passed on`;
  return present([
    ['status', statusText(model)],
    listedAt !== undefined && ['in no table', listed],
    ['key', keyText(model)],
    others.length > 0 && ['also called', others.join(', ')],
    row.regions && ['regions', Object.keys(row.regions).join(', ')],
    ['delivery', delivery(row.delivery)],
    ['source', row.source],
    origin in origins && ['from', origins[origin as keyof typeof origins]],
    ['checked', row.checked],
  ]);
}

/** Of rows that did not come with the code. */
const origins = {
  catalogue: "the service's own catalogue",
  updated: 'a newer package than is installed',
  own: 'a row of your own, in a config',
} as const;

function statusText({ status, row, provider, region }: ModelFacts): string {
  const { deprecated, retires, retiresUnsure, successor } = rowIn(row, region);
  // Without a day on which it was deprecated, it is the unsure end that has passed.
  const verb = status === 'deprecated' && !deprecated ? 'retired' : 'retires';
  const parts = [
    status === 'retired' && retires ? `retired on ${retires}` : status,
    status === 'deprecated' && deprecated && `since ${deprecated}`,
    status !== 'retired' && retires && `${retiresUnsure ? 'probably ' : ''}${verb} on ${retires}`,
    successor && `followed by ${provider.id}/${successor}`,
  ].filter(Boolean);
  return parts.join(', ').replace('deprecated, since', 'deprecated since');
}

/** One of the variables is enough. */
function keyText({ provider, needsKey, key, region }: ModelFacts): string {
  if (!needsKey) return 'none needed';
  if (key) return `${key.env} is set (region ${region})`;
  const [first, ...others] = provider.keys.map(({ env }) => env);
  return `missing: set ${first}${others.length ? ` (or ${others.join(', ')})` : ''}`;
}

function delivery(how: ModelFacts['row']['delivery']): string {
  if (how.as === 'bytes') return 'in the answer';
  const hours = Math.floor(how.livesSeconds / 3600);
  return `by URL, which works for ${hours >= 48 ? countText(Math.floor(hours / 24), 'day') : countText(hours, 'hour')}`;
}

/** What every operation has. Of a lone operation nothing: all is told under its name. */
function commonEntries([first = [], ...others]: readonly (readonly Entry[])[]): Entry[] {
  return others.length ? first.filter((entry) => others.every((entries) => has(entries, entry))) : [];
}

function has(entries: readonly Entry[], [title, text]: Entry): boolean {
  return entries.some((other) => other[0] === title && other[1] === text);
}

/** They follow from the other words of a request; any other operation must be named. */
const derived: readonly string[] = ['generate', 'edit', 'inpaint', 'outpaint', 'upscale'];

function limitEntries(limits: Limits, operation: string): Entry[] {
  const { prompt, seed, perCall = 1, latencyMs, options = {}, outputCompression: compressed, user } = limits;
  return present([
    !derived.includes(operation) && ['--operation', operation],
    ['prompt', promptText(prompt)],
    prompt?.optional && ['prompt', 'may be left out'],
    ...imageEntries(limits, operation),
    ...(limits.size ? sizeEntries(limits.size) : [['--size', 'no choice'] as const]),
    choiceEntry('--quality', limits.quality),
    choiceEntry('--style', limits.style),
    choiceEntry('--background', limits.background),
    choiceEntry('--output-format', limits.outputFormat),
    compressed?.length && ['--output-compression', `0 to 100, for ${compressed.join(' and ')}`],
    seed && ['--seed', `0 to ${seed.max}`],
    limits.negativePrompt && ['--negative-prompt', textLength(limits.negativePrompt.max)],
    limits.strength && ['--strength', '0 to 1'],
    limits.factor && ['--factor', limits.factor.join(', ')],
    limits.expand && ['--expand', expandText(limits.expand)],
    user && ['--user', `an id of ${user[0]} to ${user[1]} characters`],
    ['-n', `${perCall} per call, more are several calls`],
    limits.partials && ['--partials', `up to ${limits.partials}`],
    ...Object.entries(options).map(([option, spec]): Entry => [`--option ${option}`, optionText(spec)]),
    latencyMs && ['usual time', durationRange(latencyMs)],
    ...priceEntries(limits.prices),
  ]);
}

function imageEntries({ images, mask }: Limits, operation: string): (Entry | false)[] {
  if (!images) return [];
  const { count, types, as, maxBytes, side, pixels, aspect, alpha } = images;
  const [min, max] = count;
  const each = [
    types.map((type) => type.replace('image/', '')).join(', '),
    side && `sides ${side[0]} to ${side[1]} px`,
    pixels && `${pixels[0] > 1 ? `${grouped(pixels[0])} to` : 'at most'} ${grouped(pixels[1])} pixels`,
    aspect && `at most ${aspect}:1`,
    maxBytes && `at most ${fileSize(maxBytes)}`,
    alpha === false && 'no transparency',
  ];
  const url = as.includes('url') ? 'goes to the service as it is' : 'is fetched here first';
  return [
    ['--image', min === max ? countText(max, 'picture') : `${min} to ${max} pictures`],
    ['--image', each.filter(Boolean).join('; ')],
    ['--image', as.includes('bytes') ? `files or URLs; a URL ${url}` : 'public URLs only'],
    mask ? ['--mask', maskText(mask, operation)] : false,
  ];
}

function maskText({ hard, maxBytes }: Exclude<NonNullable<Limits['mask']>, false>, operation: string): string {
  const parts = [
    operation === 'inpaint' && 'needed',
    `white is repainted, black is kept${hard ? ', with nothing between' : ''}`,
    'as large as the picture',
    maxBytes && `at most ${fileSize(maxBytes)}`,
  ];
  return parts.filter(Boolean).join('; ');
}

function expandText({ unit, max }: NonNullable<Limits['expand']>): string {
  const most = unit === 'px' ? `${max} px` : max === 1 ? 'its length' : `${max} times its length`;
  return `each side by up to ${most}`;
}

function choiceEntry(flag: string, choice: Choice | false | undefined): Entry | undefined {
  if (!choice) return undefined;
  return [flag, `${choice.values.join(', ')}${choice.default ? ` (default ${choice.default})` : ''}`];
}

function promptText(prompt: Limits['prompt']): string {
  const languages = prompt?.languages ? `languages ${prompt.languages.join(', ')}` : 'any language';
  return `${prompt?.max ? `at most ${grouped(prompt.max)} ${prompt.unit ?? 'characters'}, ` : ''}${languages}`;
}

function textLength(max: number | undefined): string {
  return max ? `at most ${grouped(max)} characters` : 'of any length';
}

function optionText(spec: OptionSpec): string {
  const usual = 'default' in spec && spec.default !== undefined ? ` (default ${spec.default})` : '';
  return `${describeOption(spec)}${usual}${spec.about ? `. ${spec.about}` : ''}`;
}

function priceEntries(prices: Limits['prices']): Entry[] {
  return prices?.length ? prices.map((price) => ['price', priceWords(price)]) : [['price', 'unknown']];
}

/** `0.04 USD per image with --quality low` */
export function priceWords(price: Price): string {
  const { amount, currency, per, inputs, partial, when = {}, unsure } = price;
  const { region, tier, maxPixels, maxInputs, options = {}, ...words } = when;
  const flags = [
    ...Object.entries({ ...words, resolution: tier }).map(([word, value]) => value && `--${word} ${value}`),
    ...Object.entries(options).map(([option, value]) => `--option ${option}=${valueText(value)}`),
  ].filter(Boolean);
  const parts = [
    amount === 0 ? 'free' : amountText(price, currency, unitText(per)),
    inputs &&
      `and ${amountText(inputs, currency, inputs.per === 'image' ? 'picture given' : 'megapixel of each picture given')}`,
    inputs?.free && `(${inputs.free} of them free)`,
    partial && `and ${partial} ${currency} per partial picture`,
    maxPixels && `up to ${maxPixels.toLocaleString('en')} px`,
    maxInputs !== undefined && `with at most ${countText(maxInputs, 'input picture')}`,
    region && `in region ${region}`,
    flags.length && `with ${flags.join(' ')}`,
    unsure && '(sources disagree)',
  ];
  return parts.filter(Boolean).join(' ');
}

/** `0.03 USD per megapixel`, or what the first and each further one cost. */
function amountText(
  { amount, further, rounds }: MegapixelPrice & { readonly amount: number },
  currency: string,
  unit: string,
): string {
  const whole = rounds ? ', counted whole,' : '';
  if (further === undefined) return `${amount} ${currency} per ${unit}${whole.replace(/,$/, '')}`;
  return `${amount} ${currency} for the first ${unit}${whole} and ${further} ${currency} for each further one`;
}

/** `1M image out` is a million tokens of pictures that come back. */
function unitText(per: Price['per']): string {
  const [, kind, way] = /^1M (\w+) (in|out)$/.exec(per) ?? [];
  if (!kind) return per;
  return `million tokens of ${kind === 'image' ? 'pictures' : kind} ${way === 'in' ? 'sent' : 'made'}`;
}

function present(entries: readonly (Entry | false | 0 | '' | undefined)[]): Entry[] {
  return entries.filter((entry): entry is Entry => Boolean(entry));
}
