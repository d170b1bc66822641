// What our tables say, in the form in which the SDKs are compared with it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Limits,
  limitsOf,
  type ModelCapabilities,
  type ModelTable,
  type ProviderDefinition,
} from '@anyimage/core';
import { cogview } from '@anyimage/provider-cogview';
import { google } from '@anyimage/provider-google';
import { openai, type Server, servers } from '@anyimage/provider-openai';
import { openrouter } from '@anyimage/provider-openrouter';
import { seedream } from '@anyimage/provider-seedream';
import { parseSync, Visitor } from 'oxc-parser';
import { words } from '../../provider-openrouter/src/capabilities.ts';

/** A table, and the package whose code speaks to the service. */
export interface Table {
  readonly models: ModelTable;
  /** The models' rows, and the one for ids in no table. */
  readonly rows: readonly ModelCapabilities[];
  /** A folder of `packages`. */
  readonly provider: string;
}

/** Every table that an SDK is compared with. */
export const tables = {
  openai: tableOf(openai(), 'provider-openai'),
  google: tableOf(google(), 'provider-google'),
  seedream: tableOf(seedream(), 'provider-seedream'),
  cogview: tableOf(cogview(), 'provider-cogview'),
  openrouter: routerTable(),
  xai: serverOf(servers.xai),
  together: serverOf(servers.together),
  deepinfra: serverOf(servers.deepinfra),
} as const satisfies { readonly [name: string]: Table };

export type TableName = keyof typeof tables;

/** A word of the tables that has values. */
export type ValueWord =
  | 'quality'
  | 'style'
  | 'background'
  | 'outputFormat'
  | 'ratios'
  | 'tiers'
  | 'presets'
  | `options.${string}`;

/** A word of the tables that has a smallest and a largest number. */
export type RangeWord = 'side' | 'user' | `options.${string}`;

/** Which part of a table counts. */
export interface Part {
  /** Default: every operation. */
  readonly operations?: readonly string[];
  /** Models whose id fits, a regular expression; default: every model, and the row for others. */
  readonly models?: string;
}

function tableOf({ models, unlisted }: ProviderDefinition, provider: string): Table {
  return { models, rows: [...Object.values(models), ...(unlisted ? [unlisted] : [])], provider };
}

/** Rows come from the catalogue, and choose from these words. */
function routerTable(): Table {
  const { unlisted, ...table } = openrouter();
  const row = {
    ...unlisted,
    quality: { values: words.qualities },
    background: { values: words.backgrounds },
    outputFormat: { values: words.formats },
  };
  return tableOf({ ...table, unlisted: row }, 'provider-openrouter');
}

function serverOf({ models = {}, row }: Server): Table {
  return { models, rows: [...Object.values(models), row], provider: 'provider-openai' };
}

/** What the operations of a table's rows can do. */
export function limitsIn({ models, rows }: Table, { operations, models: ids }: Part = {}): readonly Limits[] {
  const chosen = Object.entries(models).filter(([id]) => ids !== undefined && new RegExp(ids).test(id));
  const those = ids === undefined ? rows : chosen.map(([, row]) => row);
  return those.flatMap((row) =>
    (operations ?? Object.keys(row.operations)).flatMap((operation) => limitsOf(row, operation) ?? []),
  );
}

/** The values of a word; none where it is not declared. */
export function valuesOf(limits: Limits, word: ValueWord): readonly string[] {
  const { size } = limits;
  switch (word) {
    case 'ratios':
    case 'tiers':
      return (size || undefined)?.[word] ?? [];
    case 'presets': {
      const { presets = [], default: usual } = size || {};
      return usual === 'auto' ? [...presets, usual] : presets;
    }
    case 'outputFormat': {
      const made = Object.values(limits.options ?? {}).flatMap((option) => ('makes' in option && option.makes) || []);
      return [...choiceOf(limits, word), ...made];
    }
    case 'quality':
    case 'style':
    case 'background':
      return choiceOf(limits, word);
    default: {
      const option = limits.options?.[word.slice('options.'.length)];
      return option?.type === 'string' ? (option.values ?? []) : [];
    }
  }
}

function choiceOf(limits: Limits, word: 'quality' | 'style' | 'background' | 'outputFormat'): readonly string[] {
  return (limits[word] || undefined)?.values ?? [];
}

/** The ranges of a word. */
export function rangesOf(limits: Limits, word: RangeWord): readonly { readonly min?: number; readonly max?: number }[] {
  if (word === 'user') return limits.user ? [{ min: limits.user[0], max: limits.user[1] }] : [];
  if (word === 'side') {
    const { rules = [] } = limits.size || {};
    return rules.flatMap(({ side }) => (side ? { min: side[0], max: side[1] } : []));
  }
  const option = limits.options?.[word.slice('options.'.length)];
  return option?.type === 'integer' || option?.type === 'number' ? [option] : [];
}

const spelled = new Map<string, ReadonlySet<string>>();

/** Every name that the code of a provider spells, as {@link plainName} has it: what it sends, and what its rows offer. */
export function namesIn(provider: string): ReadonlySet<string> {
  const names = spelled.get(provider) ?? readNames(provider);
  spelled.set(provider, names);
  return names;
}

function readNames(provider: string): ReadonlySet<string> {
  const folder = join(import.meta.dirname, '..', '..', provider, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('emulator'),
  );
  const names = new Set<string>();
  for (const file of files) {
    new Visitor({
      Identifier: ({ name }) => void names.add(plainName(name)),
      Literal: ({ value }) => void (typeof value === 'string' && names.add(plainName(value))),
    }).visit(parseSync(file, readFileSync(join(folder, file), 'utf8')).program);
  }
  return names;
}

/** A name whether it is written `outputFormat` or `output_format`. */
export function plainName(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
