import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import sharp from 'sharp';
import { Decoder } from 'sixel/lib/Decoder.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { width } from '../terminal/wrap.ts';
import { blocks } from './encode.ts';
import { gridFor } from './layout.ts';
import { type PreviewOptions, previewSheet, roomOf, type Tile } from './preview.ts';
import type { Protocol } from './protocol.ts';

const protocols = ['kitty', 'iterm', 'sixel', 'blocks'] as const;
const protocol = (name: Protocol['name']): Protocol => ({ name, colours: 16_777_216 });
let folder: string;
const previewText = async (tiles: readonly Tile[], options: PreviewOptions) =>
  (await previewSheet(tiles, options)).text;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-preview-'));
});

function picture(width: number, height: number): Promise<Buffer> {
  const background = { r: 200, g: 40, b: 40, alpha: 1 };
  return sharp({ create: { width, height, channels: 4, background } })
    .png()
    .toBuffer();
}

describe('half blocks', () => {
  const raster = (...pixels: readonly (readonly number[])[]) => Uint8Array.from(pixels.flat());
  const red = [255, 0, 0, 255];
  const blue = [0, 0, 255, 255];
  const none = [0, 0, 0, 0];

  test('show two pixels each, and leave what is transparent as it was', () => {
    const data = raster(red, none, red, blue, blue, none);
    expect(blocks({ data, width: 3, height: 2 }, 16_777_216)).toEqual([
      '\u001b[38;2;255;0;0;48;2;0;0;255m▀\u001b[49;38;2;0;0;255m▄\u001b[49;38;2;255;0;0m▀\u001b[0m',
    ]);
  });

  test('say a colour once for all letters of it', () => {
    const data = raster(red, red, red, red);
    expect(blocks({ data, width: 2, height: 2 }, 16_777_216)).toEqual(['\u001b[38;2;255;0;0;48;2;255;0;0m▀▀\u001b[0m']);
  });

  test('with 256 colours take the nearest, greys among them, and an odd last row stands alone', () => {
    const data = raster([250, 10, 10, 255], [120, 121, 119, 255]);
    expect(blocks({ data, width: 1, height: 1 }, 256)).toEqual(['\u001b[49;38;5;196m▀\u001b[0m']);
    expect(blocks({ data: data.subarray(4), width: 1, height: 1 }, 256)).toEqual(['\u001b[49;38;5;243m▀\u001b[0m']);
  });
});

describe('a picture', () => {
  test('for Kitty is a png in short chunks, as wide as its letters', async () => {
    const text = await previewText([{ picture: await picture(600, 300) }], {
      protocol: protocol('kitty'),
      room: { columns: 40, rows: 20 },
    });
    // Each is control data, a semicolon and base64 between an introducer and a terminator.
    const chunks = text
      .trimEnd()
      .split('\u001b\\')
      .slice(0, -1)
      .map((chunk) => chunk.replace('\u001b_G', '').split(';'));
    expect(chunks[0]![0]).toMatch(/^a=T,f=100,q=2,c=40,m=/);
    expect(chunks.every(([, data]) => data!.length <= 4096)).toBe(true);
    const png = Buffer.from(chunks.map(([, data]) => data).join(''), 'base64');
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 480, height: 240 });
  });

  test('for iTerm2 is a png that fits its letters', async () => {
    const text = await previewText([{ picture: await picture(300, 600) }], {
      protocol: protocol('iterm'),
      room: { columns: 40, rows: 10 },
    });
    const [about, data] = text.replace('\u001b]1337;File=', '').replace('\u0007\n', '').split(':');
    expect(about).toContain('inline=1');
    expect(about).toContain('width=10;height=10;preserveAspectRatio=1');
    expect(await sharp(Buffer.from(data!, 'base64')).metadata()).toMatchObject({ width: 120, height: 240 });
  });

  test('in sixels has the colours and the size that it had', async () => {
    const cell = { width: 10, height: 20 };
    const text = await previewText([{ picture: await picture(300, 200) }], {
      protocol: { ...protocol('sixel'), cell },
      room: { columns: 60, rows: 6 },
    });
    const decoder = new Decoder();
    decoder.decodeString(text.slice(text.indexOf('q') + 1, text.lastIndexOf('\u001b')));
    expect([decoder.width, decoder.height]).toEqual([180, 120]);
    const [first = 0] = decoder.data32;
    const seen = [first & 255, (first >> 8) & 255, (first >> 16) & 255];
    for (const [index, part] of [200, 40, 40].entries()) expect(Math.abs(seen[index]! - part)).toBeLessThan(4);
  });

  test('that is small is not made larger', async () => {
    const text = await previewText([{ picture: await picture(8, 8) }], {
      protocol: protocol('blocks'),
      room: { columns: 80, rows: 18 },
    });
    expect(stripVTControlCharacters(text)).toBe(`${'▀'.repeat(8)}\n`.repeat(4));
  });
});

