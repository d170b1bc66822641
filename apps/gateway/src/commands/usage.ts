// anyimage-gateway usage

import { ImageError } from '@anyimage/core';
import { isoDay } from '@anyimage/host';
import type { GatewaySettings } from '../config/load-config.ts';
import { local } from '../http/access.ts';
import { withKept } from './keys.ts';
import { say, table } from './say.ts';

export interface UsageFlags {
  readonly key?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** Costs and counts by day, key and model. */
export async function showUsage(gateway: GatewaySettings, { key, from, to, json = false }: UsageFlags): Promise<void> {
  await withKept(gateway, async ({ keys, spending }) => {
    const all = [...(await keys.list()), local];
    const meant = key === undefined ? undefined : all.find(({ id, name }) => id === key || name === key);
    if (key !== undefined && !meant) {
      throw new ImageError('not-found', `there is no key ${JSON.stringify(key)}`, {
        hint: 'anyimage-gateway keys list shows them.',
      });
    }
    const range = {
      from: dayOf('from', from) ?? `${isoDay(Date.now()).slice(0, 7)}-01`,
      to: dayOf('to', to) ?? '9999-12-31',
    };
    const rows = await spending.usage({ ...(meant && { key: meant.id }), ...range });
    const names = new Map(all.map(({ id, name }) => [id, name]));
    const told = rows.map(({ amount, ...row }) => ({
      ...row,
      name: names.get(row.key) ?? row.key,
      cost: amount / 1e6,
    }));
    if (json) say(JSON.stringify({ usage: told }, null, 2));
    else if (told.length === 0) say(`Nothing since ${range.from}.`);
    else {
      const lines = told.map(({ day, name, model, requests, pictures, failed, cost, currency }) => [
        day,
        name,
        model,
        ...[requests, pictures, failed].map(String),
        cost > 0 ? `${cost} ${currency}` : '0',
      ]);
      say(table([['day', 'key', 'model', 'requests', 'pictures', 'failed', 'cost'], ...lines]));
    }
  });
}

function dayOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined || /^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  throw new ImageError(
    'invalid-request',
    `--${flag} must be a day such as ${isoDay(Date.now())} (got ${JSON.stringify(text)})`,
    {
      hint: 'Days are UTC.',
    },
  );
}
