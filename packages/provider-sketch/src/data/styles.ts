// How a picture is rendered: the words of each style, and the effects that make it, in their order. A new style is a new entry;
// what each effect does is in effects/.

import type { Look } from './looks.ts';

/** One step from a plain picture to a style. Lengths are shares of the picture's shorter side. */
export type Effect =
  /** Changes colours only. */
  | { readonly does: 'look'; readonly look: Look }
  /** Flat tones with crisp borders. */
  | { readonly does: 'tones'; readonly count: number }
  /** A mount around the picture, and a thin rule inside it. */
  | { readonly does: 'mount'; readonly colour: string; readonly rule: string; readonly share: number }
  /** Pigment in water on rough paper. */
  | { readonly does: 'wash'; readonly paper: string; readonly run: number; readonly margin: number }
  /** Square cells of few colours; `across` counts cells along the shorter side. */
  | { readonly does: 'cells'; readonly across: number; readonly colours: number }
  /** Contours and hatching with a pen, and a thin wash of colour (`tint`, 0–1). */
  | {
      readonly does: 'ink';
      readonly paper: string;
      readonly ink: string;
      readonly spacing: number;
      readonly tint: number;
    }
  /** Contours as glowing tubes in the dark. */
  | { readonly does: 'tubes'; readonly night: string; readonly glow: number };

/** A way of rendering. */
export interface Style {
  /** Comma-separated, English and Chinese. */
  readonly words: string;
  /** Number of flat bands that every gradient of a scene is drawn in; absent = smooth. */
  readonly bands?: number;
  /** Rays around the sun. */
  readonly rays?: true;
  /** Without the fine strokes of water and grass, which the effects would turn into noise. */
  readonly plain?: true;
  readonly effects: readonly Effect[];
}

/** Style id -> style; `natural` is the default. */
export const styles = {
  natural: { words: 'natural style, realistic, 写实', effects: [] },
  poster: {
    words:
      'poster, travel poster, vintage poster, screen print, screenprint, flat design, art deco, 海报, 招贴, 丝网印刷, 扁平',
    bands: 6,
    rays: true,
    plain: true,
    effects: [
      { does: 'look', look: { saturation: 1.25, contrast: 1.12 } },
      { does: 'tones', count: 9 },
      { does: 'mount', colour: '#f3e7cf', rule: '#2b2a33', share: 0.045 },
    ],
  },
  watercolor: {
    words: 'watercolor, watercolour, aquarelle, water color, wash painting, gouache, 水彩, 水彩画',
    plain: true,
    effects: [{ does: 'wash', paper: '#fbf8f0', run: 0.0042, margin: 0.045 }],
  },
  pixel: {
    words: 'pixel, pixel art, pixelated, 8 bit, 8bit, 16 bit, 16bit, retro game, 像素, 像素画, 像素风, 像素风格',
    plain: true,
    effects: [
      { does: 'look', look: { saturation: 1.2, contrast: 1.08 } },
      { does: 'cells', across: 112, colours: 26 },
    ],
  },
  line: {
    words:
      'line art, line drawing, ink drawing, pen drawing, etching, engraving, pencil drawing, pen and ink, 线描, 线条, 素描, 钢笔画, 白描, 版画',
    plain: true,
    effects: [{ does: 'ink', paper: '#faf6ea', ink: '#1d2230', spacing: 0.0088, tint: 0.75 }],
  },
  neon: {
    words: 'neon, neon light, synthwave, cyberpunk, vaporwave, glowing lines, 霓虹, 霓虹灯, 赛博朋克',
    plain: true,
    effects: [{ does: 'tubes', night: '#0a0618', glow: 1 }],
  },
} as const satisfies Readonly<Record<string, Style>>;

/** The id of a style. */
export type StyleId = keyof typeof styles;

/** A style by its id, in the shape of all styles. */
export function styleOf(id: StyleId): Style {
  return styles[id];
}
