import type { LazyProvider } from '@anyimage/core';
import { expect, test } from 'vitest';
import { providers } from '../services/providers.generated.ts';
import { costlyModels } from './costly-models.ts';

const env = { ZHIPU_API_KEY: 'test-key' };
const names = (models: readonly string[], all: readonly LazyProvider[] = providers) =>
  costlyModels(models, { providers: all, env }).map(({ name, price }) => `${name}: ${price}`);

test('what costs is told by its whole name, once, with the price of a picture', () => {
  expect(names(['cogview', 'cogview/cogview-4-250304', 'sketch'])).toEqual(['cogview/cogview-4-250304: 0.06 CNY']);
});

test('what is free, draws on this machine, or is no model costs nothing', () => {
  expect(names(['sketch', 'cogview/cogview-3-flash', 'nobody', 'auto'])).toEqual([]);
});

/** The providers, with a server that passes on any model at `baseURL`. */
function withServer(baseURL: string): readonly LazyProvider[] {
  const [like] = providers.filter(({ definition }) => definition.id === 'openrouter');
  const definition = {
    ...like!.definition,
    id: 'box',
    models: {},
    regions: { here: { baseURL } },
    keys: [],
    baseURLs: [],
  };
  return [...providers, { ...like!, definition }];
}

test('a price that nobody knows is a question, unless the server runs on this machine', () => {
  expect(names(['box/flux'], withServer('http://10.0.0.5:8080/v1'))).toEqual(['box/flux: price unknown']);
  expect(names(['box/flux'], withServer('http://127.0.0.1:8080/v1'))).toEqual([]);
});
