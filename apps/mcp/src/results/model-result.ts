// What list_models answers with: models by provider in few words, and all about a model that was asked for by its full name.

import {
  describeOption,
  describeSizes,
  type Json,
  type Limits,
  limitsOf,
  omit,
  optionsJSONSchema,
  type ProviderDefinition,
  quoted,
  rowIn,
  usualModel,
} from '@anyimage/core';
import { durationRange, isOnThisMachine, type ModelFacts, type PicturePrice } from '@anyimage/host';
import type { Document, ToolResult } from './tool-result.ts';

/** A model as it is shown. */
export interface ShownModel {
  readonly model: ModelFacts;
  readonly price: PicturePrice;
  /** It draws when no model is named. */
  readonly isUsual: boolean;
  /** Where its provider is reached. */
  readonly baseURL: string | undefined;
}

export interface FoundModels {
  /** In the order in which they are shown. */
  readonly models: readonly ShownModel[];
  /** Servers whose models are in no table and were never asked for: any may be named. */
  readonly unlisted: readonly ProviderDefinition[];
  /** What draws when no model is named: names in the order to try, and the first of them. */
  readonly usual: { readonly names: readonly string[]; readonly first: ShownModel | undefined };
  /** Whether one model was asked for, by its full name or as much of it as no other has. */
  readonly isExact: boolean;
  /** Whether all models were asked for. */
  readonly isWhole: boolean;
}

/** How much of a list is shown: more would fill the context of an agent. */
const limits = {
  /** Of all models: of each provider, and in characters of each half. */
  whole: { perProvider: 6, characters: 1600 },
  filtered: { perProvider: 40, characters: 4000 },
} as const;

export function modelsResult(found: FoundModels): ToolResult {
  const { models, isExact } = found;
  return isExact && models.length === 1 ? wholeModel(models[0]!) : listOf(found);
}

function listOf({ models, unlisted, usual, isWhole }: FoundModels): ToolResult {
  const { perProvider, characters } = isWhole ? limits.whole : limits.filtered;
  const groups = [...Map.groupBy(models, ({ model }) => model.provider).values()];
  const isShut = (group: readonly ShownModel[]) => isWhole && !group.some(({ model }) => model.configured);
  // What draws by default is shown although its key is missing.
  const open = groups
    .map((group) => (isShut(group) ? group.filter(({ isUsual }) => isUsual) : group))
    .filter((group) => group.length > 0);
  const shut = groups.filter(isShut);
  const shown = open.flatMap((group) => group.slice(0, perProvider));
  const fitting = withinLength(shown, characters);
  const left = open.flat().length - fitting.length;
  const lines = [
    `Default, when no model is named: ${usual.names.join(', then ')}${freeText(usual.first)}.`,
    ...open.flatMap((group) => groupText(group.filter((one) => fitting.includes(one)))),
    ...(shut.length ? [`No key yet, for the person to set: ${shut.map(shutText).join('; ')}.`] : []),
    ...unlisted.map(({ id }) => `${id}: which models it has is in no table: ${id}/MODEL is any.`),
    ...(left > 0 ? [`And ${left} more: give provider, operation, maxPrice or text.`] : []),
    'Prices are of one picture with nothing else asked. text "provider/model" tells all about one.',
  ];
  return {
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: {
      default: `${usual.names.join(', then ')}${freeText(usual.first)}`,
      models: fitting.map(listedDocument),
      ...(shut.length > 0 && { withoutKey: shut.map(shutDocument) }),
      ...(unlisted.length > 0 && { anyModelOf: unlisted.map(({ id }) => id) }),
      ...(left > 0 && { more: left }),
    },
  };
}

/** As many of them, from the first, as have room in a list. */
function withinLength(models: readonly ShownModel[], characters: number): readonly ShownModel[] {
  let length = 0;
  return models.filter((one) => {
    length += JSON.stringify(listedDocument(one)).length + 1;
    return length <= characters;
  });
}

/** `, free, on this machine, by rules` */
function freeText(usual: ShownModel | undefined): string {
  if (!usual) return '';
  const { model, price } = usual;
  const how = model.row.procedural && 'simple drawings by rules, no photos';
  return ` (${[price.text, where(usual), how].filter(Boolean).join(', ')})`;
}

function where({ model, baseURL }: ShownModel): string | undefined {
  return isOnThisMachine(model, baseURL) ? 'on this machine' : undefined;
}

/** A line for each model; whose key is missing is said above them. */
function groupText(group: readonly ShownModel[]): string[] {
  const [first] = group;
  if (!first) return [];
  const { provider, configured } = first.model;
  const heading = `${provider.label}: no key yet, the person sets ${provider.keys[0]?.env}.`;
  return [...(configured ? [] : [heading]), ...group.map(listedText)];
}

/** `cogview/cogview-4-250304 0.06 CNY, also edit, inpaint` */
function listedText(shown: ShownModel): string {
  const { model, price } = shown;
  const { name, row, status } = model;
  const operations = Object.keys(row.operations);
  const others = operations.filter((operation) => operation !== 'generate');
  const can = others.length > 0 && `${operations.includes('generate') ? 'also' : 'only'} ${others.join(', ')}`;
  const parts = [
    `${name} ${price.text}`,
    isUsualOf(model) && 'usual',
    where(shown),
    can,
    status !== 'stable' && statusText(model),
  ];
  return parts.filter(Boolean).join(', ');
}

/** Whether it is what the provider's name alone means. One that has no other need not be told. */
function isUsualOf({ name, provider }: ModelFacts): boolean {
  return Object.keys(provider.models).length > 1 && name === `${provider.id}/${usualModel(provider)}`;
}

