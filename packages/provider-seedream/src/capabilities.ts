// What the Seedream models can do. Facts and their conflicts: docs/providers/seedream.md.

import type { Limits, ModelCapabilities, ModelTable, SizeRule } from '@anyimage/core';

/** Any width and height with so many pixels. Core picks multiples of 16, as the recommended sizes are. */
function pixels<const P extends readonly [number, number]>(range: P) {
  return { pixels: range, aspect: 16, round: 16 } as const;
}

/** The recommended sizes, which every model takes. One is always sent: the service's own default is not relied on. */
const sizes = {
  presets: ['2048x2048', '2304x1728', '1728x2304', '2560x1440', '1440x2560', '2496x1664', '1664x2496', '3024x1296'],
  default: '2048x2048',
  send: 'always',
} as const satisfies SizeRule;

/** Longest side: what 16:1 and 36 million pixels leave. */
const references = {
  count: [1, 14],
  // BMP and TIFF, which the service takes, too, are not read here.
  types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
  as: ['url', 'bytes'],
  maxBytes: 10_000_000,
  side: [15, 24_000],
  pixels: [225, 36_000_000],
  aspect: 16,
} as const satisfies Limits['images'];

/** What every row shares. */
const shared = {
  source: 'https://www.volcengine.com/docs/82379/1541523',
  checked: '2026-06-28',
  prompt: { languages: ['zh', 'en'] },
  wording: 'brief',
  operations: { generate: {}, edit: { images: references } },
  delivery: { as: 'url', livesSeconds: 86_400 },
  latencyMs: [10_000, 60_000],
  options: {
    // The service's own default is true.
    watermark: { type: 'boolean', default: false, send: 'always', about: 'The words "AI generated" in a corner' },
  },
} as const;

export const models = {
  'doubao-seedream-5-0-260128': {
    ...shared,
    label: 'Seedream 5.0 Lite',
    regions: { china: {}, international: { id: 'seedream-5-0-260128' } },
    size: {
      ...sizes,
      rules: [pixels([3_686_400, 10_404_496]), { ...pixels([3_686_400, 16_777_216]), unsure: true }],
    },
    outputFormat: { values: ['jpeg', 'png'], default: 'jpeg' },
    prices: [{ amount: 0.22, currency: 'CNY', per: 'image', when: { region: 'china' }, unsure: true }],
  },
  'doubao-seedream-5-0-pro-260628': {
    ...shared,
    label: 'Seedream 5.0 Pro',
    regions: { china: {}, international: { id: 'dola-seedream-5-0-pro-260628' } },
    operations: {
      generate: {},
      edit: { images: { ...references, count: [1, 10], types: ['image/jpeg', 'image/png'] } },
    },
    size: {
      ...sizes,
      rules: [pixels([921_600, 4_194_304]), { ...pixels([921_600, 4_624_220]), unsure: true }],
    },
    outputFormat: { values: ['jpeg', 'png'], default: 'jpeg' },
    prices: [{ amount: 0.3, currency: 'CNY', per: 'image', when: { region: 'china' }, unsure: true }],
  },
  'doubao-seedream-4-5-251128': {
    ...shared,
    label: 'Seedream 4.5',
    regions: { china: {}, international: { id: 'seedream-4-5-251128' } },
    size: { ...sizes, rules: [pixels([3_686_400, 16_777_216])] },
  },
  'doubao-seedream-4-0-250828': {
    ...shared,
    label: 'Seedream 4.0',
    regions: { china: {}, international: { id: 'seedream-4-0-250828' } },
    size: { ...sizes, rules: [pixels([921_600, 16_777_216])] },
    options: {
      ...shared.options,
      optimizePrompt: {
        type: 'string',
        values: ['standard', 'fast'],
        default: 'standard',
        about: 'How long the service thinks about the prompt before it draws',
      },
    },
  },
} as const satisfies ModelTable;

/**
 * Endpoints of an account (`ep-…`), and models that are not in the table. Sizes that every model takes are sure; `false` and
 * its like stand where the service has no such field for any model, so that nothing is lost on the way.
 */
export const unlisted = {
  ...shared,
  label: 'An endpoint or another model of Ark',
  open: true,
  size: {
    ...sizes,
    rules: [pixels([3_686_400, 4_194_304]), { ...pixels([262_144, 16_777_216]), unsure: true }],
  },
  negativePrompt: false,
  quality: false,
  style: false,
  background: false,
  strength: false,
  outputCompression: [],
  partials: 0,
} as const satisfies ModelCapabilities;
