// The page of one model: everything that its row says.

import { type Choice, type Limits, limitsOf, type OptionSpec, type Price } from '@anyimage/core';
import type { ModelFacts } from '../model-facts.ts';
import { clean } from './clean.ts';
import type { Paint } from './paint.ts';
import { sizeRuleLines } from './row-text.ts';
import { durationRange } from './units.ts';

type Entry = readonly [title: string, ...lines: string[]];

/** Lines without a final line break. */
export function modelText({ name, provider, row, status, needsKey, key, region }: ModelFacts, paint: Paint): string {
  const operations = Object.keys(row.operations);
  const variables = provider.keys.map(({ env }) => env).join(', ');
  const date = row.retires ? `, retires ${row.retires}` : row.deprecated ? ` since ${row.deprecated}` : '';
  const about: Entry[] = [
    ['status', `${status}${date}${row.successor ? `, followed by ${provider.id}/${row.successor}` : ''}`],
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
  const { prompt, size, images, mask, seed, perCall, latencyMs, prices, options } = limits;
  const choices = {
    quality: '--quality',
    style: '--style',
    background: '--background',
    outputFormat: '--output-format',
  };
  const entries: (Entry | false | undefined)[] = [
    ['prompt', promptText(prompt)],
    ['--size', ...(size ? sizeRuleLines(size) : ['no choice'])],
    ...Object.entries(choices).map(([word, flag]) => choiceEntry(flag, limits[word as keyof typeof choices])),
    seed && ['--seed', `0 to ${seed.max}`],
    limits.negativePrompt && ['--negative-prompt', maxText(limits.negativePrompt.max)],
    images && ['--image', `${images.count[0]} to ${images.count[1]}, ${images.types.join(', ')}`],
    mask && ['--mask', 'yes'],
    limits.strength && ['--strength', '0 to 1'],
    limits.factor && ['--factor', limits.factor.join(', ')],
    ['pictures per call', `${perCall ?? 1}`],
    ...Object.entries(options ?? {}).map(([option, spec]): Entry => [`--option ${option}`, optionText(spec)]),
    latencyMs && ['usual time', durationRange(latencyMs)],
    ['price', ...(prices?.length ? prices.map(priceLine) : ['unknown'])],
  ];
  return entries.filter((entry) => entry !== undefined && entry !== false);
}

function choiceEntry(flag: string, choice: Choice | false | undefined): Entry | undefined {
  if (!choice) return undefined;
  return [flag, `${choice.values.join(', ')}${choice.default ? ` (default ${choice.default})` : ''}`];
}

function promptText(prompt: Limits['prompt']): string {
  const languages = prompt?.languages ? `languages ${prompt.languages.join(', ')}` : 'any language';
  return prompt?.max ? `at most ${prompt.max} ${prompt.unit ?? 'characters'}, ${languages}` : languages;
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
