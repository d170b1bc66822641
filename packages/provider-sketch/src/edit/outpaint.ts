// `outpaint`: the picture goes on beyond its edges as its own mirror image, softer the farther out; things that the prompt names
// stand in the largest new part.

import { asDrawn } from '../draw/drawn.ts';
import { composeLineUp } from '../draw/scene.ts';
import { isDrawn } from '../draw/things/index.ts';
import { blurred } from '../pixels/blur.ts';
import { slope } from '../pixels/noise.ts';
import { blank, type Pixels, shorterSide } from '../pixels/pixels.ts';
import { readPrompt } from '../read/read-prompt.ts';
import type { Reading } from '../read/reading.ts';
import { renderPixels } from '../render.ts';
import { layOver } from './layers.ts';

/** Shares of the width (left, right) and the height (top, bottom). */
export interface Expansion {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Extends a picture; what was there stays as it is. */
export async function outpaint(
  original: Pixels,
  expand: Expansion,
  order: { readonly prompt: string; readonly seed: number },
  signal: AbortSignal,
): Promise<{ readonly pixels: Pixels; readonly added: Reading }> {
  const { width, height } = original;
  const [left, right] = [Math.round(width * expand.left), Math.round(width * expand.right)];
  const [top, bottom] = [Math.round(height * expand.top), Math.round(height * expand.bottom)];
  const pixels = blank(width + left + right, height + top + bottom);
  const soft = blurred(original, shorterSide(original) / 60);
  const reach = shorterSide(original) * 0.4;
  for (let y = 0; y < pixels.height; y++) {
    const row = mirrored(y - top, height);
    for (let x = 0; x < pixels.width; x++) {
      const outside = Math.max(0, left - x, x - left - width + 1, top - y, y - top - height + 1);
      const from = (row * width + mirrored(x - left, width)) * 4;
      const to = (y * pixels.width + x) * 4;
      const share = outside ? slope(0, reach, outside) : 0;
      for (let channel = 0; channel < 4; channel++) {
        const sharp = original.data[from + channel]!;
        pixels.data[to + channel] = sharp + (soft.data[from + channel]! - sharp) * share;
      }
    }
  }
  const added: Reading = { subjects: asDrawn(readPrompt(order.prompt)).subjects.filter(isDrawn) };
  const box = largest([
    { left: 0, top: 0, width: left, height: pixels.height },
    { left: left + width, top: 0, width: right, height: pixels.height },
    { left: 0, top: 0, width: pixels.width, height: top },
    { left: 0, top: top + height, width: pixels.width, height: bottom },
  ]);
  if (added.subjects.length > 0 && Math.min(box.width, box.height) > 0) {
    const size = { width: box.width, height: box.height };
    const lineUp = composeLineUp({ ...order, ...size, reading: added, time: 'day', style: 'natural' });
    layOver(pixels, await renderPixels(lineUp, signal), box.left, box.top);
  }
  return { pixels, added };
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function largest(boxes: readonly Box[]): Box {
  return boxes.reduce((best, box) => (box.width * box.height > best.width * best.height ? box : best));
}

/** A place outside, as the place inside that it mirrors. */
function mirrored(place: number, length: number): number {
  const period = length * 2;
  const within = ((place % period) + period) % period;
  return within < length ? within : period - 1 - within;
}
