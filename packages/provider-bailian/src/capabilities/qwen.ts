// Qwen-Image and Z-Image: answered in one call.

import type { ModelTable, SizeRule } from '@anyimage/core';
import { options, prices, seed, shared, transfer, types, wires } from './shared.ts';

/** Five sizes and no other. Third-party text has 1140 for 1104, and 1328x1328 as the default. */
const sizeQ = {
  presets: ['1664x928', '1472x1104', '1328x1328', '1104x1472', '928x1664'],
  renamed: { '1472x1140': '1472x1104', '1140x1472': '1104x1472' },
  default: '1664x928',
  send: 'always',
} as const satisfies SizeRule;

/** Sizes of Qwen-Image 2.0; sources disagree on the default, so it is always sent. */
const sizeR = {
  presets: ['2048x2048', '1024x1024'],
  rules: [{ pixels: [262_144, 4_194_304], round: 16 }],
  default: '2048x2048',
  send: 'always',
} as const satisfies SizeRule;

/** Without a size, Qwen-Image 3.0 picks one that suits the prompt. */
const sizeR3 = { presets: sizeR.presets, rules: sizeR.rules, default: 'auto' } as const satisfies SizeRule;

/** Of Qwen-Image 2.1; what it makes without a size is unverified. */
const sizeR21 = { ...sizeR, rules: [{ ...sizeR.rules[0], aspect: 8 }] } as const satisfies SizeRule;

/** Sizes of edited pictures; without one the last picture's aspect, about 1024 × 1024 px in all. */
const sizeE = {
  presets: ['1024x1024', '1536x1024', '1024x1536'],
  rules: [{ side: [512, 2048], round: 16 }],
  default: 'last-image',
} as const satisfies SizeRule;

/** The default of z-image is unverified. */
const sizeZ = {
  presets: ['1024x1024'],
  rules: [{ pixels: [262_144, 4_194_304], round: 16 }],
  default: '1024x1024',
  send: 'always',
} as const satisfies SizeRule;

const common = {
  ...shared,
  prompt: { max: 800, unit: 'characters', languages: ['zh', 'en'] },
  negativePrompt: { max: 500 },
  seed,
  options,
  modes: ['call'],
  latencyMs: [10_000, 60_000],
  wire: wires.messages,
} as const;

const qwenImage = {
  ...common,
  source: 'https://help.aliyun.com/zh/model-studio/qwen-image-api',
  checked: '2026-03-18',
  operations: { generate: {} },
  size: sizeQ,
} as const;

/** The sides advised are 384–3072 px; others are taken too. */
const pictures = { count: [1, 3], types: types.qwen, as: ['url', 'bytes'], maxBytes: 10_485_760 } as const;
const edit = { images: pictures, options: { transfer } } as const;

const qwenEdit = {
  ...common,
  source: 'https://help.aliyun.com/zh/model-studio/qwen-image-edit-api',
  checked: '2026-02-28',
  operations: { edit },
  perCall: 6,
  size: sizeE,
} as const;

/** The service files them under its legacy models (2026-09-02), and names no end. */
const legacy = { deprecated: '2026-09-02' } as const;

/** That they take as many and the same pictures as qwen-image-edit is unverified, as are the lengths of the prompts. */
const qwen2 = { ...qwenImage, operations: { generate: {}, edit }, perCall: 6, size: sizeR } as const;
/** The longest prompt is unverified: a reseller says 800 characters. */
const qwen3 = {
  ...qwen2,
  source: 'https://www.alibabacloud.com/help/es/model-studio/qwen-image-generation-and-editing-api-reference',
  checked: '2026-11-28',
  prompt: { languages: ['zh', 'en'] },
  negativePrompt: {},
  size: sizeR3,
} as const;

/**
 * On one page with 3.0, whose words it shares as far as is known; that it makes one picture per call is the strict reading. Resellers
 * speak of transparent backgrounds and masks, for which no field is known, and of a Turbo, whose id here is not.
 */
const qwen21 = {
  ...qwen3,
  operations: { generate: {}, edit: { ...edit, images: { ...pictures, count: [1, 10] } } },
  perCall: 1,
  size: sizeR21,
} as const;

export const qwen = {
  'qwen-image-3.0-pro': { ...qwen3, label: 'Qwen-Image 3.0 Pro', latencyMs: [120_000, 180_000] },
  'qwen-image-3.0': { ...qwen3, label: 'Qwen-Image 3.0' },
  'qwen-image-2.1-pro': { ...qwen21, label: 'Qwen-Image 2.1 Pro' },
  'qwen-image-2.0-pro': {
    ...qwen2,
    label: 'Qwen-Image 2.0 Pro',
    prices: [{ amount: 0.5, currency: 'CNY', per: 'image', when: { region: 'china' } }],
  },
  'qwen-image-2.0': {
    ...qwen2,
    label: 'Qwen-Image 2.0',
    prices: [{ amount: 0.2, currency: 'CNY', per: 'image', when: { region: 'china' } }],
  },
  'qwen-image-max': { ...qwenImage, ...legacy, label: 'Qwen-Image Max', dated: true, prices: prices.fifty },
  'qwen-image-plus': { ...qwenImage, ...legacy, label: 'Qwen-Image Plus', dated: true, prices: prices.twenty },
  'qwen-image': {
    ...qwenImage,
    ...legacy,
    label: 'Qwen-Image',
    prices: [
      { amount: 0.25, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0.257, currency: 'CNY', per: 'image', when: { region: 'international' }, unsure: true },
    ],
  },
  'qwen-image-edit-max': { ...qwenEdit, ...legacy, label: 'Qwen-Image Edit Max', dated: true, prices: prices.fifty },
  'qwen-image-edit-plus': { ...qwenEdit, ...legacy, label: 'Qwen-Image Edit Plus', dated: true, prices: prices.twenty },
  'qwen-image-edit': {
    ...qwenEdit,
    ...legacy,
    label: 'Qwen-Image Edit',
    perCall: 1,
    size: false,
    // Whether it takes prompt_extend is unverified.
    options: { watermark: options.watermark },
    prices: [
      { amount: 0.3, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0.33, currency: 'CNY', per: 'image', when: { region: 'international' }, unsure: true },
    ],
  },
  'z-image-turbo': {
    ...common,
    label: 'Z-Image Turbo',
    source: 'https://github.com/cinience/alicloud-skills',
    checked: '2026-07-18',
    operations: { generate: {} },
    negativePrompt: false,
    size: sizeZ,
    prices: [
      {
        amount: 0.2,
        currency: 'CNY',
        per: 'image',
        when: { region: 'china', options: { promptExtend: true } },
      },
      { amount: 0.1, currency: 'CNY', per: 'image', when: { region: 'china' } },
    ],
  },
} as const satisfies ModelTable;
