// What several rows of the table have in common.

import type { Limits, ModelCapabilities, OptionSpec } from '@anyimage/core';

/** How long a picture's URL works, of every model. */
export const urlLives = 86_400;

/** What every row shares. `checked` and `source` are each row's own. */
export const shared = {
  delivery: { as: 'url', livesSeconds: urlLives },
} as const satisfies Partial<ModelCapabilities>;

/** n pictures use seed, seed + 1 and so on. */
export const seed = { max: 2_147_483_647, within: 'step' } as const satisfies Limits['seed'];

/** Both are sent always: the service's own default of `prompt_extend` is to rewrite the prompt. */
export const options = {
  watermark: { type: 'boolean', default: false, send: 'always', about: 'Visible text in a corner of the picture' },
  promptExtend: {
    type: 'boolean',
    default: false,
    send: 'always',
    about: 'The service rewrites the prompt first (3–4 s more); what it drew is in revisedPrompt where it says so',
  },
} as const satisfies { readonly [name: string]: OptionSpec };

/** For operations with input pictures. */
export const transfer = {
  type: 'string',
  values: ['data', 'auto', 'upload'],
  default: 'auto',
  about:
    'How files travel: data = inside the request, upload = through the temporary storage of the service, auto = inside unless they are too large or refused there',
} as const satisfies OptionSpec;

/** Media types as the service lists them. */
export const types = {
  // BMP and TIFF, which most of them take, too, are not read here.
  wan: ['image/jpeg', 'image/png', 'image/webp'],
  qwen: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
} as const;

/** Paths below `services/aigc/`, and the shape of the body: what only the provider reads. */
export const wires = {
  textToImage: { shape: 'prompt', job: 'text2image/image-synthesis' },
  imageToImage: { shape: 'images', job: 'image2image/image-synthesis' },
  functions: { shape: 'function', job: 'image2image/image-synthesis' },
  messages: { shape: 'messages', call: 'multimodal-generation/generation' },
  messagesByJob: {
    shape: 'messages',
    job: 'image-generation/generation',
    call: 'multimodal-generation/generation',
  },
} as const satisfies { readonly [name: string]: Limits['wire'] };

/** International prices are given by the source in CNY, converted. */
export const prices = {
  twenty: [
    { amount: 0.2, currency: 'CNY', per: 'image', when: { region: 'china' } },
    { amount: 0.22, currency: 'CNY', per: 'image', when: { region: 'international' }, unsure: true },
  ],
  fifty: [
    { amount: 0.5, currency: 'CNY', per: 'image', when: { region: 'china' } },
    { amount: 0.55, currency: 'CNY', per: 'image', when: { region: 'international' }, unsure: true },
  ],
} as const satisfies { readonly [name: string]: Limits['prices'] };
