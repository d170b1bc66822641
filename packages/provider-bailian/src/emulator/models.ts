// The models of the China host, as the service's pages describe them.

/** An endpoint: E1, E2, E3 and E4 of the pages. */
export type Endpoint = 'text2image' | 'image2image' | 'sync' | 'async';

export interface SizeFacts {
  readonly listed?: readonly string[];
  /** Each side, px. */
  readonly side?: readonly [number, number];
  /** Width × height. */
  readonly pixels?: readonly [number, number];
  /** Longest side by shortest side. */
  readonly aspect?: number;
  /** Sizes by name; `4K` only for pictures from text alone. */
  readonly names?: readonly string[];
  /** A size, or how many pixels a picture in the aspect of the last input has. */
  readonly usual: string | number;
}

export interface PictureFacts {
  readonly count: readonly [number, number];
  /** Media types. */
  readonly types: readonly string[];
  /** `false`: an alpha channel is refused. */
  readonly alpha?: false;
  /** Longest side by shortest side. */
  readonly aspect?: number;
  /** px; absent = only advised. */
  readonly side?: readonly [number, number];
  readonly bytes: number;
}

export interface Model {
  /** CNY for one picture that is made. */
  readonly price: number;
  readonly endpoints: readonly Endpoint[];
  /** Longest prompt, characters; absent = cut without a word, or not documented. */
  readonly prompt?: number;
  readonly negative: boolean;
  /** How many pictures at most, and without `n`. */
  readonly n: readonly [most: number, usual: number];
  /** How many at most with `enable_sequential`. */
  readonly series?: number;
  /** Absent = not settable. */
  readonly sizes?: SizeFacts | undefined;
  readonly pictures?: PictureFacts;
  /** Parameters that are refused beside pictures. */
  readonly withoutPictures?: readonly string[];
  /** Parameters besides `n`, `seed`, `watermark` and `size`, and their types. */
  readonly parameters: Readonly<Record<string, 'boolean' | 'object' | 'any'>>;
}

const mib = 1024 * 1024;
const kinds = ['image/jpeg', 'image/png', 'image/bmp', 'image/webp'];
/** What the newer wan models take. */
const opaque = { types: kinds, alpha: false } as const;
const sidesA: SizeFacts = { side: [512, 1440], usual: '1024*1024' };
const sizesB: SizeFacts = {
  listed: ['1280*1280', '1104*1472', '1472*1104', '960*1696', '1696*960'],
  pixels: [1280 * 1280, 1440 * 1440],
  aspect: 4,
  usual: '1280*1280',
};
const sizesC: SizeFacts = { pixels: [768 * 768, 1280 * 1280], aspect: 4, usual: 1280 * 1280 };
const sizesD: SizeFacts = { names: ['1K', '2K'], pixels: [1, 2048 * 2048], usual: '2K' };
const sizesE: SizeFacts = { side: [512, 2048], usual: 1024 * 1024 };
const sizesQ: SizeFacts = {
  listed: ['1664*928', '1472*1104', '1328*1328', '1104*1472', '928*1664'],
  usual: '1664*928',
};
const sizesR: SizeFacts = { pixels: [512 * 512, 2048 * 2048], usual: '2048*2048' };

const extend = { prompt_extend: 'boolean' } as const;
const wanx: Model = {
  price: 0.04,
  endpoints: ['text2image'],
  negative: true,
  n: [4, 4],
  sizes: sidesA,
  parameters: extend,
};
const wan27: Model = {
  price: 0.2,
  endpoints: ['sync', 'async'],
  negative: true,
  n: [4, 4],
  series: 12,
  sizes: sizesD,
  pictures: { ...opaque, count: [0, 9], side: [240, 8000], aspect: 8, bytes: 20 * mib },
  // That the second is refused beside pictures is unverified: the pages do not name it there.
  withoutPictures: ['thinking_mode', 'prompt_extend'],
  parameters: {
    ...extend,
    thinking_mode: 'boolean',
    enable_sequential: 'boolean',
    bbox_list: 'any',
    color_palette: 'any',
  },
};
const qwen: Model = {
  price: 0.25,
  endpoints: ['sync', 'text2image'],
  prompt: 800,
  negative: true,
  n: [1, 1],
  sizes: sizesQ,
  parameters: extend,
};
const edit: PictureFacts = { count: [1, 3], types: [...kinds, 'image/tiff', 'image/gif'], bytes: 10 * mib };
const qwenEdit: Model = {
  ...qwen,
  price: 0.2,
  endpoints: ['sync'],
  n: [6, 1],
  sizes: sizesE,
  pictures: edit,
};
const qwen2: Model = {
  ...qwen,
  price: 0.2,
  endpoints: ['sync'],
  n: [6, 1],
  sizes: sizesR,
  pictures: { ...edit, count: [0, 3] },
};

