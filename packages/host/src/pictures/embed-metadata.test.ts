import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageError, pictureFacts } from '@anyimage/core';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedMetadata } from './embed-metadata.ts';
import { type EmbeddedFacts, plain } from './metadata-text.ts';
import { readEmbedded } from './read-metadata.ts';

const pixels = sharp({
  create: { width: 9, height: 7, channels: 3, background: '#a03020', noise: { type: 'gaussian', mean: 90, sigma: 40 } },
});
const noise = await pixels.png().toBuffer();
const seeThrough = () => sharp(noise).ensureAlpha(0.5);
const withExif = (picture: Sharp) => picture.withExif({ IFD0: { Copyright: 'kept' } }).withIccProfile('p3');
const pictures: Readonly<Record<string, Buffer>> = {
  png: noise,
  'png with EXIF and ICC': await withExif(sharp(noise)).png().toBuffer(),
  jpeg: await sharp(noise).jpeg().toBuffer(),
  'progressive jpeg': await sharp(noise).jpeg({ progressive: true }).toBuffer(),
  'jpeg with EXIF and ICC': await withExif(sharp(noise)).jpeg().toBuffer(),
  webp: await sharp(noise).webp().toBuffer(),
  'lossless webp': await sharp(noise).webp({ lossless: true }).toBuffer(),
  'webp with alpha': await seeThrough().webp().toBuffer(),
  'lossless webp with alpha': await seeThrough().webp({ lossless: true }).toBuffer(),
  'webp with EXIF and ICC': await withExif(sharp(noise)).webp().toBuffer(),
};

const facts = (prompt: string, more: Partial<EmbeddedFacts> = {}): EmbeddedFacts => ({
  prompt: { original: prompt, sent: prompt },
  model: 'paint/brush-1',
  seed: 7,
  createdAt: '2026-11-20T15:00:00.000Z',
  software: 'anyimage 1.2.3',
  source: 'trainedAlgorithmicMedia',
  ...more,
});

