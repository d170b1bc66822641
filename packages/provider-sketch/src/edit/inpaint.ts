// `inpaint`: the masked part is painted over. A prompt that names a place or a light is drawn as a scene; things alone stand in
// what flows on from the surroundings; nothing at all just closes the hole. Where the mask leaves no surroundings, all is a scene.

import { ImageError } from '@anyimage/core';
import { type StyleId, styleOf } from '../data/styles.ts';
import { asDrawn } from '../draw/drawn.ts';
import { composeLineUp, composeScene } from '../draw/scene.ts';
import { isDrawn } from '../draw/things/index.ts';
import { applyEffects } from '../effects/index.ts';
import { blurred } from '../pixels/blur.ts';
import { lumaAt, type Pixels, shorterSide } from '../pixels/pixels.ts';
import { readPrompt } from '../read/read-prompt.ts';
import type { Reading } from '../read/reading.ts';
import { renderPixels } from '../render.ts';
import { fill } from './fill.ts';
import { layOver, through } from './layers.ts';

/** What is painted into the hole. */
export interface InpaintOrder {
  readonly prompt: string;
  readonly negativePrompt?: string | undefined;
  readonly style?: StyleId | undefined;
  readonly seed: number;
}

/** A picture, and what was understood of the prompt. */
export interface Repainted {
  readonly pixels: Pixels;
  readonly understood: Reading;
  readonly style: StyleId;
}

/** Repaints where the mask is white. Throws `invalid-request` if the mask has another size. */
export async function inpaint(
  original: Pixels,
  mask: Pixels,
  order: InpaintOrder,
  signal: AbortSignal,
): Promise<Repainted> {
  const { width, height } = original;
  if (mask.width !== width || mask.height !== height) {
    throw new ImageError(
      'invalid-request',
      `the mask is ${mask.width}x${mask.height} px, its picture ${width}x${height} px`,
      { details: { option: 'mask' }, hint: `Give a mask of ${width}x${height} px.` },
    );
  }
  const reading = asDrawn(readPrompt(order.prompt, order.negativePrompt));
  const style = order.style ?? reading.style ?? 'natural';
  const hole = holeOf(mask);
  const open = grown(hole, width, height);
  const things = reading.subjects.filter(isDrawn);
  const named = things.length < reading.subjects.length || reading.time || reading.weather || reading.season;
  const scenic = named || open.every((value) => value === 255);
  let painted: Pixels;
  if (scenic) {
    const scene = composeScene({ ...order, reading, width, height, style, grain: false });
    painted = await renderPixels(scene.svg, signal);
  } else {
    painted = fill(original, open);
    const box = boundsOf(hole, width);
    if (things.length > 0 && box) {
      const lineUp = composeLineUp({
        ...order,
        reading,
        width: box.width,
        height: box.height,
        time: 'day',
        style: 'natural',
      });
      layOver(painted, await renderPixels(lineUp, signal), box.left, box.top);
    }
  }
  painted = applyEffects(painted, styleOf(style).effects);
  return { pixels: through(softened(hole, original), original, painted), understood: reading, style };
}

/** How white the mask is, 0–255; what is transparent is no hole. */
function holeOf({ data }: Pixels): Uint8ClampedArray {
  const hole = new Uint8ClampedArray(data.length / 4);
  for (let index = 0; index < hole.length; index++) {
    hole[index] = (lumaAt(data, index * 4) * data[index * 4 + 3]!) / 255;
  }
  return hole;
}

function asPixels(hole: Uint8ClampedArray, width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(hole.length * 4);
  for (let index = 0; index < hole.length; index++) data[index * 4] = hole[index]!;
  return { data, width, height };
}

/** A little larger, so that the rim of what is removed does not colour what takes its place. */
function grown(hole: Uint8ClampedArray, width: number, height: number): Uint8ClampedArray {
  const soft = blurred(asPixels(hole, width, height), Math.max(1, Math.min(width, height) / 200));
  return hole.map((_, index) => soft.data[index * 4]! * 12);
}

/** A soft border inside the hole; what is black in the mask stays exactly as it was. */
function softened(hole: Uint8ClampedArray, { width, height }: Pixels): Uint8ClampedArray {
  const soft = blurred(asPixels(hole, width, height), shorterSide({ data: hole, width, height }) / 250);
  return hole.map((value, index) => Math.min(value, (soft.data[index * 4]! - 127.5) * 2));
}

function boundsOf(hole: Uint8ClampedArray, width: number) {
  let [left, right, top, bottom] = [width, -1, Number.POSITIVE_INFINITY, -1];
  for (let index = 0; index < hole.length; index++) {
    if (hole[index]! < 128) continue;
    const [x, y] = [index % width, Math.floor(index / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = y;
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}
