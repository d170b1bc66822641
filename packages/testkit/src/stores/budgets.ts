// What every `Budget` does.

import assert from 'node:assert/strict';
import type { Budget, SpendingLimits } from '@anyimage/core';
import type { StoreCase } from './store-case.ts';

const price = (amount: number, currency = 'EUR') => ({ amount, currency, estimated: true });

function ask(amount: number | null, currency?: string) {
  return { model: 'paint/paint-1', intent: 'intent', cost: amount === null ? null : price(amount, currency) };
}

/** What the refusal says stands in the way. */
async function limitOf(refused: Promise<unknown>): Promise<unknown> {
  const error = await refused.then(
    () => assert.fail('it was not refused'),
    (reason) => reason,
  );
  assert.equal(error.code, 'budget');
  assert.ok(error.hint, 'the refusal does not say what to do');
  return error.details.limit;
}

const spent = (amount: number | null, mayHaveBeenBilled = false) => ({
  costs: amount === null ? [] : [price(amount)],
  mayHaveBeenBilled,
});

/** The handles of one store are budgets over one book. */
export const budgetCases: readonly StoreCase<Budget, SpendingLimits>[] = [
  ...(['perCall', 'perRun', 'perDay'] as const).map(
    (limit): StoreCase<Budget, SpendingLimits> => ({
      id: `to-the-cent-${limit}`,
      title: `${limit} holds to the cent: as much as allowed, and no more`,
      async run(open) {
        const budget = await open({ currency: 'EUR', [limit]: 0.5 });
        if (limit !== 'perCall') await budget.reserve(ask(0.2));
        const rest = limit === 'perCall' ? 0.5 : 0.3;
        assert.equal(await limitOf(budget.reserve(ask(rest + 0.01))), limit);
        await budget.reserve(ask(rest));
        if (limit !== 'perCall') assert.equal(await limitOf(budget.reserve(ask(0.01))), limit);
      },
    }),
  ),
  {
    id: 'check-notes-nothing',
    title: 'a check refuses what a reservation would, and notes nothing',
    async run(open) {
      const budget = await open({ currency: 'EUR', perDay: 1 });
      for (let time = 0; time < 3; time++) await budget.check(ask(1));
      assert.equal(await limitOf(budget.check(ask(1.01))), 'perDay');
      await budget.reserve(ask(0.6));
      assert.equal(await limitOf(budget.check(ask(0.5))), 'perDay');
      await budget.check(ask(0.4));
    },
  },
  {
    id: 'settling-currencies',
    title: 'what was spent in several currencies counts in full, and what has no rate as much as was reserved',
    async run(open) {
      const budget = await open({ currency: 'EUR', perDay: 1, rates: { USD: 0.9, CNY: 0.1 } });
      const both = { costs: [price(0.2), price(0.1, 'USD'), price(1, 'CNY')], mayHaveBeenBilled: false };
      await (await budget.reserve(ask(0.1))).settle(both);
      await budget.check(ask(0.61));
      assert.equal(await limitOf(budget.check(ask(0.62))), 'perDay');
      const foreign = { costs: [price(0.2), price(1, 'JPY')], mayHaveBeenBilled: false };
      const reservation = await budget.reserve(ask(0.3));
      assert.equal(await limitOf(reservation.settle(foreign)), 'rates');
      await budget.check(ask(0.31));
      assert.equal(await limitOf(budget.check(ask(0.32))), 'perDay');
    },
  },
  {
    id: 'settling',
    title: 'what was not spent is given back, what was dearer counts, and what may have been billed stays',
    async run(open) {
      const budget = await open({ currency: 'EUR', perDay: 1 });
      await (await budget.reserve(ask(1))).settle(spent(null));
      await (await budget.reserve(ask(1))).settle(spent(0.2));
      await (await budget.reserve(ask(0.1))).settle(spent(0.3));
      await (await budget.reserve(ask(0.1))).settle(spent(0.05, true));
      await (await budget.reserve(ask(0.1))).settle(spent(null, true));
      await (await budget.reserve(ask(0.1))).settle(spent(0.2, true));
      assert.equal(await limitOf(budget.check(ask(0.11))), 'perDay');
      await budget.check(ask(0.1));
    },
  },
  {
    id: 'unsettled-counts',
    title: 'what was reserved and never settled stays counted, for everybody',
    async run(open) {
      const limits = { currency: 'EUR', perDay: 1 };
      const [one, other] = [await open(limits), await open(limits)];
      await one.reserve(ask(0.7));
      assert.equal(await limitOf(other.reserve(ask(0.4))), 'perDay');
      await other.reserve(ask(0.3));
      assert.equal(await limitOf(one.check(ask(0.01))), 'perDay');
    },
  },
  {
    id: 'spending-race',
    title: 'of many that spend at the same time, no more do than the day allows',
    async run(open) {
      const limits = { currency: 'EUR', perDay: 1 };
      const budgets = [await open(limits), await open(limits), await open(limits)];
      const asked = Array.from({ length: 30 }, (_, index) => budgets[index % 3]!.reserve(ask(0.05)));
      const answers = await Promise.allSettled(asked);
      assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 20);
    },
  },
  {
    id: 'unknown-price',
    title: 'an unknown price is refused, and what is free never is',
    async run(open) {
      const budget = await open({ currency: 'EUR', perDay: 0 });
      assert.equal(await limitOf(budget.check(ask(null))), 'allowUnknown');
      assert.equal(await limitOf(budget.reserve(ask(null))), 'allowUnknown');
      await budget.reserve(ask(0));
      await budget.reserve(ask(0, 'USD'));
    },
  },
  {
    id: 'allowed-unknown',
    title: 'an unknown price that is allowed counts when it is known',
    async run(open) {
      const budget = await open({ currency: 'EUR', perDay: 1, allowUnknown: true });
      await (await budget.reserve(ask(null))).settle(spent(0.8));
      await budget.reserve(ask(null));
      assert.equal(await limitOf(budget.reserve(ask(0.3))), 'perDay');
    },
  },
  {
    id: 'other-currencies',
    title: 'other currencies count by their rate, and are refused without one',
    async run(open) {
      const budget = await open({ currency: 'EUR', perDay: 1, rates: { CNY: 0.12 } });
      await budget.reserve(ask(8, 'CNY'));
      assert.equal(await limitOf(budget.reserve(ask(1, 'CNY'))), 'perDay');
      assert.equal(await limitOf(budget.reserve(ask(0.01, 'USD'))), 'rates');
      await budget.reserve(ask(0.04));
    },
  },
];
