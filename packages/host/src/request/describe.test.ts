import { resolve } from 'node:path';
import type { Ticket } from '@anyimage/core';
import { expect, test } from 'vitest';
import { describeRequest, describeTicket } from './describe.ts';

test('the description for the sidecar has whole paths, and leaves the bytes of a picture out', () => {
  const images = ['a.png', `data:image/png;base64,${'A'.repeat(5000)}`, 'https://paint.example/a.png'];
  expect(describeRequest({ prompt: 'x', images, mask: 'm.png', onProgress: () => {} })).toEqual({
    prompt: 'x',
    images: [resolve('a.png'), 'data:image/png;base64,…', 'https://paint.example/a.png'],
    mask: resolve('m.png'),
  });
});

test('the request of a ticket is said in the words of a request', () => {
  const request = {
    operation: 'edit',
    prompt: 'a boat',
    sent: 'a small boat',
    n: 2,
    style: 'comic',
    size: { width: 64, height: 32 },
    options: { watermark: false },
    partials: 0,
    images: 1,
    mask: false,
    output: { path: '/pictures/', first: 0, count: 2 },
  };
  expect(describeTicket({ request } as unknown as Ticket)).toEqual({
    operation: 'edit',
    prompt: 'a boat',
    n: 2,
    style: 'comic',
    size: '64x32',
    providerOptions: { watermark: false },
    images: 1,
  });
});
