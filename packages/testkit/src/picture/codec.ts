// An image codec for tests: it decodes nothing, and answers each wish with a drawn picture of the size and kind wished for.

import type { ImageCodec, MaskForm } from '@anyimage/core';
import { encodePng } from './png.ts';
import { drawTestCard } from './test-card.ts';

/** A codec that notes what it was asked for. */
export interface TestCodec extends ImageCodec {
  readonly masks: readonly MaskForm[];
}

/** Makes a codec for tests. Masks it gives repaint the left half, in the form that was asked for. */
export function testCodec(): TestCodec {
  const masks: MaskForm[] = [];
  return {
    masks,
    upright: async () => undefined,
    async convert(_, { width, height }) {
      const bytes = drawTestCard({ prompt: 'converted', width, height });
      return { as: 'bytes', bytes, mediaType: 'image/png', width, height };
    },
    async mask({ width, height }, form) {
      masks.push(form);
      return { as: 'bytes', bytes: drawMask(width, height, form), mediaType: 'image/png', width, height };
    },
  };
}

/** A PNG whose left half marks what to repaint, in the form of the service. */
function drawMask(width: number, height: number, { repaint }: MaskForm): Uint8Array {
  const light = [255, 255, 255] as const;
  const dark = [0, 0, 0] as const;
  const isClear = repaint === 'transparent' || repaint === 'white+transparent';
  const halves = Uint8Array.from({ length: width }, (_, x) => (x < width / 2 ? 0 : 1));
  return encodePng({
    width,
    height,
    palette: repaint === 'black' ? [dark, light] : [light, dark],
    ...(isClear && { opacity: [0, 255] }),
    row: () => halves,
  });
}
