// anyimage models cogview

import { ImageError, nearest } from '@anyimage/core';
import {
  clean,
  findModel,
  isCalled,
  isoDay,
  listModels,
  type ModelFacts,
  type ModelLists,
  readModelLists,
} from '@anyimage/host';
import { modelText } from '../../print/model-text.ts';
import { priceText, sizesText } from '../../print/row-text.ts';
import { sayWarning } from '../../print/say.ts';
import { note, print, printDocument } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printFooter, printTable } from '../../print/terminal/print-table.ts';
import { readSettings, type Settings } from '../../session/settings.ts';

interface ModelsFlags {
  readonly operation?: string;
  readonly refresh?: true;
  readonly json?: true;
}

/**
 * Lists the models of the tables and those that services listed before, and returns the exit code. The code is 3 if a service
 * could not be asked, or if its answer could not be kept. Throws `not-found` if no model fits.
 */
export async function models(filter: string | undefined, { operation, refresh, json }: ModelsFlags): Promise<number> {
  const settings = await readSettings();
  const { providers, shownEnv } = settings;
  const fresh = refresh ? await refreshed(settings, filter) : { lists: [], exitCode: 0 };
  const lists = new Map([...(await readModelLists(settings.home)), ...fresh.lists]);
  const all = listModels(providers, shownEnv, lists, Date.now());
  const exact = filter === undefined ? undefined : exactModel(settings, filter, all);
  const chosen = all.filter(
    (model) =>
      (operation === undefined || operation in model.row.operations) &&
      (exact ? model === exact : filter === undefined || isCalled(model, filter)),
  );
  if (chosen.length === 0) throw noneFits(settings, filter, operation, all);
  if (json) printDocument({ models: chosen.map(modelJSON) });
  else if (exact) print(modelText(chosen[0]!, paintFor(process.stdout)));
  else {
    printTable([headings, ...chosen.map(row)]);
    printFooter(legend(chosen));
  }
  return fresh.exitCode;
}

/** Asks the services for their lists, and says on stderr what is new. */
async function refreshed(
  settings: Settings,
  filter: string | undefined,
): Promise<{ readonly lists: ModelLists; readonly exitCode: number }> {
  const { refreshModels } = await import('./refresh-models.ts');
  const named = filter?.split('/')[0];
  const only = settings.providers.find(({ definition }) => definition.id === named)?.definition.id;
  const { answers, lists, unkept } = await refreshModels(settings, only, isoDay(Date.now()));
  for (const answer of answers) {
    if (ImageError.isInstance(answer)) {
      sayWarning(`${answer.provider} could not be asked: ${answer.message}`);
      continue;
    }
    const { provider, listed, added, missing } = answer;
    const parts = [
      `${provider} lists ${listed === 1 ? 'one model' : `${listed} models`}`,
      added.length && added.length < listed && `not in our table: ${added.map(clean).join(', ')}`,
      missing.length && `in our table and not in its list: ${missing.join(', ')}`,
    ];
    note(parts.filter(Boolean).join('; '));
  }
  for (const error of unkept) sayWarning([error.message, error.hint].filter(Boolean).join('. '));
  return { lists, exitCode: unkept.length || answers.some((answer) => ImageError.isInstance(answer)) ? 3 : 0 };
}

/** The model that a full name stands for; another id of the model will do. */
function exactModel({ providers }: Settings, filter: string, all: readonly ModelFacts[]): ModelFacts | undefined {
  if (!filter.includes('/')) return undefined;
  const found = findModel(providers, filter);
  return all.find(({ name, row }) => (found ? row === found.row : name === filter));
}

function legend(chosen: readonly ModelFacts[]): string {
  const isListed = chosen.some(({ listedAt }) => listedAt !== undefined);
  return [
    "* what the provider's name alone stands for   ~ sources disagree",
    isListed && 'listed: the service says it has it; what it can do is in no table, all is passed on',
    'anyimage models PROVIDER/MODEL shows all about one; -m PROVIDER/MODEL uses it; --refresh asks the services for new ones.',
  ]
    .filter(Boolean)
    .join('\n');
}

const headings = ['MODEL', 'STATUS', 'KEY', 'PRICE', 'SIZES', 'OPERATIONS'];

function row(model: ModelFacts): string[] {
  const { name, isDefault, status, listedAt, needsKey, key, region, row } = model;
  const first = Object.values(row.operations)[0];
  return [
    isDefault ? `${name} *` : clean(name),
    statusText(status, listedAt),
    needsKey ? (key ? 'set' : 'missing') : 'none needed',
    priceText(first?.prices ?? row.prices, region),
    sizesText(first?.size ?? row.size),
    Object.keys(row.operations).join(', '),
  ];
}

/** The status, and for a model in no table the day on which its service listed it. */
function statusText(status: ModelFacts['status'], listedAt: number | undefined): string {
  if (listedAt === undefined) return status;
  const listed = `listed ${isoDay(listedAt)}`;
  return status === 'stable' ? listed : `${status}, ${listed}`;
}

function modelJSON({ name, provider, row, status, listedAt, isDefault, needsKey, key, region }: ModelFacts) {
  return {
    model: name,
    label: row.label,
    provider: { id: provider.id, label: provider.label },
    status,
    ...(listedAt !== undefined && { listedAt: new Date(listedAt).toISOString() }),
    default: isDefault,
    key: { needed: needsKey, set: key !== undefined, variables: provider.keys.map(({ env }) => env) },
    region,
    capabilities: row,
  };
}

function noneFits(
  { providers }: Settings,
  filter: string | undefined,
  operation: string | undefined,
  all: readonly ModelFacts[],
): ImageError {
  const { id, unlisted } =
    providers.find(({ definition }) => definition.id === filter?.split('/')[0])?.definition ?? {};
  if (id !== undefined && unlisted && !all.some(({ provider }) => provider.id === id)) {
    return new ImageError('not-found', `which models ${id} has is in no table`, {
      hint: `anyimage models ${id} --refresh asks it; -m ${id}/MODEL uses any that it has.`,
    });
  }
  const names = [...new Set([...all.map(({ name }) => name), ...all.map(({ provider }) => provider.id)])];
  const operations = [...new Set(all.flatMap(({ row }) => Object.keys(row.operations)))];
  const near = filter === undefined ? [] : nearest(filter, names);
  const asked = [filter && `fits ${JSON.stringify(filter)}`, operation && `can ${operation}`].filter(Boolean);
  const hint = near.length
    ? `Did you mean ${near.join(' or ')}?`
    : `There are the operations ${operations.join(', ')}; anyimage models lists all models.`;
  return new ImageError('not-found', `no model ${asked.join(' and ')}`, { details: { nearest: near }, hint });
}
