// The promises of a store of tickets, kept in memory and on disk.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryTicketStore } from '@anyimage/core';
import { ticketStoreCases } from '@anyimage/testkit/stores';
import { describe, onTestFinished, test } from 'vitest';
import { fileTicketStore } from './ticket-store.ts';

describe.each([
  ['in memory', memory],
  ['on disk', onDisk],
])('a store of tickets %s', (_, begin) => {
  test.each(ticketStoreCases.map((one) => [one.title, one.id, one] as const))('%s (%s)', async (_, __, { run }) => {
    await run(await begin());
  });
});

async function memory() {
  const store = memoryTicketStore();
  return () => store;
}

async function onDisk() {
  const folder = join(await mkdtemp(join(tmpdir(), 'anyimage-')), 'tickets');
  return () => {
    const store = fileTicketStore(folder);
    onTestFinished(() => store.close());
    return store;
  };
}
