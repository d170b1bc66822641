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
  [{ like: 'gpt-image-twoo' }, /^models > openai\/gpt-image-3 > like: .*gpt-image-twoo, which is no model of openai/],
])('what is wrong in one is told with its place: %j', (model, message) => {
  expect(() => check({ 'openai/gpt-image-3': model })).toThrow(message);
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