test('whatever the window and the pictures, blocks fit it', async () => {
  const pictures = await Promise.all([picture(64, 64), picture(90, 20), picture(10, 90)]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.nat(2),
          fc.option(fc.constantFrom('a', '画画画画画画画画画画', 'a longer label'), { nil: undefined }),
        ),
        { minLength: 1, maxLength: 14 },
      ),
      fc.integer({ min: 12, max: 160 }),
      fc.integer({ min: 5, max: 50 }),
      async (given, columns, rows) => {
        const tiles = given.map(([which, label]) => ({ picture: pictures[which]!, ...(label && { label }) }));
        const text = await previewText(tiles, { protocol: protocol('blocks'), room: { columns, rows } });
        const lines = stripVTControlCharacters(text).split('\n').slice(0, -1);
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.length).toBeLessThanOrEqual(rows + 1);
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
      },
    ),
    { numRuns: 40 },
  );
});

test('several stand side by side with their labels below them', async () => {
  const one = await picture(40, 40);
  const tiles = [
    { picture: one, label: 'paint/one, which is long' },
    { picture: one, label: '画' },
  ];
  const text = await previewText(tiles, { protocol: protocol('blocks'), room: { columns: 30, rows: 8 } });
  const lines = stripVTControlCharacters(text).split('\n').slice(0, -1);
  expect(lines).toEqual([...Array(7).fill(`${'▀'.repeat(14)}  ${'▀'.repeat(14)}`), 'paint/one, wh…  画']);
});

test('pictures that there is no room for are counted', async () => {
  const tiles = Array(9).fill({ picture: await picture(40, 40) });
  const text = await previewText(tiles, { protocol: protocol('blocks'), room: { columns: 18, rows: 5 } });
  expect(text).toMatch(/\nand 7 more\n$/);
});

describe('what is no picture is left out, and takes nothing else with it', () => {
  test.each(protocols)('%s', async (name) => {
    const damaged = join(folder, `${name}.png`);
    await writeFile(damaged, 'no picture at all');
    const tiles = [{ picture: damaged }, { picture: join(folder, 'gone.png') }];
    const options = { protocol: protocol(name), room: { columns: 40, rows: 10 } };
    expect(await previewText(tiles, options)).toBe('');
    expect(await previewText([...tiles, { picture: await picture(20, 20) }], options)).not.toBe('');
  });

  test('one that would take all memory', async () => {
    const huge = join(folder, 'huge.png');
    const small = await picture(4, 4);
    small.writeUInt32BE(200_000, 16);
    small.writeUInt32BE(200_000, 20);
    await writeFile(huge, small);
    expect(
      await previewText([{ picture: huge }], { protocol: protocol('blocks'), room: { columns: 40, rows: 10 } }),
    ).toBe('');
  });
});

test('lines of the window are left for what else is told', () => {
  expect(roomOf({ columns: 80, rows: 24 }, protocol('blocks'))).toEqual({ columns: 80, rows: 18 });
  expect(roomOf({ columns: 140, rows: 60 }, protocol('kitty'))).toEqual({ columns: 140, rows: 24 });
  expect(roomOf({ columns: 20, rows: 5 }, protocol('sixel'))).toEqual({ columns: 20, rows: 4 });
});

test.each([
  [1, { columns: 80, rows: 18 }, { across: 1, down: 1 }],
  [4, { columns: 80, rows: 18 }, { across: 4, down: 1 }],
  [4, { columns: 140, rows: 34 }, { across: 4, down: 1 }],
  [4, { columns: 40, rows: 34 }, { across: 2, down: 2 }],
  [12, { columns: 140, rows: 34 }, { across: 6, down: 2 }],
])('%i pictures in %j', (count, room, expected) => {
  expect(gridFor(count, room)).toMatchObject(expected);
});
