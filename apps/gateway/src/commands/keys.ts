// anyimage-gateway keys add | list | revoke

import { randomBytes } from 'node:crypto';
import { ImageError, present } from '@anyimage/core';
import { isoDay, parseNumber, rangeText } from '@anyimage/host';
import type { GatewayKey, Kept } from '@anyimage/store-redis/contract';
import type { GatewaySettings } from '../config/load-config.ts';
import { hashOfKey, keyStart } from '../http/access.ts';
import { openKept } from '../kept/keep.ts';
import { note, say, table } from './say.ts';

/** The flags of `keys add`, as they are written. */
export interface KeyFlags {
  readonly models?: string;
  readonly perDay?: string;
  readonly perMonth?: string;
  readonly perMinute?: string;
  readonly concurrency?: string;
  readonly expires?: string;
}

/** Makes a key and shows it, once. */
export async function addKey(gateway: GatewaySettings, name: string, flags: KeyFlags): Promise<void> {
  const { config } = gateway;
  const key = `${keyStart}${randomBytes(32).toString('base64url')}`;
  const facts = present({
    id: `k-${randomBytes(4).toString('hex')}`,
    name,
    models: flags.models
      ?.split(',')
      .map((model) => model.trim())
      .filter(Boolean),
    perDay: amount('per-day', flags.perDay),
    perMonth: amount('per-month', flags.perMonth),
    perMinute: whole('per-minute', flags.perMinute),
    concurrency: whole('concurrency', flags.concurrency),
    expiresAt: day(flags.expires),
    createdAt: Date.now(),
  }) as GatewayKey;
  await withKept(gateway, ({ keys }) => keys.add(facts, hashOfKey(key)));
  note(`${facts.id} (${name}): ${limitsText(facts, config.budget?.currency)}. This is the key; it is not shown again:`);
  say(key);
}

export async function listKeys(gateway: GatewaySettings, { json = false }: { readonly json?: boolean }): Promise<void> {
  const { config } = gateway;
  const keys = await withKept(gateway, (kept) => kept.keys.list());
  if (json) say(JSON.stringify({ keys }, null, 2));
  else if (keys.length === 0) say('There are no keys. Add one: anyimage-gateway keys add NAME');
  else {
    const rows = keys.map((key) => [key.id, key.name, stateOf(key), limitsText(key, config.budget?.currency)]);
    say(table([['key', 'name', 'state', 'limits'], ...rows]));
  }
}

/** By its id, or by its name where one key alone has it. */
export async function revokeKey(gateway: GatewaySettings, named: string): Promise<void> {
  await withKept(gateway, async ({ keys }) => {
    const all = (await keys.list()).filter(({ revokedAt }) => revokedAt === undefined);
    const found = all.filter(({ id, name }) => id === named || name === named);
    const [key, ...others] = found;
    if (!key || others.length > 0) {
      const what = key
        ? `${found.length} keys are named ${JSON.stringify(named)}`
        : `there is no key ${JSON.stringify(named)}`;
      const names = (key ? found : all).map(({ id, name }) => `${id} (${name})`).join(', ');
      throw new ImageError('not-found', what, { hint: names ? `Name one by its id: ${names}.` : 'There are no keys.' });
    }
    await keys.revoke(key.id, Date.now());
    say(`${key.id} (${key.name}) is revoked, from the next request on.`);
  });
}

/** Works with what is kept. Throws as `openKept`. */
export async function withKept<T>(gateway: GatewaySettings, work: (kept: Kept) => Promise<T>): Promise<T> {
  const kept = await openKept(gateway);
  try {
    return await work(kept);
  } finally {
    await kept.close();
  }
}

function stateOf({ revokedAt, expiresAt }: GatewayKey): string {
  if (revokedAt !== undefined) return `revoked ${isoDay(revokedAt)}`;
  if (expiresAt === undefined) return 'valid';
  return expiresAt > Date.now() ? `until ${isoDay(expiresAt)}` : `over since ${isoDay(expiresAt)}`;
}

function limitsText({ models, perDay, perMonth, perMinute, concurrency }: GatewayKey, currency = 'USD'): string {
  const limits = [
    models ? models.join(', ') : 'all models',
    perDay !== undefined && `${perDay} ${currency} a day`,
    perMonth !== undefined && `${perMonth} ${currency} a month`,
    perMinute !== undefined && `${perMinute} requests a minute`,
    concurrency !== undefined && `${concurrency} at a time`,
  ];
  return limits.filter((limit) => limit !== false).join('; ');
}

function amount(flag: string, text: string | undefined): number | undefined {
  return numberIn(flag, text, { least: 0, most: 1_000_000_000, example: '5' });
}

function whole(flag: string, text: string | undefined): number | undefined {
  return numberIn(flag, text, { least: 1, most: 1_000_000, whole: true, example: '60' });
}

function numberIn(
  flag: string,
  text: string | undefined,
  range: Parameters<typeof parseNumber>[1],
): number | undefined {
  if (text === undefined) return undefined;
  const value = parseNumber(text, range);
  if (value !== undefined) return value;
  throw new ImageError('invalid-request', `--${flag} must be ${rangeText(range)} (got ${JSON.stringify(text)})`, {
    hint: 'Nothing was added.',
  });
}

/** The key works until that day begins (UTC). */
function day(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isFinite(at) && isoDay(at) === text && at > Date.now()) return at;
  throw new ImageError(
    'invalid-request',
    `--expires must be a day to come, such as ${isoDay(Date.now() + 90 * 86_400_000)} (got ${JSON.stringify(text)})`,
    {
      hint: 'Nothing was added.',
    },
  );
}