/** The text of an element, as an XML parser reads it. */
function elementText(xmp: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}>(?:<rdf:Alt><rdf:li[^>]*>)?([^<]*)<`).exec(xmp)?.[1];
  return inner?.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

const decoded = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();

describe.each(Object.keys(pictures))('%s', (name) => {
  const picture = pictures[name]!;

  test('any prompt comes back, and pixels, colours and what was there stay', async () => {
    const before = await sharp(picture).metadata();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (prompt) => {
        const original = Buffer.from(picture);
        const copy = embedMetadata(original, facts(prompt));
        expect(original.equals(picture)).toBe(true);
        expect((await decoded(copy)).equals(await decoded(picture))).toBe(true);
        expect(pictureFacts(copy)).toEqual({ ...pictureFacts(picture), byteLength: copy.length });
        const after = await sharp(copy).metadata();
        const xmp = after.xmpAsString!;
        expect(elementText(xmp, 'dc:description')).toBe(plain(prompt));
        expect(elementText(xmp, 'Iptc4xmpExt:AIPromptInformation')).toBe(plain(prompt));
        expect(after.icc?.equals(before.icc!) ?? before.icc === undefined).toBe(true);
        if (before.exif) expect(after.exif!.equals(before.exif)).toBe(true);
        else if (after.format !== 'png') expect(after.exif!.includes(Buffer.from(`${plain(prompt)}\0`))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('model, seed, date, software and the kind of source stand in it', async () => {
    const { xmpAsString: xmp = '', comments } = await sharp(embedMetadata(picture, facts('小猫 <&>'))).metadata();
    expect(elementText(xmp, 'Iptc4xmpExt:AISystemUsed')).toBe('paint/brush-1');
    expect(elementText(xmp, 'anyimage:seed')).toBe('7');
    expect(elementText(xmp, 'xmp:CreateDate')).toBe('2026-11-20T15:00:00.000Z');
    expect(elementText(xmp, 'xmp:CreatorTool')).toBe('anyimage 1.2.3');
    expect(elementText(xmp, 'Iptc4xmpExt:DigitalSourceType')).toBe(
      'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
    );
    if (name.startsWith('png')) expect(comments).toContainEqual({ keyword: 'Description', text: '小猫 <&>' });
  });

  test('what was embedded is not embedded over', () => {
    expect(() => embedMetadata(embedMetadata(picture, facts('a')), facts('b'))).toThrow(/has XMP metadata already/);
  });
});

test.each([
  ['png', (bytes: Buffer) => joined(bytes, 33, sized('caBX'))],
  [
    'jpeg',
    (bytes: Buffer) =>
      joined(bytes, 2, Buffer.from('\xff\xeb\x00\x1eJP\0\x01\0\0\0\x01\0\0\0\x16jumb\0\0\0\x0ejumdc2pa', 'latin1')),
  ],
  ['webp', (bytes: Buffer) => riff(Buffer.concat([bytes, Buffer.from('C2PA\x02\0\0\0ab', 'latin1')]))],
])('a signed %s is refused: its signature would break', (name, sign) => {
  const signed = sign(Buffer.from(pictures[name]!));
  expect(pictureFacts(signed)).toBeDefined();
  expect(() => embedMetadata(signed, facts('a'))).toThrow(/signed \(C2PA\).*break the signature/);
});

test('a prompt of any length fits a png, and one too long for a jpeg is refused', async () => {
  const long = '猫'.repeat(100_000);
  const { xmpAsString } = await sharp(embedMetadata(pictures.png!, facts(long))).metadata();
  expect(elementText(xmpAsString!, 'dc:description')).toBe(long);
  expect(() => embedMetadata(pictures.jpeg!, facts(long))).toThrow(/too long for a jpeg/);
});

test('XMP of another program is noticed in each format, however it was written', async () => {
  const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>';
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    const other = await sharp(noise).withXmp(xmp).toFormat(format).toBuffer();
    expect(() => embedMetadata(other, facts('a')), format).toThrow(/has XMP metadata already/);
  }
});

test('a format without room for it is refused', async () => {
  const gif = await sharp(noise).gif().toBuffer();
  expect(() => embedMetadata(gif, facts('a'))).toThrow(ImageError);
  expect(() => embedMetadata(Buffer.from('hello'), facts('a'))).toThrow(/no whole picture/);
});

function sized(type: string): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 0]), Buffer.from(type), Buffer.alloc(4)]);
}

function joined(bytes: Buffer, at: number, more: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

function riff(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

describe('what was embedded is read', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anyimage-read-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const read = async (bytes: Uint8Array) => {
    const path = join(folder, 'picture');
    await writeFile(path, bytes);
    return readEmbedded(path);
  };

  test.each(Object.keys(pictures))('from a %s', async (name) => {
    const prompt = { original: 'a <boat> & "一只小猫🐈"\r\n𝒃', sent: 'a boat, at dawn' };
    const told = await read(embedMetadata(pictures[name]!, facts('', { prompt })));
    const { model, seed, createdAt, software } = facts('');
    expect(told).toMatchObject({ prompt, model, seed, createdAt, software, facts: { width: 9, height: 7 } });
  });

  test('of any prompt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (text) => {
        const told = await read(embedMetadata(noise, facts(text)));
        expect(told?.prompt).toEqual({ original: plain(text), sent: plain(text) });
      }),
    );
  });

  test('not where nothing is, where others wrote, and in what is cut or no picture', async () => {
    const embedded = Buffer.from(embedMetadata(noise, facts('a boat')));
    const ofOthers = Buffer.from(embedMetadata(noise, facts('a boat', { software: 'another 1.0' })));
    for (const bytes of [noise, ofOthers, embedded.subarray(0, 300), Buffer.from('no picture'), Buffer.alloc(0)]) {
      expect(await read(bytes)).toBeUndefined();
    }
    expect(await readEmbedded(join(folder, 'none.png'))).toBeUndefined();
  });

  test('and nothing is read wrong of a file that was changed at random', async () => {
    const embedded = Buffer.from(embedMetadata(await sharp(noise).webp().toBuffer(), facts('a boat')));
    await fc.assert(
      fc.asyncProperty(fc.nat(embedded.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(embedded);
        changed[at] = byte;
        const told = await read(changed);
        expect(told === undefined || typeof told.model === 'string').toBe(true);
      }),
    );
  });
});
