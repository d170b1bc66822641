import sharp from 'sharp';
import { expect, test } from 'vitest';
import { PartialPictures } from './partial-pictures.ts';
import type { Protocol } from './protocol.ts';

const blocks: Protocol = { name: 'blocks', colours: 16_777_216 };
const window = { columns: 40, rows: 15 };

function picture(r: number, [width, height] = [64, 64]): Promise<Buffer> {
  return sharp({ create: { width: width!, height: height!, channels: 4, background: { r, g: 0, b: 0, alpha: 1 } } })
    .png()
    .toBuffer();
}

/** What is shown once that holds. */
async function shown(partials: PartialPictures, room = window, holds = (_: string) => true) {
  const isThere = () => holds(partials.below(room)?.text ?? '') && partials.below(room) !== undefined;
  await expect.poll(isThere, { timeout: 20_000 }).toBe(true);
  return partials.below(room)!;
}

test('the newest partial picture takes the place of the last one, and takes as much room', async () => {
  const partials = new PartialPictures(blocks, 1);
  expect(partials.below(window)).toBeUndefined();
  partials.take(0, await picture(10));
  const first = await shown(partials);
  expect(first).toMatchObject({ rows: 12, columns: 24 });
  expect(first.text.split('\n')).toHaveLength(12);
  expect(partials.below(window)).toBe(first);
  partials.take(0, await picture(200));
  const next = await shown(partials, window, (text) => text.includes('2;200;0;0'));
  expect(next).toMatchObject({ rows: 12, columns: 24 });
});

test('several have their places in one sheet, whichever comes first', async () => {
  const partials = new PartialPictures(blocks, 2);
  partials.below(window);
  partials.take(1, await picture(10));
  const one = await shown(partials);
  expect(one.text.trimEnd()).toMatch(/\n2$/);
  partials.take(0, await picture(20));
  const both = await shown(partials, window, (text) => text.includes('2;20;0;0'));
  expect(both.text.split('\n').at(-1)!.trim()).toMatch(/^1 +2$/);
  expect(both.rows).toBe(one.rows);
});

test('a window of another size brings it anew, one without room nothing', async () => {
  const partials = new PartialPictures(blocks, 1);
  partials.below(window);
  partials.take(0, await picture(10));
  await shown(partials);
  expect(partials.below({ columns: 20, rows: 15 })).toBeUndefined();
  expect(await shown(partials, { columns: 20, rows: 15 })).toMatchObject({ columns: 20, rows: 10 });
  expect(partials.below({ columns: 20, rows: 4 })).toBeUndefined();
});

test('what cannot be read leaves what is there', async () => {
  const partials = new PartialPictures(blocks, 1);
  partials.below(window);
  partials.take(0, await picture(10));
  const first = await shown(partials);
  partials.take(0, new Uint8Array([1, 2, 3]));
  partials.take(0, await picture(99, [64, 32]));
  expect((await shown(partials, window, (text) => text.includes('2;99;'))).rows).toBeLessThanOrEqual(first.rows);
});

test('on Kitty it has an id of its own, moves no cursor, and is taken away by it', async () => {
  const partials = new PartialPictures({ name: 'kitty', colours: 16_777_216 }, 1);
  partials.below(window);
  partials.take(0, await picture(10));
  const { text, remove, rows } = await shown(partials);
  const [, id] = /Ga=T,f=100,q=2,i=(\d+),p=1,C=1,c=/.exec(text)!;
  expect(remove).toBe(`\u001b_Ga=d,d=I,q=2,i=${id}\u001b\\`);
  expect(text.match(/\n/g)).toHaveLength(rows - 1);
});
