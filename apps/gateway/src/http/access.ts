// Who asks: a key of the gateway, or whoever is on this machine.

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLoopback } from '@anyimage/core';
import type { GatewayKey, KeyStore } from '@anyimage/store-redis/contract';
import { Refusal } from '../wire/envelope.ts';

/** How keys of a gateway begin: others say nothing to it. */
export const keyStart = 'agw-';

/** Who asks without a key, where none is needed. */
export const local: GatewayKey = { id: 'local', name: 'local', createdAt: 0 };

export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export interface AccessOptions {
  readonly keys: KeyStore;
  readonly isKeyRequired: boolean;
  readonly now: () => number;
}

const row = { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' };

/**
 * Whose request it is. Throws a refusal for a key that is unknown, revoked or over, and where one is needed and missing. Where none is
 * needed, a key that is none of a gateway's counts for nothing: OpenAI's clients always send one.
 */
export async function whoAsks(
  incoming: IncomingMessage,
  { keys, isKeyRequired, now }: AccessOptions,
): Promise<GatewayKey> {
  const given = keyIn(incoming);
  if (!isKeyRequired) refusePages(incoming);
  if (given === undefined || (!isKeyRequired && !given.startsWith(keyStart))) {
    if (!isKeyRequired) return local;
    throw new Refusal(row, 'There is no API key. Send one as Authorization: Bearer KEY.');
  }
  // It is looked up by its hash: how long that takes says nothing of any key.
  const key = await keys.find(hashOfKey(given));
  if (!key) throw new Refusal(row, 'The API key is not known here. Check it, or ask whoever runs the gateway for one.');
  if (key.revokedAt !== undefined)
    throw new Refusal(row, `The key ${key.name} was revoked. Ask whoever runs the gateway for another.`);
  if (key.expiresAt !== undefined && key.expiresAt <= now()) {
    throw new Refusal(row, `The key ${key.name} has expired. Ask whoever runs the gateway for another.`);
  }
  return key;
}

function keyIn({ headers }: IncomingMessage): string | undefined {
  const [, bearer] = /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '') ?? [];
  const other = headers['api-key'];
  return bearer ?? (typeof other === 'string' && other !== '' ? other : undefined);
}

/** Where no key is needed, a page of another site that a person looks at could spend money: its browser says where it is from. */
function refusePages({ headers }: IncomingMessage): void {
  const { origin, host = '' } = headers;
  const isForeign = headers['sec-fetch-site'] === 'cross-site' || (origin !== undefined && !isLoopback(origin));
  // A name that leads here by a trick of its owner is no name of this machine.
  if (!isForeign && isLoopback(`http://${host}`)) return;
  const message =
    'Without keys, this gateway answers programs of this machine alone, and no pages of others. Add a key: anyimage-gateway keys add NAME.';
  throw new Refusal({ status: 403, type: 'invalid_request_error', code: 'foreign_origin' }, message);
}
