// What the two models of the little service can do.

import type { ModelTable } from '@anyimage/core';

const shared = {
  source: 'https://example.com/docs/models',
  checked: '2026-11-20',
  size: {
    presets: ['64x64', '96x64'],
    rules: [{ side: [32, 128], multiple: 16 }],
    default: '64x64',
  },
  seed: { max: 2_147_483_647, within: 'step' },
  delivery: { as: 'url', livesSeconds: 3600 },
} as const;

export const models = {
  'little-1': {
    ...shared,
    label: 'Little 1',
    aliases: ['little'],
    operations: {
      generate: {},
      edit: { images: { count: [1, 2], types: ['image/png'], as: ['bytes'], side: [16, 1024] } },
    },
    perCall: 2,
    quality: { values: ['low', 'high'], default: 'low' },
    options: { frame: { type: 'boolean', default: false }, steps: { type: 'integer', min: 1, max: 50 } },
    prices: [{ amount: 0.01, currency: 'USD', per: 'image' }],
  },
  'little-jobs': {
    ...shared,
    label: 'Little Jobs',
    operations: { generate: {} },
    modes: ['job'],
    prices: [{ amount: 0.02, currency: 'USD', per: 'image' }],
  },
} as const satisfies ModelTable;