/** `openai OPENAI_API_KEY, 9 models` */
function shutText(group: readonly ShownModel[]): string {
  const { provider } = group[0]!.model;
  return `${provider.id} (${provider.keys[0]?.env}, ${group.length === 1 ? '1 model' : `${group.length} models`})`;
}

function shutDocument(group: readonly ShownModel[]): Json {
  const { provider } = group[0]!.model;
  return { provider: provider.id, key: provider.keys[0]?.env ?? null, models: group.length };
}

function listedDocument(shown: ShownModel): Document {
  const { model, price, isUsual } = shown;
  const others = Object.keys(model.row.operations).filter((operation) => operation !== 'generate');
  return {
    model: model.name,
    price: price.text,
    ...(isUsual && { default: true }),
    ...(isUsualOf(model) && { usual: true }),
    ...(where(shown) && { local: true }),
    ...(others.length > 0 && { also: others.join(', ') }),
    ...(!model.configured && { key: `missing: ${model.provider.keys[0]?.env}` }),
    ...(model.status !== 'stable' && { status: statusText(model) }),
  };
}

function statusText({ status, row, region, provider }: ModelFacts): string {
  const { retires, successor } = rowIn(row, region);
  const end =
    status === 'retired' ? `retired on ${retires}, cannot be used` : [status, retires].filter(Boolean).join(' until ');
  return [end, successor && `use ${provider.id}/${successor}`].filter(Boolean).join(': ');
}

/** All about one model, in both halves. */
function wholeModel(shown: ShownModel): ToolResult {
  const { model, price, isUsual } = shown;
  const { name, row, provider, status, origin, checked, configured } = model;
  const key = provider.keys.length === 0 ? 'needs no key' : 'key is set';
  const about = [
    origin === 'listed' || origin === 'catalogue' ? quoted(row.label) : row.label,
    isUsual && 'the default',
    where(shown),
    status !== 'stable' && statusText(model),
    origins[origin as keyof typeof origins]?.(checked),
    price.text,
    row.latencyMs && `usually ${durationRange(row.latencyMs)}`,
    configured
      ? key
      : `no key: the person runs anyimage keys set ${provider.id}, or sets ${provider.keys[0]?.env} as env of this server`,
  ];
  const lines = [`${name}: ${about.filter(Boolean).join('; ')}`, ...detailLines(model)];
  return {
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: {
      models: [
        { ...listedDocument(shown), label: row.label, origin, checked, configured, capabilities: capabilities(model) },
      ],
    },
  };
}

/** Whose word a row is, unless it was written with the code. */
const origins = {
  listed: (day: string) => `in no table, listed by the service on ${day}`,
  catalogue: (day: string) => `by the service's catalogue of ${day}`,
  updated: (day: string) => `by a newer package, checked ${day}`,
  own: () => "a row of the person's own",
} as const;

function detailLines({ row, region }: ModelFacts): string[] {
  return Object.keys(row.operations).flatMap((operation) => {
    const limits = limitsOf(row, operation)!;
    const parts = [
      limits.size ? `size: ${describeSizes(limits.size)}` : 'no size',
      ...(['quality', 'style', 'background', 'outputFormat'] as const).map((word) => {
        const choice = limits[word];
        return choice && `${word}: ${choice.values.join(', ')}${choice.default ? ` (default ${choice.default})` : ''}`;
      }),
      limits.images && `images: ${limits.images.count.join(' to ')}`,
      limits.mask && 'mask',
      limits.strength && 'strength',
      limits.factor && `factor: ${limits.factor.join(', ')}`,
      limits.seed && 'seed',
      limits.negativePrompt && 'negativePrompt',
    ];
    const own = Object.entries(limits.options ?? {}).map(([name, spec]) => `${name}: ${describeOption(spec)}`);
    return [
      `${operation} takes ${parts.filter(Boolean).join('; ')}`,
      ...(own.length ? [`  providerOptions: ${own.join('; ')}`] : []),
      ...pricesText(limits, region),
    ];
  });
}

/** What a picture costs by what is asked for; prices of tokens are known only afterwards. */
function pricesText({ prices = [] }: Limits, region: string): string[] {
  const here = prices.filter(({ when, per }) => !per.startsWith('1M') && [undefined, region].includes(when?.region));
  const told = here.map(({ amount, currency, per, when = {} }) => {
    const { region: _, tier, options, ...words } = when;
    const all = Object.entries({ ...words, resolution: tier, ...options }).filter(([, value]) => value !== undefined);
    const how = all.map(([word, value]) => `${word} ${JSON.stringify(value).replaceAll('"', '')}`);
    return `${amount === 0 ? 'free' : `${amount} ${currency}`}${per === 'image' ? '' : ` per ${per}`}${how.length ? ` with ${how.join(', ')}` : ''}`;
  });
  return told.length > 1 ? [`  prices: ${told.join('; ')}`] : [];
}

/** What the table says of each operation, without what only the provider reads. Options are JSON Schema. */
function capabilities({ row, region }: ModelFacts): Json {
  const entries = Object.keys(row.operations).map((operation) => {
    const { options, prices, ...limits } = omit(limitsOf(row, operation)!, 'wire');
    const providerOptions = options && optionsJSONSchema(options, { open: row.open === true });
    const here = prices?.filter(({ when }) => [undefined, region].includes(when?.region));
    return [operation, { ...limits, prices: here, providerOptions }];
  });
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}
