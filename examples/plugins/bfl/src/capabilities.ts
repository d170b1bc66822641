// What the FLUX models can do. Facts, their sources and what is not verified: FACTS.md.

import type { ModelTable, Price, SizeRule } from '@anyimage/core';

/** What every row shares. A URL lives 10 minutes by the older documentation, an hour by the newer: the shorter counts. */
const shared = {
  source: 'https://api.bfl.ai/openapi.json',
  checked: '2026-11-29',
  modes: ['job'],
  delivery: { as: 'url', livesSeconds: 600 },
  latencyMs: [3_000, 60_000],
} as const;

/** Of all but FLUX 3. The range of seeds is not published: this one every client keeps to. */
const classic = {
  ...shared,
  seed: { max: 2_147_483_647, within: 'step' },
  outputFormat: { values: ['jpeg', 'png'], default: 'jpeg' },
} as const;

/** So many input pictures. Their types are not published; of FLUX.2 and FLUX.1, nor is their size. */
function pictures<const Most extends number>(most: Most) {
  return { count: [1, most], types: ['image/png', 'image/jpeg', 'image/webp'], as: ['bytes', 'url'] } as const;
}

/** US dollars for a picture. */
function price(amount: number) {
  return [{ amount, currency: 'USD', per: 'image' }] as const satisfies readonly Price[];
}

/** US dollars for the first megapixel of a picture and for each further one, which counts once it is begun. */
function megapixels(amount: number, further: number) {
  return { amount, further, currency: 'USD', ...begun } as const satisfies Price;
}
const begun = { per: 'megapixel', megapixel: 1_048_576, rounds: 'up' } as const;

const moderation = 'How much moderation lets through, of prompt and picture: 0 is the most strict';
function tolerance<const Most extends number>(max: Most) {
  return { safetyTolerance: { type: 'integer', min: 0, max, default: 2, about: moderation } } as const;
}

const enriched = 'The service enriches the prompt; what it made of it is the revised prompt';
const upsampling = { promptUpsampling: { type: 'boolean', default: false, about: enriched } } as const;

/**
 * FLUX.2 makes sides from 64 px up to 4 megapixels, in multiples of 16 (clients round to 32). Without a size it chooses one, and
 * nobody knows the price before. So one is sent, but for a change of a picture, which keeps its shape.
 */
const free = {
  rules: [{ side: [64, 65_536], multiple: 16, round: 32, pixels: [4096, 4_194_304] }],
  default: '1024x1024',
  send: 'always',
} as const satisfies SizeRule;

function flux2<const Most extends number>(most: Most) {
  return {
    ...classic,
    prompt: { max: 32_000, unit: 'tokens' },
    size: free,
    operations: { generate: {}, edit: { size: { rules: free.rules, default: 'auto' }, images: pictures(most) } },
    options: tolerance(5),
    wire: { images: 'input_image' },
  } as const;
}

/** [pro] and [max] enrich prompts unless told not to. */
const plainPrompt = {
  disablePup: { type: 'boolean', default: false, about: 'Draw the prompt as it is written' },
} as const;

/** FLUX.1 [pro] and [dev]: sides in multiples of 32. */
const small = { rules: [{ side: [256, 1440], multiple: 32 }], default: 'auto' } as const satisfies SizeRule;

