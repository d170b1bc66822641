import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKeyPlaceholder, isUnfilled } from './placeholder.ts';

const dollar = '$';
const unfilled = [
  `${dollar}{KEY}`,
  `${dollar}{env:KEY}`,
  `${dollar}{KEY}/x`,
  `${dollar}KEY`,
  '%KEY%',
  '%%KEY%%',
  '$env:ZHIPU_API_KEY',
  '{{KEY}}',
  'undefined',
  'null',
];
const placeholders = [
  ...[
    'your key',
    'your-api-key',
    'YOUR_API_KEY_HERE',
    'insert key here',
    'my-api-key',
    'api-key',
    '<your-key>',
    '[key]',
  ],
  ...['sk-...', 'sk-xxxxxxxx', 'xxxxxxxx', 'sk-…', 'none', 'changeme', 'TODO'],
  ...['xxx', 'sk-xxxx', 'sk-proj-xxxx', 'REPLACE_ME', 'change-me', 'placeholder', 'API_KEY_HERE', 'ZHIPU_API_KEY_HERE'],
  ...['***', 'sk-***', '""', "''", '"<key>"', '<key>'],
];

test.each(unfilled)('%s was not filled in', (text) => {
  expect(isUnfilled(text)).toBe(true);
  expect(isKeyPlaceholder(text)).toBe(true);
});

test.each(placeholders)('%s is no key', (text) => {
  expect(isKeyPlaceholder(text)).toBe(true);
  expect(isKeyPlaceholder(` ${text} `)).toBe(true);
  expect(isUnfilled(text)).toBe(false);
});

test.each([
  ...[
    'test-key',
    'wrong-test-key',
    'sk-proj-0123456789abcdef',
    '0123456789abcdef0123456789abcdef.AbCdEfGh',
    'AIza_xxY',
  ],
  ...['/home/me/pictures', '~/pictures', './made', 'C:\\pictures', '100%', 'cogview/glm-image', ''],
])('%j may be what it says', (text) => {
  expect(isUnfilled(text)).toBe(false);
  expect(isKeyPlaceholder(text)).toBe(false);
});

test('no key of the form that a service gives is a placeholder, whatever words are in it by chance', () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
  const part = (most: number, units = letters) =>
    fc.string({ unit: fc.constantFrom(...units), minLength: most, maxLength: most });
  const word = fc.constantFrom(
    '',
    'xxx',
    'none',
    'todo',
    'KEY',
    'key_here',
    'placeholder',
    'changeme',
    'test',
    'your-key',
  );
  const body = fc.tuple(part(16), word, part(16)).map((parts) => parts.join(''));
  const prefixed = fc
    .tuple(fc.constantFrom('sk-', 'sk-proj-', 'sk-or-v1-', 'AIza', 'AQ.', 'r8_', 'key-', 'fw_'), body)
    .map((parts) => parts.join(''));
  const dotted = fc.tuple(part(32, [...'0123456789abcdef']), part(16)).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(fc.oneof(prefixed, dotted), (key) => {
      fc.pre(!/x{6,}$/i.test(key));
      expect(isKeyPlaceholder(key)).toBe(false);
      expect(isKeyPlaceholder(`"${key}"`)).toBe(false);
    }),
  );
});
