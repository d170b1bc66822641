import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ImageError } from '@anyimage/core';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { maskFromShape } from './mask-from-shape.ts';
import { isMaskShape, readShapes } from './mask-shapes.ts';

const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
const blue = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#246' } });
const picture = join(folder, 'day.png');
await blue(100, 50).png().toFile(picture);

/** The smallest rectangle of white, as left, top, right, bottom. */
async function whiteIn(mask: Uint8Array) {
  const { data, info } = await sharp(mask).extractChannel(0).raw().toBuffer({ resolveWithObject: true });
  const white = [...data].flatMap((shade, index) =>
    shade ? [[index % info.width, Math.floor(index / info.width)]] : [],
  );
  const [xs, ys] = [white.map(([x]) => x!), white.map(([, y]) => y!)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
}

test.each([
  ['rect 0,0,100%,40%', [0, 0, 100, 20], 'the upper 40 %: 0,0 to 100,20 px.'],
  ['RECT 0 0 100 20', [0, 0, 100, 20], 'the upper 40 %: 0,0 to 100,20 px.'],
  ['  Rectangle( 0px , 0 px , 100 % , 20px ) ', [0, 0, 100, 20], 'the upper 40 %: 0,0 to 100,20 px.'],
  ['rect: 0, 60%, 100%, 40%', [0, 30, 100, 50], 'the lower 40 %: 0,30 to 100,50 px.'],
  ['rect 0,0,25%,100%', [0, 0, 25, 50], 'the left 25 %: 0,0 to 25,50 px.'],
  ['rect 75%,0,25%,100%', [75, 0, 100, 50], 'the right 25 %: 75,0 to 100,50 px.'],
  ['rect 10,10,20,20', [10, 10, 30, 30], 'a rectangle: 10,10 to 30,30 px (8 % of the picture).'],
  ['rect 90%,-10,50%,20', [90, 0, 100, 10], 'a rectangle: 90,0 to 100,10 px (2 % of the picture).'],
  ['ellipse 50%,50%,20%,20%', [30, 15, 70, 35], 'an ellipse around 50,25 px, 40x20 px (13 % of the picture).'],
  ['circle 50,25,10', [40, 15, 60, 35], 'an ellipse around 50,25 px, 20x20 px (6 % of the picture).'],
  ['circle 50%, 50%, 20%', [40, 15, 60, 35], 'an ellipse around 50,25 px, 20x20 px (6 % of the picture).'],
  ['top half', [0, 0, 100, 25], 'the upper 50 %: 0,0 to 100,25 px.'],
  ['The lower half', [0, 25, 100, 50], 'the lower 50 %: 0,25 to 100,50 px.'],
  ['left 30%', [0, 0, 30, 50], 'the left 30 %: 0,0 to 30,50 px.'],
  ['right quarter', [75, 0, 100, 50], 'the right 25 %: 75,0 to 100,50 px.'],
  ['0,0,100%,40%', [0, 0, 100, 20], 'the upper 40 %: 0,0 to 100,20 px.'],
  ['[10, 10, 20, 20]', [10, 10, 30, 30], 'a rectangle: 10,10 to 30,30 px (8 % of the picture).'],
  ['polygon 0,0 50,0 0,50%', [0, 0, 49, 25], 'a polygon of 3 corners (13 % of the picture).'],
  [
    'rect 0,0,10,10; Ellipse 90,40,5,5 ;',
    [0, 0, 95, 45],
    'a rectangle: 0,0 to 10,10 px; an ellipse around 90,40 px, 10x10 px (4 % of the picture).',
  ],
])('%j is a mask, and what it repaints is said', async (text, white, said) => {
  expect(isMaskShape(text)).toBe(true);
  const mask = await maskFromShape(text, picture);
  expect(mask.said).toBe(`Repainted is ${said}`);
  expect(await whiteIn(mask.bytes)).toEqual(white);
  expect(await sharp(mask.bytes).metadata()).toMatchObject({ format: 'png', width: 100, height: 50 });
});

test.each([
  [
    'sky',
    /sky names what is on the picture/,
    'Give the area as a shape instead: "rect 0,0,100%,40%" for the upper 40 %.',
  ],
  ['The Subject', /names what is on the picture/, /"ellipse 50%,55%,25%,35%"/],
  ['rect 0,0,100%', /needs 4 numbers, and has 3 numbers/, /Write rect X,Y,W,H.*such as "rect 0,0,100%,40%"/],
  ['circle 5,5', /is no circle/, /circle CX,CY,R/],
  ['0.2,0.2,0.5,0.5', /numbers are px/, /0.4 is 40%/],
  ['polygon 0,0 5,5', /needs three or more pairs/, /polygon X,Y X,Y X,Y/],
  ['polygon 0,0 5,5 9,9 3', /needs three or more pairs/, /polygon X,Y X,Y X,Y/],
  ['ellipse a,b,c,d', /has something in it that is no number/, /ellipse CX,CY,RX,RY/],
  ['rect 0,0,0,10', /has no area/, /rect X,Y,W,H/],
  ['rect 50,20,-10,10', /has no area/, /rect X,Y,W,H/],
  ['rect 100,0,10,10', /has no area on the picture of 100x50 px/, /upper left corner/],
  ['polygon 0,0 20,20 40,40', /has no area on the picture/, /100x50 px/],
  ['rect 0,0,10,10; ellipse 300,300,5,5', /“ellipse 300,300,5,5” has no area/, /100x50 px/],
  ['rect 0,0,1,0.4', /numbers are px/, /0.4 is 40%/],
  ['rect 0,0,100%,100%', /is the whole picture of 100x50 px/, /Leave mask out/],
  ['rect 0,0,50%,100%;rect 50%,0,50%,100%', /is the whole picture/, /Leave mask out/],
  ['rect 0,0,10,10; triangle 1,2,3', /“triangle 1,2,3” is no shape/, /rect X,Y,W,H, or ellipse/],
  [`polygon ${'1,2 '.repeat(2500)}`, /2500 points/, /simpler/],
])('case %#: what cannot be a mask is refused with what to write', async (text, message, hint) => {
  expect(isMaskShape(text)).toBe(true);
  const refusal = await maskFromShape(text, picture).catch((error: unknown) => error as ImageError);
  expect(refusal).toMatchObject({ code: 'invalid-request', details: { option: 'mask' } });
  expect((refusal as ImageError).message).toMatch(message);
  expect((refusal as ImageError).hint).toMatch(hint);
  expect((refusal as ImageError).message.length).toBeLessThan(250);
});

test.each([
  'mask.png',
  'rect.png',
  'rect 1,2,3,4.png',
  './sky',
  'masks/rect 1',
  'sky line.webp',
  'https://a.example/rect',
  'data:image/png;base64,AAAA',
  'reception',
  'circle.png',
  'top half.png',
  '1,2,3',
  'skyline',
  '',
])('%j is no shape but a picture', (text) => expect(isMaskShape(text)).toBe(false));

test('the mask is as large as the picture when it stands upright, wherever that comes from', async () => {
  const turned = await blue(40, 20).jpeg().withMetadata({ orientation: 6 }).toBuffer();
  const path = join(folder, 'turned.jpg');
  await writeFile(path, turned);
  const base64 = turned.toString('base64');
  for (const image of [turned, path, pathToFileURL(path).href, base64, `data:image/jpeg;base64,${base64}`]) {
    const { bytes } = await maskFromShape('rect 0,0,100%,50%', image);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 20, height: 40 });
    expect(await whiteIn(bytes)).toEqual([0, 0, 20, 20]);
  }
});

test('a picture that is elsewhere, or none, is told', async () => {
  const shape = 'rect 0,0,9,9';
  const far = { code: 'invalid-request', hint: expect.stringContaining('data: URI') };
  await expect(maskFromShape(shape, 'https://a.example/a.png')).rejects.toMatchObject(far);
  for (const image of [join(folder, 'none.png'), Buffer.from('no picture'), 'data:,']) {
    await expect(maskFromShape(shape, image)).rejects.toMatchObject({ code: 'invalid-request' });
  }
});

test('whatever is written is read or refused in few words', () => {
  const word = fc.constantFrom(
    'rect',
    'Ellipse',
    'polygon',
    'sky',
    ';',
    ',',
    '%',
    ' px',
    '1',
    '-2.5',
    '1e9',
    'x',
    '\n',
    '(',
    '9'.repeat(30),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
      ),
      (text) => {
        try {
          for (const { points } of readShapes(text)) {
            for (const { value } of points.flat()) expect(Number.isFinite(value)).toBe(true);
          }
        } catch (error) {
          expect(ImageError.isInstance(error) && error.message.length < 250 && error.hint).toBeTruthy();
        }
      },
    ),
  );
});
