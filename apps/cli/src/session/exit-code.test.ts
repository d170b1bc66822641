import type { GeneratedImage, Ticket } from '@anyimage/core';
import { ImageError } from '@anyimage/core';
import { expect, test } from 'vitest';
import { exitCodeOf, Tally } from './exit-code.ts';

const images = [{} as GeneratedImage];
const errors = [new ImageError('server', 'no')];
const pending = [{} as Ticket];

test.each([
  ['all made', { images, errors: [], pending: [], sent: true }, 0],
  ['some failed', { images, errors, pending: [], sent: true }, 3],
  ['some pending', { images, errors: [], pending, sent: true }, 3],
  ['none made, but sent', { images: [], errors, pending: [], sent: true }, 1],
  ['all pending', { images: [], errors, pending, sent: true }, 1],
  ['refused', { images: [], errors, pending: [], sent: false }, 2],
])('%s', (_, outcome, code) => {
  expect(exitCodeOf(outcome)).toBe(code);
});

test('of many requests: what one of them lacks counts, and nothing to do is well done', () => {
  const tally = new Tally();
  expect(tally.exitCode).toBe(0);
  tally.add({ images: [], errors, pending: [], sent: false });
  expect(tally.exitCode).toBe(2);
  tally.add({ images, errors: [], pending: [], sent: true });
  expect(tally.exitCode).toBe(3);
});
