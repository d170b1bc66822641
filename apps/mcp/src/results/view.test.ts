import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Document } from './tool-result.ts';
import { makeViewFile, readView } from './view.ts';

test.each<[Document, object | undefined]>([
  [{}, undefined],
  [{ size: 'full' }, undefined],
  [{ size: 'Original' }, undefined],
  ...['0 0 100 50', '[0, 0, 100, 50]', 'rect 0,0,100,50', '(0px, 0 px, 100 px, 50)'].map((crop): [Document, object] => [
    { crop },
    { crop: [0, 0, 100, 50].map((amount) => ({ amount, unit: 'px' })) },
  ]),
  [{ size: '512' }, { width: 512, height: 512 }],
  [{ size: 512 }, { width: 512, height: 512 }],
  [
    { size: '800x600', format: 'JPG' },
    { width: 800, height: 600, format: 'jpeg' },
  ],
  [{ format: 'image/webp' }, { format: 'webp' }],
  [
    { crop: '1, 2,3px,50.5%' },
    {
      crop: [
        { amount: 1, unit: 'px' },
        { amount: 2, unit: 'px' },
        { amount: 3, unit: 'px' },
        { amount: 50.5, unit: '%' },
      ],
    },
  ],
])('%o is read as what it means', (given, wanted) => {
  expect(readView(given)).toEqual(wanted);
});

test.each<Document>([
  { size: 'large' },
  { size: '0' },
  { size: '20000' },
  { crop: '1,2,3' },
  { crop: '1,2,0,4' },
  { crop: '1,2,3,4,5' },
  { crop: '-1,2,3,4' },
  { crop: '0.25,0,0.5,1' },
  { format: 'gif' },
  { size: '9'.repeat(5000) },
])('%o is refused with what it takes', (given) => {
  expect(() => readView(given)).toThrow(
    expect.objectContaining({ code: 'invalid-request', hint: expect.stringMatching(/^Give /) }),
  );
});

/** Left half red, right half blue, transparent below. */
async function picture(): Promise<{ readonly path: string; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-view-'));
  const path = join(folder, 'flag.png');
  const half = (background: string) => sharp({ create: { width: 100, height: 50, channels: 4, background } }).png();
  const both = await Promise.all([half('#f00').toBuffer(), half('#00f').toBuffer()]);
  await sharp({ create: { width: 200, height: 100, channels: 4, background: '#0000' } })
    .composite(both.map((input, at) => ({ input, left: at * 100, top: 0 })))
    .png()
    .toFile(path);
  return { path, folder };
}

async function firstPixel(path: string): Promise<number[]> {
  return [...(await sharp(path).ensureAlpha().raw().toBuffer()).subarray(0, 4)];
}

test('a part of a picture, smaller and in another format, is a file of its own', async () => {
  const { path, folder } = await picture();
  const views = join(folder, 'views');
  const part = await makeViewFile(path, readView({ crop: '50%,0,50%,50%', size: '40' })!, views);
  expect(part).toMatchObject({
    width: 40,
    height: 20,
    mediaType: 'image/png',
    path: join(views, 'flag-at-50pc-0-40x20.png'),
  });
  expect(await firstPixel(part.path)).toEqual([0, 0, 255, 255]);
  const jpeg = await makeViewFile(path, { format: 'jpeg', crop: readView({ crop: '0,60,10,10' })!.crop! }, views);
  expect(jpeg).toMatchObject({ width: 10, height: 10, mediaType: 'image/jpeg' });
  // White, where there was nothing.
  expect((await firstPixel(jpeg.path)).every((shade) => shade > 250)).toBe(true);
  await makeViewFile(path, { format: 'jpeg', crop: readView({ crop: '0,60,10,10' })!.crop! }, views);
  expect(await readdir(views)).toEqual(['flag-at-0-60-10x10.jpg', 'flag-at-50pc-0-40x20.png']);
});

test('nothing is enlarged or distorted, and a part outside is refused', async () => {
  const { path, folder } = await picture();
  expect(await makeViewFile(path, { width: 4000, height: 4000 }, folder)).toMatchObject({ width: 200, height: 100 });
  expect(await makeViewFile(path, { width: 50, height: 50 }, folder)).toMatchObject({ width: 50, height: 25 });
  await expect(makeViewFile(path, readView({ crop: '200,0,10,10' })!, folder)).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('200x100'),
  });
});
