// What the emulated service offers today, with the limits its documentation gives each model.

/** An image model. */
export interface ImageModel {
  readonly displayName: string;
  readonly ratios: readonly string[];
  /** Values of `imageSize`; none = the field is refused. */
  readonly sizes: readonly string[];
  /** Most pictures as input. */
  readonly inputs: number;
  /** Levels it takes, and which of them come with a draft. */
  readonly thinking: readonly string[];
  /** How it thinks when nothing is said. */
  readonly thinks?: 'no' | 'yes';
  /** Kinds of search. */
  readonly search: readonly ('webSearch' | 'imageSearch')[];
  /** How many tokens a picture counts as where that differs from `imageTokens`, by `imageSize`. */
  readonly tokens?: Readonly<Record<string, number>>;
  /** USD for one picture, by `imageSize`. */
  readonly prices: Readonly<Record<string, number>>;
  /** USD for one million tokens of text, read and thought; where it is not verified, none is charged. */
  readonly text?: readonly [read: number, thought: number];
}

const ten = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
const fourteen = [...ten, '1:4', '4:1', '1:8', '8:1'];

export const imageModels: Readonly<Record<string, ImageModel>> = {
  'gemini-nano-banana-2.1': {
    displayName: 'Nano Banana 2.1',
    ratios: fourteen,
    // 512 is a conflict of the sources; the measured refusal is taken.
    sizes: ['1K', '2K', '4K'],
    inputs: 14,
    thinking: ['minimal', 'medium', 'high'],
    thinks: 'yes',
    search: ['webSearch', 'imageSearch'],
    tokens: { '4K': 3780 },
    prices: { '1K': 0.0336, '2K': 0.0504, '4K': 0.1134 },
    text: [1.5, 7.5],
  },
  'gemini-3-pro-image': {
    displayName: 'Nano Banana Pro',
    ratios: ten,
    sizes: ['1K', '2K', '4K'],
    inputs: 14,
    thinking: [],
    thinks: 'yes',
    search: ['webSearch'],
    // The published prices are of 120 USD for a million tokens.
    tokens: { '2K': 1120, '4K': 2000 },
    prices: { '1K': 0.134, '2K': 0.134, '4K': 0.24 },
    // Of what it thinks, as of text that other models write.
    text: [2, 12],
  },
  'gemini-3.1-flash-lite-image': {
    displayName: 'Nano Banana 2 Lite',
    ratios: fourteen,
    sizes: ['1K'],
    inputs: 14,
    thinking: ['minimal', 'high'],
    search: [],
    prices: { '1K': 0.034 },
  },
  // Whether it still answers is a conflict of the sources.
  'gemini-3.1-flash-image': {
    displayName: 'Nano Banana 2',
    ratios: fourteen,
    sizes: ['512', '1K', '2K', '4K'],
    inputs: 14,
    thinking: ['minimal', 'high'],
    search: ['webSearch', 'imageSearch'],
    prices: { '512': 0.045, '1K': 0.067, '2K': 0.101, '4K': 0.151 },
  },
};

/** Text models, and the thinking levels they take (those of the aliases are not known). */
export const textModels: Readonly<Record<string, readonly string[]>> = {
  'gemini-3.5-flash-lite': ['minimal', 'medium', 'high'],
  'gemini-3.1-flash-lite': ['minimal', 'medium', 'high'],
  'gemini-3.8-flash': ['minimal', 'medium', 'high'],
  'gemini-flash-lite-latest': [],
  'gemini-flash-latest': [],
};

/** Width and height of a 1K picture, by ratio. */
const pixels: Readonly<Record<string, readonly [number, number]>> = {
  '1:1': [1024, 1024],
  '2:3': [848, 1264],
  '3:2': [1264, 848],
  '3:4': [896, 1200],
  '4:3': [1200, 896],
  '4:5': [928, 1152],
  '5:4': [1152, 928],
  '9:16': [768, 1376],
  '16:9': [1376, 768],
  '21:9': [1584, 672],
  // The sizes of these four are unverified.
  '1:4': [512, 2048],
  '4:1': [2048, 512],
  '1:8': [368, 2944],
  '8:1': [2944, 368],
};
const scales: Readonly<Record<string, number>> = { '512': 0.5, '1K': 1, '2K': 2, '4K': 4 };

/** How large a picture of this ratio and `imageSize` is. */
export function sizeOf(ratio: string, size: string): { width: number; height: number } {
  const [width, height] = pixels[ratio]!;
  const scale = scales[size]!;
  return { width: width * scale, height: height * scale };
}

/** The ratio that comes nearest to a picture's. */
export function nearestRatio(width: number, height: number, ratios: readonly string[]): string {
  const far = (ratio: string) => {
    const [across, down] = ratio.split(':').map(Number);
    return Math.abs(Math.log(width / height / (across! / down!)));
  };
  return [...ratios].sort((a, b) => far(a) - far(b))[0]!;
}

/** How many tokens a picture counts as; of 512 unverified. */
export const imageTokens: Readonly<Record<string, number>> = { '512': 750, '1K': 1120, '2K': 1680, '4K': 2520 };
