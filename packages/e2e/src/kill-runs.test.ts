// A small set of what `kill-runs` and `npm run test:long` do with hundreds.

import { expect, test } from 'vitest';
import { faultsIn, killRuns, tableOf } from './kill-runs.ts';

test.concurrent('programs are killed: what they paid for is a picture with its record, or on a ticket', {
  timeout: 120_000,
}, async () => {
  const results = await killRuns({ seed: 7, runs: 12 });
  expect(faultsIn(results), tableOf(results)).toEqual([]);
});

test.concurrent('disks are full: so is what programs paid for', { timeout: 120_000 }, async () => {
  const results = await killRuns({ seed: 7, runs: 6, by: 'limit' });
  expect(faultsIn(results), tableOf(results)).toEqual([]);
});
