// What the image models of Bailian can do. Facts and their conflicts: docs/providers/bailian.md.

import type { ModelCapabilities, ModelTable } from '@anyimage/core';
import { qwen } from './capabilities/qwen.ts';
import { options, seed, shared, transfer, wires } from './capabilities/shared.ts';
import { wan } from './capabilities/wan.ts';
import { wanEdit } from './capabilities/wan-edit.ts';

export const models = { ...wan, ...wanEdit, ...qwen } as const satisfies ModelTable;

/** Dated ids and models newer than the table: those speak the message protocol. What is not declared is passed on. */
export const unlisted = {
  ...shared,
  label: 'Another model of Bailian',
  source: 'https://help.aliyun.com/zh/model-studio/qwen-image-api',
  checked: '2026-03-18',
  open: true,
  operations: { generate: {}, edit: { options: { transfer } } },
  prompt: { languages: ['zh', 'en'] },
  seed,
  options,
  wire: wires.messages,
} as const satisfies ModelCapabilities;
