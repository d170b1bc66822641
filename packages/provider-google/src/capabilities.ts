// What Google's image models can do. Facts and their conflicts: docs/providers/google.md.

import type { ModelCapabilities, ModelTable, OptionSpec, SizeRule } from '@anyimage/core';

const ratios = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'] as const;
/** Tall and wide ratios are taken too; how many pixels their pictures have is not documented. */
const moreRatios = [...ratios, '1:4', '4:1', '1:8', '8:1'] as const;

/** The sizes that ratios and resolutions of the Gemini 3 family come out as, give or take a few px. The family takes no sizes. */
const pixels = {
  '1K': {
    '1:1': '1024x1024',
    '2:3': '848x1264',
    '3:2': '1264x848',
    '3:4': '896x1200',
    '4:3': '1200x896',
    '4:5': '928x1152',
    '5:4': '1152x928',
    '9:16': '768x1376',
    '16:9': '1376x768',
    '21:9': '1584x672',
  },
  '2K': {
    '1:1': '2048x2048',
    '2:3': '1696x2528',
    '3:2': '2528x1696',
    '3:4': '1792x2400',
    '4:3': '2400x1792',
    '4:5': '1856x2304',
    '5:4': '2304x1856',
    '9:16': '1536x2752',
    '16:9': '2752x1536',
    '21:9': '3168x1344',
  },
  '4K': {
    '1:1': '4096x4096',
    '2:3': '3392x5056',
    '3:2': '5056x3392',
    '3:4': '3584x4800',
    '4:3': '4800x3584',
    '4:5': '3712x4608',
    '5:4': '4608x3712',
    '9:16': '3072x5504',
    '16:9': '5504x3072',
    '21:9': '6336x2688',
  },
} as const;

const threeTiers = { tiers: ['1K', '2K', '4K'], pixels, default: { ratio: '1:1', tier: '1K' } } as const;
const oneTier = { tiers: ['1K'], pixels: { '1K': pixels['1K'] }, default: { ratio: '1:1', tier: '1K' } } as const;
/** An edit that names no ratio keeps that of its picture. */
const asInput = { default: { tier: '1K' } } as const;

/** HEIC and HEIF are taken too (not confirmed for every model), but core cannot check them. */
const inputs = { types: ['image/png', 'image/jpeg', 'image/webp'], as: ['bytes'] } as const;
/** How many pictures are taken is not confirmed for gemini-3.1-flash-lite-image. */
const fourteen = { count: [1, 14], ...inputs } as const;

const safety = {
  safety: {
    type: 'string',
    values: ['OFF', 'BLOCK_NONE', 'BLOCK_ONLY_HIGH', 'BLOCK_MEDIUM_AND_ABOVE', 'BLOCK_LOW_AND_ABOVE'],
    about: 'From where on harassment, hate, sexual and dangerous content is blocked; the picture policy always holds',
  },
} as const satisfies Record<string, OptionSpec>;
const aboutGrounding = 'Look things up with Google Search first; costs extra beyond a monthly allowance';
const webSearch = {
  grounding: { type: 'string', values: ['none', 'web'], default: 'none', about: aboutGrounding },
} as const satisfies Record<string, OptionSpec>;
/** Picture search on gemini-nano-banana-2.1: notes conflict. */
const webAndImageSearch = {
  grounding: { type: 'string', values: ['none', 'web', 'web+image'], default: 'none', about: aboutGrounding },
} as const satisfies Record<string, OptionSpec>;
const aboutThinking = 'How long the model thinks before it draws';

/** What every Gemini row shares. The seed is passed on; its effect is weak and not documented for pictures. */
const gemini = {
  checked: '2026-11-28',
  source: 'https://ai.google.dev/gemini-api/docs/models',
  delivery: { as: 'bytes' },
  seed: { max: 2_147_483_647, within: 'same' },
} as const;

/**
 * Where the prices hold: those of Vertex were not found, and searches are billed beside the picture, as many as the
 * model makes.
 */
const known = { region: 'gemini', options: { grounding: 'none' } } as const;

