// What the models of Paint Box can do. Every word of a table: docs/table-words.md of anyimage.

import type { Limits, ModelTable } from '@anyimage/core';

/** Input pictures of an edit. */
const inputs = {
  count: [1, 4],
  types: ['image/png', 'image/jpeg', 'image/webp'],
  as: ['bytes'],
  maxBytes: 10_000_000,
  side: [64, 8192],
} as const satisfies Limits['images'];

/** What every row shares. */
const shared = {
  source: 'https://api.paint-box.example/v1/docs',
  checked: '2026-11-20',
  prompt: { max: 2000, unit: 'characters' },
  operations: { generate: {}, edit: { images: inputs } },
  // A size is always sent: the service's own default is not relied on.
  size: { presets: ['1024x1024', '1536x1024', '1024x1536'], default: '1024x1024', send: 'always' },
  outputFormat: { values: ['jpeg', 'png'], default: 'jpeg' },
  seed: { max: 4_294_967_295, within: 'step' },
  perCall: 4,
  // Core submits, asks again until the job is done, and keeps a ticket for what is paid for.
  modes: ['job'],
  delivery: { as: 'url', livesSeconds: 3600 },
  latencyMs: [5_000, 60_000],
  options: {
    guidance: { type: 'number', min: 1, max: 20, about: 'How closely the picture follows the prompt' },
  },
} as const;

export const models = {
  'paint-box-fast': {
    ...shared,
    label: 'Paint Box Fast',
    prices: [{ amount: 0.02, currency: 'USD', per: 'image' }],
  },
  'paint-box-pro': {
    ...shared,
    label: 'Paint Box Pro',
    quality: { values: ['standard', 'high'], default: 'standard' },
    prices: [
      { amount: 0.08, currency: 'USD', per: 'image', when: { quality: 'high' } },
      { amount: 0.04, currency: 'USD', per: 'image' },
    ],
  },
} as const satisfies ModelTable;
