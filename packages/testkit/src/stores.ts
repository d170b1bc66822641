// What every store of tickets, budget and store of limits does, whoever wrote it: cases for any test runner.
//
//     for (const { id, title, run } of ticketStoreCases) test(`${title} (${id})`, () => run(open));

export { budgetCases } from './stores/budgets.ts';
export { limitStoreCases } from './stores/limits.ts';
export type { OpenStore, StoreCase } from './stores/store-case.ts';
export { ticketStoreCases } from './stores/tickets.ts';
