import { mkdir, mkdtemp, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clearViews } from './view-folder.ts';

const day = 86_400_000;
const now = 1_000 * day;
const room = { age: 30 * day, bytes: 100, files: 1000 };

/** A folder with files of so many days and bytes. */
async function folderWith(files: Readonly<Record<string, readonly [days: number, bytes: number]>>) {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-views-'));
  for (const [name, [days, bytes]] of Object.entries(files)) {
    await writeFile(join(folder, name), 'x'.repeat(bytes));
    await utimes(join(folder, name), (now - days * day) / 1000, (now - days * day) / 1000);
  }
  return { folder, names: async () => (await readdir(folder)).sort() };
}

test('old views go, and the oldest of too many; what is no view stays', async () => {
  const { folder, names } = await folderWith({
    'boat-512x512.png': [1, 40],
    'boat-at-0-0-300x200.jpg': [2, 40],
    'cat-512x512.webp': [3, 40],
    'old-512x512.png': [31, 1],
    'old-512x512.png.77.part': [31, 1],
    'my own picture.png': [900, 500],
    'notes-512x512.txt': [900, 500],
  });
  await mkdir(join(folder, 'folder-1x1.png'));
  await symlink('/etc/hosts', join(folder, 'link-1x1.png'));
  expect(await clearViews(folder, now, room)).toBe(3);
  expect(await names()).toEqual([
    'boat-512x512.png',
    'boat-at-0-0-300x200.jpg',
    'folder-1x1.png',
    'link-1x1.png',
    'my own picture.png',
    'notes-512x512.txt',
  ]);
  expect(await clearViews(folder, now, room)).toBe(0);
});

test('no more files are looked at than are allowed', async () => {
  const { folder, names } = await folderWith(
    Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}-1x1.png`, [40, 1] as const])),
  );
  expect(await clearViews(folder, now, { ...room, files: 8 })).toBe(8);
  expect(await names()).toHaveLength(12);
});

test('a folder that is not there is cleared, and one that is a file is told', async () => {
  const { folder } = await folderWith({ 'a-1x1.png': [1, 1] });
  expect(await clearViews(join(folder, 'none'), now)).toBe(0);
  await expect(clearViews(join(folder, 'a-1x1.png'), now)).rejects.toThrow('ENOTDIR');
});
