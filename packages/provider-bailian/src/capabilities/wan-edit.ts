// wanx2.1-imageedit: ten functions on one picture, each an operation.

import type { ModelTable } from '@anyimage/core';
import { options, seed, shared, transfer, types, wires } from './shared.ts';

const languages = ['zh', 'en'] as const;
/** The service wants the field; an empty text leaves the choice to the model. */
const optional = { max: 800, unit: 'characters', languages, optional: true } as const;

export const wanEdit = {
  'wanx2.1-imageedit': {
    ...shared,
    label: 'Wanx 2.1 Image Edit',
    source: 'https://help.aliyun.com/zh/model-studio/wanx-image-edit-api-reference',
    checked: '2026-02-11',
    regions: { china: {} },
    prompt: { max: 800, unit: 'characters', languages },
    perCall: 4,
    seed,
    size: false,
    images: {
      count: [1, 1],
      types: types.wan,
      as: ['url', 'bytes'],
      side: [512, 4096],
      maxBytes: 10_485_760,
    },
    options: { watermark: options.watermark, transfer },
    modes: ['job'],
    latencyMs: [5_000, 15_000],
    prices: [{ amount: 0.14, currency: 'CNY', per: 'image' }],
    wire: wires.functions,
    operations: {
      edit: { strength: true, wire: { function: 'description_edit' } },
      inpaint: {
        prompt: optional,
        mask: { repaint: 'white', hard: true, maxBytes: 10_485_760 },
        wire: { function: 'description_edit_with_mask' },
      },
      outpaint: { expand: { unit: 'ratio', max: 1 }, wire: { function: 'expand' } },
      // A factor of 1 only sharpens. Any prompt does: one of the service's own is sent if there is none.
      upscale: {
        prompt: optional,
        factor: [1, 2, 3, 4],
        wire: { function: 'super_resolution', prompt: '图像超分' },
      },
      colorize: { prompt: optional, wire: { function: 'colorization' } },
      stylize: { strength: true, wire: { function: 'stylization_all' } },
      stylizeLocal: { wire: { function: 'stylization_local' } },
      removeWatermark: {
        prompt: optional,
        wire: { function: 'remove_watermark', prompt: '去除图像中的文字' },
      },
      doodle: {
        options: { isSketch: { type: 'boolean', default: false, about: 'The picture is line art already' } },
        wire: { function: 'doodle' },
      },
      cartoonCharacter: { wire: { function: 'control_cartoon_feature' } },
    },
  },
} as const satisfies ModelTable;
