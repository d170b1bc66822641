import { expect, test } from 'vitest';
import { isInside } from './inside.ts';

test.each([
  ['/pictures/boat.png', true],
  ['/pictures/..boat.png', true],
  ['/pictures/at/sea/boat.png', true],
  ['/pictures', false],
  ['/pictures-of-others/boat.png', false],
  ['/pictures/../boat.png', false],
  ['/boat.png', false],
  ['/', false],
])('%s below /pictures: %s', (path, inside) => expect(isInside(path, '/pictures')).toBe(inside));
