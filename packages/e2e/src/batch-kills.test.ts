// A small set of what `batch-kills` does with hundreds of rows.

import { expect, test } from 'vitest';
import { batchKills, faultsOf, summaryOf } from './batch-kills.ts';

test('a batch is killed and its services fail: each row is a picture, refused or uncertain, and none is sent twice', {
  timeout: 120_000,
}, async () => {
  const batch = await batchKills({ seed: 11, rows: 36, kills: 2 });
  expect(faultsOf(batch), summaryOf(batch)).toEqual([]);
  expect(batch.killed).toBeGreaterThan(0);
});
