// A request as JSON Schema, in the words that anyimage has everywhere. Core judges the values in which models differ; a test holds
// these schemas against core.

import { waitRange } from '../calls/wait-range.ts';
import type { Schema } from './tool.ts';

/** A property of every tool that may have to wait. */
export const waitSeconds = {
  type: 'number',
  minimum: waitRange.least,
  maximum: waitRange.most,
  description:
    'How long to wait for the picture before answering, s; default 45. What takes longer goes on, and get_image fetches it.',
} as const satisfies Schema;

/** A property of every tool that pays. */
export const again = {
  type: 'boolean',
  description: 'true: make it although an equal request may have been billed, as the person wishes.',
} as const satisfies Schema;

/** How the picture should come out. */
export const pictureWords = {
  model: {
    type: 'string',
    minLength: 1,
    description:
      'provider/model, a provider for its usual model, an alias of the config, or auto: chosen by route. list_models shows them. Default: as configured.',
    examples: ['sketch', 'cogview/cogview-4-250304', 'auto'],
  },
  route: {
    type: 'object',
    properties: {
      prefer: { type: 'string', enum: ['price', 'speed', 'quality'], description: 'What comes first. Only for auto.' },
      maxCost: {
        type: 'object',
        properties: {
          amount: { type: 'number', minimum: 0 },
          currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'Such as USD.' },
        },
        required: ['amount', 'currency'],
        additionalProperties: false,
        description: 'The most that all pictures together may cost by the price list, with any model.',
      },
    },
    additionalProperties: false,
    description:
      'How model auto chooses among the models at hand that take the request as it is, which prefer implies; and what it may cost.',
  },
  enhance: {
    anyOf: [{ type: 'boolean' }, { type: 'string', minLength: 1 }],
    description: 'Let the text model of the service enrich the prompt: true, or the name of a style. Default false.',
  },
  translate: {
    type: 'string',
    enum: ['auto', 'never'],
    default: 'auto',
    description:
      'auto: a prompt in a language that the model does not know is translated, text in quotation marks stays.',
  },
  n: { type: 'integer', minimum: 1, maximum: 100, default: 1, description: 'How many pictures. Each one is billed.' },
  size: {
    type: 'string',
    pattern: '^[1-9]\\d{0,4}x[1-9]\\d{0,4}$',
    description: 'WIDTHxHEIGHT in px. Excludes aspectRatio and resolution.',
    examples: ['1024x1024', '1344x768'],
  },
  aspectRatio: {
    type: 'string',
    pattern: '^\\d+(\\.\\d+)?:\\d+(\\.\\d+)?$',
    description: 'WIDTH:HEIGHT, in place of a size.',
    examples: ['16:9', '1:1'],
  },
  resolution: { type: 'string', minLength: 1, description: 'In place of a size.', examples: ['1K', '2K', '4K'] },
  quality: { type: 'string', minLength: 1, description: 'As the model names it.', examples: ['standard', 'hd'] },
  style: {
    type: 'string',
    minLength: 1,
    description: 'As the model names it, a style of the person, or one of these, which work with any model.',
    examples: [
      ...['film-photo', 'cinematic-still', 'product-shot', 'architectural-rendering', 'oil-painting', 'watercolor'],
      ...['ink-wash', 'woodblock-print', 'line-art', 'comic', 'childrens-book', 'flat-vector', 'isometric'],
      ...['low-poly', 'pixel-art', 'sticker'],
    ],
  },
  background: { type: 'string', minLength: 1, description: 'As the model names it.', examples: ['transparent'] },
  outputFormat: { type: 'string', minLength: 1, description: 'File format.', examples: ['png', 'jpeg', 'webp'] },
  outputCompression: { type: 'number', minimum: 0, maximum: 100, description: 'For jpeg and webp.' },
  seed: {
    type: 'integer',
    minimum: 0,
    description: 'The same seed draws the same picture, where the model has seeds. Picture i gets seed + i.',
  },
  negativePrompt: { type: 'string', description: 'What should not be seen, for models that take it.' },
  user: { type: 'string', minLength: 1, description: 'Id of the end user, for the abuse handling of the service.' },
  providerOptions: {
    type: 'object',
    description: 'What only this model knows; list_models with the full name of a model shows its options.',
  },
  negotiation: {
    type: 'string',
    enum: ['adapt', 'strict'],
    default: 'adapt',
    description:
      'adapt: what the model cannot do comes out as the nearest it can, and the answer says so. strict: it is refused.',
  },
} as const satisfies { readonly [word: string]: Schema };

/** The pictures to start from, and what becomes of them. */
export const inputWords = {
  images: {
    type: 'array',
    minItems: 1,
    items: { type: 'string', minLength: 1 },
    description:
      'The pictures to change: a path, a file name from an earlier answer, an https URL or a data: URI. Paths must lie in the output folder or an allowed folder.',
  },
  mask: {
    type: 'string',
    minLength: 1,
    description:
      'What is to be repainted: "rect X,Y,W,H", "ellipse CX,CY,RX,RY" or "polygon X,Y X,Y X,Y" in px or % of the side, several joined by ";"; or a picture of the same size, white = repaint, given like the images.',
    examples: ['rect 0,0,100%,40%'],
  },
  operation: {
    type: 'string',
    minLength: 1,
    description: 'Usually clear from the rest: mask = inpaint, expand = outpaint, factor = upscale, else edit.',
    examples: ['edit', 'inpaint', 'outpaint', 'upscale', 'colorize', 'stylize', 'removeWatermark'],
  },
  strength: { type: 'number', minimum: 0, maximum: 1, description: 'How far the picture may change.' },
  factor: { type: 'number', description: 'How much to enlarge, more than 0.', examples: [2, 4] },
  expand: {
    type: 'object',
    properties: {
      top: { type: 'number', minimum: 0 },
      right: { type: 'number', minimum: 0 },
      bottom: { type: 'number', minimum: 0 },
      left: { type: 'number', minimum: 0 },
    },
    additionalProperties: false,
    description: 'How far to extend each side: a share of the side, or px, as the model takes it.',
  },
} as const satisfies { readonly [word: string]: Schema };
