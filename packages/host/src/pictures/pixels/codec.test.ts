import type { InputBytes, MaskForm } from '@anyimage/core';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { imageCodec, maskFromHoles } from './codec.ts';

const codec = imageCodec();

async function input(picture: Sharp, mediaType: string): Promise<InputBytes> {
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  return { as: 'bytes', bytes: data, mediaType, width: info.width, height: info.height };
}

const red = () => sharp({ create: { width: 8, height: 4, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } });
const pixelsOf = async ({ bytes }: InputBytes) => [...(await sharp(bytes).raw().toBuffer())];

test('a picture gets the format and size that are asked for; transparency becomes white where there is none', async () => {
  const png = await input(red().png(), 'image/png');
  const small = await codec.convert(png, { mediaType: 'image/webp', width: 4, height: 2 });
  expect(small).toMatchObject({ mediaType: 'image/webp', width: 4, height: 2 });
  expect(await sharp(small.bytes).metadata()).toMatchObject({ format: 'webp', width: 4, hasAlpha: true });
  const flat = await codec.convert(png, { mediaType: 'image/png', width: 8, height: 4, flatten: true });
  expect((await pixelsOf(flat)).slice(0, 3)).toEqual([255, 255, 255]);
  const jpeg = await codec.convert(png, { mediaType: 'image/jpeg', width: 8, height: 4, quality: 50 });
  expect((await pixelsOf(jpeg)).slice(0, 3)).toEqual([255, 255, 255]);
});

/** Black, dark, light, white, and white that is transparent. */
async function mask(): Promise<InputBytes> {
  const shades = [
    [0, 255],
    [100, 255],
    [200, 255],
    [255, 255],
    [255, 0],
  ].flatMap(([shade, alpha]) => [shade!, shade!, shade!, alpha!]);
  return input(sharp(Buffer.from(shades), { raw: { width: 5, height: 1, channels: 4 } }).png(), 'image/png');
}

test.each<[MaskForm['repaint'], boolean, number[][]]>([
  ['white', false, [[0], [100], [200], [255], [0]]],
  ['white', true, [[0], [0], [255], [255], [0]]],
  ['black', true, [[255], [255], [0], [0], [255]]],
  [
    'transparent',
    false,
    [
      [0, 0, 0, 255],
      [0, 0, 0, 155],
      [0, 0, 0, 55],
      [0, 0, 0, 0],
      [0, 0, 0, 255],
    ],
  ],
  [
    'white+transparent',
    true,
    [
      [0, 0, 0, 255],
      [0, 0, 0, 255],
      [255, 255, 255, 0],
      [255, 255, 255, 0],
      [0, 0, 0, 255],
    ],
  ],
])('a mask for %s, hard %s', async (repaint, hard, wanted) => {
  const encoded = await codec.mask(await mask(), { repaint, hard });
  expect(encoded).toMatchObject({ mediaType: 'image/png', width: 5, height: 1 });
  const { data, info } = await sharp(encoded.bytes).raw().toBuffer({ resolveWithObject: true });
  const pixels = Array.from({ length: 5 }, (_, index) => [
    ...data.subarray(index * info.channels, index * info.channels + wanted[0]!.length),
  ]);
  expect(pixels).toEqual(wanted);
});

test('a picture is turned as its orientation says, and only then changed', async () => {
  const turned = await input(red().flatten().jpeg().withMetadata({ orientation: 6 }), 'image/jpeg');
  const upright = await codec.upright(turned);
  expect(upright).toMatchObject({ mediaType: 'image/jpeg', width: 4, height: 8 });
  expect((await sharp(upright!.bytes).metadata()).orientation ?? 1).toBe(1);
  expect(await codec.upright(upright!)).toBeUndefined();
  expect(await codec.upright(await input(red().png(), 'image/png'))).toBeUndefined();
  expect(
    await codec.upright(await input(red().flatten().jpeg().withMetadata({ orientation: 1 }), 'image/jpeg')),
  ).toBeUndefined();
});

test.each<[string, (picture: Sharp) => Sharp, number[]]>([
  ['opaque greys', (grey) => grey.png(), [0, 0, 0, 255, 200, 200, 200, 255]],
  ['greys with alpha', (grey) => grey.ensureAlpha(0.2).png(), [0, 0, 0, 51, 200, 200, 200, 51]],
  ['16 bits a channel', (grey) => grey.toColourspace('grey16').png(), [0, 0, 0, 255, 200, 200, 200, 255]],
  ['colours of a palette', (grey) => grey.png({ palette: true }), [0, 0, 0, 255, 200, 200, 200, 255]],
])('pixels of %s are red, green, blue and opacity', async (_, save, wanted) => {
  const grey = sharp(Buffer.from([0, 200]), { raw: { width: 2, height: 1, channels: 1 } }).toColourspace('b-w');
  expect([...(await codec.pixels!(await input(save(grey), 'image/png')))]).toEqual(wanted);
});

test('a mask that is transparent where it is drawn anew becomes white there; one without transparency is none', async () => {
  const opacity = [0, 60, 255, 255];
  const colours = Buffer.from(opacity.flatMap((alpha) => [9, 99, 199, alpha]));
  const holes = await input(sharp(colours, { raw: { width: 4, height: 1, channels: 4 } }).png(), 'image/png');
  const white = await maskFromHoles(holes.bytes);
  expect(white).toMatchObject({ mediaType: 'image/png', width: 4, height: 1 });
  expect([...(await codec.pixels!(white!))].filter((_, at) => at % 4 === 0)).toEqual([255, 195, 0, 0]);
  const asSent = await codec.mask(white!, { repaint: 'transparent', hard: false });
  expect((await pixelsOf(asSent)).filter((_, at) => at % 4 === 3)).toEqual(opacity);
  expect(await maskFromHoles((await input(red().flatten().png(), 'image/png')).bytes)).toBeUndefined();
  expect(
    await maskFromHoles((await input(red().ensureAlpha(1).flatten().ensureAlpha(1).png(), 'image/png')).bytes),
  ).toBeUndefined();
  await expect(maskFromHoles(Buffer.from('no picture'))).rejects.toMatchObject({ code: 'invalid-request' });
});

test('what is no picture is refused with what to do', async () => {
  const broken: InputBytes = {
    as: 'bytes',
    bytes: Buffer.from('no picture'),
    mediaType: 'image/avif',
    width: 1,
    height: 1,
  };
  const refusal = { code: 'invalid-request', hint: expect.any(String) };
  await expect(codec.upright(broken)).rejects.toMatchObject(refusal);
  await expect(codec.pixels!(broken)).rejects.toMatchObject(refusal);
  await expect(codec.mask(broken, { repaint: 'black', hard: true })).rejects.toMatchObject(refusal);
});
