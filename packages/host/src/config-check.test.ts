import { readFile } from 'node:fs/promises';
import { ImageError } from '@anyimage/core';
import { expect, test } from 'vitest';
import { keysAt, parseConfig } from './config-check.ts';
import { configJSONSchema } from './config-schema.ts';
import { providers } from './providers.generated.ts';

const definitions = providers.map(({ definition }) => definition);
const whole = {
  $schema: './config.schema.json',
  model: ['cogview', 'sketch'],
  aliases: { quick: 'sketch', best: ['cogview/glm-image', 'cogview'] },
  styles: { ink: 'ink on paper, few lines' },
  output: '~/Pictures',
  budget: { currency: 'EUR', perDay: 2, allowUnknown: true, rates: { CNY: { rate: 0.12, date: '2026-11-20' } } },
  providers: { cogview: { region: 'international', baseURL: 'http://127.0.0.1:8080/v4' } },
  allowNetworks: ['198.18.0.0/15', '::1'],
  proxy: 'http://proxy.example:8080',
  plugins: ['anyimage-plugin'],
};

function refusal(text: string): ImageError {
  try {
    parseConfig(text, 'anyimage.json', definitions);
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it was taken');
}

test('a config may hold all of this', () => {
  expect(parseConfig(JSON.stringify(whole), 'anyimage.json', definitions)).toEqual(whole);
  expect(parseConfig('\ufeff{}', 'anyimage.json', definitions)).toEqual({});
});

test.each([
  ['{\n  "modle": "sketch"\n}', 'anyimage.json:2: unknown key "modle"', /Did you mean model\?/],
  [
    '{\n  "budget": {\n    "currency": "EUR",\n    "perday": 2\n  }\n}',
    'anyimage.json:4: unknown key "budget.perday"',
    /Did you mean perDay\?/,
  ],
  ['{\n  "model": 7\n}', 'anyimage.json:2: model must be a model, or a list of models to try in order', /Correct/],
  ['{"budget": {"perDay": 2}}', 'anyimage.json:1: budget.currency is missing: it must be USD, CNY or EUR', /Set it/],
  ['{"budget": {"currency": "EUR", "perDay": -1}}', 'anyimage.json:1: budget.perDay must be a number from 0', /./],
  ['{\n\n"providers": {\n"cogviw": {}}}', 'anyimage.json:4: unknown provider "cogviw"', /Did you mean cogview\?/],
  ['{"providers": {"cogview": {"region": "chin"}}}', 'no region "chin"', /china/],
  ['{"providers": {"cogview": {"baseURL": "http://me:pass@host/"}}}', 'without user name and password', /./],
  ['{"providers": {"cogview": {"apiKey": "secret"}}}', 'unknown key "providers.cogview.apiKey"', /baseURL, region/],
  ['{"allowNetworks": ["10.0.0.0/40"]}', 'allowNetworks.0 must be an address or range', /./],
  ['{"aliases": {"a/b": "sketch"}}', 'names of aliases are letters', /./],
  ['[]', 'the config must be an object', /./],
  ['{\n  "model": "sketch",\n}', 'anyimage.json:3: it is not JSON', /Correct the file/],
  ['', 'anyimage.json:1: it is not JSON', /./],
])('%j is refused with its line and what was meant', (text, message, hint) => {
  const error = refusal(text);
  expect(error).toMatchObject({ code: 'config', message: expect.stringContaining(message) });
  expect(error.hint).toMatch(hint);
});

test('keys are told for every part of a config', () => {
  expect(keysAt([])).toContain('allowNetworks');
  expect(keysAt(['providers', 'cogview'])).toEqual(['baseURL', 'region']);
  expect(keysAt(['budget', 'rates', 'CNY'])).toEqual(['rate', 'date']);
});

// anyimage config schema > packages/host/config.schema.json makes it anew.
test('the published JSON Schema is that of the code', async () => {
  const published = JSON.parse(await readFile(new URL('../config.schema.json', import.meta.url), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(configJSONSchema())));
});
