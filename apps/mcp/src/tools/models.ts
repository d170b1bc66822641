// list_models: from the tables and what services said before; no code of a provider runs.

import {
  describeSizes,
  ImageError,
  type Json,
  type Limits,
  limitsOf,
  type ModelCapabilities,
  nearest,
  optionsJSONSchema,
  type ProviderDefinition,
} from '@anyimage/core';
import {
  durationRange,
  findModel,
  isoDay,
  listModels,
  type ModelFacts,
  priceRange,
  readModelLists,
} from '@anyimage/host';
import type { Document, ToolResult } from '../results/tool-result.ts';
import type { ToolContext } from './tool.ts';

interface Filter {
  readonly text?: string;
  readonly provider?: string;
  readonly operation?: string;
  readonly configured?: boolean;
}

/** More would fill the context of an agent. */
const mostShown = 40;

/** Throws `not-found`, with the nearest names, if no model fits. */
export async function showModels(given: Document, { services }: ToolContext): Promise<ToolResult> {
  const { providers, shownEnv, config, model, home } = services.settings;
  const usualName = [model].flat()[0]!;
  const usualNames = [config.aliases?.[usualName] ?? usualName].flat();
  const filter = given as Filter;
  const known = listModels(providers, shownEnv, await readModelLists(home), Date.now());
  // Those that can be used now come first.
  const all = known.sort((a, b) => Number(b.configured) - Number(a.configured));
  const usual = findModel(providers, usualNames[0]!)?.row;
  const exact = filter.text?.includes('/') ? findModel(providers, filter.text.trim())?.row : undefined;
  const fitting = all.filter((model) => fits(model, filter, exact));
  const wordless = providers.map(({ definition }) => definition).filter((one) => isWordless(one, filter, all));
  if (fitting.length + wordless.length === 0) throw noneFits(filter, all);
  const shown = fitting.slice(0, mostShown);
  const isDetailed = exact !== undefined && shown.length === 1;
  const lines = shown.map((model) => `${modelText(model)}${model.row === usual ? ' (the default)' : ''}`);
  if (isDetailed) lines.push(...detailLines(shown[0]!));
  lines.push(
    ...wordless.map(({ id, label }) => `${id}: ${label}; which models it has is in no table: ${id}/MODEL is any`),
  );
  if (fitting.length > shown.length)
    lines.push(`and ${fitting.length - shown.length} more: filter by text, provider …`);
  return {
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: {
      models: shown.map((model) => ({
        ...modelDocument(model),
        default: model.row === usual,
        ...(isDetailed && { capabilities: capabilitiesDocument(model.row) }),
      })),
    },
  };
}

/** A server whose models nobody has told of yet: any may be named. */
function isWordless(definition: ProviderDefinition, filter: Filter, all: readonly ModelFacts[]): boolean {
  const { id, unlisted } = definition;
  if (!unlisted || all.some(({ provider }) => provider.id === id)) return false;
  const { text = id, provider = id, operation } = filter;
  return (
    id.includes(text.toLowerCase()) && provider === id && (operation === undefined || operation in unlisted.operations)
  );
}

function fits(
  model: ModelFacts,
  { text, provider, operation, configured }: Filter,
  exact?: ModelCapabilities,
): boolean {
  const { name, row, provider: definition } = model;
  const names = [name, row.label, definition.label, ...(row.aliases ?? [])].map((one) => one.toLowerCase());
  return (
    (exact ? row === exact : text === undefined || names.some((one) => one.includes(text.trim().toLowerCase()))) &&
    (provider === undefined || definition.id === provider) &&
    (operation === undefined || operation in row.operations) &&
    (configured === undefined || configured === model.configured)
  );
}

