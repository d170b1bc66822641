import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeContactSheet } from './contact-sheet.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function plain(name: string, colour: string, width: number, height: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(
    path,
    await sharp({ create: { width, height, channels: 3, background: colour } })
      .png()
      .toBuffer(),
  );
  return path;
}

test('pictures of any shape stand side by side, each in its place, and one that is missing is a box', async () => {
  const wide = await plain('wide.png', '#ff0000', 200, 100);
  const high = await plain('high.png', '#0000ff', 100, 300);
  const sheet = await makeContactSheet(
    [
      { path: wide, label: ['one/one', '1.2 s · free'] },
      { path: high, label: ['two/two', `<&> "\u0001${'x'.repeat(500)}`] },
      { label: ['three/three', 'it was refused'] },
    ],
    { side: 100 },
  );
  expect(sheet).toMatchObject({ width: 16 + 3 * 116, height: 16 + 100 + 64 + 16, isLabelled: true });
  const { data, info } = await sharp(sheet.bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  expect(info).toMatchObject({ channels: 3, width: sheet.width, height: sheet.height });
  // Each stands on the line above its label.
  expect(at(16 + 50, 16 + 75)).toEqual([255, 0, 0]);
  expect(at(16 + 50, 16 + 25)).toEqual([255, 255, 255]);
  expect(at(16 + 116 + 50, 16 + 50)).toEqual([0, 0, 255]);
  expect(at(16 + 232 + 50, 16 + 50)).toEqual([0xf4, 0xf4, 0xf4]);
  const label = await sharp(sheet.bytes).extract({ left: 16, top: 116, width: 100, height: 64 }).stats();
  expect(label.channels[0]!.min).toBeLessThan(120);
});

test('more than four stand in rows', async () => {
  const path = await plain('one.png', '#00ff00', 8, 8);
  const tiles = Array.from({ length: 7 }, () => ({ path, label: ['a', 'b'] as const }));
  expect(await makeContactSheet(tiles, { side: 64 })).toMatchObject({ width: 16 + 3 * 80, height: 16 + 3 * 144 });
});

test('a picture that cannot be read is told', async () => {
  const path = join(folder, 'none.png');
  await writeFile(path, 'no picture');
  await expect(makeContactSheet([{ path, label: ['a', 'b'] }])).rejects.toThrow();
});
