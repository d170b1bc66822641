// How old the tables are, for doctor.

import { cleanText, isConfigured } from '@anyimage/core';
import { isoDay, listModels, type ModelFacts } from '@anyimage/host';
import { translated, translatedCount } from '../print/words/translated.ts';
import type { Settings } from '../session/settings.ts';
import type { Check } from './check.ts';

/** After so many days what was written with the code is worth a look, ms. */
const longMs = 90 * 86_400_000;

/** How old the tables are: what was written with the code, and what was asked or fetched since. */
export function checkTables(settings: Settings, now = Date.now()): Check[] {
  const { providers, shownEnv, tables } = settings;
  const all = listModels(providers, shownEnv, tables, now);
  const written = all.filter(({ origin }) => origin === 'written').map(({ checked }) => checked);
  const days = written.sort();
  const newest = days.at(-1) ?? '';
  const parts = [
    days.length > 0 &&
      translated('written with the code: checked {days}', {
        days: days[0] === newest ? newest : translated('{min} to {max}', { min: days[0]!, max: newest }),
      }),
    ...providers.flatMap(({ definition: { id } }) => [
      updatedText(id, all, settings),
      catalogueText(id, all, settings),
    ]),
    ownText(all),
  ];
  const message = parts.filter(Boolean).join(translated('; '));
  const isOld = newest !== '' && now - Date.parse(newest) > longMs;
  const line: Check = isOld
    ? { name: 'tables', state: 'note', message, hint: translated('anyimage models update fetches newer ones.') }
    : { name: 'tables', state: 'ok', message };
  return [line, ...neverAsked(settings)];
}

/** What is kept counts no more once the installed code is newer. */
function updatedText(id: string, all: readonly ModelFacts[], { tables }: Settings): string | undefined {
  if (!all.some(({ provider, origin }) => provider.id === id && origin === 'updated')) return undefined;
  const { updated } = tables.of(id);
  if (!updated) return undefined;
  const from = cleanText(`${updated.package}@${updated.version}`);
  return translated('{provider}: of {package}, fetched {day}', {
    provider: id,
    package: from,
    day: isoDay(updated.at),
  });
}

function catalogueText(id: string, all: readonly ModelFacts[], { tables }: Settings): string | undefined {
  const count = all.filter(({ provider, origin }) => provider.id === id && origin === 'catalogue').length;
  const list = tables.get(id);
  return list && count > 0
    ? translated('{provider}: {models} of its catalogue, asked {day}', {
        provider: id,
        models: translatedCount(count, 'model'),
        day: isoDay(list.at),
      })
    : undefined;
}

function ownText(all: readonly ModelFacts[]): string | undefined {
  const count = all.filter(({ origin }) => origin === 'own').length;
  return count > 0 ? translated('{rows} of your own', { rows: translatedCount(count, 'row') }) : undefined;
}

/** Catalogues that could be asked and never were. */
function neverAsked({ providers, shownEnv, tables }: Settings): Check[] {
  return providers
    .filter(({ definition, access = {} }) => definition.catalogue && isConfigured(definition, access, shownEnv))
    .filter(({ definition }) => !tables.get(definition.id))
    .map(({ definition: { id } }) => ({
      name: 'tables',
      state: 'note',
      message: translated('{provider} has a catalogue, and was not asked for it yet', { provider: id }),
      hint: translated('anyimage models {provider} --refresh asks it; so does the first call that needs it.', {
        provider: id,
      }),
    }));
}
