import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flatten, isInKey, partsOfKey, shownValue, unflatten, valueAt, withKey } from './config-keys.ts';
import type { Config } from './config-schema.ts';

test('flat keys make the config that they came from, whatever it holds', () => {
  const key = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'model', '1'), fc.string({ minLength: 1 }));
  const plainKey = key.filter((name) => !name.includes('.'));
  const leaf = fc.oneof(fc.string(), fc.boolean(), fc.array(fc.integer()));
  const topKey = plainKey.filter((name) => !['__proto__', '$schema', 'version'].includes(name));
  const config = fc.dictionary(topKey, fc.oneof(leaf, fc.dictionary(plainKey, leaf, { minKeys: 1 })));
  fc.assert(
    fc.property(config, (value) => {
      const flat = flatten(value as Config);
      expect(unflatten(flat)).toEqual(Object.fromEntries(Object.entries(value)));
      let one: unknown = {};
      for (const [name, leafOf] of flat) one = withKey(one, name.split('.'), leafOf);
      expect(unflatten(flat)).toEqual(one);
    }),
  );
});

test('twenty thousand aliases are merged without copying all for each', () => {
  const aliases = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`alias-${at}`, 'sketch']));
  expect(unflatten(flatten({ aliases }))).toEqual({ aliases });
});

test('what is shown of a config holds no password and no header', () => {
  expect(shownValue('proxy', 'http://me:secret@proxy.example')).toBe('http://***@proxy.example');
  expect(shownValue('providers.openai.headers.x-gateway-key', 'test-key')).toBe('***');
  expect(shownValue('providers.openai.headers', { 'x-gateway-key': 'test-key' })).toEqual({ 'x-gateway-key': '***' });
  const providers = { openai: { region: 'world', headers: { a: 'test-key' } } };
  expect(shownValue('providers', providers)).toEqual({ openai: { region: 'world', headers: { a: '***' } } });
  expect(shownValue('budget.perDay', 5)).toBe(5);
});

test("a model of one's own is one value under its name, whatever dots are in it", () => {
  const models = {
    'openai/gpt-image-2.6': { like: 'gpt-image-2', size: { tiers: ['1K'] }, quality: null },
    'openai/gpt-image-2.6.1': {},
  };
  const flat = flatten({ models, model: 'sketch' });
  expect([...flat.keys()]).toEqual(['models.openai/gpt-image-2.6', 'models.openai/gpt-image-2.6.1', 'model']);
  expect(flat.get('models.openai/gpt-image-2.6')).toEqual(models['openai/gpt-image-2.6']);
  expect(unflatten(flat)).toEqual({ models, model: 'sketch' });
  const parts = partsOfKey('models.openai/gpt-image-2.6');
  expect(valueAt({ models }, parts)).toBe(models['openai/gpt-image-2.6']);
  expect(withKey({ models }, parts, undefined)).toEqual({ models: { 'openai/gpt-image-2.6.1': {} } });
  expect(isInKey('models.openai/gpt-image-2.6.1', 'models')).toBe(true);
  expect(isInKey('models.openai/gpt-image-2.6.1', 'models.openai/gpt-image-2.6')).toBe(false);
  expect(isInKey('budget.perDay', 'budget')).toBe(true);
});
