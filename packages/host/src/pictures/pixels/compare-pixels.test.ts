import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { comparePixels } from './compare-pixels.ts';

const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));

/** A picture of 10x10 px that is grey but for its first rows. */
async function picture(name: string, rows: number, shade: number, size = 10): Promise<string> {
  const pixels = Buffer.alloc(size * size * 3, 100);
  pixels.fill(shade, 0, rows * size * 3);
  const path = join(folder, name);
  const raw = { width: size, height: size, channels: 3 } as const;
  await sharp(pixels, { raw }).toFile(path);
  return path;
}

test('the share of pixels that look otherwise is counted, and they are marked', async () => {
  const [plain, half] = [await picture('plain.png', 0, 0), await picture('half.png', 5, 200)];
  const found = await comparePixels(plain, half);
  expect(found).toMatchObject({ width: 10, height: 10, changed: 0.5 });
  const { data, info } = await sharp(await found.marked())
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 10, height: 10 });
  expect([...data.subarray(0, 3)]).toEqual([0xd6, 0x1f, 0x69]);
  expect(new Set(data.subarray(-3)).size).toBe(1);
});

test('what nobody sees is no difference', async () => {
  expect(await comparePixels(await picture('a.png', 0, 0), await picture('b.png', 10, 105))).toMatchObject({
    changed: 0,
  });
  expect(await comparePixels(await picture('c.png', 3, 180), await picture('c.jpg', 3, 180))).toMatchObject({
    changed: expect.closeTo(0, 1),
  });
});

test('pictures of other sizes are not compared, nor is what is no picture in pixels', async () => {
  const plain = await picture('plain.png', 0, 0);
  await expect(comparePixels(plain, await picture('large.png', 0, 0, 12))).rejects.toThrow('10x10 and 12x12');
  const drawing = join(folder, 'drawing.svg');
  await writeFile(drawing, '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>');
  await expect(comparePixels(plain, drawing)).rejects.toThrow('drawing.svg is no whole picture');
});
