// The page of one model: everything that its row says.

import { type Choice, type Limits, limitsOf, type OptionSpec, type Price } from '@anyimage/core';
import { clean, durationRange, fileSize, isoDay, type ModelFacts } from '@anyimage/host';
import type { Paint } from './paint.ts';
import { sizeRuleLines } from './row-text.ts';

type Entry = readonly [title: string, ...lines: string[]];

/** Lines without a final line break. */
export function modelText(model: ModelFacts, paint: Paint): string {
  const { name, provider, row, status, listedAt, needsKey, key, region } = model;
  const operations = Object.keys(row.operations);
  const variables = provider.keys.map(({ env }) => env).join(', ');
  const date = row.retires ? `, retires ${row.retires}` : row.deprecated ? ` since ${row.deprecated}` : '';
  const about: Entry[] = [
    ['status', `${status}${date}${row.successor ? `, followed by ${provider.id}/${row.successor}` : ''}`],
    ...(listedAt === undefined
      ? []
      : [
          [
            'in no table',
            `the service listed it on ${isoDay(listedAt)}; what it can do is unknown, all is passed on`,
          ] as const,
        ]),
    ['key', needsKey ? (key ? `${key.env} is set (region ${region})` : `missing: set ${variables}`) : 'none needed'],
    ...(row.aliases ? [['also called', row.aliases.join(', ')] as const] : []),
    ...(row.regions ? [['regions', Object.keys(row.regions).join(', ')] as const] : []),
    ['delivery', delivery(row.delivery)],
    ['source', `${row.source} (checked ${row.checked})`],
  ];
  const sections = operations.map((operation) => [
    paint('title', operation),
    ...entryLines(limitEntries(limitsOf(row, operation)!), paint),
  ]);
  return [
    `${paint('title', name)}  ${clean(`${row.label}, ${provider.label}`)}`,
    ...entryLines(about, paint),
    ...sections.flat(),
  ].join('\n');
}

function limitEntries(limits: Limits): Entry[] {
  const { prompt, size, seed, perCall, latencyMs, prices, options } = limits;
  const choices = {
    quality: '--quality',
    style: '--style',
    background: '--background',
    outputFormat: '--output-format',
  };
  const entries: (Entry | false | undefined)[] = [
    ['prompt', promptText(prompt)],
    ...imageEntries(limits),
    ['--size', ...(size ? sizeRuleLines(size) : ['no choice'])],
    ...Object.entries(choices).map(([word, flag]) => choiceEntry(flag, limits[word as keyof typeof choices])),
    seed && ['--seed', `0 to ${seed.max}`],
    limits.negativePrompt && ['--negative-prompt', maxText(limits.negativePrompt.max)],
    limits.strength && ['--strength', '0 to 1'],
    limits.factor && ['--factor', limits.factor.join(', ')],
    limits.expand && ['--expand', expandText(limits.expand)],
    ['pictures per call', `${perCall ?? 1}`],
    ...Object.entries(options ?? {}).map(([option, spec]): Entry => [`--option ${option}`, optionText(spec)]),
    latencyMs && ['usual time', durationRange(latencyMs)],
    ['price', ...(prices?.length ? prices.map(priceLine) : ['unknown'])],
  ];
  return entries.filter((entry) => entry !== undefined && entry !== false);
}

function imageEntries({ images, mask }: Limits): Entry[] {
  if (!images) return [];
  const { count, types, maxBytes, side, pixels, aspect } = images;
  const [min, max] = count;
  const each = [
    types.map((type) => type.replace('image/', '')).join(', '),
    side && `sides ${side[0]} to ${side[1]} px`,
    pixels && `${pixels[0]} to ${pixels[1]} pixels`,
    aspect && `at most ${aspect}:1`,
    maxBytes && `at most ${fileSize(maxBytes)}`,
  ];
  const number = min === max ? `${min}` : `${min} to ${max}`;
  return [
    ['--image', `${number}${max > 1 ? ', each' : ''}: ${each.filter(Boolean).join('; ')}`],
    ...(mask ? [['--mask', 'needed; white is repainted, as large as the picture'] as const] : []),
  ];
}

function expandText({ unit, max }: NonNullable<Limits['expand']>): string {
  return unit === 'px' ? `each side by up to ${max} px` : `each side by up to ${max} times its length`;
}

function choiceEntry(flag: string, choice: Choice | false | undefined): Entry | undefined {
  if (!choice) return undefined;
  return [flag, `${choice.values.join(', ')}${choice.default ? ` (default ${choice.default})` : ''}`];
}

function promptText(prompt: Limits['prompt']): string {
  const optional = prompt?.optional ? ', may be left out' : '';
  const languages = prompt?.languages ? `languages ${prompt.languages.join(', ')}` : 'any language';
  return `${prompt?.max ? `at most ${prompt.max} ${prompt.unit ?? 'characters'}, ` : ''}${languages}${optional}`;
}

function maxText(max: number | undefined): string {
  return max ? `at most ${max} characters` : 'yes';
}

function optionText(spec: OptionSpec): string {
  const range = 'min' in spec || 'max' in spec ? ` ${spec.min ?? ''} to ${spec.max ?? ''}` : '';
  const values = 'values' in spec && spec.values ? `: ${spec.values.join(', ')}` : '';
  const usual = 'default' in spec && spec.default !== undefined ? ` (default ${spec.default})` : '';
  return `${spec.type}${range}${values}${usual}${spec.about ? `. ${spec.about}` : ''}`;
}

function priceLine({ amount, currency, per, when, unsure }: Price): string {
  const cases = Object.entries(when ?? {}).map(
    ([word, value]) => `${word} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  const price = amount === 0 ? 'free' : `${amount} ${currency} per ${per}`;
  return `${price}${cases.length ? ` (${cases.join(', ')})` : ''}${unsure ? ', sources disagree' : ''}`;
}

function delivery(how: ModelFacts['row']['delivery']): string {
  if (how.as === 'bytes') return 'in the answer';
  const hours = how.livesSeconds / 3600;
  return `by URL, which works for ${hours >= 48 ? `${Math.round(hours / 24)} days` : `${Math.round(hours)} hours`}`;
}

function entryLines(entries: readonly Entry[], paint: Paint): string[] {
  const width = 19;
  return entries.flatMap(([title, ...lines]) =>
    lines.map((line, index) => `  ${paint('quiet', (index === 0 ? title : '').padEnd(width))} ${clean(line)}`),
  );
}
