import type { ProviderDefinition } from '@anyimage/core';
import { providers } from '@anyimage/host';
import { expect, test } from 'vitest';
import { functionNames, wordsOf } from './seed-functions.ts';

const { definition } = providers.find(({ definition: { id } }) => id === 'bailian') as {
  definition: ProviderDefinition;
};
const { operations } = definition.models['wanx2.1-imageedit']!;

test.each(functionNames)('%s is the operation that goes out under that name', (name) => {
  const { operation, ...words } = wordsOf(name, name.endsWith('_with_mask') ? 'mask.png' : undefined, []);
  const row = operations[operation as string];
  expect(row?.wire).toMatchObject({ function: name });
  // What only this operation takes is there, and nothing that it does not.
  const taken = (['mask', 'expand', 'factor'] as const).filter((word) => row?.[word]);
  expect(Object.keys(words)).toEqual(taken);
});

test('every function of the model has its name here', () => {
  expect(functionNames).toHaveLength(Object.keys(operations).length);
});

test('what has no argument, or one too many, is told', () => {
  const notes: string[] = [];
  expect(wordsOf('colorization', 'mask.png', notes)).toEqual({ operation: 'colorize' });
  wordsOf('expand', undefined, notes);
  expect(notes).toEqual([
    'mask_image_url counts for description_edit_with_mask only',
    'each side was extended by 50 %',
  ]);
  expect(() => wordsOf('description_edit_with_mask', undefined, [])).toThrow('mask_image_url is needed');
});
