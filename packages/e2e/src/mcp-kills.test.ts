// A small set of what `mcp-kills` does with hundreds.

import { expect, test } from 'vitest';
import { faultsIn, mcpKills, tableOf } from './mcp-kills.ts';

test('clients give up and servers end: each request is sent once, and its picture or its ticket is there', {
  timeout: 120_000,
}, async () => {
  const results = await mcpKills({ seed: 7, runs: 8, atOnce: 2 });
  expect(faultsIn(results), tableOf(results)).toEqual([]);
});
