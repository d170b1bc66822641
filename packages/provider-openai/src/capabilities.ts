// What OpenAI's image models can do. Facts and their conflicts: docs/providers/openai.md.

import type { Limits, ModelCapabilities, ModelTable, Price, SizeRule } from '@anyimage/core';

const presets = ['1024x1024', '1536x1024', '1024x1536'] as const;
const presetSizes = { presets, default: 'auto' } as const satisfies SizeRule;
/** Any size within these limits since gpt-image-2; above 2560x1440 px in all the service calls it experimental. */
const customSizes = {
  presets,
  rules: [{ side: [16, 3840], pixels: [655_360, 8_294_400], multiple: 16, aspect: 3 }],
  default: 'auto',
} as const satisfies SizeRule;

const pictures = {
  count: [1, 16],
  types: ['image/png', 'image/jpeg', 'image/webp'],
  as: ['bytes', 'url'],
  maxBytes: 49_999_999,
} as const satisfies Limits['images'];
/** Edits go as multipart, which takes every size. JSON is for pictures given as URLs alone; its schema lists only the presets. */
const edit = {
  images: pictures,
  wire: { path: 'images/edits', body: 'form-or-json', urlSizes: 'presets' },
} as const satisfies Limits;
const inpaint = {
  images: { ...pictures, as: ['bytes'] },
  // The service reads transparency alone: a mask that says it so goes as it is.
  mask: { repaint: 'transparent', maxBytes: 3_999_999 },
  wire: { path: 'images/edits', body: 'form' },
} as const satisfies Limits;

const lowToHigh = ['low', 'medium', 'high', 'auto'] as const;
const lowToMax = ['low', 'medium', 'high', 'xhigh', 'max', 'auto'] as const;

/** What every row shares. The SDK of 2026-11-17 gives the longest user id for chat, a client of 2026-11-13 for pictures, too. */
const shared = {
  checked: '2026-11-28',
  source: 'https://developers.openai.com/api/reference/resources/images/methods/generate',
  operations: { generate: {}, edit, inpaint },
  // The field that takes the place of `user`.
  wire: { user: 'safety_identifier' },
  delivery: { as: 'bytes' },
  prompt: { max: 32_000, unit: 'characters' },
  wording: 'structured',
  perCall: 10,
  user: [1, 128],
  partials: 3,
  outputFormat: { values: ['png', 'jpeg', 'webp'], default: 'png' },
  outputCompression: ['jpeg', 'webp'],
  latencyMs: [10_000, 120_000],
  options: {
    moderation: {
      type: 'string',
      values: ['auto', 'low'],
      default: 'auto',
      about: 'How strictly prompt and picture are moderated',
    },
  },
} as const;

const opaqueOrNot = { values: ['opaque', 'transparent', 'auto'], default: 'auto' } as const;

/** A partial picture is 100 tokens of pictures more; `mini`: at the price of 1-mini. Unverified, so counted and shown as unsure. */
const partial = 0.003;
const mini = 0.0008;

/** Prices of tokens: what an answer's `usage` is charged with. */
const tokens = [
  { amount: 30, currency: 'USD', per: '1M image out' },
  { amount: 8, currency: 'USD', per: '1M image in' },
  { amount: 5, currency: 'USD', per: '1M text in' },
  // Text that the model writes beside a picture: its own price is in no source, so it counts as much as the picture's tokens.
  { amount: 30, currency: 'USD', per: '1M text out', unsure: true },
] as const satisfies readonly Price[];

const gptImage2 = {
  ...shared,
  size: customSizes,
  quality: { values: lowToHigh, default: 'auto' },
  background: { values: ['opaque', 'auto'], default: 'auto' },
  prices: [
    {
      amount: 0.006,
      currency: 'USD',
      per: 'image',
      partial,
      when: { quality: 'low', size: '1024x1024' },
      unsure: true,
    },
    {
      amount: 0.053,
      currency: 'USD',
      per: 'image',
      partial,
      when: { quality: 'medium', size: '1024x1024' },
      unsure: true,
    },
    {
      amount: 0.211,
      currency: 'USD',
      per: 'image',
      partial,
      when: { quality: 'high', size: '1024x1024' },
      unsure: true,
    },
    ...tokens,
  ],
  options: {
    ...shared.options,
    transparent: {
      type: 'boolean',
      about: 'A transparent background, which is in preview with this model; some say it makes none',
    },
  },
} as const;

/** The official SDK of 2026-11-17 names 2.5 alone; that 2.6 takes it, too, is from resellers. */
const markup = {
  markup: { type: 'image', about: 'Arrows and notes over the first picture: a PNG with alpha, as a data: URL' },
} as const satisfies Limits['options'];

