import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryTicketStore, type Ticket } from '@anyimage/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inRequest, placeOfTicket, sparing, WrittenFiles, withOutput } from './ticket-output.ts';

const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
const target = { folder, file: { name: 'out', ending: '.png' }, force: false };

function newTicket(id: string, intent: string, n: number): Ticket {
  const request = { prompt: 'a boat', sent: 'a boat', n };
  const facts = { provider: 'paint', model: 'paint-1', host: 'paint.example', region: 'world', keyPrint: '' };
  return { id, ...facts, at: 0, intent, state: 'submitted', request };
}

/** The places of the tickets of one request, whose calls make so many pictures each. */
async function placesOf(calls: readonly number[], intent = 'i-1') {
  const tickets = memoryTicketStore();
  const count = calls.reduce((sum, n) => sum + n, 0);
  const store = withOutput(tickets, target, count);
  for (const [index, n] of calls.entries()) await store.put(newTicket(`t-${index}`, `${intent}-${index}`, n));
  return Promise.all(calls.map(async (_, index) => (await placeOfTicket((await tickets.get(`t-${index}`))!))!));
}

test('the pictures of all calls of a request are numbered through, however many a call makes', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 });
  const request = async (calls: readonly number[], intent: string, asksAgain: boolean) => {
    const places = await placesOf(calls, intent);
    const numbers = places.flatMap((place) => {
      const positioned = inRequest(place);
      return Array.from({ length: place.n }, (_, index) => {
        const hint = {
          id: `${intent}-${index}`,
          model: 'paint/paint-1',
          prompt: 'a boat',
          index: asksAgain ? index : place.first + index,
          count: 1,
        };
        return positioned(hint);
      });
    });
    const count = numbers.length;
    expect(numbers.map((hint) => [hint.index, hint.count])).toEqual(numbers.map((_, index) => [index, count]));
  };
  await fc.assert(fc.asyncProperty(sizes, fc.string(), fc.boolean(), request));
});

test('a call is placed by its number before the others are known', async () => {
  const tickets = memoryTicketStore();
  const store = withOutput(tickets, target, 6);
  await store.put(newTicket('t-2', 'i-2', 2));
  expect(await placeOfTicket((await tickets.get('t-2'))!)).toMatchObject({ target, first: 4, n: 2, count: 6 });
  // The next model of the list is asked with calls of its own.
  await store.put(newTicket('t-0', 'other-1', 1));
  expect(await placeOfTicket((await tickets.get('t-0'))!)).toMatchObject({ first: 1, n: 1, count: 6 });
});

test('a ticket may say anything of its output: what is no place is none', async () => {
  const output = fc.oneof(
    fc.jsonValue(),
    fc.record({ path: fc.constant(join(folder, 'out.png')), first: fc.jsonValue(), count: fc.jsonValue() }),
  );
  await fc.assert(
    fc.asyncProperty(output, fc.integer(), async (said, n) => {
      const { request, ...ticket } = newTicket('t-1', 'i-0', n);
      const place = await placeOfTicket({ ...ticket, request: { ...request, output: said as string } });
      if (!place) return;
      expect(place.count).toBeGreaterThan(0);
      expect(place.first + place.n).toBeLessThanOrEqual(200);
      await sparing(new WrittenFiles(), { ...place, target: { ...place.target, force: true } });
    }),
  );
});

test('leave to replace is for the files of others', async () => {
  const own = join(folder, 'sparing');
  await mkdir(own);
  await writeFile(join(own, 'out-2.png'), 'bytes');
  const link = join(folder, 'link');
  await symlink(own, link, 'junction');
  const place = { target: { ...target, folder: own, force: true }, first: 1, n: 1, count: 3 };
  const forced = async (...paths: string[]) => {
    const written = new WrittenFiles();
    for (const path of paths) written.add(path);
    return (await sparing(written, place)).force;
  };
  expect(await forced()).toBe(true);
  expect(await forced(join(own, 'out-1.png'), join(own, 'other.png'), join(folder, 'out-2.png'))).toBe(true);
  for (const name of ['out-2.png', 'Out-2.PNG', 'out-2.svg', 'out.png']) {
    expect(await forced(join(own, name))).toBe(false);
  }
  expect(await forced(join(link, 'out-2.png'))).toBe(false);
  await rm(link);
});
