// anyimage models cogview

import { cleanText, ImageError } from '@anyimage/core';
import {
  dayText,
  fittingModels,
  isoDay,
  isoTime,
  listModels,
  type ModelFacts,
  type ModelFilter,
  type ModelLists,
  noModelFits,
  readModelLists,
} from '@anyimage/host';
import { modelText } from '../../print/model-text.ts';
import { priceText, sizesText } from '../../print/row-text.ts';
import { sayWarning } from '../../print/say.ts';
import { note, print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
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
export async function models(text: string | undefined, { operation, refresh, json }: ModelsFlags): Promise<number> {
  const settings = await readSettings();
  const { providers, shownEnv } = settings;
  const fresh = refresh ? await refreshed(settings, text) : { lists: [], exitCode: 0 };
  const lists = new Map([...(await readModelLists(settings.home)), ...fresh.lists]);
  const all = listModels(providers, shownEnv, lists, Date.now());
  const filter = { ...(text !== undefined && { text }), ...(operation !== undefined && { operation }) };
  const { models: chosen, exact } = fittingModels(all, filter, providers);
  if (chosen.length === 0) throw noneFits(settings, filter, all);
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
      added.length && added.length < listed && `not in our table: ${added.map(cleanText).join(', ')}`,
      missing.length && `in our table and not in its list: ${missing.join(', ')}`,
    ];
    note(parts.filter(Boolean).join('; '));
  }
  for (const error of unkept) sayWarning([error.message, error.hint].filter(Boolean).join('. '));
  return { lists, exitCode: unkept.length || answers.some((answer) => ImageError.isInstance(answer)) ? 3 : 0 };
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
  const { name, isDefault, status, listedAt, region, row } = model;
  const first = Object.values(row.operations)[0];
  return [
    isDefault ? `${name} *` : cleanText(name),
    statusText(status, listedAt),
    keyText(model),
    priceText(first?.prices ?? row.prices, region),
    sizesText(first?.size ?? row.size),
    Object.keys(row.operations).join(', '),
  ];
}

function keyText({ needsKey, key }: ModelFacts): string {
  if (!needsKey) return 'none needed';
  return key ? 'set' : 'missing';
}

/** The status, and for a model in no table the day on which its service listed it. */
function statusText(status: ModelFacts['status'], listedAt: number | undefined): string {
  if (listedAt === undefined) return status;
  const listed = `listed ${dayText(listedAt)}`;
  return status === 'stable' ? listed : `${status}, ${listed}`;
}

function modelJSON({ name, provider, row, status, listedAt, isDefault, needsKey, key, region }: ModelFacts) {
  return {
    model: name,
    label: row.label,
    provider: { id: provider.id, label: provider.label },
    status,
    ...(listedAt !== undefined && { listedAt: isoTime(listedAt) }),
    default: isDefault,
    key: { needed: needsKey, set: key !== undefined, variables: provider.keys.map(({ env }) => env) },
    region,
    capabilities: row,
  };
}

/** A server whose models were never asked for can have any. */
function noneFits({ providers }: Settings, filter: ModelFilter, all: readonly ModelFacts[]): ImageError {
  const named = filter.text?.split('/')[0];
  const { id, unlisted } = providers.find(({ definition }) => definition.id === named)?.definition ?? {};
  if (id === undefined || !unlisted || all.some(({ provider }) => provider.id === id)) return noModelFits(filter, all);
  return new ImageError('not-found', `which models ${id} has is in no table`, {
    hint: `anyimage models ${id} --refresh asks it; -m ${id}/MODEL uses any that it has.`,
  });
}
