// Flags that are short for others.

import { ImageError } from '@anyimage/core';
import { isMaskShape } from '@anyimage/host';
import { clipboardName } from './clipboard.ts';
import type { MakeFlags } from './flags.ts';

/** The flags without those that are short for others. Throws `invalid-request` for a mask in shapes beside one that is a picture. */
export function spelledOut(flags: MakeFlags): MakeFlags {
  const { clipboard, maskRegion = [], maskEllipse = [], ...others } = flags;
  const { image = [], mask } = others;
  const shapes = [...maskRegion.map((region) => `rect ${region}`), ...maskEllipse.map((one) => `ellipse ${one}`)];
  if (shapes.length > 0 && typeof mask === 'string' && !isMaskShape(mask)) {
    throw new ImageError('invalid-request', `--mask ${mask} is a picture, and ${shapes[0]} is a mask, too`, {
      details: { option: 'mask', asked: mask },
      hint: 'Give one of them.',
    });
  }
  const masks = [...(mask === undefined ? [] : [mask]), ...shapes];
  return {
    ...others,
    ...(clipboard && !image.includes(clipboardName) && { image: [...image, clipboardName] }),
    ...(shapes.length > 0 && { mask: masks.join('; ') }),
  };
}
