import type { GeneratedImage, Ticket } from '@anyimage/core';
import { ImageError } from '@anyimage/core';
import { expect, test } from 'vitest';
import { exitCodeOf } from './exit-code.ts';

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
