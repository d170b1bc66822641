import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flatten, shownValue, unflatten, withKey } from './config-keys.ts';
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
