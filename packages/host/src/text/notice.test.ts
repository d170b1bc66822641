import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fileTicketStore } from '../tickets/ticket-store.ts';
import { type Notice, noticeText, type OnNotice } from './notice.ts';

const [path, reason] = ['/home/me/a file', 'a reason'];

test.each<[Notice, 'note' | 'warning', string]>([
  [
    { kind: 'index-rebuilt', path, reason: 'was damaged' },
    'note',
    'the index of the history was damaged; it is made anew',
  ],
  [{ kind: 'index-busy', path }, 'note', 'waiting for another program'],
  [{ kind: 'picture-skipped', path, reason }, 'warning', 'the history cannot hold /home/me/a file: a reason'],
  [
    { kind: 'ticket-damaged', path, reason },
    'warning',
    '/home/me/a file is no ticket (a reason); it was left as it is',
  ],
  [{ kind: 'key-refused', name: 'PAINT_KEY', reason }, 'warning', 'the keychain did not give PAINT_KEY: a reason'],
])('%j is a %s: %s', (notice, level, text) => {
  expect(noticeText(notice)).toEqual({ level, text: expect.stringContaining(text) });
});

test.each<[how: string, fail: () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no'))],
])('a listener that %s ends neither what it listens to nor the process', async (_, fail) => {
  const unheard: unknown[] = [];
  const note = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  await writeFile(join(folder, 't-1.json'), 'no ticket');
  const store = fileTicketStore(folder, { onNotice: fail as OnNotice });
  expect(await store.list()).toEqual([]);
  await store.close();
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  expect(unheard).toEqual([]);
});
