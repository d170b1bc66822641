import type { LazyProvider, ModelCapabilities } from '@anyimage/core';
import { expect, test } from 'vitest';
import { findModel } from './find-model.ts';

const row = (label: string, aliases?: string[]): ModelCapabilities => ({
  label,
  source: 'https://paint.example/docs',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
  ...(aliases && { aliases }),
});
const paint: LazyProvider = {
  definition: {
    id: 'paint',
    label: 'Paint',
    models: { 'paint-1': row('Paint 1', ['oil']), 'group/paint-2': row('Paint 2') },
    defaultModel: 'group/paint-2',
    regions: { world: { baseURL: 'https://paint.example' } },
    keys: [],
  },
  load: () => Promise.reject(new Error('finding a model must not load code')),
};

test.each([
  ['paint', 'group/paint-2'],
  ['paint/paint-1', 'paint-1'],
  ['paint/oil', 'paint-1'],
  ['paint/group/paint-2', 'group/paint-2'],
])('%s is %s', (name, id) => {
  expect(findModel([paint], name)).toMatchObject({ id, row: paint.definition.models[id] });
});

test.each(['ink', 'paint/', 'paint/paint-3', ''])('%j is not found', (name) => {
  expect(findModel([paint], name)).toBeUndefined();
});