/** Any aspect ratio between 21:9 and 9:21 is taken: these are the usual ones. */
const shapes = {
  ratios: ['21:9', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16', '9:21'],
  default: 'auto',
} as const satisfies SizeRule;

/** FLUX.1 Kontext. Whether changes of a picture take a tolerance above 2 is not verified. */
const kontext = {
  ...classic,
  size: shapes,
  operations: { generate: {}, edit: { images: pictures(1), options: tolerance(2) } },
  options: { ...tolerance(6), ...upsampling },
  wire: { images: 'input_image' },
} as const;

export const models = {
  'flux-2-pro': {
    ...flux2(8),
    label: 'FLUX.2 [pro]',
    options: { ...tolerance(5), ...plainPrompt },
    prices: [{ ...megapixels(0.03, 0.015), inputs: { amount: 0.015, ...begun } }],
  },
  'flux-2-pro-preview': {
    ...flux2(8),
    label: 'FLUX.2 [pro] preview',
    preview: true,
    options: { ...tolerance(5), ...plainPrompt },
  },
  'flux-2-max': {
    ...flux2(8),
    label: 'FLUX.2 [max]',
    options: { ...tolerance(5), ...plainPrompt },
    prices: [{ ...megapixels(0.07, 0.03), inputs: { amount: 0.03, ...begun }, unsure: true }],
  },
  'flux-2-flex': {
    ...flux2(8),
    label: 'FLUX.2 [flex]',
    options: {
      ...tolerance(5),
      promptUpsampling: { type: 'boolean', default: true, about: enriched },
      steps: { type: 'integer', min: 1, max: 50 },
      guidance: { type: 'number', min: 1.5, max: 10 },
    },
    prices: [{ ...megapixels(0.05, 0.05), inputs: { amount: 0.05, ...begun }, unsure: true }],
  },
  'flux-2-klein-9b': {
    ...flux2(4),
    label: 'FLUX.2 [klein] 9B',
    // What further megapixels cost is not known.
    prices: [{ amount: 0.015, currency: 'USD', per: 'image', when: { size: '1024x1024' } }],
  },
  'flux-2-klein-4b': { ...flux2(4), label: 'FLUX.2 [klein] 4B', prices: [megapixels(0.014, 0.001)] },
  'flux-3-image': {
    ...shared,
    label: 'FLUX 3 Image',
    source: 'https://docs.bfl.ai/flux_3/flux3_image_generate',
    prompt: { max: 15_000 },
    size: {
      ratios: [
        ...(['21:9', '2:1', '16:9', '3:2', '7:5', '4:3', '5:4', '1:1'] as const),
        ...(['4:5', '3:4', '5:7', '2:3', '9:16', '1:2', '9:21'] as const),
      ],
      tiers: ['768sq', '1k', '1.5k', '2k', '4k'],
      default: { tier: '1k' },
    },
    operations: {
      generate: {},
      edit: { images: { ...pictures(10), side: [256, 62_500], pixels: [65_536, 16_000_000], maxBytes: 20_000_000 } },
    },
    options: {
      ...tolerance(4),
      grounding: { type: 'boolean', default: true, about: 'Search the web for what the prompt speaks of' },
    },
    prices: [
      { amount: 0.048, currency: 'USD', per: 'image', when: { tier: '1k' }, unsure: true },
      { amount: 0.6, currency: 'USD', per: 'image', when: { tier: '4k' }, unsure: true },
    ],
    wire: { images: 'images' },
  },
  'flux-kontext-pro': { ...kontext, label: 'FLUX.1 Kontext [pro]', prices: price(0.04) },
  'flux-kontext-max': { ...kontext, label: 'FLUX.1 Kontext [max]', prices: price(0.08) },
  'flux-pro-1.1': {
    ...classic,
    label: 'FLUX1.1 [pro]',
    size: small,
    operations: { generate: {}, edit: { images: pictures(1) } },
    options: { ...tolerance(6), ...upsampling },
    prices: price(0.04),
    wire: { images: 'image_prompt' },
  },
  'flux-pro-1.1-ultra': {
    ...classic,
    label: 'FLUX1.1 [pro] Ultra',
    size: shapes,
    operations: { generate: {}, edit: { images: pictures(1), strength: true } },
    options: { ...tolerance(6), raw: { type: 'boolean', default: false, about: 'Less polished, more like a photo' } },
    prices: [{ amount: 0.06, currency: 'USD', per: 'image', unsure: true }],
    wire: { images: 'image_prompt' },
  },
  'flux-pro-1.0-fill': {
    ...classic,
    label: 'FLUX.1 Fill [pro]',
    source: 'https://docs.bfl.ai/flux_tools/flux_1_fill',
    size: false,
    operations: { inpaint: { images: { ...pictures(1), as: ['bytes'] }, mask: { repaint: 'white', hard: true } } },
    options: {
      ...tolerance(6),
      ...upsampling,
      steps: { type: 'integer', min: 15, max: 50, default: 50 },
      guidance: { type: 'number', min: 1.5, max: 100, default: 60 },
    },
    prices: [{ amount: 0.05, currency: 'USD', per: 'image', unsure: true }],
    wire: { images: 'image' },
  },
  'flux-dev': {
    ...classic,
    label: 'FLUX.1 [dev]',
    size: small,
    operations: { generate: {} },
    prices: [{ amount: 0.025, currency: 'USD', per: 'image', unsure: true }],
  },
} as const satisfies ModelTable;
