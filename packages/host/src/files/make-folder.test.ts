import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder, makeFolderNow } from './make-folder.ts';

const here = mkdtempSync(join(tmpdir(), 'folders-'));
const ways = {
  waiting: makeFolder,
  'at once': async (path: string, mode?: number) => makeFolderNow(path, mode),
};

test.each(Object.entries(ways))(
  'a folder is made with those above it, and is made again without harm: %s',
  async (way, make) => {
    const path = join(here, way, 'b', 'c');
    await make(path, 0o700);
    await make(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  },
);

test.each(Object.entries(ways))('a file in its place, and one on the way, is told as such: %s', async (way, make) => {
  const file = join(here, `file ${way}`);
  writeFileSync(file, '');
  await expect(make(file)).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(make(join(file, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test.runIf(process.platform === 'linux').each(Object.entries(ways))(
  'where no folder can be made it ends: %s',
  async (_, make) => {
    await expect(make('/proc/x/y')).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
