// The ten functions of wanx2.1-imageedit by the names of the service, in words of a request.

import { ImageError } from '@anyimage/core';
import type { Document } from '../results/tool-result.ts';

/** How far each side is extended, as a share: the tool has no argument for it. */
const expandBy = 0.5;
/** How much a picture is enlarged. */
const factor = 2;

const functions: { readonly [name: string]: Document } = {
  description_edit: { operation: 'edit' },
  description_edit_with_mask: { operation: 'inpaint' },
  stylization_all: { operation: 'stylize' },
  stylization_local: { operation: 'stylizeLocal' },
  remove_watermark: { operation: 'removeWatermark' },
  expand: { operation: 'outpaint', expand: { top: expandBy, right: expandBy, bottom: expandBy, left: expandBy } },
  super_resolution: { operation: 'upscale', factor },
  colorization: { operation: 'colorize' },
  doodle: { operation: 'doodle' },
  control_cartoon_feature: { operation: 'cartoonCharacter' },
};

export const functionNames: readonly string[] = Object.keys(functions);

const masking = 'description_edit_with_mask';

/** The words of a function. Throws `invalid-request` where a mask is missing. `notes`: what the caller should know besides. */
export function wordsOf(name: string, mask: string | undefined, notes: string[]): Document {
  if (name === masking && mask === undefined) {
    throw new ImageError('invalid-request', `mask_image_url is needed for ${masking}`, {
      details: { option: 'mask_image_url', asked: null },
      hint: 'Give the URL of a picture of the same size, white where it is to be repainted.',
    });
  }
  if (name !== masking && mask !== undefined) notes.push(`mask_image_url counts for ${masking} only`);
  if (name === 'expand') notes.push(`each side was extended by ${expandBy * 100} %`);
  if (name === 'super_resolution') notes.push(`enlarged ${factor} times`);
  return { ...functions[name], ...(name === masking && mask !== undefined && { mask }) };
}
