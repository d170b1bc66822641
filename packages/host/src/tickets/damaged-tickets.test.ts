// Tickets on disk that were edited or damaged: the others are read, and each can be shown, claimed and dropped.

import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ticketDocument } from '../pictures/result-document.ts';
import type { Notice } from '../text/notice.ts';
import { fileTicketStore } from './ticket-store.ts';

const whole = {
  id: 't-1',
  provider: 'paint',
  model: 'paint-1',
  host: 'paint.example',
  region: 'world',
  at: 1_764_000_000_000,
  intent: 'intent-0',
  keyPrint: '',
  state: 'delivered',
  request: { prompt: 'a boat', sent: 'a boat', n: 1 },
  outputs: [{ url: 'https://paint.example/a.png' }],
};

const value = fc.constantFrom(
  null,
  1e300,
  -1,
  1e9,
  '',
  'x',
  [],
  {},
  [null],
  true,
  { n: 1e9 },
  [{ url: 7 }],
  '2026-11-29',
);
const damages = fc.array(
  fc.tuple(fc.constantFrom(...Object.keys(whole), 'service', 'cost', 'place', 'expiresAt'), value),
  {
    maxLength: 3,
  },
);

test('whatever tickets say, in files and journals, all others are listed, and each that is listed can be dropped', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(damages, { minLength: 1, maxLength: 6 }), async (all) => {
      const folder = join(await mkdtemp(join(tmpdir(), 'anyimage-')), 'tickets');
      await mkdir(folder);
      const lines = [JSON.stringify({ journal: 1 })];
      for (const [index, changes] of all.entries()) {
        const one = {
          ...whole,
          ...Object.fromEntries(changes),
          ...(changes.some(([key]) => key === 'id') ? {} : { id: `t-${index}` }),
        };
        if (index % 2) await writeFile(join(folder, `t-${index}.json`), JSON.stringify(one));
        else lines.push(JSON.stringify({ seq: 1, at: 1, put: one }));
      }
      lines.push(JSON.stringify({ seq: 1, at: 1, put: { ...whole, id: 't-good' } }));
      await writeFile(join(folder, 'other.journal'), `${lines.join('\n')}\n`);
      const notices: Notice[] = [];
      const store = fileTicketStore(folder, { onNotice: (notice) => notices.push(notice) });
      const listed = await store.list();
      expect(listed.map(({ id }) => id)).toContain('t-good');
      for (const ticket of listed) {
        expect(JSON.parse(JSON.stringify(ticketDocument(ticket)))).toMatchObject({ id: ticket.id });
        expect(new Date(ticket.at).toISOString()).toBeTruthy();
        expect(await store.claim(ticket.id)).toBe(true);
        await store.delete(ticket.id);
      }
      expect(await store.list()).toEqual([]);
      await store.close();
      // What is no ticket is told, and stays.
      for (const notice of notices) {
        if (notice.kind === 'ticket-damaged') expect(await readFile(notice.path, 'utf8')).toBeTruthy();
      }
      expect(await readdir(folder)).toBeDefined();
    }),
    { numRuns: 40 },
  );
});

test('a ticket with a picture that is nowhere any more is listed by others, too', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'anyimage-')), 'tickets');
  const maker = fileTicketStore(folder);
  const lost = {
    ...whole,
    state: 'delivered',
    outputs: [{ url: 'https://paint.example/a.png' }, { index: 1 }],
  } as const;
  await maker.create(lost);
  const other = fileTicketStore(folder);
  expect(await other.list()).toEqual([lost]);
  await other.close();
  await maker.close();
});
