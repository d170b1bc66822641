// The page of one model: everything that its row says.

import { type Choice, cleanText, idsOf, type Limits, limitsOf, type OptionSpec, rowIn } from '@anyimage/core';
import { dayText, durationRange, fileSize, type ModelFacts } from '@anyimage/host';
import { operationText } from './operation-text.ts';
import { priceWords } from './price-text.ts';
import { grouped, pixelsText, sizeEntries, usualText } from './row-text.ts';
import { type Entry, entryLines, titleColumns } from './terminal/entries.ts';
import type { Paint } from './terminal/paint.ts';
import { columnsOf, wrap } from './terminal/wrap.ts';
import { translated, translatedAmount, translatedCount } from './words/translated.ts';

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
    ...(common.length ? section(translated('all operations'), '', common) : []),
    ...operations.flatMap(({ operation, entries }) =>
      section(
        operation,
        translated(operationText(operation)),
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
  const listed = translated('the service listed it on {day}; what it can do is unknown, all is passed on', {
    day: dayText(listedAt ?? 0),
  });
  return present([
    ['status', statusText(model)],
    listedAt !== undefined && ['in no table', listed],
    ['key', keyText(model)],
    others.length > 0 && ['also called', others.join(', ')],
    row.regions && ['regions', Object.keys(row.regions).join(', ')],
    ['delivery', delivery(row.delivery)],
    ['source', row.source],
    origin in origins && ['from', translated(origins[origin as keyof typeof origins])],
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
  const parts = [
    beginningText({ status, deprecated, retires }),
    status !== 'retired' && retires && endText({ status, deprecated, day: retires, isUnsure: retiresUnsure === true }),
    successor && translated('followed by {model}', { model: `${provider.id}/${successor}` }),
  ];
  return parts.filter(Boolean).join(translated(', '));
}

function beginningText({
  status,
  deprecated,
  retires,
}: Pick<ModelFacts, 'status'> & { readonly deprecated?: string; readonly retires?: string }): string {
  if (status === 'retired' && retires) return translated('retired on {day}', { day: retires });
  if (status === 'deprecated' && deprecated) return translated('deprecated since {day}', { day: deprecated });
  return translated(status);
}

interface End extends Pick<ModelFacts, 'status'> {
  readonly deprecated?: string;
  readonly day: string;
  readonly isUnsure: boolean;
}

function endText({ status, deprecated, day, isUnsure }: End): string {
  // Without a day on which it was deprecated, it is the unsure end that has passed.
  const hasPassed = status === 'deprecated' && !deprecated;
  if (hasPassed) return translated(isUnsure ? 'probably retired on {day}' : 'retired on {day}', { day });
  return translated(isUnsure ? 'probably retires on {day}' : 'retires on {day}', { day });
}

/** One of the variables is enough. */
function keyText({ provider, needsKey, key, region }: ModelFacts): string {
  if (!needsKey) return translated('none needed');
  if (key) return translated('{variable} is set (region {region})', { variable: key.env, region });
  const [first = '', ...others] = provider.keys.map(({ env }) => env);
  if (others.length === 0) return translated('missing: set {variable}', { variable: first });
  return translated('missing: set {variable} (or {others})', { variable: first, others: others.join(', ') });
}

function delivery(how: ModelFacts['row']['delivery']): string {
  if (how.as === 'bytes') return translated('in the answer');
  const hours = Math.floor(how.livesSeconds / 3600);
  const time = hours >= 48 ? translatedCount(Math.floor(hours / 24), 'day') : translatedCount(hours, 'hour');
  return translated('by URL, which works for {time}', { time });
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
    prompt?.optional && ['prompt', translated('may be left out')],
    ...imageEntries(limits, operation),
    ...(limits.size ? sizeEntries(limits.size) : [['--size', translated('no choice')] as const]),
    choiceEntry('--quality', limits.quality),
    choiceEntry('--style', limits.style),
    choiceEntry('--background', limits.background),
    choiceEntry('--output-format', limits.outputFormat),
    compressed?.length && [
      '--output-compression',
      translated('{range}, for {formats}', { range: rangeText(0, 100), formats: compressed.join(translated(' and ')) }),
    ],
    seed && ['--seed', rangeText(0, seed.max)],
    limits.negativePrompt && ['--negative-prompt', textLength(limits.negativePrompt.max)],
    limits.strength && ['--strength', rangeText(0, 1)],
    limits.factor && ['--factor', limits.factor.join(', ')],
    limits.expand && ['--expand', expandText(limits.expand)],
    user && ['--user', translated('an id of {range} characters', { range: rangeText(user[0], user[1]) })],
    ['-n', translated('{count} per call, more are several calls', { count: perCall })],
    limits.partials && ['--partials', translated('up to {most}', { most: limits.partials })],
    ...Object.entries(options).map(([option, spec]): Entry => [`--option ${option}`, optionText(spec)]),
    latencyMs && ['usual time', translatedAmount(durationRange(latencyMs))],
    ...priceEntries(limits.prices),
  ]);
}

function rangeText(min: number, max: number | string): string {
  return translated('{min} to {max}', { min, max });
}

function imageEntries({ images, mask }: Limits, operation: string): (Entry | false)[] {
  if (!images) return [];
  const { count, types, as, maxBytes, side, pixels, aspect, alpha } = images;
  const [min, max] = count;
  const each = [
    types.map((type) => type.replace('image/', '')).join(', '),
    side && translated('sides {min} to {max} px', { min: side[0], max: side[1] }),
    pixels && pixelsText(pixels),
    aspect && translated('at most {most}', { most: `${aspect}:1` }),
    maxBytes && translated('at most {most}', { most: fileSize(maxBytes) }),
    alpha === false && translated('no transparency'),
  ];
  const url = as.includes('url')
    ? translated('files or URLs; a URL goes to the service as it is')
    : translated('files or URLs; a URL is fetched here first');
  const range = min === max ? translatedCount(max, 'picture') : translated('{min} to {max} pictures', { min, max });
  return [
    ['--image', range],
    ['--image', each.filter(Boolean).join(translated('; '))],
    ['--image', as.includes('bytes') ? url : translated('public URLs only')],
    mask ? ['--mask', maskText(mask, operation)] : false,
  ];
}

function maskText({ hard, maxBytes }: Exclude<NonNullable<Limits['mask']>, false>, operation: string): string {
  const parts = [
    operation === 'inpaint' && translated('needed'),
    hard
      ? translated('white is repainted, black is kept, with nothing between')
      : translated('white is repainted, black is kept'),
    translated('as large as the picture'),
    maxBytes && translated('at most {most}', { most: fileSize(maxBytes) }),
  ];
  return parts.filter(Boolean).join(translated('; '));
}

function expandText({ unit, max }: NonNullable<Limits['expand']>): string {
  if (unit === 'px') return translated('each side by up to {most}', { most: `${max} px` });
  if (max === 1) return translated('each side by up to its length');
  return translated('each side by up to {count} times its length', { count: max });
}

function choiceEntry(flag: string, choice: Choice | false | undefined): Entry | undefined {
  return choice ? [flag, choice.values.join(', ') + usualText(choice.default)] : undefined;
}

function promptText(prompt: Limits['prompt']): string {
  const languages = prompt?.languages
    ? translated('languages {languages}', { languages: prompt.languages.join(', ') })
    : translated('any language');
  const most = prompt?.max && translated('at most {most}', { most: lengthText(prompt.max, prompt.unit) });
  return [most, languages].filter(Boolean).join(translated(', '));
}

function textLength(max: number | undefined): string {
  return max ? translated('at most {most}', { most: lengthText(max) }) : translated('of any length');
}

function lengthText(max: number, unit = 'characters'): string {
  return translated(`{count} ${unit}`, { count: grouped(max) });
}

function optionText(spec: OptionSpec): string {
  const usual = 'default' in spec && spec.default !== undefined ? usualText(`${spec.default}`) : '';
  return `${valuesText(spec)}${usual}${spec.about ? `${translated('. ')}${translated(spec.about)}` : ''}`;
}

/** As core's `describeOption`, in the language of the person. */
function valuesText(spec: OptionSpec): string {
  switch (spec.type) {
    case 'boolean':
      return translated('true or false');
    case 'number':
      return translated('a number') + boundsText(spec);
    case 'integer':
      return translated('a whole number') + boundsText(spec);
    case 'string':
      if (spec.values) return spec.values.join(', ');
      if (spec.maxLength === undefined) return translated('text');
      return translated('text of at most {count} characters', { count: spec.maxLength });
    case 'image':
      return translated('a picture, as text');
    case 'json':
      return translated('any JSON value');
  }
}

function boundsText({ min, max }: { readonly min?: number; readonly max?: number }): string {
  if (min !== undefined && max !== undefined) return translated(' from {min} to {max}', { min, max });
  if (min !== undefined) return translated(' of at least {min}', { min });
  return max === undefined ? '' : translated(' of at most {max}', { max });
}

function priceEntries(prices: Limits['prices']): Entry[] {
  return prices?.length ? prices.map((price) => ['price', priceWords(price)]) : [['price', translated('unknown')]];
}

/** Titles are of the person's language, but for flags. */
function present(entries: readonly (Entry | false | 0 | '' | undefined)[]): Entry[] {
  return entries.flatMap((entry) => (entry ? [[translated(entry[0]), entry[1]] as const] : []));
}
