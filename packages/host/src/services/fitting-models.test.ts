import { expect, test } from 'vitest';
import { fittingModels, type ModelFilter, noModelFits } from './fitting-models.ts';
import { listModels } from './model-facts.ts';
import { providers } from './providers.generated.ts';

const at = Date.parse('2026-11-20');
const listed = { baseURL: 'https://api.openai.com/v1', at, models: [{ id: 'dall-e' }, { id: 'dall-e-9' }] };
const all = listModels(providers, { ZHIPU_API_KEY: 'test-key' }, new Map([['openai', listed]]), at);
const names = (filter: ModelFilter) => fittingModels(all, filter, providers).models.map(({ name }) => name);

test('a part of a name means all that have it, a full name the one model, another id of it, too', () => {
  expect(names({ text: 'GLM-image' })).toEqual(['cogview/glm-image']);
  expect(names({ text: 'cogview' }).length).toBeGreaterThan(2);
  expect(names({ text: ' google/gemini-3-pro-image-preview ' })).toEqual(['google/gemini-3-pro-image']);
  expect(fittingModels(all, { text: 'cogview/cogview-4' }, providers).exact).toMatchObject({ id: 'cogview-4' });
  expect(fittingModels(all, { text: 'cogview' }, providers).exact).toBeUndefined();
});

test('a full name that only a service lists means that one, not the longer ones', () => {
  expect(names({ text: 'openai/dall-e' })).toEqual(['openai/dall-e']);
});

test('every part of a filter must fit', () => {
  expect(names({})).toHaveLength(all.length);
  expect(new Set(names({ provider: 'cogview', configured: true }))).toEqual(new Set(names({ provider: 'cogview' })));
  expect(names({ provider: 'cogview', configured: false })).toEqual([]);
  expect(names({ text: 'cogview/glm-image', operation: 'upscale' })).toEqual([]);
  for (const { row } of fittingModels(all, { operation: 'upscale' }, providers).models)
    expect(row.operations).toHaveProperty('upscale');
});

test('an operation is found however it is spelled', () => {
  expect(names({ operation: 'Upscale' })).toEqual(names({ operation: 'upscale' }));
  expect(names({ operation: 'remove watermark' })).toEqual(names({ operation: 'removeWatermark' }));
});

test.each(Object.getOwnPropertyNames(Object.prototype))('no model can %s, and none is of that name', (name) => {
  expect(names({ operation: name })).toEqual([]);
  expect(names({ provider: name })).toEqual([]);
  expect(names({ text: `openai/${name}` })).toEqual([]);
});

test.each<[ModelFilter, string, RegExp]>([
  [{ text: 'glm-imagee' }, 'no model fits "glm-imagee"', /^Did you mean cogview\/glm-image or /],
  [{ provider: 'cogveiw' }, 'no model is of "cogveiw"', /^Did you mean cogview/],
  [
    { text: 'qqqqqq', operation: 'fly', configured: true },
    'no model fits "qqqqqq" and can "fly" and is configured',
    /^There are the providers sketch, .*cogview.* and the operations .*edit/,
  ],
])('a filter that no model fits is answered with what there is: %j', (filter, message, hint) => {
  expect(noModelFits(filter, all)).toMatchObject({ code: 'not-found', message });
  expect(noModelFits(filter, all).hint).toMatch(hint);
});
