// What an SDK says, compared with what a table says.

import { idsOf, type Limits } from '@anyimage/core';
import type { Found } from './declarations/found.ts';
import { Unread } from './declarations/unread.ts';
import type { Check } from './sdks.ts';
import { limitsIn, namesIn, plainName, rangesOf, type Table, valuesOf } from './tables.ts';

/** What one of the two has and the other has not. */
export interface Difference {
  /** Who lacks it. */
  readonly lacks: 'table' | 'sdk';
  /** An id, a value, the name of a parameter or option, or a range such as `2–16`. */
  readonly value: string;
}

interface Ends {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** What is only in the SDK, and what is only in the table. */
interface Sides {
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
}

/**
 * Compares what an SDK says with a table; what an SDK that lags does not have is no difference. Throws {@link Unread} if there is
 * nothing to compare: the type has become another.
 */
export function compare(check: Check, found: Found, table: Table, lags = false): readonly Difference[] {
  const { theirs, ours } = sidesOf(check, found, table);
  return [
    ...theirs.map((value): Difference => ({ lacks: 'table', value })),
    ...(lags ? [] : ours.map((value): Difference => ({ lacks: 'sdk', value }))),
  ];
}

function sidesOf(check: Check, found: Found, table: Table): Sides {
  switch (check.kind) {
    case 'models':
      return compareModels(picked(check, found), table);
    case 'values':
      return compareValues(
        picked(check, found),
        limitsIn(table, check).map((limits) => [limits, valuesOf(limits, check.word)]),
      );
    case 'range':
      return compareRanges(
        found,
        limitsIn(table, check).flatMap((limits) => rangesOf(limits, check.word)),
        check,
      );
    case 'parameters':
    case 'options': {
      const names = found.members.size > 0 ? [...found.members.keys()] : found.values;
      if (names.length === 0) throw new Unread(`${check.file} names no entries of ${check.type}`);
      const known = namesIn(table.provider);
      const theirs = names.filter((name) => !known.has(plainName(name)));
      if (check.kind === 'parameters') return { theirs, ours: [] };
      const plain = new Set(names.map(plainName));
      const options = new Set(limitsIn(table, check).flatMap(({ options = {} }) => Object.keys(options)));
      return { theirs, ours: [...options].filter((name) => !plain.has(plainName(name))) };
    }
  }
}

/** The values that count. */
function picked({ only = '', capitals, file, type }: Check, { values }: Found): readonly string[] {
  const counting = values.flatMap((value) => {
    const match = new RegExp(only).exec(value);
    return match ? (match[1] ?? value) : [];
  });
  if (counting.length === 0) throw new Unread(`${file} names no values of ${type} that are looked for`);
  return capitals ? counting.map((value) => value.toLowerCase()) : counting;
}

/** A model that ends is not missed. */
function compareModels(theirs: readonly string[], { models }: Table): Sides {
  const rows = Object.entries(models).map(([id, row]) => ({ id, row, ids: idsOf(id, row) }));
  const known = new Set(rows.flatMap(({ ids }) => ids));
  const lasting = rows.filter(({ row }) =>
    [row, ...Object.values(row.regions ?? {})].every(({ deprecated, retires }) => !deprecated && !retires),
  );
  return {
    theirs: theirs.filter((id) => !known.has(id)),
    ours: lasting.filter(({ ids }) => !ids.some((id) => theirs.includes(id))).map(({ id }) => id),
  };
}

/** Rows of which not all is known pass on what they do not declare: a table with such rows alone lacks nothing. */
function compareValues(theirs: readonly string[], declared: readonly (readonly [Limits, readonly string[]])[]): Sides {
  const ours = new Set(declared.flatMap(([, values]) => values));
  const passesOn = ours.size === 0 && declared.some(([limits]) => 'open' in limits);
  return {
    theirs: passesOn ? [] : theirs.filter((value) => !ours.has(value)),
    ours: [...ours].filter((value) => !theirs.includes(value)),
  };
}

/** An end that the SDK does not give says nothing. */
function compareRanges({ min, max }: Found, ranges: readonly Ends[], { file, type }: Check): Sides {
  if (min === undefined && max === undefined) throw new Unread(`${file} gives no range of ${type}`);
  const text = (ends: Ends) => `${min === undefined ? '' : ends.min}–${max === undefined ? '' : ends.max}`;
  const theirs = text({ min, max });
  const ours = new Set(ranges.map(text));
  return { theirs: ours.has(theirs) ? [] : [theirs], ours: [...ours].filter((range) => range !== theirs) };
}
