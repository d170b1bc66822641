import { expect, test } from 'vitest';
import { countsStill, isNewer } from './update-counts.ts';

test.each([
  ['1.2.0', '1.1.9', true],
  ['1.10.0', '1.9.0', true],
  ['2.0.0', '10.0.0', false],
  ['1.2.0', '1.2.0', false],
  ['1.2.0', '1.2.0-rc.1', true],
  ['1.2.0-rc.1', '1.2.0', false],
  ['1.2.0', 'workspace', false],
  ['latest', '0.0.0', false],
])('%s is newer than %s: %s', (version, than, isSo) => {
  expect(isNewer(version, than)).toBe(isSo);
});

test('the table of another package never counts', () => {
  const kept = { package: 'paint', version: '1.2.0' };
  expect(countsStill(kept, { package: 'paint', version: '1.1.0' })).toBe(true);
  expect(countsStill(kept, { package: '@paint/paint', version: '1.1.0' })).toBe(false);
});
