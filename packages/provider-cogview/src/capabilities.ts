// What Zhipu's image models can do. Facts and their conflicts: docs/providers/cogview.md.

import type { ModelTable, SizeRule } from '@anyimage/core';

/** The common size rule of the CogView models: seven listed sizes, or any in the range. The open weights ask for multiples of 32. */
const cogviewSize = {
  presets: ['1024x1024', '768x1344', '864x1152', '1344x768', '1152x864', '1440x720', '720x1440'],
  rules: [{ side: [512, 2048], multiple: 16, round: 32, pixels: [262_144, 2_097_152] }],
  default: '1024x1024',
} as const satisfies SizeRule;

/** How long a picture's URL works, of every model. */
export const urlLives = 2_592_000;

/** What every row shares. */
const shared = {
  checked: '2026-07-11',
  operations: { generate: {} },
  delivery: { as: 'url', livesSeconds: urlLives },
  user: [6, 128],
  options: {
    watermark: {
      type: 'boolean',
      default: true,
      about:
        'Visible and hidden mark; false works only on the China host, for accounts that signed the removal statement',
    },
  },
} as const;

export const models = {
  'cogview-4-250304': {
    ...shared,
    label: 'CogView-4 (2025-03-04)',
    source: 'https://docs.bigmodel.cn/openapi/openapi.json',
    prompt: { languages: ['zh', 'en'] },
    size: cogviewSize,
    quality: { values: ['standard', 'hd'], default: 'standard' },
    latencyMs: [5_000, 20_000],
    prices: [
      { amount: 0.06, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0.01, currency: 'USD', per: 'image', when: { region: 'international' }, unsure: true },
    ],
  },
  'cogview-4': {
    ...shared,
    label: 'CogView-4',
    source: 'https://docs.bigmodel.cn/openapi/openapi.json',
    regions: { china: {} },
    prompt: { languages: ['zh', 'en'] },
    size: cogviewSize,
    quality: { values: ['standard'], default: 'standard' },
    latencyMs: [5_000, 10_000],
    prices: [{ amount: 0.06, currency: 'CNY', per: 'image' }],
    wire: { omitQuality: true },
  },
  'glm-image': {
    ...shared,
    label: 'GLM-Image',
    source: 'https://docs.bigmodel.cn/openapi/openapi.json',
    prompt: { max: 1000, unit: 'characters', languages: ['zh', 'en'] },
    size: {
      presets: ['1280x1280', '1568x1056', '1056x1568', '1472x1088', '1088x1472', '1728x960', '960x1728'],
      rules: [
        { side: [1024, 2048], multiple: 32, pixels: [1_048_576, 4_194_304] },
        { side: [512, 2048], multiple: 32, pixels: [262_144, 4_194_304], unsure: true },
      ],
      default: '1280x1280',
    },
    quality: { values: ['hd'], default: 'hd' },
    modes: ['job', 'call'],
    latencyMs: [20_000, 180_000],
    prices: [
      { amount: 0.1, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0.015, currency: 'USD', per: 'image', when: { region: 'international' } },
    ],
  },
  'cogview-3-flash': {
    ...shared,
    label: 'CogView-3-Flash',
    source: 'https://docs.bigmodel.cn/cn/guide/models/free/cogview-3-flash',
    // Not stated for this model: taken from cogview-4 and glm-image. Without a list it would count as understanding any language.
    prompt: { languages: ['zh', 'en'] },
    size: cogviewSize,
    quality: { values: ['standard'], default: 'standard' },
    latencyMs: [5_000, 10_000],
    prices: [
      { amount: 0, currency: 'CNY', per: 'image', when: { region: 'china' } },
      { amount: 0, currency: 'USD', per: 'image', when: { region: 'international' }, unsure: true },
    ],
    wire: { omitQuality: true },
  },
  // Gone from the model list of 2026-07-11; existence, price and speed are unverified.
  'cogview-3-plus': {
    ...shared,
    label: 'CogView-3-Plus',
    source: 'https://bigmodel.cn/dev/api/image-model/cogview',
    regions: { china: {} },
    deprecated: '2026-07-11',
    successor: 'cogview-4-250304',
    prompt: { max: 224, unit: 'tokens' },
    wording: 'brief',
    size: { presets: cogviewSize.presets, default: '1024x1024' },
  },
  'cogview-3': {
    ...shared,
    label: 'CogView-3',
    source: 'https://bigmodel.cn/dev/api/image-model/cogview',
    regions: { china: {} },
    deprecated: '2026-07-11',
    successor: 'cogview-4-250304',
    size: false,
  },
} as const satisfies ModelTable;
