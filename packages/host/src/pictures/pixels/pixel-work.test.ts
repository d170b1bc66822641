import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { workOnPixels } from './pixel-work.ts';
import type { PixelFormat } from './works.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** A png whose check sums hold, whatever its pixels are. */
function png(width: number, height: number, pixels: Uint8Array, isInterlaced = false): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, isInterlaced ? 1 : 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/** A lossless webp of one colour, 38 bytes: its size stands in 14 bits each. */
const webp = Buffer.from('UklGRh4AAABXRUJQVlA4TBEAAAAv/r//DwfQqhLVrP+BiOh/AAA=', 'base64');

/** A progressive jpeg that says it is so large. */
async function jpeg(side: number): Promise<Buffer> {
  const small = sharp({ create: { width: 8, height: 8, channels: 3, background: '#468' } });
  const bytes = await small.jpeg({ progressive: true }).toBuffer();
  const frame = bytes.indexOf('ffc2', 0, 'hex');
  bytes.writeUInt16BE(side, frame + 5);
  bytes.writeUInt16BE(side, frame + 7);
  return bytes;
}

const bombs: Readonly<Record<string, Buffer>> = {
  'png 16380x16380': png(16380, 16380, deflateSync(Buffer.alloc(1000))),
  'png 100000x100000': png(100_000, 100_000, deflateSync(Buffer.alloc(1000))),
  'png 12000x12000, interlaced': png(12_000, 12_000, deflateSync(Buffer.alloc(1000)), true),
  'webp 16383x16383': webp,
  'jpeg 65000x65000, progressive': await jpeg(65_000),
};

const lookings = [
  ['preview', [512, 100_000]],
  ['convert', ['avif']],
  ['reshape', [{ mediaType: 'image/png', width: 8, height: 8 }]],
  ['maskIn', [{ repaint: 'black', hard: true }]],
  ['pixels', []],
  ['upright', ['image/png']],
] as const;

test.each(
  Object.entries(bombs).flatMap(([bomb, bytes]) => lookings.map(([work, more]) => ({ work, bomb, bytes, more }))),
)('$work of $bomb is refused by its size', async ({ work, bytes, more }) => {
  await expect(workOnPixels(work, bytes, more as never)).rejects.toThrow(/its \d+x\d+ pixels are more than can be/);
});

/** A picture of grey pixels, a byte each, that become four. */
const grey = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#888' } })
  .toColourspace('b-w')
  .png({ compressionLevel: 1 })
  .toBuffer();

test.each([
  ['pixels', []],
  ['maskIn', [{ repaint: 'transparent', hard: false }]],
] as const)('%s of a grey picture are counted as what they become', async (work, more) => {
  await expect(workOnPixels(work, grey, more as never)).rejects.toThrow('its 9000x9000 pixels are more than can be');
});

/** A drawing of ten billion parts that says no size: all of them would have to be found to know it. */
function drawing(): Buffer {
  const uses = (id: number) => `<use xlink:href="#g${id}"/>`.repeat(10);
  const groups = Array.from({ length: 10 }, (_, id) => `<g id="g${id + 1}">${uses(id)}</g>`).join('');
  const names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  return Buffer.from(`<svg ${names}><g id="g0"><path d="M0 0h9v9z"/></g>${groups}<use xlink:href="#g10"/></svg>`);
}

/** A gif of a million frames, one pixel each. */
async function frames(): Promise<Buffer> {
  const one = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#468' } })
    .gif()
    .toBuffer();
  const colours = 3 * 2 ** ((one[10]! & 7) + 1);
  const [head, frame] = [one.subarray(0, 13 + colours), one.subarray(13 + colours, -1)];
  return Buffer.concat([head, ...Array<Buffer>(1_000_000).fill(frame), Buffer.of(0x3b)]);
}

test.each([
  ['a drawing', drawing],
  ['a long file', frames],
])('the size of %s is not looked for in this process: the signal ends it', async (_, make) => {
  const bytes = await make();
  const ending = new AbortController();
  const work = workOnPixels('preview', bytes, [512, 1000], ending);
  setTimeout(() => ending.abort(new Error('enough')), 500);
  await expect(work).rejects.toThrow('enough');
});

test('eight of them are refused as one is', async () => {
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => workOnPixels('preview', webp, [512, 1000])));
  expect(all.map(({ status }) => status)).toEqual(Array(8).fill('rejected'));
});

/** Too large for this process. */
const large = await sharp({ create: { width: 3000, height: 2500, channels: 4, background: '#468' } })
  .png()
  .toBuffer();

test('a large picture is worked on in a process of its own, as a small one is here', async () => {
  const preview = await workOnPixels('preview', large, [512, 100_000]);
  expect(await sharp(Buffer.from(preview.data, 'base64')).metadata()).toMatchObject({ width: 512, height: 427 });
  const form = { mediaType: 'image/webp', width: 60, height: 50 };
  expect(await workOnPixels('reshape', large, [form])).toMatchObject({ as: 'bytes', ...form });
  const pixels = await workOnPixels('pixels', large, []);
  expect(pixels.length).toBe(3000 * 2500 * 4);
  expect([...pixels.subarray(0, 4)]).toEqual([0x44, 0x66, 0x88, 255]);
  expect(await workOnPixels('flaw', large, [])).toBeUndefined();
});

