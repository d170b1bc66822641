// What the Seedream models can do. Facts and their conflicts: docs/providers/seedream.md.

import type { Limits, ModelCapabilities, ModelTable, Price, SizeRule } from '@anyimage/core';

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

/** Of 5.0 Pro; that 5.5 and 5.0 Flash take no more than these two types either is unverified. */
const tenReferences = { ...references, count: [1, 10], types: ['image/jpeg', 'image/png'] } as const;

/** What every row shares. */
const shared = {
  source: 'https://www.volcengine.com/docs/82379/1541523',
  checked: '2026-11-28',
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

/** Two public clients say so, independently; no page of the service was seen. Abroad these models are still sold. */
const endedInChina = {
  retires: '2026-11-24',
  retiresUnsure: true,
  successor: 'doubao-seedream-5-0-pro-260628',
} as const;

/** How many layers there are, the service decides, and what they cost is not known. */
const layers = {
  layerDecomposition: {
    type: 'boolean',
    default: false,
    series: 100,
    about: 'Takes one picture apart: a base and up to 99 transparent layers. Not with background',
  },
} as const;
const background = { values: ['opaque', 'transparent', 'auto'], default: 'auto' } as const;
/** From 1K to 2K. Which sizes in pixels are taken beyond that is unverified: as many as of 5.0 Pro may be. */
const oneToTwoK = {
  ...sizes,
  rules: [pixels([1_048_576, 4_194_304]), { ...pixels([921_600, 4_624_220]), unsure: true }],
} as const satisfies SizeRule;

const [small55, large55] = [
  { amount: 0.02, currency: 'USD', per: 'image', inputs: { amount: 0.008, per: 'image' } },
  { amount: 0.035, currency: 'USD', per: 'image', inputs: { amount: 0.008, per: 'image' } },
] as const satisfies readonly Price[];
const flashPrice = { amount: 0.018, currency: 'USD', per: 'image' } as const satisfies Price;
const abroad = { region: 'international' } as const;
const whole = { ...abroad, options: { layerDecomposition: false } } as const;
/** 1536 x 1536 px. */
const onePointFiveK = 2_359_296;

export const models = {
  'doubao-seedream-5-0-pro-260628': {
    ...shared,
    label: 'Seedream 5.0 Pro',
    regions: { china: {}, international: { id: 'dola-seedream-5-0-pro-260628' } },
    operations: { generate: {}, edit: { images: tenReferences } },
    size: {
      ...sizes,
      rules: [pixels([921_600, 4_194_304]), { ...pixels([921_600, 4_624_220]), unsure: true }],
    },
    outputFormat: { values: ['jpeg', 'png'], default: 'jpeg' },
    latencyMs: [110_000, 130_000],
    // There is a step at 2.36 million px; of which side this is the price is unverified. From the second input picture on there is a
    // fee for each, and nobody says how much.
    prices: [{ amount: 0.3, currency: 'CNY', per: 'image', when: { region: 'china', maxInputs: 1 }, unsure: true }],
  },
  // Its id in China is unverified; one that is tried there counts as a model of no table.
  'seedream-5-5-261028': {
    ...shared,
    label: 'Seedream 5.5',
    source: 'https://inference.sh',
    regions: { international: {} },
    aliases: ['dola-seedream-5-5-261028'],
    operations: {
      generate: {
        prices: [
          { ...small55, when: { ...abroad, maxPixels: onePointFiveK } },
          { ...large55, when: abroad },
        ],
      },
      edit: {
        images: tenReferences,
        options: layers,
        prices: [
          { ...small55, when: { ...whole, maxPixels: onePointFiveK } },
          { ...large55, when: whole },
        ],
      },
    },
    size: oneToTwoK,
    background,
    outputFormat: { values: ['jpeg', 'png'], default: 'png' },
    latencyMs: [25_000, 35_000],
  },
  // Its id in China, its usual format and a fee for references are unverified.
  'seedream-5-0-flash-260915': {
    ...shared,
    label: 'Seedream 5.0 Flash',
    source: 'https://inference.sh',
    regions: { international: {} },
    operations: {
      generate: { prices: [{ ...flashPrice, when: abroad, unsure: true }] },
      edit: { images: tenReferences, options: layers, prices: [{ ...flashPrice, when: whole, unsure: true }] },
    },
    size: oneToTwoK,
    background,
    outputFormat: { values: ['jpeg', 'png'] },
  },
  'doubao-seedream-5-0-260128': {
    ...shared,
    label: 'Seedream 5.0 Lite',
    // That it is this model follows from its name and day.
    aliases: ['seedream-5-0-lite-260128'],
    regions: { china: endedInChina, international: { id: 'seedream-5-0-260128' } },
    size: {
      ...sizes,
      rules: [pixels([3_686_400, 10_404_496]), { ...pixels([3_686_400, 16_777_216]), unsure: true }],
    },
    outputFormat: { values: ['jpeg', 'png'], default: 'jpeg' },
    prices: [{ amount: 0.22, currency: 'CNY', per: 'image', when: { region: 'china' }, unsure: true }],
  },
  'doubao-seedream-4-5-251128': {
    ...shared,
    label: 'Seedream 4.5',
    regions: { china: endedInChina, international: { id: 'seedream-4-5-251128' } },
    size: { ...sizes, rules: [pixels([3_686_400, 16_777_216])] },
  },
  'doubao-seedream-4-0-250828': {
    ...shared,
    label: 'Seedream 4.0',
    regions: { china: endedInChina, international: { id: 'seedream-4-0-250828' } },
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
  strength: false,
  outputCompression: [],
  partials: 0,
} as const satisfies ModelCapabilities;