function noneFits({ text, provider, operation, configured }: Filter, all: readonly ModelFacts[]): ImageError {
  const ids = [...new Set(all.map(({ provider: { id } }) => id))];
  const operations = [...new Set(all.flatMap(({ row }) => Object.keys(row.operations)))];
  const near = nearestNames(text ?? provider ?? '', all, ids);
  const asked = [
    text && `fits ${JSON.stringify(text)}`,
    provider && `is of ${JSON.stringify(provider)}`,
    operation && `can ${JSON.stringify(operation)}`,
    configured !== undefined && `is ${configured ? '' : 'not '}configured`,
  ].filter(Boolean);
  const hint = near.length
    ? `Did you mean ${near.join(' or ')}?`
    : `There are the providers ${ids.join(', ')} and the operations ${operations.join(', ')}.`;
  return new ImageError('not-found', `no model ${asked.join(' and ')}`, { details: { nearest: near }, hint });
}

/** Full names, also of models that were named without their provider. */
function nearestNames(word: string, all: readonly ModelFacts[], providerIds: readonly string[]): string[] {
  const near = nearest(word, [...all.flatMap(({ name, id }) => [name, id]), ...providerIds]);
  return [...new Set(near.map((one) => all.find(({ id }) => id === one)?.name ?? one))];
}

/** `cogview/cogview-4: CogView-4; generate; 0.06 CNY; 5–10 s; no key: set ZHIPU_API_KEY` */
function modelText(model: ModelFacts): string {
  const { name, row, provider, status, listedAt, configured, region } = model;
  const operations = Object.keys(row.operations);
  const limits = limitsOf(row, operations[0] ?? 'generate') ?? row;
  const key = provider.keys.length === 0 ? 'needs no key' : 'key is set';
  const parts = [
    row.label,
    status === 'stable' ? '' : status,
    listedAt && `in no table, listed by the service on ${isoDay(listedAt)}`,
    operations.join(', '),
    priceRange(limits.prices, region) ?? 'price unknown',
    limits.latencyMs && durationRange(limits.latencyMs),
    configured ? key : `no key: anyimage keys set ${provider.id}, or ${provider.keys[0]?.env} as env of this server`,
  ];
  return `${name}: ${parts.filter(Boolean).join('; ')}`;
}

function modelDocument(model: ModelFacts): Document {
  const { name, row, provider, status, configured, region } = model;
  return JSON.parse(
    JSON.stringify({
      model: name,
      label: row.label,
      status,
      configured,
      keys: configured ? undefined : provider.keys.map(({ env }) => env),
      operations: Object.keys(row.operations),
      prices: row.prices?.filter(({ when }) => when?.region === undefined || when.region === region),
      latencyMs: row.latencyMs,
    }),
  );
}

function detailLines({ row }: ModelFacts): string[] {
  return Object.keys(row.operations).flatMap((operation) => {
    const limits = limitsOf(row, operation)!;
    const words = [
      limits.size ? `size: ${describeSizes(limits.size)}` : 'no size',
      ...(['quality', 'style', 'background', 'outputFormat'] as const).map((word) => {
        const choice = limits[word];
        return choice && `${word}: ${choice.values.join(', ')}`;
      }),
      limits.images && `images: ${limits.images.count.join(' to ')}`,
      limits.mask && 'mask',
      limits.strength && 'strength',
      limits.factor && `factor: ${limits.factor.join(', ')}`,
      limits.seed && 'seed',
      limits.negativePrompt && 'negativePrompt',
      limits.options && `providerOptions: ${Object.keys(limits.options).join(', ')}`,
    ];
    return `${operation} takes ${words.filter(Boolean).join('; ')}`;
  });
}

/** Per operation: what the table says, less what only the provider reads; options as JSON Schema. */
function capabilitiesDocument(row: ModelCapabilities): Json {
  const entries = Object.keys(row.operations).map((operation) => {
    const { options, wire: _, ...limits } = limitsOf(row, operation) as Limits;
    const providerOptions = options && optionsJSONSchema(options, { open: row.open === true });
    return [operation, { ...limits, providerOptions }];
  });
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}
