// How `edit` recolours a picture: the words that ask for a look, and what the look does to every pixel. Applied in the order
// contrast, saturation, gain, lift. Times of day, weather and seasons have the words of moments.ts.

import type { Season, Time, Weather } from './moments.ts';

/** What happens to each pixel; what is absent changes nothing. */
export interface Look {
  /** Around middle grey; 1 = as it is. */
  readonly contrast?: number;
  /** 0 = grey, 1 = as it is. */
  readonly saturation?: number;
  /** Multiplies red, green and blue. */
  readonly gain?: readonly [red: number, green: number, blue: number];
  /** Added to red, green and blue, in steps of 0–255. */
  readonly lift?: readonly [red: number, green: number, blue: number];
  /** How far colours run into each other, as a share of the shorter side; below 0 = sharper. */
  readonly blur?: number;
}

/** Looks with words of their own. */
export const namedLooks: Readonly<Record<string, Look & { readonly words: string }>> = {
  sepia: {
    words: 'sepia, vintage, retro, old photo, nostalgic, 复古, 怀旧, 老照片, 褐色调, 泛黄',
    saturation: 0,
    gain: [1.04, 0.9, 0.7],
    lift: [16, 8, 0],
  },
  'black and white': {
    words:
      'black and white, black & white, monochrome, grayscale, greyscale, gray scale, desaturate, noir, 黑白, 单色, 灰度, 去色',
    saturation: 0,
  },
  warmer: {
    words: 'warm, warmer, warmth, cozy, 暖, 更暖, 暖色, 暖色调, 温暖',
    gain: [1.1, 1.01, 0.84],
    lift: [6, 2, 0],
  },
  cooler: {
    words: 'cool, cooler, cold, colder, chilly, 冷, 更冷, 冷色, 冷色调, 寒冷',
    gain: [0.86, 0.99, 1.1],
    lift: [0, 2, 8],
  },
  brighter: {
    words: 'bright, brighter, lighter, lighten, brighten, 亮, 更亮, 变亮, 明亮, 提亮',
    gain: [1.18, 1.18, 1.18],
    lift: [12, 12, 12],
  },
  darker: { words: 'dark, darker, darken, dim, moody, 暗, 更暗, 变暗, 昏暗, 调暗', gain: [0.62, 0.62, 0.62] },
  vivid: {
    words: 'vivid, vibrant, saturated, colorful, colourful, more colour, more color, 鲜艳, 更鲜艳, 饱和, 艳丽',
    contrast: 1.08,
    saturation: 1.6,
  },
  muted: {
    words: 'muted, faded, pastel, washed out, soft, softer, pale, 柔和, 褪色, 淡雅, 淡',
    contrast: 0.82,
    saturation: 0.55,
    lift: [14, 14, 14],
  },
  contrast: { words: 'contrast, contrasty, dramatic, punchy, 对比, 对比度, 强烈', contrast: 1.4 },
  blurred: { words: 'blur, blurry, blurred, soft focus, out of focus, bokeh, defocus, 模糊, 虚化, 柔焦', blur: 0.012 },
  sharper: { words: 'sharp, sharper, sharpen, crisp, crisper, 锐化, 清晰, 更清晰', blur: -0.003 },
  negative: { words: 'invert, inverted, negative, 反色, 负片, 反转', gain: [-1, -1, -1], lift: [255, 255, 255] },
};

/** What less of a look is: of most colours a look of its own, of these another look. */
export const opposites: Readonly<Record<string, string>> = {
  warmer: 'cooler',
  cooler: 'warmer',
  brighter: 'darker',
  darker: 'brighter',
  vivid: 'muted',
  muted: 'vivid',
  blurred: 'sharper',
  sharper: 'blurred',
  white: 'darker',
  black: 'brighter',
  gray: 'vivid',
};

/** Looks asked for by the words of a time of day, of weather or of a season. */
export const momentLooks: Readonly<Partial<Record<Time | Weather | Season, Look>>> = {
  dawn: { saturation: 0.85, gain: [1.04, 0.92, 0.94], lift: [18, 6, 12] },
  day: { contrast: 1.05, gain: [1.1, 1.1, 1.08], lift: [12, 12, 10] },
  sunset: { contrast: 1.05, gain: [1.12, 0.86, 0.66], lift: [16, 0, 4] },
  dusk: { saturation: 0.75, gain: [0.62, 0.56, 0.8], lift: [10, 4, 24] },
  night: { saturation: 0.5, gain: [0.3, 0.37, 0.58], lift: [0, 2, 14] },
  cloudy: { contrast: 0.9, saturation: 0.55, gain: [0.86, 0.89, 0.93] },
  rain: { contrast: 0.9, saturation: 0.5, gain: [0.72, 0.78, 0.85], lift: [4, 8, 14] },
  storm: { contrast: 1.1, saturation: 0.4, gain: [0.5, 0.54, 0.62], lift: [0, 2, 8] },
  snow: { saturation: 0.5, gain: [0.96, 1, 1.06], lift: [22, 26, 32] },
  fog: { contrast: 0.6, saturation: 0.5, lift: [38, 40, 42] },
  spring: { saturation: 1.15, gain: [1.03, 1.06, 0.98], lift: [8, 8, 6] },
  summer: { saturation: 1.25, gain: [1.06, 1.04, 0.94] },
  autumn: { saturation: 1.1, gain: [1.14, 0.93, 0.66], lift: [8, 0, 0] },
  winter: { saturation: 0.55, gain: [0.92, 1, 1.1], lift: [12, 16, 22] },
};