const gptImage25 = {
  ...shared,
  operations: { generate: {}, edit: { ...edit, options: markup }, inpaint },
  size: customSizes,
  quality: { values: lowToMax, default: 'auto' },
  background: opaqueOrNot,
  prices: [
    {
      amount: 0.007,
      currency: 'USD',
      per: 'image',
      partial,
      when: { quality: 'low', size: '1024x1024' },
      unsure: true,
    },
    {
      amount: 0.016,
      currency: 'USD',
      per: 'image',
      partial,
      when: { quality: 'medium', size: '1024x1024' },
      unsure: true,
    },
    {
      amount: 0.063,
      currency: 'USD',
      per: 'image',
      partial,
      when: { quality: 'high', size: '1024x1024' },
      unsure: true,
    },
    {
      amount: 0.112,
      currency: 'USD',
      per: 'image',
      partial,
      when: { quality: 'xhigh', size: '1024x1024' },
      unsure: true,
    },
    {
      amount: 0.251,
      currency: 'USD',
      per: 'image',
      partial,
      when: { quality: 'max', size: '1024x1024' },
      unsure: true,
    },
    ...tokens,
  ],
} as const;

/** Account preview; not with a mask, partial pictures, a format or compression. Which sizes are taken is said to be limited, not how. */
const gif = {
  gif: { type: 'boolean', makes: 'gif', about: 'An animated GIF (the account needs preview access)' },
  frameCount: { type: 'integer', min: 2, max: 16, about: 'Frames of a GIF, 9 unless given; makes it one' },
  frameDurationMs: {
    type: 'integer',
    min: 20,
    max: 655_350,
    about: 'Time of each frame of a GIF in ms, rounded to 10, 200 unless given; makes it one',
  },
} as const satisfies Limits['options'];

/**
 * A bitmap is drawn first, then a text model writes it as SVG and is billed on top. Which text models there are, and whether sizes
 * other than the presets are taken, is unverified. One picture, without partial ones and compression.
 */
const svg = {
  svg: { type: 'boolean', makes: 'svg', about: 'An SVG drawing, written by a text model that is billed on top' },
  svgModel: { type: 'string', about: 'The text model that writes the SVG; makes it one' },
  svgEffort: {
    type: 'string',
    values: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
    about: 'How much that model reasons; makes it one',
  },
} as const satisfies Limits['options'];

/** That it takes custom sizes and five qualities is from a client and a reseller: the SDK names them for 2.5. */
const gptImage26 = {
  ...shared,
  source: 'https://developers.openai.com/api/reference/resources/images/methods/edit',
  size: customSizes,
  quality: { values: lowToMax, default: 'auto' },
  background: opaqueOrNot,
  prices: tokens,
  operations: {
    generate: { options: { ...gif, ...svg } },
    edit: {
      ...edit,
      options: {
        ...gif,
        ...svg,
        ...markup,
      },
    },
    inpaint,
  },
  options: {
    ...shared.options,
    // The service names no model for it.
    complexity: {
      type: 'string',
      values: ['low', 'medium', 'high'],
      about: 'How much the model plans ahead; the default is said to be high',
    },
  },
} as const;

/** The generation before: presets alone. All of it ends on one day. */
const gptImage15 = {
  ...shared,
  source: 'https://developers.openai.com/api/docs/deprecations',
  deprecated: '2026-06-02',
  retires: '2026-12-01',
  size: presetSizes,
  quality: { values: lowToHigh, default: 'auto' },
  background: opaqueOrNot,
} as const;

const gptImage15Itself = {
  ...gptImage15,
  successor: 'gpt-image-2.6-sunburst',
  operations: {
    generate: {},
    edit: { ...edit, options: { inputFidelity: { type: 'string', values: ['low', 'high'], default: 'low' } } },
    inpaint: { ...inpaint, options: { inputFidelity: { type: 'string', values: ['low', 'high'], default: 'low' } } },
  },
  prices: [
    { amount: 0.009, currency: 'USD', per: 'image', partial, when: { quality: 'low', size: '1024x1024' } },
    { amount: 0.013, currency: 'USD', per: 'image', partial, when: { quality: 'low', size: '1536x1024' } },
    { amount: 0.013, currency: 'USD', per: 'image', partial, when: { quality: 'low', size: '1024x1536' } },
    { amount: 0.034, currency: 'USD', per: 'image', partial, when: { quality: 'medium', size: '1024x1024' } },
    { amount: 0.05, currency: 'USD', per: 'image', partial, when: { quality: 'medium', size: '1536x1024' } },
    { amount: 0.05, currency: 'USD', per: 'image', partial, when: { quality: 'medium', size: '1024x1536' } },
    { amount: 0.133, currency: 'USD', per: 'image', partial, when: { quality: 'high', size: '1024x1024' } },
    { amount: 0.2, currency: 'USD', per: 'image', partial, when: { quality: 'high', size: '1536x1024' } },
    { amount: 0.2, currency: 'USD', per: 'image', partial, when: { quality: 'high', size: '1024x1536' } },
  ],
} as const;

/** DALL·E: gone from the service, but its names and parameters live on at servers that speak the same API. */
const dallE = {
  source: 'https://developers.openai.com/api/docs/deprecations',
  checked: '2026-11-28',
  retires: '2026-05-12',
  successor: 'gpt-image-2.5-flare',
  operations: { generate: {} },
  delivery: { as: 'url', livesSeconds: 3600 },
  user: [1, 256],
} as const;

