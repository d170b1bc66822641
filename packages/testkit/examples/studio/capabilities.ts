// A table in which every word occurs.

import type { ModelTable } from '@anyimage/core';

const pictures = { count: [1, 3], types: ['image/png', 'image/jpeg'], as: ['bytes', 'url'] } as const;

const shared = {
  source: 'https://example.com/docs/studio',
  checked: '2026-11-20',
  delivery: { as: 'url', livesSeconds: 3600 },
  prices: [
    { amount: 0.02, currency: 'USD', per: 'image', when: { quality: 'fine' } },
    { amount: 0.01, currency: 'USD', per: 'image' },
  ],
} as const;

export const models = {
  'studio-1': {
    ...shared,
    label: 'Studio 1',
    negativePrompt: {},
    perCall: 2,
    seed: { max: 1_000_000, within: 'step' },
    quality: { values: ['draft', 'plain', 'fine'], default: 'plain' },
    style: { values: ['ink', 'oil'] },
    background: { values: ['opaque', 'clear'] },
    outputFormat: { values: ['png', 'jpeg'], default: 'png' },
    outputCompression: ['jpeg'],
    user: [1, 64],
    options: { frame: { type: 'boolean', default: false }, weight: { type: 'number', min: 0, max: 2 } },
    operations: {
      generate: {
        size: {
          presets: ['64x64', '96x64', '64x96'],
          ratios: ['1:1', '3:2', '2:3'],
          tiers: ['small', 'large'],
          default: '64x64',
        },
      },
      edit: { images: pictures, strength: true },
      inpaint: { images: { ...pictures, count: [1, 1] }, mask: { repaint: 'black', hard: true } },
      outpaint: { images: { ...pictures, count: [1, 1] }, expand: { unit: 'px', max: 64 } },
      upscale: { images: { ...pictures, count: [1, 1] }, factor: [2, 4] },
    },
  },
  'studio-jobs': { ...shared, label: 'Studio Jobs', modes: ['job'], operations: { generate: {} }, partials: 2 },
} as const satisfies ModelTable;
