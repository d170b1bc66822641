// anyimage models cogview

import { cleanText, ImageError } from '@anyimage/core';
import {
  findProvider,
  fittingModels,
  isoDay,
  isoTime,
  listModels,
  type ModelFacts,
  type ModelFilter,
  noModelFits,
} from '@anyimage/host';
import { modelText } from '../../print/model-text.ts';
import { priceText, sizesText } from '../../print/row-text.ts';
import { sayWarning } from '../../print/say.ts';
import { note, print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printFooter, printTable } from '../../print/terminal/print-table.ts';
import { translated, translatedAmount, translatedCount } from '../../print/words/translated.ts';
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
  const exitCode = refresh ? await refreshed(settings, text) : 0;
  const all = listModels(providers, shownEnv, settings.tables, Date.now());
  const filter = { ...(text !== undefined && { text }), ...(operation !== undefined && { operation }) };
  const { models: chosen, exact } = fittingModels(all, filter, providers);
  if (chosen.length === 0) throw noneFits(settings, filter, all);
  if (json) printDocument({ models: chosen.map(modelJSON) });
  else if (exact) print(modelText(chosen[0]!, paintFor(process.stdout)));
  else {
    printTable([headings, ...chosen.map(row)]);
    printFooter(legend(chosen));
  }
  return exitCode;
}

/** Asks the services for their lists, says on stderr what is new, and returns the exit code. */
async function refreshed(settings: Settings, filter: string | undefined): Promise<number> {
  const { askForModels } = await import('./refresh-models.ts');
  const [named = ''] = filter?.split('/', 1) ?? [];
  const only = findProvider(settings.providers, named)?.definition.id;
  const { answers, unkept } = await askForModels(settings, only, isoDay(Date.now()));
  for (const answer of answers) {
    if (ImageError.isInstance(answer)) {
      sayWarning(`${answer.provider} could not be asked: ${answer.message}`);
      continue;
    }
    const { provider, listed, added, missing, gone, warnings } = answer;
    const parts = [
      translated('{provider} lists {models}', { provider, models: translatedCount(listed, 'model') }),
      added.length &&
        added.length < listed &&
        translated('not in our table: {models}', { models: added.map(cleanText).join(', ') }),
      missing.length && translated('in our table and not in its list: {models}', { models: missing.join(', ') }),
      gone.length && translated('not in its list any more: {models}', { models: gone.join(', ') }),
    ];
    note(parts.filter(Boolean).join(translated('; ')));
    for (const { message } of warnings) sayWarning(message);
  }
  for (const error of unkept) sayWarning([error.message, error.hint].filter(Boolean).join('. '));
  return unkept.length || answers.some((answer) => ImageError.isInstance(answer)) ? 3 : 0;
}

function legend(chosen: readonly ModelFacts[]): string {
  const origins = new Set(chosen.map(({ origin }) => origin));
  return [
    translated("* what the provider's name alone stands for   ~ sources disagree"),
    origins.has('catalogue') && translated("catalogue: the service's own words of that day; --refresh asks again"),
    origins.has('updated') &&
      translated('updated: from a newer package than is installed; anyimage models update --undo takes it back'),
    origins.has('own') && translated('own: a row of yours, in a config'),
    origins.has('listed') &&
      translated('listed: the service says it has it; what it can do is in no table, all is passed on'),
    translated(
      'anyimage models PROVIDER/MODEL shows all about one; -m PROVIDER/MODEL uses it; --refresh asks the services for new ones.',
    ),
  ]
    .filter(Boolean)
    .join('\n');
}

const headings = ['MODEL', 'STATUS', 'CHECKED', 'KEY', 'PRICE', 'SIZES', 'OPERATIONS'];

function row(model: ModelFacts): string[] {
  const { name, isDefault, region, row } = model;
  const first = Object.values(row.operations)[0];
  return [
    isDefault ? `${name} *` : cleanText(name),
    statusText(model),
    checkedText(model),
    translated(keyText(model)),
    translatedAmount(priceText(first?.prices ?? row.prices, region)),
    sizesText(first?.size ?? row.size),
    Object.keys(row.operations).join(', '),
  ];
}

function keyText({ needsKey, key }: ModelFacts): string {
  if (!needsKey) return 'none needed';
  return key ? 'set' : 'missing';
}

/** Of a model in no table nothing is known but that its service lists it, and perhaps its end. */
function statusText({ status, origin }: ModelFacts): string {
  if (origin !== 'listed') return translated(status);
  return status === 'stable' ? translated('listed') : translated(status) + translated(', ') + translated('listed');
}

/** When its facts were true, and by whose word, unless they are written with the code or the status says it. */
function checkedText({ origin, checked }: ModelFacts): string {
  return origin === 'written' || origin === 'listed' ? checked : `${checked} ${origin}`;
}

function modelJSON(model: ModelFacts) {
  const { name, provider, row, status, origin, checked, listedAt, isDefault, needsKey, key, region } = model;
  return {
    model: name,
    label: row.label,
    provider: { id: provider.id, label: provider.label },
    status,
    origin,
    checked,
    ...(listedAt !== undefined && { listedAt: isoTime(listedAt) }),
    default: isDefault,
    key: { needed: needsKey, set: key !== undefined, variables: provider.keys.map(({ env }) => env) },
    region,
    capabilities: row,
  };
}

/** A service whose models were never asked for can have any. */
function noneFits({ providers }: Settings, filter: ModelFilter, all: readonly ModelFacts[]): ImageError {
  const [named = ''] = filter.text?.split('/', 1) ?? [];
  const { id, unlisted, catalogue } = findProvider(providers, named)?.definition ?? {};
  const isThere = all.some(({ provider, origin }) => provider.id === id && (!catalogue || origin === 'catalogue'));
  if (id === undefined || !(unlisted || catalogue) || isThere) return noModelFits(filter, all);
  const use = unlisted ? `; -m ${id}/MODEL uses any that it has` : '';
  return new ImageError('not-found', `which models ${id} has is in no table`, {
    hint: `anyimage models ${id} --refresh asks it${use}.`,
  });
}
