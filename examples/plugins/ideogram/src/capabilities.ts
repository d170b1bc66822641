// What Ideogram's models can do. Facts, their sources and what is not verified: FACTS.md.

import type { ModelTable, Price, Size } from '@anyimage/core';

type Turned<S extends Size> = S extends `${infer Width}x${infer Height}` ? S | `${Height}x${Width}` : never;

/** Sizes, standing and lying. */
function turned<const S extends Size>(sizes: readonly S[]): readonly Turned<S>[] {
  const both = sizes.flatMap((size) => [size, size.split('x').toReversed().join('x')]);
  return [...new Set(both)] as Turned<S>[];
}

/** US dollars for a picture, by how it is rendered. */
function prices(bySpeed: Readonly<Record<string, number>>): readonly Price[] {
  return Object.entries(bySpeed).map(([quality, amount]) => ({
    amount,
    currency: 'USD',
    per: 'image',
    when: { quality },
  }));
}

/** What every row shares. How long a URL works is not published, but written into it: an hour is a guess for one that does not say. */
const shared = {
  checked: '2026-11-29',
  delivery: { as: 'url', livesSeconds: 3600 },
  latencyMs: [3_000, 30_000],
} as const;

/** 10 MB by the older pages, 25 MB by the newer: the smaller is taken by both. */
const picture = {
  count: [1, 1],
  types: ['image/png', 'image/jpeg', 'image/webp'],
  as: ['bytes'],
  maxBytes: 10_000_000,
} as const;

/** What Ideogram 3.0 takes where it draws all of the picture. */
const whole = {
  negativePrompt: {},
  style: { values: ['auto', 'general', 'realistic', 'design', 'fiction'], default: 'general' },
  size: {
    presets: turned([
      ...(['512x1536', '576x1408', '576x1472', '576x1536', '640x1344', '640x1408', '640x1472', '640x1536'] as const),
      ...(['704x1152', '704x1216', '704x1280', '704x1344', '704x1408', '704x1472', '736x1312', '768x1088'] as const),
      ...(['768x1216', '768x1280', '768x1344', '800x1280', '832x960', '832x1024', '832x1088', '832x1152'] as const),
      ...(['832x1216', '832x1248', '864x1152', '896x960', '896x1024', '896x1088', '896x1120', '896x1152'] as const),
      ...(['960x1024', '960x1088', '1024x1024'] as const),
    ]),
    ratios: [
      ...(['1:3', '1:2', '9:16', '10:16', '2:3', '3:4', '4:5', '1:1'] as const),
      ...(['5:4', '4:3', '3:2', '16:10', '16:9', '2:1', '3:1'] as const),
    ],
    default: { ratio: '1:1' },
  },
} as const;

export const models = {
  'ideogram-v4': {
    ...shared,
    label: 'Ideogram 4.0',
    source: 'https://developer.ideogram.ai/api-reference/edit-images/remix-v4.md',
    size: {
      presets: turned([
        ...(['2048x2048', '1440x2880', '1664x2496', '1792x2240', '1440x2560', '1600x2560', '1728x2304'] as const),
        ...(['1296x3168', '1152x2944', '1248x3328', '1280x3072', '1184x2816', '1344x2688', '1408x2560'] as const),
        ...(['1536x2560', '1664x2240', '1856x2176', '1920x2048', '1984x2016', '1920x2112'] as const),
      ]),
      default: 'auto',
    },
    quality: { values: ['turbo', 'default', 'quality'], default: 'default' },
    operations: {
      generate: { wire: { path: 'v1/ideogram-v4/generate' } },
      edit: { images: picture, strength: true, wire: { path: 'v1/ideogram-v4/remix' } },
    },
    options: {
      copyrightDetection: { type: 'boolean', default: false, about: 'Check the picture for works of others' },
    },
    prices: prices({ turbo: 0.03, default: 0.06, quality: 0.1 }),
    wire: { prompt: 'text_prompt' },
  },
  'ideogram-v3': {
    ...shared,
    label: 'Ideogram 3.0',
    source: 'https://developer.ideogram.ai/v1/api-reference/edit-images/inpaint-v3.md',
    perCall: 8,
    // Whether the pictures of one call have seeds of their own is not published.
    seed: { max: 2_147_483_647, within: 'same' },
    quality: { values: ['flash', 'turbo', 'default', 'quality'], default: 'default' },
    operations: {
      generate: { ...whole, wire: { path: 'v1/ideogram-v3/generate' } },
      edit: { ...whole, images: picture, strength: true, wire: { path: 'v1/ideogram-v3/remix' } },
      inpaint: {
        images: picture,
        mask: { repaint: 'black', hard: true, maxBytes: 10_000_000 },
        wire: { path: 'v1/ideogram-v3/inpaint' },
      },
      replaceBackground: { images: picture, wire: { path: 'v1/ideogram-v3/replace-background' } },
    },
    options: {
      magicPrompt: {
        type: 'string',
        values: ['auto', 'on', 'off'],
        default: 'auto',
        about: 'The service rewrites the prompt; what it made of it is the revised prompt',
      },
      styleCodes: {
        type: 'json',
        about: 'A list of styles by their codes, 8 hexadecimal digits each; not with a style',
      },
    },
    prices: prices({ flash: 0.03, turbo: 0.03, default: 0.06, quality: 0.09 }),
    wire: { prompt: 'prompt' },
  },
} as const satisfies ModelTable;
