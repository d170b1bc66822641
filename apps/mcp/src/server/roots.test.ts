import { expect, test } from 'vitest';
import { rootFolders } from './roots.ts';

test.each([
  ['file:///home/me/pictures', ['/home/me/pictures']],
  ['file:///home/me/a%20b', ['/home/me/a b']],
  ['file://localhost/home/me', ['/home/me']],
  ['file://server/share', []],
  ['file:////server/share', []],
  ['file:///home%2Fme', []],
  ['https://example.com/', []],
  ['vscode-remote://ssh-remote+box/home/me', []],
  ['untitled:', []],
  ['/home/me', []],
  ['not a uri', []],
  ['', []],
  [undefined, []],
  [5, []],
])('the root %j', (uri, folders) => {
  expect(rootFolders({ roots: [{ uri }, { uri: 'file:///other', name: 'x' }] })).toEqual([...folders, '/other']);
});

test.each([undefined, null, 5, {}, { roots: null }, { roots: {} }, { roots: [null, 5, 'file:///x'] }])(
  'an answer that is none gives no folder: %j',
  (answer) => {
    expect(rootFolders(answer)).toEqual([]);
  },
);
