// What is known of OpenRouter's Image API without asking it: the words of the API itself. What a model can do, its catalogue says.
// Facts and their conflicts: docs/providers/openrouter.md.

import type { Limits, ModelCapabilities, ModelTable, OptionSpec, SizeRule } from '@anyimage/core';

/** The values that the API has for a parameter; each model takes some of them. */
export const words = {
  ratios: [
    ...(['1:1', '1:2', '1:4', '1:8', '2:1', '2:3', '2.35:1', '3:2', '3:4', '4:1', '4:3', '4:5', '5:2'] as const),
    ...(['5:4', '8:1', '9:16', '16:9', '9:19.5', '19.5:9', '9:20', '20:9', '9:21', '21:9'] as const),
  ],
  tiers: ['512', '1K', '2K', '4K'],
  qualities: ['auto', 'low', 'medium', 'high', 'xhigh', 'max'],
  backgrounds: ['auto', 'transparent', 'opaque'],
  formats: ['png', 'jpeg', 'webp'],
} as const;

/** Fields from which the price follows, besides `n`. */
export const pricedFields: readonly string[] = ['size', 'resolution', 'aspect_ratio', 'quality'];

/** Which of the services behind OpenRouter makes the picture, and what else a request may say whatever the model. */
export const routing = {
  only: { type: 'json', about: 'The only services that may be used, a list of slugs: ["openai"]' },
  ignore: { type: 'json', about: 'Services that are not used, a list of slugs' },
  order: { type: 'json', about: 'Services in the order in which they are tried, a list of slugs' },
  allowFallbacks: { type: 'boolean', default: true, about: 'Whether the next service is tried if one is not there' },
  sort: {
    type: 'string',
    values: ['price', 'throughput', 'latency'],
    about: 'Which service is preferred, where there is no order',
  },
  options: {
    type: 'json',
    about: 'Options of single services, an object of objects by slug: openai with moderation, for one',
  },
  sessionId: { type: 'string', maxLength: 256, about: 'Groups requests in the log of the account' },
} as const satisfies { readonly [name: string]: OptionSpec };

/** What holds for each model. How long `user` may be is unverified: as long as `session_id` is taken to be safe. */
export const everyModel = {
  negativePrompt: false,
  style: false,
  strength: false,
  user: [1, 256],
  options: routing,
} as const satisfies Limits;

/** Which media types references may have is unverified: those that every service behind it is known to take elsewhere. */
export const references = {
  types: ['image/png', 'image/jpeg', 'image/webp'],
  as: ['url', 'bytes'],
} as const;

/** All ratios and resolutions of the API, of which a model may take fewer; other sizes are sent in pixels, which it may refuse. */
const anySize = {
  ratios: words.ratios,
  tiers: words.tiers,
  rules: [{ side: [16, 16_384], unsure: true }],
  default: 'auto',
} as const satisfies SizeRule;

/**
 * A model whose record in the catalogue was not read: what is not said here is passed on with a warning. Its price is not known, so that
 * budgets refuse it unless they allow unknown prices.
 */
export const unlisted = {
  ...everyModel,
  label: 'A model of OpenRouter whose catalogue was not read',
  source: 'https://openrouter.ai/docs/guides/overview/multimodal/image-generation',
  checked: '2026-11-28',
  open: true,
  size: anySize,
  operations: { generate: {}, edit: {} },
  delivery: { as: 'bytes' },
} as const satisfies ModelCapabilities;

/** Two that the documentation names. Their prices and values are the catalogue's. Only OpenAI's models stream. */
export const models = {
  'openai/gpt-image-2': { ...unlisted, label: 'GPT Image 2 through OpenRouter', partials: 1 },
  'bytedance-seed/seedream-4.5': { ...unlisted, label: 'Seedream 4.5 through OpenRouter', partials: 0 },
} as const satisfies ModelTable;
