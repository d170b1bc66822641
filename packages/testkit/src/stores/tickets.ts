// What every `TicketStore` does.

import assert from 'node:assert/strict';
import type { Ticket, TicketStore } from '@anyimage/core';
import type { OpenStore, StoreCase } from './store-case.ts';

const inAnHour = () => Date.now() + 3_600_000;

function newTicket(id: string, facts: Partial<Ticket> = {}): Ticket {
  return {
    id,
    provider: 'paint',
    model: 'paint-1',
    host: 'paint.example',
    region: 'world',
    at: 1,
    intent: `intent-${id}`,
    keyPrint: 'abc',
    state: 'submitted',
    mode: 'job',
    request: { prompt: 'a boat', sent: 'a boat', n: 1 },
    ...facts,
  };
}

const uncertain: Partial<Ticket> = { uncertain: true };
const two = async (open: OpenStore<TicketStore>) => [await open(), await open()] as const;
const idsIn = async (store: TicketStore) => (await store.list()).map(({ id }) => id);
const count = (answers: readonly boolean[]) => answers.filter(Boolean).length;

export const ticketStoreCases: readonly StoreCase<TicketStore>[] = [
  {
    id: 'create-once',
    title: 'a second ticket of an id is refused, and the first stays as it is',
    async run(open) {
      const [one, other] = await two(open);
      assert.equal(await one.create(newTicket('t-a')), true);
      assert.equal(await one.create(newTicket('t-a', { model: 'paint-2' })), false);
      assert.equal(await other.create(newTicket('t-a', { model: 'paint-2' })), false);
      assert.deepEqual(await other.get('t-a'), newTicket('t-a'));
    },
  },
  {
    id: 'create-race',
    title: 'of many that make a ticket of one id at the same time, one does',
    async run(open) {
      const stores = [...(await two(open)), ...(await two(open))];
      const answers = await Promise.all(
        [...stores, ...stores].map((store, index) => store.create(newTicket('t-a', { at: index }))),
      );
      assert.equal(count(answers), 1);
      assert.equal((await stores[0]!.get('t-a'))!.at, answers.indexOf(true));
    },
  },
  {
    id: 'put',
    title: 'what is put is what is there, for everybody, to the letter',
    async run(open) {
      const [one, other] = await two(open);
      const words = {
        prompt: 'a "boat"\n\u2028 船 🚤',
        sent: '',
        n: 2,
        size: { width: 1, height: 2 },
        list: [null, true],
      };
      const ticket = newTicket('t-a', { request: words, service: { job: 'j-1', urls: ['a', 'b'] } });
      await one.create(newTicket('t-a'));
      await one.put(ticket);
      assert.deepEqual(await one.get('t-a'), ticket);
      assert.deepEqual(await other.get('t-a'), ticket);
      assert.deepEqual(await other.list(), [ticket]);
      assert.equal(await other.get('t-b'), undefined);
    },
  },
  {
    id: 'oldest-first',
    title: 'tickets are listed oldest first, those of one moment by their ids',
    async run(open) {
      const [one, other] = await two(open);
      for (const [store, id, at] of [
        [one, 't-b', 2],
        [other, 't-a', 3],
        [one, 't-d', 1],
        [other, 't-c', 1],
      ] as const) {
        await store.create(newTicket(id, { at }));
      }
      assert.deepEqual(await idsIn(one), ['t-c', 't-d', 't-b', 't-a']);
    },
  },
  {
    id: 'pages',
    title: 'pages show each ticket once, also while others come and go between them',
    async run(open) {
      const [one, other] = await two(open);
      for (let at = 10; at < 20; at++) await one.create(newTicket(`t-${at}`, { at }));
      const seen: string[] = [];
      let after: Ticket | undefined;
      for (let page = 0; ; page++) {
        const tickets = await other.list({ limit: 3, ...(after && { after }) });
        seen.push(...tickets.map(({ id }) => id));
        after = tickets.at(-1);
        if (!after) break;
        assert.ok(tickets.length <= 3, 'a page is longer than asked for');
        if (page === 0) {
          await one.delete(after.id);
          await one.delete('t-15');
          await one.create(newTicket('t-05', { at: 5 }));
          await other.create(newTicket('t-25', { at: 25 }));
        }
      }
      assert.deepEqual(seen, ['t-10', 't-11', 't-12', 't-13', 't-14', 't-16', 't-17', 't-18', 't-19', 't-25']);
    },
  },
  {
    id: 'delete',
    title: 'a deleted ticket is gone for everybody; deleting it again, or one that there never was, is no error',
    async run(open) {
      const [one, other] = await two(open);
      await one.create(newTicket('t-a'));
      await one.create(newTicket('t-b'));
      await one.delete('t-a');
      await one.release('t-b');
      await other.delete('t-b');
      for (const store of [one, other]) {
        for (const id of ['t-a', 't-b', 't-c']) {
          await store.delete(id);
          assert.equal(await store.get(id), undefined);
          assert.equal(await store.claim(id), false);
        }
        assert.deepEqual(await store.list(), []);
      }
    },
  },
  {
    id: 'create-after-delete',
    title: 'the id of a deleted ticket may be used again, by whoever comes first',
    async run(open) {
      const [one, other] = await two(open);
      for (let at = 0; at < 3; at++) {
        for (const [maker, remover] of [
          [one, other],
          [other, one],
          [one, one],
        ] as const) {
          assert.equal(await maker.create(newTicket('t-a', { at })), true);
          assert.equal((await remover.get('t-a'))?.at, at);
          await maker.release('t-a');
          await remover.delete('t-a');
          assert.equal(await maker.get('t-a'), undefined);
        }
      }
    },
  },
  {
    id: 'maker-holds',
    title: 'who makes a ticket holds it until it lets go of it',
    async run(open) {
      const [one, other] = await two(open);
      await one.create(newTicket('t-a'));
      assert.equal(await other.claim('t-a'), false);
      assert.equal(await one.claim('t-a'), false);
      await one.put(newTicket('t-a', { state: 'delivered' }));
      assert.equal(await other.claim('t-a'), false);
      await one.release('t-a');
      assert.equal(await other.claim('t-a'), true);
      assert.equal(await one.claim('t-a'), false);
      await other.put(newTicket('t-a', { model: 'paint-2' }));
      assert.equal((await one.get('t-a'))?.model, 'paint-2');
      await other.delete('t-a');
      assert.equal(await one.get('t-a'), undefined);
    },
  },
  {
    id: 'claim-race',
    title: 'of many that claim a ticket at the same time, one gets it; each time anew',
    async run(open) {
      const stores = [...(await two(open)), ...(await two(open))];
      await stores[0]!.create(newTicket('t-a'));
      let holder = stores[0]!;
      for (let round = 0; round < 3; round++) {
        await holder.release('t-a');
        const answers = await Promise.all([...stores, ...stores].map((store) => store.claim('t-a')));
        assert.equal(count(answers), 1);
        holder = stores[answers.indexOf(true) % stores.length]!;
      }
      await holder.put(newTicket('t-a', { state: 'delivered' }));
      assert.equal((await stores[1]!.get('t-a'))?.state, 'delivered');
    },
  },
  {
    id: 'release',
    title: 'letting go changes nothing else, and of what is not held it does nothing',
    async run(open) {
      const [one, other] = await two(open);
      await one.create(newTicket('t-a'));
      await one.release('t-a');
      await one.release('t-a');
      await one.release('t-b');
      assert.deepEqual(await other.get('t-a'), newTicket('t-a'));
      assert.deepEqual(await other.list(), [newTicket('t-a')]);
    },
  },
  {
    id: 'uncertain',
    title: 'what was to be sent is uncertain once its maker let go of it, and stays so',
    async run(open) {
      const [one, other] = await two(open);
      const ticket = newTicket('t-a', { state: 'intended', mode: 'call' });
      await one.create(ticket);
      assert.deepEqual(await other.get('t-a'), ticket);
      assert.deepEqual(await other.list(), [ticket]);
      await one.release('t-a');
      const left = { ...ticket, ...uncertain };
      assert.deepEqual([await one.get('t-a'), await other.list()], [left, [left]]);
      assert.equal(await other.claim('t-a'), true);
      assert.deepEqual([await other.get('t-a'), await one.list()], [left, [left]]);
    },
  },
  {
    id: 'done',
    title: 'a mark of done work stays until its time is over; then its id is free',
    async run(open) {
      const [one, other] = await two(open);
      const mark = newTicket('t-a', {
        state: 'done',
        outputs: [{ mediaType: 'image/png', index: 0 }],
        expiresAt: inAnHour(),
      });
      await one.create(newTicket('t-a'));
      await one.put(mark);
      await one.release('t-a');
      assert.deepEqual(await other.get('t-a'), mark);
      assert.equal(await other.create(newTicket('t-a')), false);
      assert.equal(await other.claim('t-a'), true);
      await other.put({ ...mark, expiresAt: Date.now() - 1 });
      await other.release('t-a');
      for (const store of [one, other]) assert.deepEqual([await store.get('t-a'), await store.list()], [undefined, []]);
      assert.equal(await one.claim('t-a'), false);
      assert.equal(await one.create(newTicket('t-a')), true);
      assert.deepEqual(await other.list(), [newTicket('t-a')]);
    },
  },
  {
    id: 'expired-urls',
    title: 'a ticket whose pictures have expired is still there',
    async run(open) {
      const [one, other] = await two(open);
      const ticket = newTicket('t-a', {
        state: 'delivered',
        outputs: [{ url: 'https://paint.example/1.png' }],
        expiresAt: 1,
      });
      await one.create(newTicket('t-a'));
      await one.put(ticket);
      assert.deepEqual(await other.list(), [ticket]);
    },
  },
];
