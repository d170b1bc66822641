// How many pictures were made and what they cost, by month and model.

import type { DatabaseSync } from 'node:sqlite';
import type { Money } from '@anyimage/core';
import { filterPart, type PictureFilter } from './picture-index.ts';

/** The pictures of a model in a month. */
export interface PictureSum {
  /** In the time of this machine: `2026-11`; empty where the time is not known. */
  readonly month: string;
  /** `provider/model`. */
  readonly model: string;
  readonly pictures: number;
  /** Pictures whose price nobody knows. They are not in `cost`. */
  readonly unknown: number;
  /** A sum for each currency; 0 of one for what was free. */
  readonly cost: readonly Money[];
}

const month = "CASE WHEN createdAt > 0 THEN strftime('%Y-%m', createdAt / 1000, 'unixepoch', 'localtime') ELSE '' END";

/** A picture that lies in two folders was made, and paid for, once. */
const once = "GROUP BY createdAt, sha256, CASE WHEN sha256 = '' THEN pictures.id END";

/** The sums of the pictures that a filter means, the oldest month first, models by name. Throws as `filterPart`. */
export function sumPictures(database: DatabaseSync, filter: PictureFilter): PictureSum[] {
  const part = filterPart(filter);
  if (!part) return [];
  const chosen = `WITH chosen AS (SELECT ${month} AS month, model, cost ${part.sql} ${once})`;
  const counts = database.prepare(
    `${chosen} SELECT month, model, count(*) AS pictures, sum(cost = 'null') AS unknown
      FROM chosen GROUP BY month, model ORDER BY month, model`,
  );
  const costs = database.prepare(
    `${chosen} SELECT month, model, value ->> '$.currency' AS currency, sum(value ->> '$.amount') AS amount,
      max(value ->> '$.estimated') AS estimated
      FROM chosen, json_each(cost) WHERE type = 'object' GROUP BY month, model, currency ORDER BY currency`,
  );
  const spent = Map.groupBy(costs.all(...part.values), keyOf);
  return counts.all(...part.values).map((row) => ({
    month: String(row.month),
    model: String(row.model),
    pictures: Number(row.pictures),
    unknown: Number(row.unknown),
    cost: (spent.get(keyOf(row)) ?? []).map(toMoney),
  }));
}

function keyOf({ month, model }: Record<string, unknown>): string {
  return `${month} ${model}`;
}

/** Sums of decimals come with errors far behind the point. */
function toMoney({ amount, currency, estimated }: Record<string, unknown>): Money {
  return { amount: roundMoney(Number(amount)), currency: String(currency), estimated: Boolean(estimated) };
}

function roundMoney(amount: number): number {
  return Number(amount.toFixed(9));
}

/** The sums of all of some: a sum for each currency, by its name. */
export function addUp(sums: readonly PictureSum[]): Pick<PictureSum, 'pictures' | 'unknown' | 'cost'> {
  const byCurrency = Map.groupBy(
    sums.flatMap(({ cost }) => cost),
    ({ currency }) => currency,
  );
  const cost = [...byCurrency].map(([currency, parts]) => ({
    amount: roundMoney(parts.reduce((sum, { amount }) => sum + amount, 0)),
    currency,
    estimated: parts.some(({ estimated }) => estimated),
  }));
  return {
    pictures: sums.reduce((sum, { pictures }) => sum + pictures, 0),
    unknown: sums.reduce((sum, { unknown }) => sum + unknown, 0),
    cost: cost.sort((a, b) => (a.currency < b.currency ? -1 : 1)),
  };
}