const wan25: Model = { ...wanx, price: 0.2, prompt: 2000, sizes: sizesB };
const wan26: Model = { ...wan25, endpoints: ['sync', 'async'], prompt: 2100 };
const wan25Edit: Model = {
  ...wanx,
  price: 0.2,
  endpoints: ['image2image'],
  prompt: 2000,
  sizes: sizesC,
  pictures: { ...opaque, count: [1, 3], side: [384, 5000], bytes: 10 * mib },
};
const wanxEdit: Model = {
  price: 0.14,
  endpoints: ['image2image'],
  prompt: 800,
  negative: false,
  n: [4, 1],
  pictures: { count: [1, 1], types: [...kinds, 'image/tiff'], side: [512, 4096], bytes: 10 * mib },
  parameters: {},
};

export const models: Readonly<Record<string, Model>> = {
  'wanx2.0-t2i-turbo': wanx,
  'wanx2.1-t2i-turbo': { ...wanx, price: 0.14 },
  'wanx2.1-t2i-plus': { ...wanx, price: 0.2 },
  'wan2.2-t2i-flash': { ...wanx, price: 0.14 },
  'wan2.2-t2i-plus': { ...wanx, price: 0.2 },
  'wan2.5-t2i-preview': wan25,
  'wan2.6-t2i': wan26,
  'wan2.7-image': wan27,
  'wan2.7-image-pro': {
    ...wan27,
    price: 0.5,
    sizes: { ...sizesD, names: ['1K', '2K', '4K'], pixels: [1, 4096 * 4096] },
  },
  'qwen-image': qwen,
  'qwen-image-plus': { ...qwen, price: 0.2 },
  'qwen-image-max': { ...qwen, price: 0.5, endpoints: ['sync'] },
  'qwen-image-2.0': qwen2,
  'qwen-image-2.0-pro': { ...qwen2, price: 0.5 },
  'qwen-image-3.0': qwen2,
  'qwen-image-3.0-pro': qwen2,
  // Several pictures per call are unverified.
  'qwen-image-2.1-pro': {
    ...qwen2,
    n: [1, 1],
    sizes: { ...sizesR, aspect: 8 },
    pictures: { ...edit, count: [0, 10] },
  },
  'z-image-turbo': {
    ...qwen,
    price: 0.1,
    endpoints: ['sync'],
    negative: false,
    sizes: { pixels: [512 * 512, 2048 * 2048], usual: '1024*1024' },
  },
  'wanx2.1-imageedit': wanxEdit,
  'wan2.5-i2i-preview': wan25Edit,
  'wan2.6-image': {
    ...wanx,
    price: 0.2,
    endpoints: ['sync', 'async'],
    prompt: 2000,
    sizes: sizesC,
    pictures: { ...opaque, count: [1, 4], side: [384, 5000], bytes: 10 * mib },
    parameters: { ...extend, enable_interleave: 'boolean' },
  },
  'qwen-image-edit': { ...qwen, price: 0.3, endpoints: ['sync'], sizes: undefined, pictures: edit, parameters: {} },
  'qwen-image-edit-plus': qwenEdit,
  'qwen-image-edit-max': { ...qwenEdit, price: 0.5 },
  // Dated ids stand for those that the pages mention without listing them.
  'qwen-image-plus-2026-01-09': { ...qwen, price: 0.2 },
  'qwen-image-edit-plus-2025-10-30': qwenEdit,
  'wan2.5-t2i-preview-2025-12-01': wan25,
  'wan2.6-t2i-2025-12-16': wan26,
  'wan2.5-i2i-preview-2025-12-01': wan25Edit,
  'wanx2.1-imageedit-2025-12-01': wanxEdit,
};

/** The functions of wanx2.1-imageedit and the parameters that only they have: the range of each. */
export const functions: Readonly<Record<string, Readonly<Record<string, readonly [number, number] | 'boolean'>>>> = {
  stylization_all: { strength: [0, 1] },
  stylization_local: {},
  description_edit: { strength: [0, 1] },
  description_edit_with_mask: {},
  remove_watermark: {},
  expand: { top_scale: [1, 2], bottom_scale: [1, 2], left_scale: [1, 2], right_scale: [1, 2] },
  super_resolution: { upscale_factor: [1, 4] },
  colorization: {},
  doodle: { is_sketch: 'boolean' },
  control_cartoon_feature: {},
};

/** Text models of the OpenAI style. */
export const textModels = ['qwen-flash', 'qwen3.5-flash', 'qwen-turbo', 'qwen-plus'];
