import { expect, test } from 'vitest';
import { isKeyPlaceholder, isUnfilled } from './placeholder.ts';

const dollar = '$';
const unfilled = [
  `${dollar}{KEY}`,
  `${dollar}{env:KEY}`,
  `${dollar}{KEY}/x`,
  `${dollar}KEY`,
  '%KEY%',
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
    '***',
    'AIza_xxY',
  ],
  ...['/home/me/pictures', '~/pictures', './made', 'C:\\pictures', '100%', 'cogview/glm-image', ''],
])('%j may be what it says', (text) => {
  expect(isUnfilled(text)).toBe(false);
  expect(isKeyPlaceholder(text)).toBe(false);
});
