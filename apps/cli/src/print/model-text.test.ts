import { listModels, providers } from '@anyimage/host';
import { expect, test } from 'vitest';
import { modelText } from './model-text.ts';
import { plain } from './paint.ts';

test('the page of every model names its source and all its operations', () => {
  for (const model of listModels(providers, {}, new Map(), Date.parse('2026-11-20'))) {
    const text = modelText(model, plain);
    expect(text).toContain(model.row.source);
    for (const operation of Object.keys(model.row.operations)) expect(text.split('\n')).toContain(operation);
    expect(text).not.toMatch(/undefined|\[object/);
  }
});
