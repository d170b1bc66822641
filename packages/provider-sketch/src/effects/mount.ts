import { channels } from '../draw/brush/colour.ts';
import { type Pixels, shorterSide } from '../pixels/pixels.ts';

/** Lays a frame of card over the edges, with a thin rule a little inside its opening. */
export function mount(pixels: Pixels, card: { colour: string; rule: string; share: number }): Pixels {
  const { data, width, height } = pixels;
  const border = Math.max(1, Math.round(shorterSide(pixels) * card.share));
  const rule = Math.max(1, Math.round(border * 0.09));
  const gap = Math.round(border * 0.3);
  const [frame, ink] = [channels(card.colour), channels(card.rule)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const edge = Math.min(x, y, width - 1 - x, height - 1 - y);
      const inked = edge >= border - gap && edge < border - gap + rule;
      if (edge >= border && !inked) continue;
      data.set(inked ? ink : frame, (y * width + x) * 4);
      data[(y * width + x) * 4 + 3] = 255;
    }
  }
  return pixels;
}
