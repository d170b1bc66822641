// anyimage models cogview

import { ImageError, nearest } from '@anyimage/core';
import { findModel } from '@anyimage/host';
import { listModels, type ModelFacts } from '../model-facts.ts';
import { modelText } from '../print/model-text.ts';
import { note, print, printDocument } from '../print/output.ts';
import { paintFor } from '../print/paint.ts';
import { priceText, sizesText } from '../print/row-text.ts';
import { tableText } from '../print/table.ts';
import { readSettings } from '../settings.ts';

interface ModelsFlags {
  readonly operation?: string;
  readonly json?: true;
}

/** Lists models, from the manifests alone, and returns the exit code. Throws `not-found` if none fits. */
export async function models(filter: string | undefined, { operation, json }: ModelsFlags): Promise<number> {
  const { providers, shownEnv } = await readSettings();
  const all = listModels(providers, shownEnv, new Date());
  const exact = filter?.includes('/') ? findModel(providers, filter) : undefined;
  const chosen = all.filter(
    (model) =>
      (operation === undefined || operation in model.row.operations) &&
      (exact ? model.row === exact.row : filter === undefined || fits(model, filter.toLowerCase())),
  );
  if (chosen.length === 0) throw noneFits(filter, operation, all);
  const paint = paintFor(process.stdout);
  if (json) printDocument({ models: chosen.map(modelJSON) });
  else if (exact) print(modelText(chosen[0]!, paint));
  else {
    print(tableText([headings, ...chosen.map(row)], paint));
    note(paintFor(process.stderr)('quiet', `\n${legend}`));
  }
  return 0;
}

const legend = `* what the provider's name alone stands for   ~ sources disagree
anyimage models PROVIDER/MODEL shows all about one; -m PROVIDER/MODEL uses it.`;
const headings = ['MODEL', 'STATUS', 'KEY', 'PRICE', 'SIZES', 'OPERATIONS'];

function row(model: ModelFacts): string[] {
  const { name, isDefault, status, needsKey, key, region, row } = model;
  const first = Object.values(row.operations)[0];
  return [
    isDefault ? `${name} *` : name,
    status,
    needsKey ? (key ? 'set' : 'missing') : 'none needed',
    priceText(first?.prices ?? row.prices, region),
    sizesText(first?.size ?? row.size),
    Object.keys(row.operations).join(', '),
  ];
}

function fits({ name, row, provider }: ModelFacts, filter: string): boolean {
  return [name, row.label, provider.label, ...(row.aliases ?? [])].some((text) => text.toLowerCase().includes(filter));
}

function modelJSON({ name, provider, row, status, isDefault, needsKey, key, region }: ModelFacts) {
  return {
    model: name,
    label: row.label,
    provider: { id: provider.id, label: provider.label },
    status,
    default: isDefault,
    key: { needed: needsKey, set: key !== undefined, variables: provider.keys.map(({ env }) => env) },
    region,
    capabilities: row,
  };
}

function noneFits(filter: string | undefined, operation: string | undefined, all: readonly ModelFacts[]): ImageError {
  const names = [...new Set([...all.map(({ name }) => name), ...all.map(({ provider }) => provider.id)])];
  const operations = [...new Set(all.flatMap(({ row }) => Object.keys(row.operations)))];
  const near = filter === undefined ? [] : nearest(filter, names);
  const asked = [filter && `fits ${JSON.stringify(filter)}`, operation && `can ${operation}`].filter(Boolean);
  const hint = near.length
    ? `Did you mean ${near.join(' or ')}?`
    : `There are the operations ${operations.join(', ')}; anyimage models lists all models.`;
  return new ImageError('not-found', `no model ${asked.join(' and ')}`, { details: { nearest: near }, hint });
}
