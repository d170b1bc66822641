import { ImageError } from '@anyimage/core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { StyleId } from '../data/styles.ts';
import { blank, decode, encode, type Pixels } from '../pixels/pixels.ts';
import { edit } from './edit.ts';
import { readLooks } from './looks.ts';

const never = new AbortController().signal;
const png = { format: 'png' };

/** Edits a file, as the provider does. */
async function recolour(bytes: Uint8Array, prompt: string, strength = 1, style?: StyleId) {
  const { pixels, ...facts } = await edit(await decode(bytes), { prompt, strength, style, seed: 5 }, never);
  return { bytes: await encode(pixels, png), ...facts };
}

/** A picture with a red, a green, a blue and a grey quarter. */
async function quarters(alpha = false): Promise<Uint8Array> {
  const tile = (background: string) =>
    sharp({ create: { width: 20, height: 15, channels: 3, background } })
      .png()
      .toBuffer();
  const [red, green, blue, grey] = await Promise.all(['#c03030', '#30a040', '#3050c0', '#909090'].map(tile));
  const sheet = sharp({
    create: { width: 40, height: 30, channels: alpha ? 4 : 3, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  });
  return sheet
    .composite([
      { input: red!, left: 0, top: 0 },
      { input: green!, left: 20, top: 0 },
      { input: blue!, left: 0, top: 15 },
      ...(alpha ? [] : [{ input: grey!, left: 20, top: 15 }]),
    ])
    .png()
    .toBuffer();
}

async function means(bytes: Uint8Array): Promise<{ red: number; green: number; blue: number; all: number }> {
  const { channels } = await sharp(bytes).removeAlpha().stats();
  const [red, green, blue] = channels.map(({ mean }) => mean) as [number, number, number];
  return { red, green, blue, all: (red + green + blue) / 3 };
}

async function after(prompt: string, strength = 1) {
  return means((await recolour(await quarters(), prompt, strength)).bytes);
}

describe('edit', () => {
  test.each(['make the boat blue', '把船变成蓝色', 'paint the red boat blue'])(
    '%s gives the most vivid thing that colour and adds nothing',
    async (prompt) => {
      const { bytes, looks, added } = await recolour(await quarters(), prompt);
      expect([looks, added.subjects]).toEqual([['blue'], []]);
      const quarter = async (left: number, top: number) => {
        const part = await sharp(bytes).extract({ left, top, width: 18, height: 13 }).png().toBuffer();
        const { channels } = await sharp(part).stats();
        return channels.map(({ mean }) => Math.round(mean));
      };
      const [red, , blue] = await quarter(1, 1);
      expect(blue).toBeGreaterThan(red! + 40);
      expect(await quarter(21, 1)).toEqual([0x30, 0xa0, 0x40]);
      expect(await quarter(21, 16)).toEqual([0x90, 0x90, 0x90]);
    },
  );

  test('what is to be added is added, whatever its colour', async () => {
    expect((await recolour(await quarters(), 'add a blue boat')).added.subjects).toMatchObject([{ id: 'boat' }]);
  });

  test.each([
    ['make it blue', '把它变成蓝色', 'blue'],
    ['make it red', '变成红色', 'red'],
    ['make it green', '绿色', 'green'],
  ] as const)('%s gives the picture that hue, in both languages', async (english, chinese, channel) => {
    const seen = await after(english);
    const others = (['red', 'green', 'blue'] as const).filter((name) => name !== channel);
    for (const other of others) expect(seen[channel]).toBeGreaterThan(seen[other] + 10);
    expect(await after(chinese)).toEqual(seen);
  });

  test('makes night dark and blue, and sepia brown', async () => {
    const before = await means(await quarters());
    const night = await after('at night');
    expect(night.all).toBeLessThan(before.all * 0.6);
    expect(night.blue).toBeGreaterThan(night.red);
    const sepia = await after('sepia');
    expect(sepia.red).toBeGreaterThan(sepia.green);
    expect(sepia.green).toBeGreaterThan(sepia.blue);
  });

  test('takes all colour out for black and white', async () => {
    const { bytes, looks } = await recolour(await quarters(), 'in black and white please');
    expect(looks).toEqual(['black and white']);
    const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    for (let at = 0; at < data.length; at += 3) expect([data[at], data[at + 1]]).toEqual([data[at + 1], data[at + 2]]);
  });

  test('makes it warmer, brighter, darker', async () => {
    const before = await means(await quarters());
    const warm = await after('warmer');
    expect(warm.red - warm.blue).toBeGreaterThan(before.red - before.blue + 10);
    expect((await after('更亮')).all).toBeGreaterThan(before.all);
    expect((await after('darker')).all).toBeLessThan(before.all);
  });

  test('goes as far as strength says', async () => {
    const [none, half, full] = [await after('darker', 0), await after('darker', 0.5), await after('darker', 1)];
    expect(none).toEqual(await means(await quarters()));
    expect(half.all).toBeCloseTo((none.all + full.all) / 2, 0);
  });

  test.each([
    ['blue, darker and foggy', ['blue', 'darker', 'fog']],
    ['less blue and more red', ['less blue', 'red']],
    ['蓝色少一点，更亮', ['less blue', 'brighter']],
    ['不要那么蓝', ['less blue']],
    ['night, not too dark', ['night', 'brighter']],
    ['not blue but red', ['red']],
    ['remove blue and make it red', ['red']],
    ['less foggy', []],
    ['不要变成夜晚', []],
    ['never-ending night', ['night']],
    ["don't forget the fog", ['fog']],
    ['no clouds at night', ['night']],
  ])('%s: several looks in their order, and none that is not wanted', (prompt, looks) => {
    expect(readLooks(prompt)).toEqual(looks);
  });

  test.each(["don't make it night", 'not at night', '别变成夜晚', 'remove the fog'])(
    '%s is nothing it can do',
    async (prompt) => {
      await expect(recolour(await quarters(), prompt)).rejects.toMatchObject({ code: 'unsupported' });
    },
  );

  test.each(['make it less blue', 'make the boat less blue', '蓝色少一点'])('%s', async (prompt) => {
    const before = await means(await quarters());
    const { bytes, looks, added } = await recolour(await quarters(), prompt);
    const now = await means(bytes);
    expect([looks, added.subjects]).toEqual([['less blue'], []]);
    expect(now.blue).toBeLessThan(before.blue - 8);
    expect(now.red).toBeGreaterThanOrEqual(before.red);
  });

  test('keeps size and transparency', async () => {
    const { bytes } = await recolour(await quarters(true), 'sepia');
    const picture = await sharp(bytes).metadata();
    expect([picture.width, picture.height, picture.channels]).toEqual([40, 30, 4]);
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(data.at(-1)).toBe(0);
    expect(data[3]).toBe(255);
  });

  test('takes grey pictures and turned photographs', async () => {
    const grey = await sharp(await quarters())
      .greyscale()
      .png()
      .toBuffer();
    const blue = await means((await recolour(grey, 'blue')).bytes);
    expect(blue.blue).toBeGreaterThan(blue.red + 10);
    const turned = await sharp(await quarters())
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { width, height } = await sharp((await recolour(turned, 'blue')).bytes).metadata();
    expect([width, height]).toEqual([30, 40]);
  });

  test('refuses a prompt that names no colour or light, and says what it knows', async () => {
    const error = await recolour(await quarters(), 'make it philosophical').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ImageError);
    expect(error).toMatchObject({ code: 'unsupported', details: { asked: 'make it philosophical' } });
    expect((error as ImageError).details).toHaveProperty('allowed', expect.arrayContaining(['sepia', 'night', 'blue']));
  });

  test('says of a style that it does not know which ones it does, and who may know it', async () => {
    const prompt = 'Redraw the picture in this style: oil on canvas, thick strokes';
    const error = (await recolour(await quarters(), prompt).catch((reason: unknown) => reason)) as ImageError;
    expect(error.message).toMatch(/style that it knows: poster, watercolor, pixel, line, neon$/);
    expect(error.hint).toMatch(/or auto\.$/);
  });

  test('refuses bytes that are no picture', async () => {
    await expect(recolour(new Uint8Array([1, 2, 3]), 'blue')).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });

  test('blurs and sharpens', async () => {
    const before = await contrast(await quarters());
    expect(await contrast((await recolour(await quarters(), 'blurry')).bytes)).toBeLessThan(before * 0.8);
    expect(await contrast((await recolour(await quarters(), '锐化')).bytes)).toBeGreaterThan(before);
  });

  test('draws weather and things over the picture, and leaves the rest', async () => {
    const grey = { ...blank(200, 200) };
    grey.data.fill(255);
    const { pixels, added } = await edit(grey, { prompt: 'add a red balloon', strength: 1, seed: 5 }, never);
    expect(added).toEqual({ subjects: [{ id: 'balloon', colour: 'red' }] });
    const changed = countChanged(grey, pixels);
    expect(changed).toBeGreaterThan(200);
    expect(changed).toBeLessThan(200 * 200 * 0.5);
    expect((await means((await recolour(await quarters(), 'make it snow')).bytes)).all).toBeGreaterThan(
      (await means(await quarters())).all,
    );
  });

  test('adds nothing that the prompt does not want', async () => {
    await expect(recolour(await quarters(), 'remove the boat')).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('renders again in a style, named by the request or the prompt', async () => {
    const [asked, named] = [
      await recolour(await quarters(), 'cat', 1, 'pixel'),
      await recolour(await quarters(), '像素画'),
    ];
    expect([asked.style, named.style]).toEqual(['pixel', 'pixel']);
  });
});

/** How much neighbouring pixels differ. */
async function contrast(bytes: Uint8Array): Promise<number> {
  const { data, width } = await decode(bytes);
  let sum = 0;
  for (let at = 4; at < data.length; at += 4) if ((at / 4) % width) sum += Math.abs(data[at]! - data[at - 4]!) ** 2;
  return sum;
}

function countChanged(before: Pixels, after: Pixels): number {
  let count = 0;
  for (let at = 0; at < before.data.length; at += 4) {
    if ([0, 1, 2].some((channel) => Math.abs(before.data[at + channel]! - after.data[at + channel]!) > 8)) count += 1;
  }
  return count;
}
