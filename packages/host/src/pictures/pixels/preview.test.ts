import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { makePreview, makeView } from './preview.ts';

async function fileOf(picture: Sharp): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'anyimage-preview-')), 'picture');
  await writeFile(path, await picture.toBuffer());
  return path;
}

function plain(width: number, height: number, alpha = 1) {
  return sharp({ create: { width, height, channels: 4, background: { r: 200, g: 40, b: 40, alpha } } });
}

/** The hardest picture to make small. */
function noise(width: number, height: number) {
  return sharp({
    create: { width, height, channels: 3, background: 'black', noise: { type: 'gaussian', mean: 128, sigma: 80 } },
  });
}

function factsOf({ data }: { readonly data: string }) {
  return sharp(Buffer.from(data, 'base64')).metadata();
}

test('the longest side is at most 512 px and the shape stays', async () => {
  const preview = await makePreview(await fileOf(plain(2048, 1024).png()));
  expect(preview.mimeType).toBe('image/jpeg');
  expect(await factsOf(preview)).toMatchObject({ format: 'jpeg', width: 512, height: 256 });
});

test('a small picture is not enlarged', async () => {
  expect(await factsOf(await makePreview(await fileOf(plain(64, 32).png())))).toMatchObject({ width: 64, height: 32 });
});

test('transparency stays', async () => {
  const preview = await makePreview(await fileOf(plain(600, 600, 0.5).png()));
  expect(preview.mimeType).toBe('image/webp');
  expect(await factsOf(preview)).toMatchObject({ format: 'webp', width: 512, hasAlpha: true });
});

test('a picture that does not compress becomes smaller until it fits', async () => {
  const path = await fileOf(noise(1024, 1024).png());
  const preview = await makePreview(path, { maxLength: 20_000 });
  expect(preview.data.length).toBeLessThanOrEqual(20_000);
  expect((await factsOf(preview)).width).toBeLessThan(512);
});

test('the impossible ends with the smallest there is', async () => {
  const preview = await makePreview(await fileOf(noise(256, 256).png()), { maxLength: 10 });
  expect((await factsOf(preview)).width).toBeLessThanOrEqual(64);
});

test('a picture that lies on its side is turned', async () => {
  const path = await fileOf(plain(800, 400).jpeg().withMetadata({ orientation: 6 }));
  const facts = await factsOf(await makePreview(path));
  expect(facts).toMatchObject({ width: 256, height: 512 });
  expect(facts.orientation ?? 1).toBe(1);
});

test('what is no picture is rejected', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'anyimage-preview-')), 'text.png');
  await writeFile(path, 'no picture');
  await expect(makePreview(path)).rejects.toThrow();
});

test.each(['png', 'webp'] as const)(
  'a preview is %s where that is asked for, and as short as may be',
  async (format) => {
    const preview = await makePreview(await fileOf(noise(1200, 800).png()), { format, maxLength: 60_000 });
    expect(preview.mimeType).toBe(`image/${format}`);
    expect(await factsOf(preview)).toMatchObject({ format });
    expect(preview.data.length).toBeLessThanOrEqual(60_000);
  },
);

test('a view is of the upright picture', async () => {
  const turned = plain(40, 20).removeAlpha().jpeg().withMetadata({ orientation: 6 });
  const view = await makeView(await fileOf(turned), { format: 'png', crop: [px(0), px(0), px(20), px(40)] });
  expect(view).toMatchObject({ width: 20, height: 40, mediaType: 'image/png' });
});

function px(amount: number) {
  return { amount, unit: 'px' } as const;
}
