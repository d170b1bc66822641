// Whether a mask is one, by its pixels: white = repaint, black = keep, grey between them. Nothing else may carry its meaning.

import type { ImageCodec } from '../contract/codec.ts';
import { ImageError } from '../contract/errors.ts';
import type { InputBytes } from '../contract/provider.ts';

/** Opacity, 0–255, below which a pixel is a hole, and from which its colour is what was painted. */
const opacity = { hole: 128, solid: 248 };

/** How far the channels of two pixels differ at most, 0–255, that are still one colour. */
const oneColour = 16;

/** How far the channels of a pixel are apart, 0–255, that is clearly no grey; and the part of such pixels that no mask has. */
const coloured = { spread: 48, part: 0.1 };

/** Up to this, 0–255, all is black. */
const black = 8;

const rule = 'white where the picture is to be repainted, black where it stays';

const flaws = {
  holes: {
    message: 'the mask says with transparency, not with white, what is to be repainted',
    hint: 'Give a mask without transparency: what is to be repainted filled with white, the rest with black.',
  },
  colour: {
    message: 'the mask is a colour picture',
    hint: `Give a mask that is ${rule}; grey is in between.`,
  },
  black: {
    message: 'the mask is all black: nothing is to be repainted',
    hint: `Give a mask that is ${rule}.`,
  },
} as const;

type Flaw = keyof typeof flaws;

/** Throws `invalid-request` for a mask that cannot mean white = repaint. Without a codec that gives pixels, none is judged. */
export async function judgeMask(codec: ImageCodec | undefined, mask: InputBytes): Promise<void> {
  if (!codec?.pixels) return;
  const flaw = flawOf(await codec.pixels(mask));
  if (!flaw) return;
  const { message, hint } = flaws[flaw];
  throw new ImageError('invalid-request', message, { details: { option: 'mask', problem: flaw }, hint });
}

/** What is wrong with a mask of these pixels: red, green, blue and opacity of each. */
export function flawOf(pixels: Uint8Array): Flaw | undefined {
  let first: number | undefined;
  let hasHoles = false;
  let isOneColour = true;
  let brightest = 0;
  let inColour = 0;
  let visible = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    const red = pixels[at]!;
    const green = pixels[at + 1]!;
    const blue = pixels[at + 2]!;
    const opaque = pixels[at + 3]!;
    const most = Math.max(red, green, blue);
    brightest = Math.max(brightest, most * opaque);
    if (opaque < opacity.hole) {
      hasHoles = true;
      continue;
    }
    visible += 1;
    if (most - Math.min(red, green, blue) >= coloured.spread) inColour += 1;
    if (opaque < opacity.solid) continue;
    first ??= at;
    isOneColour &&= isAlike(pixels, first, at);
  }
  const isColourful = inColour > coloured.part * visible;
  if (hasHoles && (isOneColour || isColourful)) return 'holes';
  if (isColourful) return 'colour';
  return brightest <= black * 255 ? 'black' : undefined;
}

function isAlike(pixels: Uint8Array, first: number, second: number): boolean {
  for (let channel = 0; channel < 3; channel++) {
    if (Math.abs(pixels[first + channel]! - pixels[second + channel]!) > oneColour) return false;
  }
  return true;
}
