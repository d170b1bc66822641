import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayKey } from '@anyimage/store-redis/contract';
import { expect, test } from 'vitest';
import { startTestGateway, useGateway } from '../../test/gateway.ts';
import { keepInFolder } from '../kept/keep.ts';
import { hashOfKey, keyStart } from './access.ts';

const model = 'openai/gpt-image-2.5-flare';

const at = useGateway('test');

/** Adds a key, as another process does, and gives what is sent with it. */
async function addKey(
  facts: Partial<GatewayKey> = {},
): Promise<{ readonly key: string; readonly headers: { authorization: string } }> {
  const key = `${keyStart}${randomBytes(32).toString('base64url')}`;
  const kept = await keepInFolder(join(at.gateway.folder, 'data'));
  await kept.keys.add(
    { id: `k-${randomBytes(4).toString('hex')}`, name: 'web', createdAt: Date.now(), ...facts },
    hashOfKey(key),
  );
  await kept.close();
  return { key, headers: { authorization: `Bearer ${key}` } };
}

const words = { model, prompt: 'a boat', size: '1024x1024', quality: 'low' };
const generate = (headers: Record<string, string> = {}, more: object = {}) =>
  at.gateway.post('/v1/images/generations', { ...words, ...more }, headers);
const problemOf = async (answer: Response) => ({
  status: answer.status,
  ...((await answer.json()) as { error: { code: string; type: string; message: string; param: string | null } }).error,
});

test('a key that is unknown, revoked or over is 401, also where none is needed', async () => {
  const { headers } = await addKey({ id: 'k-1', expiresAt: Date.now() - 1 });
  expect(await problemOf(await generate(headers))).toMatchObject({
    status: 401,
    code: 'invalid_api_key',
    message: expect.stringContaining('expired'),
  });
  const revoked = await addKey({ id: 'k-2' });
  expect((await generate(revoked.headers)).status).toBe(200);
  const kept = await keepInFolder(join(at.gateway.folder, 'data'));
  await kept.keys.revoke('k-2', Date.now());
  await kept.close();
  expect(await problemOf(await generate(revoked.headers))).toMatchObject({
    status: 401,
    message: expect.stringContaining('revoked'),
  });
  expect(await problemOf(await generate({ authorization: `Bearer ${keyStart}nothing` }))).toMatchObject({
    status: 401,
  });
  expect(at.service.submissions).toBe(1);
});

test('elsewhere than on loopback it does not listen without keys', async () => {
  await expect(startTestGateway({ host: '0.0.0.0' })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('0.0.0.0'),
  });
});

test('with keys it listens there, and refuses who has none', async () => {
  const { headers } = await addKey();
  await at.gateway.close();
  at.gateway = await startTestGateway({ env: at.service.env, folder: at.gateway.folder, host: '0.0.0.0' });
  expect(at.gateway.isKeyRequired).toBe(true);
  for (const path of ['/v1/models', '/metrics', '/v1/usage'])
    expect((await fetch(`${at.gateway.url}${path}`)).status).toBe(401);
  expect((await generate({ authorization: 'Bearer test-key' })).status).toBe(401);
  expect((await generate(headers)).status).toBe(200);
  expect((await fetch(`${at.gateway.url}/healthz`)).status).toBe(200);
});

test('a page of another site cannot spend', async () => {
  const answers = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }].map((headers) =>
    generate(headers as never),
  );
  for (const answer of await Promise.all(answers)) expect(answer.status).toBe(403);
  expect(at.service.requests).toHaveLength(0);
});

test('a key is kept as a hash alone', async () => {
  const { key } = await addKey();
  await generate({ authorization: `Bearer ${key}` });
  const names = await readdir(join(at.gateway.folder, 'data'), { recursive: true, withFileTypes: true });
  for (const entry of names.filter((one) => one.isFile())) {
    const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
    expect(text.includes(key.slice(keyStart.length))).toBe(false);
    expect(text.includes('test-key')).toBe(false);
  }
});

test('a key has its models alone', async () => {
  const { headers } = await addKey({ models: ['sketch'] });
  expect(await problemOf(await generate(headers))).toMatchObject({
    status: 403,
    code: 'model_not_allowed',
    param: 'model',
  });
  expect((await generate(headers, { model: 'sketch', size: '64x64', quality: undefined })).status).toBe(200);
  const listed = (await (await fetch(`${at.gateway.url}/v1/models`, { headers })).json()) as { data: { id: string }[] };
  expect(listed.data.map(({ id }) => id)).toEqual(['sketch/sketch-1']);
});

test('a key begins so many requests a minute, and has so many at a time', async () => {
  const { headers } = await addKey({ perMinute: 3, concurrency: 2, models: ['sketch'] });
  const small = { model: 'sketch', size: '64x64', quality: undefined };
  const answers = await Promise.all(Array.from({ length: 8 }, () => generate(headers, small)));
  expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(2);
  expect((await generate(headers, small)).status).toBe(200);
  const last = await generate(headers, small);
  expect(last.status).toBe(429);
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(last.headers.get('x-should-retry')).toBe('true');
});

test('800 requests at once never spend more than the budget of a key', async () => {
  await at.gateway.close();
  await writeFile(
    join(at.gateway.folder, 'gateway.json'),
    JSON.stringify({ listen: { port: 0 }, data: 'data', limits: { concurrency: 64 } }),
  );
  at.gateway = await startTestGateway({ env: at.service.env, folder: at.gateway.folder });
  const { headers } = await addKey({ id: 'k-b', perDay: 0.07 });
  const answers = await Promise.all(Array.from({ length: 800 }, () => generate(headers)));
  const made = answers.filter(({ status }) => status === 200).length;
  const refused = answers.filter(({ status }) => status === 429);
  expect(made + refused.length).toBe(800);
  expect(made).toBeGreaterThanOrEqual(9);
  expect(at.service.submissions).toBe(made);
  expect(at.service.spent).toBeLessThanOrEqual(0.07);
  expect(await problemOf(refused[0]!)).toMatchObject({ code: 'budget_exceeded', type: 'insufficient_quota' });
  const usage = (await (await fetch(`${at.gateway.url}/v1/usage`, { headers })).json()) as {
    data: Record<string, unknown>[];
  };
  expect(usage.data).toMatchObject([{ model, requests: made, pictures: made, failed: 0, currency: 'USD' }]);
  expect(usage.data[0]!.cost).toBeCloseTo(at.service.spent, 4);
});

test('a price that is not known is refused under a budget', async () => {
  const { headers } = await addKey({ perMonth: 5 });
  expect(await problemOf(await generate(headers, { model: 'openai/gpt-image-2.6-flare' }))).toMatchObject({
    status: 429,
    code: 'budget_exceeded',
  });
  expect(at.service.requests).toHaveLength(0);
});

test('a reservation that a crash left goes back if nothing was sent for it, and else counts', async () => {
  await generate({ 'idempotency-key': 'sent' });
  await at.gateway.close();
  const kept = await keepInFolder(join(at.gateway.folder, 'data'));
  const before = (await kept.spending.usage({}))[0]!.amount;
  const spending = { key: 'local', model, currency: 'USD', at: Date.now() };
  await kept.spending.reserve({ ...spending, intent: 'never-sent', amount: 5_000_000 });
  await kept.close();
  at.gateway = await at.gateway.restart();
  const after = await keepInFolder(join(at.gateway.folder, 'data'));
  expect((await after.spending.usage({}))[0]!.amount).toBe(before);
  expect(await after.spending.open()).toEqual([]);
  await after.close();
});
