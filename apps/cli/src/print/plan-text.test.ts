import type { Plan } from '@anyimage/core';
import { expect, test } from 'vitest';
import { planText } from './plan-text.ts';
import { plain } from './terminal/paint.ts';

const plan: Plan = {
  model: 'paint/paint-1',
  operation: 'generate',
  region: 'cn',
  host: 'paint.example',
  mode: 'call',
  calls: [{ prompt: 'a boat', n: 1, partials: 0, images: [] }],
  applied: [],
  warnings: [],
  estimate: { amount: 0.06, currency: 'CNY', estimated: true },
};

test('a plan says where, how much, and what each call would be', () => {
  expect(planText(plan, { prompt: 'a boat' }, plain)).toBe(
    [
      'paint/paint-1  generate at paint.example (region cn)',
      '  1 call, answered at once, about 0.06 CNY',
      '  1. prompt a boat, n 1',
      '  nothing was sent',
    ].join('\n'),
  );
});

test('that a text model is asked first, and may cost, is said where it would be', () => {
  const told =
    'enhance: the text model of paint, if it has one, rewrites the prompt first and may be billed on its own';
  for (const enhance of [true, 'film-photo']) {
    expect(planText(plan, { prompt: 'a boat', enhance }, plain)).toContain(`\n  ${told}\n`);
  }
  for (const words of [{ prompt: ' ', enhance: true }, { enhance: true }, { prompt: 'a boat', enhance: false }]) {
    expect(planText(plan, words, plain)).not.toContain('enhance');
  }
});

test('of a picture in the options only the kind is shown', () => {
  const options = { markup: `data:image/png;base64,${'A'.repeat(5000)}`, notes: 'data: none' };
  expect(planText({ ...plan, calls: [{ prompt: 'a boat', options }] }, { prompt: 'a boat' }, plain)).toContain(
    'options {"markup":"data:image/png;base64,…","notes":"data: none"}',
  );
});
