import { expect, test } from 'vitest';
import { providers } from '../services/providers.generated.ts';
import { keylessProviders, modelWord, namedModels, requestTarget } from './target.ts';

const aliases = { best: ['cogview', 'sketch'], draft: 'sketch', loop: 'draft' };
const settings = { config: { aliases }, providers, model: 'draft' };

test('an alias stands for its models, once and not through another', () => {
  expect(namedModels('best', settings)).toEqual(['cogview', 'sketch']);
  expect(namedModels(['openai', 'draft'], settings)).toEqual(['openai', 'sketch']);
  expect(namedModels('loop', settings)).toEqual(['draft']);
  expect(namedModels('toString', settings)).toEqual(['toString']);
});

test.each([
  ['CogView', 'cogview'],
  ['COGVIEW/GLM-Image', 'cogview/GLM-Image'],
  ['Draft', 'sketch'],
  ['Auto', 'auto'],
  ['NoBody/X', 'NoBody/X'],
])('capitals tell no names apart: %s', (asked, meant) => {
  expect(requestTarget({ model: asked }, settings).models).toEqual([meant]);
});

test('a provider is not taken for an alias in other capitals', () => {
  const other = { ...settings, config: { aliases: { Sketch: 'openai' } } };
  expect(namedModels(['sketch', 'Sketch', 'SKETCH'], other)).toEqual(['sketch', 'openai', 'openai']);
});

test('a request without a model is for the usual one, unless it says how to choose', () => {
  expect(requestTarget({}, settings).models).toEqual(['sketch']);
  expect(requestTarget({ route: { prefer: 'price' } }, settings).models).toEqual(['auto']);
  expect(requestTarget({ route: { maxCost: { amount: 1, currency: 'USD' } } }, settings).models).toEqual(['sketch']);
  expect(requestTarget({ model: 'cogview', route: { prefer: 'price' } }, settings).models).toEqual(['cogview']);
});

test('what is asked for decides on the limits of each model; of one in no table nothing is known', () => {
  const { operation, limits } = requestTarget(
    { model: ['sketch', 'nobody'], images: ['a.png'], mask: 'm.png' },
    settings,
  );
  expect(operation).toBe('inpaint');
  expect(limits).toEqual([expect.objectContaining({ mask: expect.anything() }), undefined]);
  expect(requestTarget({ images: [] }, settings).operation).toBe('generate');
});

test('one model is named as it is, several as a list', () => {
  expect(modelWord(['sketch'])).toBe('sketch');
  expect(modelWord(['sketch', 'cogview'])).toEqual(['sketch', 'cogview']);
});

test('a provider that needs a key and has none is told, one that needs none is not', () => {
  const ids = (env: { [name: string]: string }) =>
    keylessProviders(['sketch', 'CogView/glm-image', 'openai'], { providers, shownEnv: env }).map(({ id }) => id);
  expect(ids({}).sort()).toEqual(['cogview', 'openai']);
  expect(ids({ ZHIPU_API_KEY: 'test-key' })).toEqual(['openai']);
});
