import { type ProviderDefinition, withOwnModels } from '@anyimage/core';
import { expect, test } from 'vitest';
import { refused } from '../config/config-refusal.ts';
import { checkOwnModels, countedModels, ownModelsOf, readOwnModel } from './own-models.ts';
import { providers } from './providers.generated.ts';

const definitions = providers.map(({ definition }) => definition);
const openai = definitions.find(({ id }) => id === 'openai')!;
const refuse = (at: readonly PropertyKey[], message: string, hint: string) =>
  refused(`${at.map(String).join(' > ')}: ${message}`, undefined, hint);
const check = (models: Parameters<typeof checkOwnModels>[0], known: readonly ProviderDefinition[] = definitions) =>
  checkOwnModels(models, known, refuse);

const tomorrow = { 'openai/gpt-image-3': { like: 'gpt-image-2', size: { default: '1536x1024' }, quality: null } };

test("models of one's own are rows of their provider, and say whose they are", () => {
  const own = ownModelsOf(tomorrow, 'openai');
  expect(own).toEqual({ 'gpt-image-3': tomorrow['openai/gpt-image-3'] });
  expect(ownModelsOf(tomorrow, 'google')).toBeUndefined();
  const row = withOwnModels(openai, own).models['gpt-image-3']!;
  expect(row).toMatchObject({ origin: 'own', label: 'gpt-image-3', size: { default: '1536x1024' } });
  expect(row.quality).toBeUndefined();
  expect(readOwnModel('openai/gpt-image-3', tomorrow, definitions)).toEqual({ row });
});

test.each([
  [{ like: 'gpt-image-twoo' }, /gpt-image-3 > like: .*gpt-image-twoo/, /^Did you mean gpt-image-2\b/],
  [{ like: 'gpt-image-2', siz: {} }, /gpt-image-3 > siz: .*siz is no word of a table here: did you mean size\?/, /./],
  [{ like: 'gpt-image-2', latencyMs: [9, 1] }, /gpt-image-3 > latencyMs: .*latencyMs must begin before it ends/, /./],
  [{ like: 'gpt-image-2', prices: [{ amount: -1, currency: 'USD', per: 'image' }] }, /> prices > 0 > amount: /, /./],
  [{ like: 'gpt-image-2', prices: [{ amount: 1, per: 'image' }] }, /> prices > 0 > currency: .*USD, CNY or EUR/, /./],
  [{ label: 'No row' }, /gpt-image-3 > /, /./],
])('what is wrong in one is told with its place: %j', (model, message, hint) => {
  expect(() => check({ 'openai/gpt-image-3': model })).toThrow(
    expect.objectContaining({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
  );
});

test('those of providers that are not there, and those like none of a catalogue now, are left out with a note', () => {
  const catalogued = definitions.map((one) => (one.id === 'openai' ? { ...one, catalogue: true as const } : one));
  const models = { ...tomorrow, 'openai/later': { like: 'not-yet' }, 'opanai/x': { like: 'y' } };
  check(models, catalogued);
  expect(() => check(models)).toThrow(/not-yet/);
  const { models: counted, notes } = countedModels(models, catalogued);
  expect(counted).toEqual(tomorrow);
  expect(notes).toEqual([
    expect.stringMatching(/^the config's models\.openai\/later does not count: .*not-yet/),
    expect.stringMatching(
      /^the config's models\.opanai\/x does not count: there is no provider opanai\. Did you mean openai\?/,
    ),
  ]);
});