export const models = {
  'gpt-image-2.6-flare': { ...gptImage26, label: 'GPT Image 2.6 Flare', latencyMs: [6_000, 12_000] },
  'gpt-image-2.6-sunburst': { ...gptImage26, label: 'GPT Image 2.6 Sunburst' },
  'gpt-image-2.5-flare': { ...gptImage25, label: 'GPT Image 2.5 Flare' },
  'gpt-image-2.5-flare-2026-09-08': { ...gptImage25, label: 'GPT Image 2.5 Flare (2026-09-08)' },
  'gpt-image-2.5-sunburst': { ...gptImage25, label: 'GPT Image 2.5 Sunburst' },
  'gpt-image-2.5-sunburst-2026-09-08': { ...gptImage25, label: 'GPT Image 2.5 Sunburst (2026-09-08)' },
  'gpt-image-2': { ...gptImage2, label: 'GPT Image 2' },
  'gpt-image-2-2026-04-21': { ...gptImage2, label: 'GPT Image 2 (2026-04-21)' },
  'gpt-image-1.5': { ...gptImage15Itself, label: 'GPT Image 1.5' },
  // The official SDK does not name it.
  'gpt-image-1.5-2025-12-16': { ...gptImage15Itself, label: 'GPT Image 1.5 (2025-12-16)' },
  'gpt-image-1-mini': {
    ...gptImage15,
    label: 'GPT Image 1 Mini',
    successor: 'gpt-image-2.6-flare',
    prices: [
      { amount: 0.005, currency: 'USD', per: 'image', partial: mini, when: { quality: 'low', size: '1024x1024' } },
      { amount: 0.006, currency: 'USD', per: 'image', partial: mini, when: { quality: 'low', size: '1536x1024' } },
      { amount: 0.006, currency: 'USD', per: 'image', partial: mini, when: { quality: 'low', size: '1024x1536' } },
      { amount: 0.011, currency: 'USD', per: 'image', partial: mini, when: { quality: 'medium', size: '1024x1024' } },
      { amount: 0.015, currency: 'USD', per: 'image', partial: mini, when: { quality: 'medium', size: '1536x1024' } },
      { amount: 0.015, currency: 'USD', per: 'image', partial: mini, when: { quality: 'medium', size: '1024x1536' } },
      { amount: 0.036, currency: 'USD', per: 'image', partial: mini, when: { quality: 'high', size: '1024x1024' } },
      { amount: 0.052, currency: 'USD', per: 'image', partial: mini, when: { quality: 'high', size: '1536x1024' } },
      { amount: 0.052, currency: 'USD', per: 'image', partial: mini, when: { quality: 'high', size: '1024x1536' } },
      { amount: 8, currency: 'USD', per: '1M image out' },
      { amount: 2.5, currency: 'USD', per: '1M image in' },
      { amount: 2, currency: 'USD', per: '1M text in' },
      { amount: 8, currency: 'USD', per: '1M text out', unsure: true },
    ],
  },
  // Its parameters are those of gpt-image-1.5 as far as is known; its price is unverified.
  'chatgpt-image-latest': { ...gptImage15, label: 'ChatGPT Image (latest)', successor: 'gpt-image-2.6-flare' },
  'gpt-image-1': {
    ...gptImage15,
    label: 'GPT Image 1',
    deprecated: '2026-04-22',
    retires: '2026-10-23',
    // So says the official SDK, also since there is 2.6.
    successor: 'gpt-image-2.5-sunburst',
  },
  'dall-e-3': {
    ...dallE,
    label: 'DALL·E 3',
    prompt: { max: 4000, unit: 'characters' },
    size: { presets: ['1024x1024', '1792x1024', '1024x1792'], default: '1024x1024' },
    quality: { values: ['standard', 'hd'], default: 'standard' },
    style: { values: ['vivid', 'natural'], default: 'vivid' },
  },
  'dall-e-2': {
    ...dallE,
    label: 'DALL·E 2',
    prompt: { max: 1000, unit: 'characters' },
    perCall: 10,
    size: { presets: ['256x256', '512x512', '1024x1024'], default: '1024x1024' },
  },
} as const satisfies ModelTable;

/**
 * A model that no table knows, of OpenAI or of a server that speaks its API: sizes as text, one picture per call, and what else is
 * asked is passed on under OpenAI's names. `response_format` is not sent: OpenAI refuses it, and both forms of answer are read.
 */
export const unlisted = {
  label: 'A model that is not in the table',
  source: 'https://developers.openai.com/api/reference/resources/images/methods/generate',
  checked: '2026-11-28',
  open: true,
  size: { rules: [{ side: [1, 16_384], round: 64 }], default: 'auto' },
  operations: {
    generate: {},
    edit,
    // Compatible servers read the grey, the transparency, or both.
    inpaint: { ...inpaint, mask: { ...inpaint.mask, repaint: 'white+transparent' } },
  },
  delivery: { as: 'bytes' },
} as const satisfies ModelCapabilities;
