// What is promised of a server that forgets, is away, or is killed; and of processes that are gone.

import type { Ticket } from '@anyimage/core';
import { hasRedis, startRedis, type TestRedis } from '@anyimage/testkit/redis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisKept } from './open-kept.ts';
import { openSession, type Session } from './session.ts';

describe.skipIf(!hasRedis)('a session', () => {
  let redis: TestRedis | undefined;
  let session: Session | undefined;
  const start = async (settings?: Record<string, string>) => {
    redis = await startRedis(settings);
    return redis.url;
  };
  beforeEach(() => {
    redis = undefined;
    session = undefined;
  });
  afterEach(async () => {
    await session?.close();
    await redis?.close();
  });
  const spending = { intent: 'i', key: 'k', model: 'm', amount: 5, currency: 'USD', at: Date.UTC(2026, 1, 1) };

  test.each([
    ['appendonly', 'no'],
    ['appendfsync', 'everysec'],
    ['maxmemory-policy', 'allkeys-lru'],
  ])('is refused by its %s %s, with the lines to set', async (name, value) => {
    const url = await start({ [name]: value });
    const error = await openSession({ url }).then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toMatchObject({ code: 'config', message: expect.stringContaining(`it has ${name} ${value}`) });
    expect(error.hint).toContain('--appendonly yes --appendfsync always --maxmemory-policy noeviction');
  });

  test('with a password says no word of it', async () => {
    const url = (await start({ requirepass: 'test-key' })).replace('//', '//:wrong-key@');
    const error = await openSession({ url }).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'storage', message: expect.stringContaining('Redis at 127.0.0.1:') });
    expect(`${error.message} ${error.hint}`).not.toContain('wrong-key');
    session = await openSession({ url: url.replace('wrong-key', 'test-key') });
  });

  test('is refused at once by a server that is away, and what notes a sending waits for one that was killed', async () => {
    const url = await start();
    session = await openSession({ url });
    const kept = redisKept(session);
    const entry = await kept.spending.reserve(spending);
    const asked = { id: 'i', key: 'k', fingerprint: 'f', at: 1, tries: 0, name: 'n' };
    await kept.intents.open(asked);
    await redis!.kill();
    const away = { code: 'unavailable', retryable: true, mayHaveBeenBilled: false };
    await expect(kept.intents.open({ ...asked, id: 'j' })).rejects.toMatchObject(away);
    await expect(openSession({ url })).rejects.toMatchObject(away);
    const late = [kept.spending.settle(entry, 3), kept.intents.answer('i', '{}', 2, true)];
    await redis!.start();
    await Promise.all(late);
    expect(await kept.intents.open({ ...asked, id: 'j' })).toMatchObject({ id: 'i', answer: '{}', isNew: false });
    expect((await kept.spending.usage({}))[0]).toMatchObject({ amount: 3 });
  });

  test('asks again for what was done without an answer, and it is done once', async () => {
    session = await openSession({ url: await start() });
    const { intents, spending: book, tickets } = redisKept(session);
    const asked = { id: 'i', key: 'k', fingerprint: 'f', at: 1, tries: 0 };
    // The client is told that the connection was lost, after the server did it.
    const { redis: connection } = session;
    const lose = async <T>(work: () => Promise<T>): Promise<T> => {
      const send = connection.sendCommand.bind(connection);
      connection.sendCommand = (command, ...more) => {
        connection.sendCommand = send;
        return (send(command, ...more) as Promise<unknown>).then(() => {
          throw new Error('Connection is closed.');
        });
      };
      return work();
    };
    await intents.open({ ...asked, id: 'warm' });
    expect(await lose(() => intents.open(asked))).toMatchObject({ id: 'i', isNew: true });
    const request = { prompt: 'x', sent: 'x', n: 1 };
    const ticket: Ticket = {
      ...{ id: 't-1', provider: 'p', model: 'm', host: 'h', region: 'r', at: 1, intent: 'i-0', keyPrint: '' },
      ...({ state: 'intended', mode: 'call', request } as const),
    };
    await tickets.create({ ...ticket, id: 't-0' });
    expect(await lose(() => tickets.create(ticket))).toBe(true);
    expect(await tickets.create(ticket)).toBe(false);
    await tickets.release('t-0');
    await tickets.claim('t-0');
    await tickets.release('t-1');
    expect(await lose(() => tickets.claim('t-1'))).toBe(true);
    await book.reserve({ ...spending, amount: 1 });
    await lose(() => book.reserve({ ...spending, intent: 'j' }));
    expect((await book.usage({}))[0]?.amount).toBe(6);
  });

  test('makes no ticket for a request that has its answer, whoever let go of the ones before', async () => {
    const url = await start();
    session = await openSession({ url });
    const { intents, tickets } = redisKept(session);
    await intents.open({ id: 'i', key: 'k', fingerprint: 'f', at: 1, tries: 0 });
    const ticket: Ticket = {
      ...{ id: 't-1', provider: 'p', model: 'm', host: 'h', region: 'r', at: 1, intent: 'i-0', keyPrint: '' },
      ...({ state: 'intended', mode: 'call', request: { prompt: 'x', sent: 'x', n: 1 } } as const),
    };
    expect(await tickets.createFor('i', ticket)).toBe(true);
    await intents.answer('i', '{}', 2, true);
    await tickets.delete('t-1');
    expect(await tickets.createFor('i', ticket)).toBe(false);
    expect(await tickets.list()).toEqual([]);
  });

  test('that is gone leaves its places, and what it reserved to who goes on with its request', async () => {
    const url = await start();
    const gone = await openSession({ url });
    const before = redisKept(gone);
    const key = { id: 'k', name: 'web', createdAt: 0, concurrency: 1 };
    await before.requests.enter(key, 1);
    await before.spending.reserve(spending);
    session = await openSession({ url });
    const kept = redisKept(session);
    expect(await kept.requests.enter(key, 1)).toMatchObject({ limit: 'concurrency' });
    expect((await kept.spending.open()).map(({ isHeld }) => isHeld)).toEqual([true]);
    await gone.close();
    expect(await kept.requests.enter(key, 1)).toBeTypeOf('function');
    expect((await kept.spending.open()).map(({ isHeld }) => isHeld)).toEqual([false]);
    const entry = await kept.spending.reserve({ ...spending, amount: 7 });
    expect((await kept.spending.usage({}))[0]).toMatchObject({ amount: 7 });
    expect(await kept.spending.open()).toMatchObject([{ entry, isHeld: true }]);
  });
});