test('a work in a process of its own ends with the signal, and the next one is done', async () => {
  const ending = new AbortController();
  const first = workOnPixels('convert', large, ['avif'], ending);
  const second = workOnPixels('flaw', large, []);
  ending.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  expect(await second).toBeUndefined();
  await expect(workOnPixels('flaw', large, [], ending)).rejects.toThrow('enough');
});

test('a program that has nothing else to do ends, though the process for large pictures idles', async () => {
  const { spawn } = await import('node:child_process');
  const work = JSON.stringify(new URL('pixel-work.ts', import.meta.url));
  const program = `
    const { workOnPixels } = await import(${work});
    const { default: sharp } = await import('sharp');
    const create = { width: 3000, height: 2500, channels: 4, background: '#468' };
    console.log(await workOnPixels('flaw', await sharp({ create }).png().toBuffer(), []));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [[said], [code]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
  expect([String(said), code]).toEqual(['undefined\n', 0]);
});

const formats: readonly PixelFormat[] = ['png', 'jpeg', 'webp', 'avif', 'gif'];

test('the pixels of a sound picture have no flaw', async () => {
  const side = fc.integer({ min: 1, max: 70 });
  const channels = fc.constantFrom<(3 | 4)[]>(3, 4);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...formats), side, side, channels, async (format, width, height, channels) => {
      const noise = { type: 'gaussian', mean: 120, sigma: 60 } as const;
      const create = { width, height, channels, background: '#123', noise: channels === 3 ? noise : undefined };
      const picture = await sharp({ create } as never)
        .toFormat(format)
        .toBuffer();
      expect(await workOnPixels('flaw', picture, [])).toBeUndefined();
    }),
    { numRuns: 40 },
  );
});

const sound = sharp({
  create: {
    width: 64,
    height: 64,
    channels: 3,
    background: 'black',
    noise: { type: 'gaussian', mean: 120, sigma: 60 },
  },
});
const eoi = Buffer.from([0xff, 0xd9]);
const jpegBytes = await sound.clone().jpeg().toBuffer();

test('pixels that are too many to look at have no known flaw', async () => {
  expect(await workOnPixels('flaw', webp, [])).toBeUndefined();
});

test.each<[string, Buffer]>([
  ['a jpeg without pixels', Buffer.concat([jpegBytes.subarray(0, jpegBytes.indexOf('ffda', 0, 'hex') + 14), eoi])],
  ['a png whose pixels are noise', png(64, 64, Buffer.alloc(500, 0x5a))],
  ['a png with the pixels of half a picture', png(64, 64, deflateSync(Buffer.alloc(32 * 257)))],
  ['a png with all rows but the last', png(64, 64, deflateSync(Buffer.alloc(63 * 257)))],
  ['a jpeg that ends early', Buffer.concat([jpegBytes.subarray(0, -400), eoi])],
])('%s: what cannot be read of the pixels is told', async (_, bytes) => {
  expect(await workOnPixels('flaw', bytes, [])).toMatch(/\w/);
});

test.runIf(process.platform === 'linux').each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
  'a %s file that was worked on here is held by nothing: whoever writes it anew ends no process',
  async (format) => {
    const folder = await mkdtemp(join(tmpdir(), 'anyimage-held-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, `held.${format}`);
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#888', noise } }).toFile(path);
    for (const [work, more] of lookings) {
      await workOnPixels(work, path, more as never).catch(() => {});
      expect(await readFile('/proc/self/maps', 'utf8'), work).not.toContain(path);
      const open = await Promise.all(
        (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
      );
      expect(open, work).not.toContain(path);
    }
    // It is looked at as it is now, not as it was.
    await sharp({ create: { width: 30, height: 20, channels: 3, background: '#111' } }).toFile(path);
    const { data } = await workOnPixels('preview', path, [512, 100_000]);
    expect(await sharp(Buffer.from(data, 'base64')).metadata()).toMatchObject({ width: 30, height: 20 });
  },
);

test('works on many files at once mix no pictures up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-many-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const shades = Array.from({ length: 24 }, (_, index) => 5 + index * 10);
  const seen = await Promise.all(
    shades.map(async (shade, index) => {
      const path = join(folder, `${shade}.png`);
      const [width, height] = [40 + index * 17, 300 - index * 11];
      await sharp({ create: { width, height, channels: 3, background: { r: shade, g: shade, b: shade } } }).toFile(
        path,
      );
      const bytes = await workOnPixels('pixels', path, []);
      return { length: bytes.length, shades: [...new Set(bytes.filter((_, place) => place % 4 < 3))] };
    }),
  );
  expect(seen).toEqual(
    shades.map((shade, index) => ({ length: (40 + index * 17) * (300 - index * 11) * 4, shades: [shade] })),
  );
});
