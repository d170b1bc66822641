// Wan: pictures from text, and from text with pictures.

import type { ModelTable, SizeRule } from '@anyimage/core';
import { options, prices, seed, shared, transfer, types, wires } from './shared.ts';

/** Sizes of wanx2.0 to wan2.2. Any number of px will do; core picks multiples of 16, as the listed sizes mostly are. */
const sizeA = {
  presets: [
    ...(['1024x1024', '1280x720', '720x1280', '1152x864', '864x1152', '1248x832', '832x1248'] as const),
    ...(['1440x1080', '1080x1440', '768x1152', '1152x768'] as const),
  ],
  rules: [{ side: [512, 1440], round: 16 }],
  default: '1024x1024',
  send: 'always',
} as const satisfies SizeRule;

/** Sizes of wan2.5 and wan2.6; two of the recommended sizes lie below the stated minimum. */
const sizeB = {
  presets: ['1280x1280', '1104x1472', '1472x1104', '960x1696', '1696x960'],
  rules: [{ pixels: [1_638_400, 2_073_600], aspect: 4, round: 16 }],
  default: '1280x1280',
  send: 'always',
} as const satisfies SizeRule;

/** Sizes of edited pictures; without one the last picture's aspect, about 1280 × 1280 px in all. */
const sizeC = {
  presets: [
    ...(['1280x1280', '1024x1024', '800x1200', '1200x800', '960x1280', '1280x960'] as const),
    ...(['720x1280', '1280x720', '1344x576'] as const),
  ],
  rules: [{ pixels: [589_824, 1_638_400], aspect: 4, round: 16 }],
  default: 'last-image',
} as const satisfies SizeRule;

/** Sizes of wan2.7, from a secondary source that names no minimum: what is smaller than `1K` is unsure. */
const sizeD = {
  tiers: ['1K', '2K'],
  rules: [
    { pixels: [1_048_576, 4_194_304], round: 16 },
    { pixels: [1, 4_194_304], unsure: true },
  ],
  default: { tier: '2K' },
  send: 'always',
} as const satisfies SizeRule;

const sizeDPro = {
  ...sizeD,
  tiers: ['1K', '2K', '4K'],
  rules: [
    { pixels: [1_048_576, 16_777_216], round: 16 },
    { pixels: [1, 16_777_216], unsure: true },
  ],
} as const satisfies SizeRule;

const textToImage = {
  ...shared,
  operations: { generate: {} },
  source: 'https://help.aliyun.com/zh/model-studio/text-to-image-v2-api-reference',
  checked: '2025-12-30',
  prompt: { max: 800, unit: 'characters', languages: ['zh', 'en'] },
  negativePrompt: { max: 500 },
  perCall: 4,
  seed,
  size: sizeA,
  options,
  modes: ['job'],
  latencyMs: [10_000, 120_000],
  wire: wires.textToImage,
} as const;

const pictures = {
  types: types.wan,
  as: ['url', 'bytes'],
  side: [384, 5000],
  maxBytes: 10_485_760,
  alpha: false,
} as const;

/**
 * The page of 2026-11-20 has 4K for pictures from text alone. What is said of the rest of its parameters is from a secondary source; how
 * long a prompt may be is unverified. Boxes and colours are passed on as they are given.
 */
const wan27 = {
  ...shared,
  source: 'https://www.alibabacloud.com/help/en/model-studio/wan-image-generation-and-editing-api-reference',
  checked: '2026-11-28',
  prompt: { languages: ['zh', 'en'] },
  negativePrompt: {},
  perCall: 4,
  seed,
  size: sizeD,
  options: {
    watermark: options.watermark,
    sequential: { type: 'boolean', default: false, series: 12, about: 'The pictures form one series' },
    boxes: { type: 'json', about: 'bbox_list of the service, passed on as it is' },
    colorPalette: {
      type: 'json',
      about: 'color_palette of the service, passed on as it is: 3–10 colours whose shares add up to 100 %',
    },
  },
  modes: ['job', 'call'],
  latencyMs: [10_000, 120_000],
  wire: wires.messagesByJob,
} as const;

const wan27Generate = {
  options: {
    promptExtend: options.promptExtend,
    thinking: { type: 'boolean', default: true, about: 'The model reasons before it draws' },
  },
} as const;

