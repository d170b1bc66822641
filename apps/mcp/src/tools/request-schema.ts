// A request as JSON Schema, in the words that anyimage has everywhere. Each word has one type. Only what every client and service of models
// takes is used: `type`, `description`, `enum`, `items`, `properties` with entries, `required`. Gemini and Vertex refuse a whole list of tools for
// `examples`, `additionalProperties` or an object without properties, OpenAI's strict mode for objects of any names. Values are judged when a
// tool is called, by host's `readRequest` and by core; their ranges are said in words.

import type { Schema, Tool } from './tool.ts';

/** A tool that asks a service for new pictures, and leaves those that are there. */
export const paying: Tool['annotations'] = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
};

/** A property of every tool that may have to wait. */
export const waitSeconds: Schema = {
  type: 'number',
  description:
    'How long to wait for it, 0 to 3600 s; default about 45. What takes longer goes on; get_image fetches it.',
};

/** A property of every tool that pays. */
export const again: Schema = {
  type: 'boolean',
  description: 'true, if the person wishes: make it although an equal request may have been billed.',
};

/** How the picture should come out. */
export const pictureWords = {
  model: {
    type: 'string',
    description:
      "provider/model, a provider for its usual model, or auto: one that takes the request (no sketch if another does), free first, else the cheapest, or by prefer. Default: the person's choice, else sketch.",
  },
  prefer: {
    type: 'string',
    enum: ['price', 'speed', 'quality'],
    description: 'What auto goes by; model auto is implied.',
  },
  maxCost: {
    type: 'string',
    description: 'The most that the call may cost, with any model: "0.30 USD".',
  },
  n: { type: 'integer', description: 'How many pictures, 1 to 100; default 1. Each is billed.' },
  aspectRatio: { type: 'string', description: 'WIDTH:HEIGHT: 16:9 widescreen, 9:16 phone, 1:1 square.' },
  resolution: { type: 'string', description: '1K, 2K or 4K (about 4096 px); goes with aspectRatio.' },
  size: { type: 'string', description: 'WIDTHxHEIGHT in px, in place of both: 1344x768.' },
  quality: { type: 'string', description: 'As the model names it: low, medium, high, standard, hd.' },
  style: {
    type: 'string',
    description:
      "For any model: film-photo, cinematic-still, product-shot, architectural-rendering, oil-painting, watercolor, ink-wash, woodblock-print, line-art, comic, childrens-book, flat-vector, isometric, low-poly, pixel-art, sticker; or one of the model's or the person's own.",
  },
  background: { type: 'string', description: 'transparent, or opaque. Transparent needs png or webp.' },
  outputFormat: { type: 'string', description: 'png, jpeg or webp.' },
  outputCompression: { type: 'integer', description: '0 to 100, for jpeg and webp.' },
  seed: { type: 'integer', description: 'The same seed draws the same picture, where the model has seeds.' },
  negativePrompt: { type: 'string', description: 'What should not be seen.' },
  enhance: {
    type: 'string',
    description: 'true, or a style: the service enriches the prompt first.',
  },
  translate: {
    type: 'string',
    enum: ['auto', 'never'],
    description: 'auto, the default: if the model does not know the language of the prompt.',
  },
  user: { type: 'string', description: 'Id of the end user.' },
  providerOptions: {
    type: 'string',
    description: 'What only this model knows, as JSON: {"watermark":false}. list_models with its full name shows them.',
  },
  negotiation: {
    type: 'string',
    enum: ['adapt', 'strict'],
    description: 'What the model cannot do: adapt, the default, takes the nearest; strict refuses.',
  },
} as const satisfies { readonly [word: string]: Schema };

/** The pictures to start from, and what becomes of them. */
export const inputWords = {
  images: {
    type: 'array',
    items: { type: 'string' },
    description:
      'The pictures: last (the newest made here), last:2 (the one before it), an id (p-…) or path of an answer, a file in an allowed folder, an https or data: URL.',
  },
  mask: {
    type: 'string',
    description:
      'Where to repaint: rect X,Y,W,H, ellipse CX,CY,RX,RY or polygon X,Y X,Y X,Y, in px or % (rect 0,0,100%,40%), joined by ;. Or a picture of its size, white = repaint.',
  },
  operation: {
    type: 'string',
    description:
      'Clear from the rest: mask = inpaint, expand = outpaint, factor = upscale, else edit. Named are others: colorize, stylize, removeWatermark.',
  },
  strength: { type: 'number', description: 'How far the picture may change, 0 to 1.' },
  factor: { type: 'number', description: 'How much to enlarge: 2, 4.' },
  expand: {
    type: 'string',
    description: 'How far to extend: 0.5 for all sides, or left=0.5,top=0.2; shares of the side, or px.',
  },
} as const satisfies { readonly [word: string]: Schema };

/** The words of a request with their types alone, for a tool that takes what another one describes. */
export function typesOf(words: { readonly [word: string]: Schema }): { readonly [word: string]: Schema } {
  const types = Object.entries(words).map(([word, { type, items }]): [string, Schema] => [
    word,
    { type, ...(items && { items }) },
  ]);
  return Object.fromEntries(types);
}
