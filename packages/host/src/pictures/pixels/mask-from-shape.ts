// A mask that needs no other tool: made from a shape in words, as large as the picture that it lies on.

import { fileURLToPath } from 'node:url';
import { ImageError, quotedWord, shortened } from '@anyimage/core';
import { bytesIn, isFileName } from '../../text/input-name.ts';
import { onInput } from './codec.ts';
import {
  looksLikeShares,
  percent,
  readShapes,
  refusedShape,
  shapeOn,
  shapeText,
  type WrittenShape,
} from './mask-shapes.ts';
import type { Source } from './works.ts';

export interface ShapeMask {
  /** A png, white = repaint, of the size that the picture has when it stands upright. */
  readonly bytes: Uint8Array;
  /** What is repainted, in one sentence: `Repainted is the upper 40 %: 0,0 to 1024,410 px.` */
  readonly said: string;
}

/** More shapes are not told one by one. */
const mostTold = 4;

/**
 * The mask that `text` means on a picture. Shapes are `rect X,Y,W,H`, `ellipse CX,CY,RX,RY` and `polygon X,Y X,Y X,Y …`, in px from the
 * upper left corner or in % of the side (X and W of the width, Y and H of the height); several are joined by `;`. `image`: the path or
 * `file:` URL of the picture, its base64 or `data:` URI, or its bytes. Throws `invalid-request`, naming what to write, for what is no
 * shape, lies outside, has no area or is the whole picture, and for a picture that cannot be read or is elsewhere.
 */
export async function maskFromShape(text: string, image: string | Uint8Array): Promise<ShapeMask> {
  const written = readShapes(text);
  const { bytes, width, height, inShape, painted } = await onInput('shapeMask', sourceOf(image, text), [written]);
  const size = { width, height };
  const shapes = written.map((shape) => shapeOn(shape, size));
  const parts = text.split(';').filter((part) => part.trim() !== '');
  for (const [index, count] of inShape.entries()) {
    if (count <= 1) throw emptyShape(parts[index]!, written[index]!, `${width}x${height} px`);
  }
  if (painted === width * height) {
    const hint = 'Leave mask out to let all of the picture change, or give a part of it.';
    throw refusedShape(text, `is the whole picture of ${width}x${height} px`, hint);
  }
  const told = shapes.slice(0, mostTold).map((shape) => shapeText(shape, size));
  const more = shapes.length > mostTold ? [`${shapes.length - mostTold} more`] : [];
  const isBand = shapes.length === 1 && /^the /.test(told[0]!);
  const share = isBand ? '' : ` (${percent(painted, width * height)} of the picture)`;
  return { bytes, said: `Repainted is ${[...told, ...more].join('; ')}${share}.` };
}

/** A shape of which no pixel, or a single one, lies on the picture. */
function emptyShape(text: string, shape: WrittenShape, size: string): ImageError {
  const hint = `The picture has ${size}; 0,0 is its upper left corner.`;
  if (looksLikeShares(shape)) {
    return refusedShape(text, 'has no area: numbers are px', `Write shares with %: 0.4 is 40%. ${hint}`);
  }
  return refusedShape(text, `has no area on the picture of ${size}`, hint);
}

/** The picture as it is read here. Throws `invalid-request` for one whose size only another machine knows. */
function sourceOf(image: string | Uint8Array, shape: string): Source {
  if (typeof image !== 'string') return image;
  const bytes = bytesIn(image);
  if (bytes) return bytes;
  if (!isFileName(image)) {
    throw new ImageError(
      'invalid-request',
      `mask: ${quotedWord(shape, 80)} needs a picture that is here, not at a URL`,
      {
        details: { option: 'mask', asked: shortened(shape, 80) },
        hint: 'Give the picture itself, as a file or a data: URI: the mask has to be as large as it is.',
      },
    );
  }
  return /^file:/i.test(image) ? fileURLToPath(image) : image;
}