const wan27Edit = {
  images: {
    count: [1, 9],
    types: types.wan,
    as: ['url', 'bytes'],
    side: [240, 8000],
    aspect: 8,
    maxBytes: 20_971_520,
    alpha: false,
  },
  options: { transfer },
} as const;

export const wan = {
  'wan2.6-t2i': {
    ...textToImage,
    label: 'Wan 2.6',
    prompt: { max: 2100, unit: 'characters', languages: ['zh', 'en'] },
    // An English page of December 2025 has a lower minimum.
    size: { ...sizeB, rules: [...sizeB.rules, { pixels: [589_824, 2_073_600], aspect: 4, unsure: true }] },
    modes: ['job', 'call'],
    prices: prices.twenty,
    wire: wires.messagesByJob,
  },
  'wan2.6-image': {
    ...shared,
    label: 'Wan 2.6 Image',
    source: 'https://help.aliyun.com/zh/model-studio/',
    checked: '2025-12-29',
    operations: { edit: {} },
    prompt: { max: 2000, unit: 'characters', languages: ['zh', 'en'] },
    negativePrompt: { max: 500 },
    perCall: 4,
    seed,
    size: sizeC,
    images: { ...pictures, count: [1, 4] },
    options: { ...options, transfer },
    modes: ['job', 'call'],
    latencyMs: [10_000, 120_000],
    prices: prices.twenty,
    // With interleaving the model answers in text and up to five pictures, each billed.
    wire: { ...wires.messagesByJob, parameters: { enable_interleave: false } },
  },
  'wan2.7-image-pro': {
    ...wan27,
    label: 'Wan 2.7 Image Pro',
    operations: { generate: { ...wan27Generate, size: sizeDPro }, edit: wan27Edit },
    prices: [
      { amount: 0.5, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0.562, currency: 'CNY', per: 'image', when: { region: 'international' }, unsure: true },
    ],
  },
  'wan2.7-image': {
    ...wan27,
    label: 'Wan 2.7 Image',
    operations: { generate: wan27Generate, edit: wan27Edit },
    prices: [{ amount: 0.2, currency: 'CNY', per: 'image', when: { region: 'china' } }],
  },
  'wan2.5-t2i-preview': {
    ...textToImage,
    label: 'Wan 2.5 (preview)',
    preview: true,
    prompt: { max: 2000, unit: 'characters', languages: ['zh', 'en'] },
    size: sizeB,
    prices: prices.twenty,
  },
  'wan2.5-i2i-preview': {
    ...textToImage,
    label: 'Wan 2.5 image to image (preview)',
    source: 'https://help.aliyun.com/zh/model-studio/',
    checked: '2025-12-05',
    preview: true,
    operations: { edit: {} },
    prompt: { max: 2000, unit: 'characters', languages: ['zh', 'en'] },
    size: sizeC,
    images: { ...pictures, count: [1, 3] },
    options: { ...options, transfer },
    prices: prices.twenty,
    wire: wires.imageToImage,
  },
  'wan2.2-t2i-plus': {
    ...textToImage,
    label: 'Wan 2.2 Plus',
    prices: [
      { amount: 0.2, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0.367, currency: 'CNY', per: 'image', when: { region: 'international' }, unsure: true },
    ],
  },
  'wan2.2-t2i-flash': {
    ...textToImage,
    label: 'Wan 2.2 Flash',
    prices: [
      { amount: 0.14, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0.183, currency: 'CNY', per: 'image', when: { region: 'international' }, unsure: true },
    ],
  },
  // Older models; whether they are still open to new accounts is unverified.
  'wanx2.1-t2i-plus': {
    ...textToImage,
    label: 'Wanx 2.1 Plus',
    regions: { china: {}, international: { id: 'wan2.1-t2i-plus' } },
    prices: [
      { amount: 0.2, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0.05, currency: 'USD', per: 'image', when: { region: 'international' } },
    ],
  },
  'wanx2.1-t2i-turbo': {
    ...textToImage,
    label: 'Wanx 2.1 Turbo',
    regions: { china: {}, international: { id: 'wan2.1-t2i-turbo' } },
    prices: [
      { amount: 0.14, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0.025, currency: 'USD', per: 'image', when: { region: 'international' } },
    ],
  },
  'wanx2.0-t2i-turbo': {
    ...textToImage,
    label: 'Wanx 2.0 Turbo',
    prices: [{ amount: 0.04, currency: 'CNY', per: 'image', when: { region: 'china' } }],
  },
} as const satisfies ModelTable;
