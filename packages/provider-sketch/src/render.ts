// From a scene to the bytes of a picture: SVG to pixels, the effects of mood and style, a file.

import { type MoodId, moods } from './data/moods.ts';
import { type StyleId, styleOf } from './data/styles.ts';
import { applyEffects } from './effects/index.ts';
import { type Encoding, encode, type Pixels, pixelsOf } from './pixels/pixels.ts';
import { mapColours, mapOf } from './pixels/tone.ts';

/** How a scene is finished. */
export interface Finish {
  readonly style?: StyleId | undefined;
  readonly feeling?: MoodId | undefined;
}

/** Renders SVG to a file; rejects with the signal's reason if it aborts. */
export async function render(
  svg: string,
  finish: Finish,
  encoding: Encoding,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const plain = !finish.feeling && styleOf(finish.style ?? 'natural').effects.length === 0;
  if (plain && encoding.format === 'png') return (await rasterize(svg, signal)).asPng();
  const image = await rasterize(svg, signal, () => import('sharp'));
  return encode(applyFinish(pixelsOf(image.pixels, image.width, image.height), finish), encoding);
}

/** The colours of the mood, then the style; the given pixels may be written over. */
export function applyFinish(pixels: Pixels, { style = 'natural', feeling }: Finish): Pixels {
  if (feeling) mapColours(pixels, mapOf(moods[feeling]));
  return applyEffects(pixels, styleOf(style).effects);
}

/** Renders SVG to pixels whose colours are multiplied by their alpha. */
export async function renderPixels(svg: string, signal: AbortSignal): Promise<Pixels> {
  const image = await rasterize(svg, signal);
  return pixelsOf(image.pixels, image.width, image.height);
}

/** Off the main thread, which loads what comes after it `meanwhile`. No fonts are loaded: text is never drawn. */
async function rasterize(svg: string, signal: AbortSignal, meanwhile?: () => Promise<unknown>) {
  const { renderAsync } = await import('@resvg/resvg-js');
  signal.throwIfAborted();
  const drawing = renderAsync(svg, { font: { loadSystemFonts: false }, logLevel: 'off' });
  const [image] = await Promise.all([drawing, meanwhile?.()]);
  signal.throwIfAborted();
  return image;
}
