import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { storageError } from './storage-error.ts';

const home = join('/', 'home-of-anyimage');

beforeEach(() => vi.stubEnv('ANYIMAGE_HOME', home));
afterEach(() => vi.unstubAllEnvs());

function hintOf(code: string, path: string): string | undefined {
  return storageError(Object.assign(new Error('no'), { code }), 'write it', path).hint;
}

test.each(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'])(
  'a home folder that fails with %s is to be another',
  (code) => {
    const hint = 'Set ANYIMAGE_HOME to a folder that you may write to and try again.';
    expect(hintOf(code, home)).toBe(hint);
    expect(hintOf(code, join(home, 'config.json'))).toBe(hint);
  },
);

test('any other folder is chosen where it is named', () => {
  expect(hintOf('ENOTDIR', join('/', 'pictures', 'a.png'))).toBe('Choose another folder and try again.');
  expect(hintOf('ENOSPC', join(home, 'config.json'))).toBe('Free some space and try again.');
});
