import type { ModelTable } from '@anyimage/core';

const inputTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;

/** More is no caption. The reader takes what is said in one go, a few milliseconds for so much. */
const longest = 32_000;
const prompt = { languages: ['en', 'zh'], max: longest } as const;
const negativePrompt = { max: longest } as const;

/** What the drawing program can do. It is its own service: the facts are this package's code. */
export const models = {
  'sketch-1': {
    label: 'Sketch',
    source: 'https://github.com/anyimage/anyimage/tree/main/packages/provider-sketch',
    checked: '2026-11-20',
    procedural: true,
    delivery: { as: 'bytes' },
    prompt,
    perCall: 4,
    outputFormat: { values: ['png', 'jpeg', 'webp'], default: 'png' },
    outputCompression: ['jpeg', 'webp'],
    style: { values: ['natural', 'poster', 'watercolor', 'pixel', 'line', 'neon'], default: 'natural' },
    latencyMs: [100, 800],
    prices: [{ amount: 0, currency: 'USD', per: 'image' }],
    operations: {
      generate: {
        negativePrompt,
        seed: { max: 4294967295, within: 'step' },
        size: {
          presets: [
            '1024x1024',
            '1344x768',
            '768x1344',
            '1152x864',
            '864x1152',
            '1536x1024',
            '1024x1536',
            '512x512',
            '2048x2048',
          ],
          rules: [{ side: [64, 4096], multiple: 1 }],
          default: '1024x1024',
        },
        options: {
          time: {
            type: 'string',
            values: ['dawn', 'day', 'sunset', 'dusk', 'night'],
            about: 'Time of day, whatever the prompt says.',
          },
          horizon: {
            type: 'number',
            min: 0.2,
            max: 0.8,
            about: 'Where the horizon lies: a share of the height, from the top.',
          },
          grain: { type: 'boolean', default: true, about: 'A faint grain of paper over the picture.' },
        },
      },
      edit: {
        images: { count: [1, 1], types: inputTypes, as: ['bytes'], pixels: [1, 50000000] },
        strength: true,
        size: false,
        seed: { max: 4294967295, within: 'step' },
      },
      inpaint: {
        images: { count: [1, 1], types: inputTypes, as: ['bytes'], pixels: [1, 16777216] },
        mask: { repaint: 'white' },
        negativePrompt,
        size: false,
        seed: { max: 4294967295, within: 'step' },
      },
      outpaint: {
        prompt: { ...prompt, optional: true },
        images: { count: [1, 1], types: inputTypes, as: ['bytes'], pixels: [1, 16777216] },
        expand: { unit: 'ratio', max: 0.5 },
        style: false,
        size: false,
        seed: { max: 4294967295, within: 'step' },
      },
      upscale: {
        prompt: { ...prompt, optional: true },
        images: { count: [1, 1], types: inputTypes, as: ['bytes'], pixels: [1, 4194304] },
        factor: [2, 3, 4],
        perCall: 1,
        style: false,
        size: false,
        seed: false,
      },
    },
  },
} as const satisfies ModelTable;

/** The id of a model of this provider. */
export type SketchModelId = keyof typeof models;
