// What the image models of Bailian can do. Facts and their conflicts: docs/providers/bailian.md.

import { type Families, type ModelCapabilities, type ModelTable, omit } from '@anyimage/core';
import { qwen } from './capabilities/qwen.ts';
import { options, seed, shared, transfer, wires } from './capabilities/shared.ts';
import { wan } from './capabilities/wan.ts';
import { wanEdit } from './capabilities/wan-edit.ts';

export { urlLives } from './capabilities/shared.ts';

export const models = { ...wan, ...wanEdit, ...qwen } as const satisfies ModelTable;

/** The service's own names, from the paths; `imageedit` is `image2image` with the functions of wanx2.1-imageedit. */
const endpoint = {
  type: 'string',
  values: ['multimodal-generation', 'image-generation', 'text2image', 'image2image', 'imageedit'],
  about: 'Where the request goes, and in which form, if the id of the model does not tell it right',
} as const;

/** What is not declared is passed on; `false` and its like stand where the service has no such field for any model. */
const unknown = {
  ...shared,
  label: 'Another model of Bailian',
  source: 'https://help.aliyun.com/zh/model-studio/qwen-image-api',
  checked: '2026-03-18',
  open: true,
  prompt: { languages: ['zh', 'en'] },
  seed,
  quality: false,
  style: false,
  background: false,
  outputFormat: false,
  outputCompression: [],
  partials: 0,
  options: { ...options, endpoint },
} as const satisfies Partial<ModelCapabilities>;

const generate = {};
const edit = { options: { transfer } } as const;
const messages = {
  ...unknown,
  operations: { generate, edit },
  modes: ['call'],
  wire: wires.messages,
} as const satisfies ModelCapabilities;

/** The row without its price, its regions and how many pictures it makes at a time: those of another model may differ. */
const imageedit = omit(wanEdit['wanx2.1-imageedit'], 'regions', 'prices', 'perCall');

/** How ids that the table does not list are reached. */
const families = {
  option: 'endpoint',
  rows: {
    // Wan from 2.6 on.
    'multimodal-generation': {
      ids: String.raw`^(?:qwen-|z-image|wanx?(?:2\.(?:[6-9]|\d\d)|[3-9]|\d\d))`,
      row: messages,
    },
    text2image: {
      ids: '^wan.*-t2i(?:-|$)',
      row: { ...unknown, operations: { generate }, modes: ['job'], wire: wires.textToImage },
    },
    image2image: { ids: 'i2i', row: { ...unknown, operations: { edit }, modes: ['job'], wire: wires.imageToImage } },
    imageedit: {
      ids: 'imageedit',
      row: {
        ...unknown,
        ...imageedit,
        label: unknown.label,
        negativePrompt: false,
        options: { ...imageedit.options, endpoint },
      },
    },
    'image-generation': { row: { ...messages, modes: ['job'], wire: wires.messagesByJob } },
  },
} as const satisfies Families;

/** Dated ids and models newer than the table. */
export const unlisted = { ...messages, families } as const satisfies ModelCapabilities;