const successor = 'gemini-nano-banana-2.1';
const imagenSource = 'https://ai.google.dev/gemini-api/docs/deprecations';
const imagen = {
  checked: '2026-11-15',
  source: imagenSource,
  operations: { generate: {} },
  delivery: { as: 'bytes' },
  perCall: 4,
  prompt: { max: 480, unit: 'tokens' },
  wire: { dialect: 'predict' },
} as const;
const imagenSize = {
  ratios: ['1:1', '3:4', '4:3', '9:16', '16:9'],
  default: { ratio: '1:1' },
} as const satisfies SizeRule;
const imagenTiers = {
  ...imagenSize,
  tiers: ['1K', '2K'],
  default: { ratio: '1:1', tier: '1K' },
} as const satisfies SizeRule;

export const models = {
  'gemini-nano-banana-2.1': {
    ...gemini,
    label: 'Nano Banana 2.1',
    operations: {
      generate: {},
      edit: { images: fourteen, size: { ratios: moreRatios, ...threeTiers, ...asInput } },
    },
    // 512 is left out: measured as refused by one source, listed as usable by another.
    size: { ratios: moreRatios, ...threeTiers },
    options: {
      thinkingLevel: {
        type: 'string',
        values: ['minimal', 'medium', 'high'],
        default: 'medium',
        about: aboutThinking,
      },
      ...webAndImageSearch,
      ...safety,
    },
    latencyMs: [15_000, 40_000],
    prices: [
      { amount: 0.0336, currency: 'USD', per: 'image', when: { tier: '1K', ...known } },
      { amount: 0.0504, currency: 'USD', per: 'image', when: { tier: '2K', ...known }, unsure: true },
      // 3,780 tokens. How many 2K has is unverified.
      { amount: 0.1134, currency: 'USD', per: 'image', when: { tier: '4K', ...known }, unsure: true },
    ],
    wire: { usdPerMillion: { in: 1.5, textOut: 7.5, imageOut: 30 } },
  },
  'gemini-3-pro-image': {
    ...gemini,
    label: 'Nano Banana Pro',
    operations: {
      generate: {},
      edit: { images: fourteen, size: { ratios, ...threeTiers, ...asInput } },
    },
    // That the second is this model follows from its name.
    aliases: ['gemini-3-pro-image-preview', 'nano-banana-pro-preview'],
    prompt: {
      max: 65_536,
      unit: 'tokens',
      languages: ['en', 'ar', 'de', 'es', 'fr', 'hi', 'id', 'it', 'ja', 'ko', 'pt', 'ru', 'uk', 'vi', 'zh'],
    },
    size: { ratios, ...threeTiers },
    options: { ...webSearch, ...safety },
    latencyMs: [20_000, 60_000],
    prices: [
      { amount: 0.134, currency: 'USD', per: 'image', when: { tier: '1K', ...known } },
      { amount: 0.134, currency: 'USD', per: 'image', when: { tier: '2K', ...known } },
      { amount: 0.24, currency: 'USD', per: 'image', when: { tier: '4K', ...known } },
    ],
    // The price of text, which thoughts are, too, is from modelpedia.dev (2026-03-22), unverified.
    wire: { usdPerMillion: { in: 2, textOut: 12, imageOut: 120 } },
  },
  // The model's page says fourteen ratios and lists ten. The price is not confirmed.
  'gemini-3.1-flash-lite-image': {
    ...gemini,
    label: 'Nano Banana 2 Lite',
    operations: {
      generate: {},
      edit: { images: fourteen, size: { ratios: moreRatios, ...oneTier, ...asInput } },
    },
    prompt: { max: 65_536, unit: 'tokens' },
    size: { ratios: moreRatios, ...oneTier },
    options: {
      thinkingLevel: { type: 'string', values: ['minimal', 'high'], about: aboutThinking },
      ...safety,
    },
    latencyMs: [1_000, 2_000],
    prices: [{ amount: 0.034, currency: 'USD', per: 'image', when: { region: 'gemini' }, unsure: true }],
  },
  // Two sources give 2026-10-29 as its last day, two later ones know of no end, and the SDK of 2026-11-12 still names it: it is
  // tried, and a 404 says what to use.
  'gemini-3.1-flash-image': {
    ...gemini,
    label: 'Nano Banana 2',
    deprecated: '2026-10-29',
    successor,
    operations: {
      generate: {},
      edit: {
        images: fourteen,
        size: { ratios: moreRatios, ...threeTiers, tiers: ['512', '1K', '2K', '4K'], ...asInput },
      },
    },
    aliases: ['gemini-3.1-flash-image-preview'],
    prompt: { max: 131_072, unit: 'tokens' },
    size: { ratios: moreRatios, ...threeTiers, tiers: ['512', '1K', '2K', '4K'] },
    options: {
      thinkingLevel: { type: 'string', values: ['minimal', 'high'], default: 'minimal', about: aboutThinking },
      ...webAndImageSearch,
      ...safety,
    },
    latencyMs: [10_000, 30_000],
    prices: [
      { amount: 0.067, currency: 'USD', per: 'image', when: { tier: '1K', ...known } },
      { amount: 0.045, currency: 'USD', per: 'image', when: { tier: '512', ...known }, unsure: true },
      { amount: 0.101, currency: 'USD', per: 'image', when: { tier: '2K', ...known }, unsure: true },
      { amount: 0.151, currency: 'USD', per: 'image', when: { tier: '4K', ...known }, unsure: true },
    ],
  },
  // Answered after its last day too, say resellers, and the SDK of 2026-11-12 still names it.
  'gemini-2.5-flash-image': {
    ...gemini,
    label: 'Nano Banana',
    retires: '2026-10-02',
    retiresUnsure: true,
    successor,
    operations: { generate: {}, edit: { images: { count: [1, 3], ...inputs } } },
    prompt: { max: 32_768, unit: 'tokens', languages: ['en', 'es', 'ja', 'zh', 'hi'] },
    size: {
      ratios,
      pixels: {
        '1K': {
          '1:1': '1024x1024',
          '2:3': '832x1248',
          '3:2': '1248x832',
          '3:4': '864x1184',
          '4:3': '1184x864',
          '4:5': '896x1152',
          '5:4': '1152x896',
          '9:16': '768x1344',
          '16:9': '1344x768',
          '21:9': '1536x672',
        },
      },
      default: { ratio: '1:1' },
    },
    options: { ...safety },
    latencyMs: [5_000, 15_000],
    prices: [{ amount: 0.039, currency: 'USD', per: 'image' }],
  },
  // The day is that of the Gemini 2.0 family.
  'gemini-2.0-flash-preview-image-generation': {
    ...gemini,
    label: 'Gemini 2.0 Flash image generation (preview)',
    source: imagenSource,
    retires: '2026-06-01',
    successor,
    operations: { generate: {}, edit: { images: { count: [1, 1], ...inputs } } },
    size: false,
  },
  'imagen-4.0-generate-001': {
    ...imagen,
    label: 'Imagen 4',
    retires: '2026-08-17',
    successor,
    size: imagenTiers,
    prices: [{ amount: 0.04, currency: 'USD', per: 'image' }],
  },
  'imagen-4.0-ultra-generate-001': {
    ...imagen,
    label: 'Imagen 4 Ultra',
    retires: '2026-08-17',
    successor,
    size: imagenTiers,
    prices: [{ amount: 0.06, currency: 'USD', per: 'image' }],
  },
  'imagen-4.0-fast-generate-001': {
    ...imagen,
    label: 'Imagen 4 Fast',
    retires: '2026-08-17',
    successor,
    size: imagenSize,
    prices: [{ amount: 0.02, currency: 'USD', per: 'image' }],
  },
  'imagen-4.0-generate-preview-06-06': {
    ...imagen,
    label: 'Imagen 4 (preview)',
    retires: '2026-02-17',
    successor,
    size: imagenTiers,
    prices: [{ amount: 0.04, currency: 'USD', per: 'image' }],
  },
} as const satisfies ModelTable;

/**
 * For ids that the table does not have: a model newer than it, or one that a gateway offers. It takes what some Gemini
 * image model takes; `models/imagen-…` goes out in Imagen's form, which only gateways still answer.
 */
export const unlisted = {
  ...gemini,
  label: 'another Gemini or Imagen model',
  operations: {
    generate: {},
    edit: { images: fourteen },
  },
  size: { ratios: moreRatios, tiers: ['512', '1K', '2K', '4K'], default: 'auto' },
  options: {
    thinkingLevel: { type: 'string', values: ['minimal', 'medium', 'high'], about: aboutThinking },
    ...webAndImageSearch,
    ...safety,
  },
} as const satisfies ModelCapabilities;
