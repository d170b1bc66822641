import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeLeftovers } from './leftovers.ts';
import { partPath } from './write-file.ts';

test('old parts of ended processes go; young ones, those of the living and all other files stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  const { pid: ended } = spawnSync(process.execPath, ['--version']);
  const now = Date.now();
  const old = [`.anyimage-${ended}-0000000a.part`, '.anyimage-boat.part', 'boat.part', '.other-1-0000000a.part'];
  const mine = partPath(folder);
  const young = join(folder, `.anyimage-${ended}-0000000b.part`);
  for (const path of [...old.map((name) => join(folder, name)), mine, young]) await writeFile(path, '');
  for (const path of [...old.map((name) => join(folder, name)), mine]) await utimes(path, 0, now / 1000 - 7200);
  await removeLeftovers(folder, now);
  const left = await readdir(folder);
  expect(left).not.toContain(old[0]);
  expect(left).toHaveLength(5);
});

test('a folder that does not exist is no error', async () => {
  await removeLeftovers(join(tmpdir(), 'anyimage-no-such-folder'), 0);
});
