// What a row cannot say: values that are legal each by itself and not together. Checked before anything is sent.

import { type CallDraft, ImageError } from '@anyimage/core';

/** Refuses a call whose values exclude each other, and an end-user id, which an open row would pass on to no field. */
export function checkCombination({ user, background, outputFormat, images, options }: CallDraft): void {
  if (user !== undefined) {
    throw new ImageError('unsupported', 'Ark takes no end-user id', { hint: 'Leave user out.' });
  }
  if (background === 'transparent' && outputFormat === 'jpeg') {
    throw new ImageError('invalid-request', 'a transparent background needs png, jpeg has no transparency', {
      details: { option: 'outputFormat', asked: outputFormat },
      hint: 'Use outputFormat: "png".',
    });
  }
  if (options.layerDecomposition !== true) return;
  if (background !== undefined) {
    throw new ImageError('invalid-request', 'background and the option layerDecomposition exclude each other', {
      details: { option: 'background', asked: background },
      hint: 'Leave background out.',
    });
  }
  if (images.length === 1) return;
  throw new ImageError('invalid-request', `layerDecomposition takes one picture apart, ${images.length} are given`, {
    details: { option: 'images', asked: images.length, allowed: 1 },
    hint: 'Give one picture.',
  });
}
