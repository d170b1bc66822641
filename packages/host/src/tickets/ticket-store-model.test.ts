// Several users of one folder of tickets do what one store in memory does, in whatever order they come, end and come again.

import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryTicketStore, type Ticket } from '@anyimage/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FileTicketStore, fileTicketStore } from './ticket-store.ts';

const ids = ['t-00000001', 't-00000002', 't-a', 't-b', 't-c'] as const;
const states = ['intended', 'submitted', 'delivered', 'done'] as const;

const step = fc.record({
  what: fc.constantFrom('create', 'create', 'put', 'delete', 'claim', 'release', 'close'),
  who: fc.nat(2),
  id: fc.constantFrom(...ids),
  state: fc.constantFrom(...states),
  isCall: fc.boolean(),
  isOver: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function newTicket({ id, state, isCall, isOver }: Step, at: number): Ticket {
  return {
    id,
    provider: 'paint',
    model: 'paint-1',
    host: 'paint.example',
    region: 'world',
    at,
    intent: `intent-${at}`,
    keyPrint: '',
    state,
    mode: isCall ? 'call' : 'job',
    request: { prompt: 'a boat', sent: 'a boat', n: 1 },
    ...(state === 'done' && { expiresAt: isOver ? 1 : 1e14 }),
  };
}

/** Carries out a step in both and compares what they answer. */
async function take(step: Step, at: number, world: World): Promise<void> {
  const { id, what } = step;
  const { model, holders, stores, open } = world;
  const holder = holders.get(id);
  // Only who holds a ticket changes it; whoever comes along deletes one that nobody holds.
  const isTheirs = what === 'put' || what === 'release' || what === 'delete';
  const who = isTheirs ? (holder ?? step.who) : step.who;
  const store = stores[who]!;
  const ticket = newTicket(step, at);
  switch (what) {
    case 'create': {
      // A random id is not made a second time.
      if (/^t-0/.test(id) && world.random.has(id)) return;
      world.random.add(id);
      const isNew = await model.create(ticket);
      expect(await store.create(ticket)).toBe(isNew);
      if (isNew) holders.set(id, who);
      return;
    }
    case 'put':
      if (holder === undefined) return;
      await Promise.all([model.put(ticket), store.put(ticket)]);
      return;
    case 'delete':
      await Promise.all([model.delete(id), store.delete(id)]);
      holders.delete(id);
      return;
    case 'claim': {
      const isMine = await model.claim(id);
      expect(await store.claim(id)).toBe(isMine);
      if (isMine) holders.set(id, who);
      return;
    }
    case 'release':
      if (holder === undefined) return;
      await Promise.all([model.release(id), store.release(id)]);
      holders.delete(id);
      return;
    case 'close':
      await store.close();
      for (const [held, by] of holders) {
        if (by !== who) continue;
        await model.release(held);
        holders.delete(held);
      }
      stores[who] = open();
  }
}

interface World {
  readonly model: ReturnType<typeof memoryTicketStore>;
  readonly holders: Map<string, number>;
  readonly random: Set<string>;
  readonly stores: FileTicketStore[];
  readonly open: () => FileTicketStore;
}

test('whatever three users do, each sees what one store in memory would show', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
    const folder = join(await mkdtemp(join(tmpdir(), 'anyimage-')), 'tickets');
    const told: unknown[] = [];
    const open = () => fileTicketStore(folder, { onNotice: (notice) => told.push(notice) });
    const stores = [open(), open(), open()];
    const world: World = { model: memoryTicketStore(), holders: new Map(), random: new Set(), stores, open };
    for (const [at, one] of steps.entries()) {
      await take(one, at, world);
      const expected = await world.model.list();
      for (const store of world.stores) expect(await store.list()).toEqual(expected);
      expect(await world.stores[one.who]!.get(one.id)).toEqual(await world.model.get(one.id));
    }
    await Promise.all(world.stores.map((store) => store.close()));
    for (const id of world.holders.keys()) await world.model.release(id);
    const left = open();
    expect(await left.list()).toEqual(await world.model.list());
    for (const { id } of await left.list()) await left.delete(id);
    await left.close();
    // What is over is gone from the disk when the next has tidied up, twice at most: once for what it knew, once for itself.
    for (let turn = 0; turn < 2; turn++) {
      const next = open();
      await next.create(newTicket({ ...steps[0]!, id: 't-a', state: 'submitted' }, 0));
      await next.delete('t-a');
      await next.close();
    }
    expect(await readdir(folder)).toEqual([]);
    expect(told).toEqual([]);
  });
  /** Who had a ticket that is over deletes the one that another made of its id. */
  const overtaken: Step[] = [
    { what: 'create', who: 1, id: 't-c', state: 'done', isCall: false, isOver: true },
    { what: 'create', who: 0, id: 't-c', state: 'intended', isCall: false, isOver: false },
    { what: 'close', who: 0, id: 't-c', state: 'intended', isCall: false, isOver: false },
    { what: 'delete', who: 1, id: 't-c', state: 'intended', isCall: false, isOver: false },
  ];
  await fc.assert(property, { numRuns: 30, examples: [[overtaken]] });
}, 120_000);
