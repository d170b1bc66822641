import type { PictureRecord, Sidecar } from '@anyimage/host';
import { expect, test } from 'vitest';
import { requestAgain } from './request-again.ts';

function record(request: Sidecar['request']): PictureRecord {
  const prompt = { original: 'a boat', sent: 'a small boat' };
  const sidecar = { anyimage: 1, prompt, model: 'paint/paint-1', seed: 9, ...(request && { request }) };
  return { path: '/pictures/boat.png', sidecar };
}

test('one picture is asked again: its model, its seed, its words, and not how many there were', () => {
  const request = { prompt: 'a boat', model: 'paint', n: 4, seed: 7, size: '64x64', timeout: 5, images: ['/a.png'] };
  expect(requestAgain(record(request), {})).toEqual({
    prompt: 'a boat',
    model: 'paint/paint-1',
    format: 'png',
    seed: 9,
    size: '64x64',
    images: ['/a.png'],
  });
  expect(requestAgain(record(undefined), {})).toEqual({
    prompt: 'a boat',
    model: 'paint/paint-1',
    format: 'png',
    seed: 9,
  });
});

test.each<NonNullable<Sidecar['request']>>([
  { images: ['data:image/png;base64,…'] },
  { images: 1 },
  { mask: 'data:image/png;base64,…', images: ['/a.png'] },
])('input pictures that were not kept have to be given: %j', (request) => {
  expect(() => requestAgain(record(request), {})).toThrow(
    expect.objectContaining({ code: 'invalid-request', hint: expect.stringMatching(/--(image|mask)/) }),
  );
  expect(requestAgain(record(request), { image: ['a.png'], mask: 'm.png' })).not.toHaveProperty('mask');
});
