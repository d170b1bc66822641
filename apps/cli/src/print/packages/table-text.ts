// What a newer table of a provider would change, for a person who decides.

import { cleanText, type Json, type Price, quoted, quotedWord, shortList } from '@anyimage/core';
import {
  anyOther,
  type FoundTables,
  isDate,
  type ProposedTables,
  type RowChange,
  tellsMore,
  valueText,
} from '@anyimage/host';
import { priceWords } from '../price-text.ts';
import { priceText, sizesText } from '../row-text.ts';
import { type Entry, entryLines } from '../terminal/entries.ts';
import type { Paint } from '../terminal/paint.ts';
import { columnsOf } from '../terminal/wrap.ts';
import { translated, translatedAmount, translatedCount } from '../words/translated.ts';

/** What would be other in each row. Lines without a final line break. */
export function proposedText(proposed: ProposedTables, paint: Paint): string {
  const { installed, newer, before, rows, lower, leftOut } = proposed;
  const telling = rows.filter(tellsMore);
  const confirmed = rows.length - telling.length;
  const entries: Entry[] = [
    ...telling.flatMap((row) => rowEntries(row)),
    ...(confirmed > 0
      ? [
          [
            'checked',
            translated('{rows} again, and all is as it was', { rows: translatedCount(confirmed, 'row') }),
          ] as const,
        ]
      : []),
    ...lower.map(({ model, operation, path, before: old, after }): Entry => {
      const change = changeText(path.join('.'), old, after);
      return ['lower', `${named(model)}  ${operation === undefined ? '' : `${operation}: `}${change}`];
    }),
    ...leftOut.map(({ model, unknown }): Entry => {
      return [
        'left out',
        `${named(model)}  ${translated('this version does not know its {what}', { what: quoted(unknown, 100) })}`,
      ];
    }),
  ];
  const from = before
    ? translated('in place of {version}', { version: before.version })
    : translated('where {version} is installed', { version: installed.version });
  const title = `${paint('title', installed.provider)}  ${installed.package} ${newer.version}${translated(', ')}${from}`;
  const shown = entries.map(([word, text]): Entry => [translated(word), text]);
  return [title, ...entryLines(shown, paint, undefined, columnsOf(process.stderr))].join('\n');
}

/** Which versions are not understood, and what to do; `undefined` if there are none. */
export function passedText({ passed }: Pick<FoundTables, 'passed'>): string | undefined {
  const [first] = passed;
  if (!first) return undefined;
  const versions = shortList(passed.map(({ version }) => version));
  const places = { versions, contract: first.contract };
  return passed.length === 1
    ? translated(
        '{versions} speaks another version of the contract with providers ({contract}): update anyimage',
        places,
      )
    : translated(
        '{versions} speak another version of the contract with providers ({contract}): update anyimage',
        places,
      );
}

function rowEntries({ model, kind, row, words }: RowChange): readonly Entry[] {
  if (kind === 'new') {
    const first = Object.values(row.operations)[0];
    const prices = first?.prices ?? row.prices;
    const facts = [
      quotedWord(row.label),
      translated('price {price}', { price: translatedAmount(priceText(prices, prices?.[0]?.when?.region ?? '')) }),
      sizesText(first?.size ?? row.size),
      Object.keys(row.operations).join(', '),
    ];
    return [['new', `${named(model)}  ${facts.join('; ')}`]];
  }
  const told = words.filter(({ word }) => !isDate(word));
  return told.map(({ word, before, after }, index): Entry => {
    return [
      kind,
      `${index === 0 ? named(model) : ' '.repeat(named(model).length)}  ${changeText(word, before, after)}`,
    ];
  });
}

function named(model: string): string {
  return model === anyOther ? translated('any other') : quotedWord(model);
}

/** `size.tiers: 1K, 2K → 1K, 2K, 4K`; of prices those that are other: `prices: 0.04 USD per image → 0.05 USD per image`. */
function changeText(word: string, before: unknown, after: unknown): string {
  const [old, next] = [partsOf(word, before), partsOf(word, after)];
  const isPrices = /(?:^|\.)prices$/.test(word);
  const gone = isPrices ? old.filter((part) => !next.includes(part)) : old;
  const come = isPrices ? next.filter((part) => !old.includes(part)) : next;
  if (gone.length + come.length === 0) return translated('{word}: the same in another order', { word });
  return `${word}: ${listText(gone, old)} → ${listText(come, next)}`;
}

function partsOf(word: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [valueText(value as Json)];
  const isPrices = /(?:^|\.)prices$/.test(word);
  return value.map((part) => (isPrices ? priceWords(part as Price) : valueText(part as Json)));
}

function listText(told: readonly string[], all: readonly string[]): string {
  if (told.length === 0) return translated(all.length === 0 ? 'none' : 'as the others');
  const text = cleanText(told.join(', '));
  return text.length > longestChange ? `${text.slice(0, longestChange)}…` : text;
}

/** Characters of a value; a row of a table may hold long lists. */
const longestChange = 160;
