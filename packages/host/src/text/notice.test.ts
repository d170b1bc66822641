import { expect, test } from 'vitest';
import { type Notice, noticeText } from './notice.ts';

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
