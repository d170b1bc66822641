import { providers } from '@anyimage/host';
import { expect, test } from 'vitest';
import { listModels } from './model-facts.ts';
import { modelText } from './print/model-text.ts';
import { plain } from './print/paint.ts';

const today = new Date('2026-11-20');

test('the embedded provider comes first and needs no key', () => {
  expect(listModels(providers, {}, today)[0]).toMatchObject({ needsKey: false, isDefault: true, status: 'stable' });
});

test('each provider has exactly one default model', () => {
  const models = listModels(providers, {}, today);
  for (const { definition } of providers) {
    expect(models.filter(({ provider, isDefault }) => isDefault && provider.id === definition.id)).toHaveLength(1);
  }
});

test('a key is known by its variable and brings its region', () => {
  const model = listModels(providers, { ZAI_API_KEY: 'test-key' }, today).find(({ key }) => key)!;
  expect(model).toMatchObject({ key: { env: 'ZAI_API_KEY' }, region: 'international' });
  expect(JSON.stringify(model)).not.toContain('test-key');
});

test('the page of every model names its source and all its operations', () => {
  for (const model of listModels(providers, {}, today)) {
    const text = modelText(model, plain);
    expect(text).toContain(model.row.source);
    for (const operation of Object.keys(model.row.operations)) expect(text.split('\n')).toContain(operation);
    expect(text).not.toMatch(/undefined|\[object/);
  }
});
