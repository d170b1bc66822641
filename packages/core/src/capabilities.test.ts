import { expect, test } from 'vitest';
import { limitsOf, type ModelCapabilities } from './capabilities.ts';

const row: ModelCapabilities = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  options: { steps: { type: 'integer' } },
  operations: { generate: { perCall: 4, options: { turbo: { type: 'boolean' } } } },
  delivery: { as: 'bytes' },
};

test("an operation's own entries are laid over the row's", () => {
  expect(limitsOf(row, 'generate')).toMatchObject({ label: 'A model', perCall: 4 });
  expect(Object.keys(limitsOf(row, 'generate')!.options!)).toEqual(['steps', 'turbo']);
});

test.each(['edit', 'constructor', 'toString', '__proto__'])('%s is no operation of this row', (operation) => {
  expect(limitsOf(row, operation)).toBeUndefined();
});
