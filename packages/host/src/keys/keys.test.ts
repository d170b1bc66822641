import type { ProviderDefinition } from '@anyimage/core';
import { expect, test } from 'vitest';
import { findKey } from './keys.ts';

const definition: ProviderDefinition = {
  id: 'paint',
  label: 'Paint',
  models: {},
  regions: { world: { baseURL: 'https://paint.example' }, china: { baseURL: 'https://paint.example.cn' } },
  keys: [{ env: 'PAINT_KEY' }, { env: 'PAINT_CHINA_KEY', region: 'china' }],
};

test('the first variable that holds something counts, with its region', () => {
  expect(findKey(definition, { PAINT_KEY: 'test-key', PAINT_CHINA_KEY: 'test-key' })).toEqual({
    env: 'PAINT_KEY',
    region: 'world',
  });
  expect(findKey(definition, { PAINT_KEY: ' ', PAINT_CHINA_KEY: 'test-key' })).toEqual({
    env: 'PAINT_CHINA_KEY',
    region: 'china',
  });
});

test('nothing set is no key', () => {
  expect(findKey(definition, {})).toBeUndefined();
});
