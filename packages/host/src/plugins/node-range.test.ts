import { expect, test } from 'vitest';
import { isInRange, nodeProblem } from './node-range.ts';

test.each([
  ['>=22.19.0', '22.19.0', true],
  ['>=22.19.0', '22.18.9', false],
  ['>=22.19', '24.0.0', true],
  ['^22.19.0 || >=24', '23.5.0', false],
  ['^22.19.0 || >=24', '24.1.2', true],
  ['^22.19.0||>=24', '22.20.0', true],
  ['22', '22.3.4', true],
  ['22.x', '23.0.0', false],
  ['~22.19', '22.19.7', true],
  ['~22.19', '22.20.0', false],
  ['>=20 <23', '22.9.9', true],
  ['>= 20 < 23', '23.0.0', false],
  ['>22', '22.9.0', false],
  ['>22.1.0', '22.1.1', true],
  ['<=22', '22.9.0', true],
  ['20 - 22.4', '22.4.9', true],
  ['20 - 22.4', '22.5.0', false],
  ['*', '22.0.0', true],
  ['', '22.0.0', true],
  ['v22.19.0', '22.19.0', true],
  ['=22.19.0', '22.19.1', false],
  ['>=22.19.0-rc.1', '22.19.0', true],
])('the range %j on Node %s: %j', (range, node, fits) => {
  expect(isInRange(node, range)).toBe(fits);
});

test.each(['latest', '>=', 'node 22', '>=22 <y'])('what is no range holds every version: %j', (range) => {
  expect(isInRange('22.0.0', range)).toBe(true);
});

test('a plugin that needs another Node says which, and which this is', () => {
  expect(nodeProblem('>=30', 'anyimage-provider-it', '24.1.0')).toMatchObject({
    code: 'config',
    message: 'anyimage-provider-it needs Node “>=30”, and this is 24.1.0',
    hint: expect.stringContaining('update the plugin'),
  });
  expect(nodeProblem(undefined, 'it')).toBeUndefined();
});
