import { type GeneratedImage, ImageError, type Outcome, type Plan, type Ticket } from '@anyimage/core';
import type { FileImageStore } from '@anyimage/host';
import { expect, test } from 'vitest';
import { failureDocument, joinDocuments, planDocument, resultDocument } from './document.ts';

const keys = ['applied', 'attempts', 'cost', 'errors', 'images', 'pending', 'prompt', 'timings', 'warnings'];
const error = new ImageError('server', 'no', {
  hint: 'Leave size out.',
  provider: 'paint',
  model: 'paint/paint-1',
  status: 500,
});
const ticket: Ticket = {
  id: 't-1',
  provider: 'paint',
  model: 'paint-1',
  host: 'paint.example',
  region: 'world',
  at: 0,
  intent: 'secret-intent',
  keyPrint: 'secret-print',
  state: 'delivered',
  request: { prompt: 'a boat', sent: 'a boat', n: 1 },
  outputs: [{ url: 'https://paint.example/secret' }],
  expiresAt: Date.parse('2026-12-20T00:00:00Z'),
};
const outcome: Outcome = {
  images: [
    {
      model: 'paint/paint-1',
      mediaType: 'image/jpeg',
      width: 8,
      height: 4,
      byteLength: 99,
      seed: 0,
      expiresAt: 0,
      sourceUrl: 'https://paint.example/1.jpg',
      path: '/pictures/boat.png',
    } as GeneratedImage,
  ],
  errors: [error],
  pending: [ticket],
  applied: [],
  warnings: [],
  prompt: { original: 'a boat', sent: 'a boat' },
  attempts: [{ model: 'paint/paint-1', ms: 12, error }],
  cost: null,
  timings: { totalMs: 12 },
  sent: true,
};

test('a result is one document', () => {
  const document = resultDocument(outcome);
  expect(Object.keys(document).sort()).toEqual(keys);
  expect(document).toMatchObject({
    images: [
      {
        path: '/pictures/boat.png',
        width: 8,
        height: 4,
        mediaType: 'image/jpeg',
        bytes: 99,
        model: 'paint/paint-1',
        seed: 0,
        sourceUrl: 'https://paint.example/1.jpg',
        expiresAt: '1970-01-01T00:00:00.000Z',
      },
    ],
    errors: [
      {
        code: 'server',
        message: 'no',
        hint: 'Leave --size out.',
        provider: 'paint',
        model: 'paint/paint-1',
        status: 500,
        retryable: false,
        mayHaveBeenBilled: false,
      },
    ],
    pending: [
      { id: 't-1', provider: 'paint', model: 'paint-1', state: 'delivered', expiresAt: '2026-12-20T00:00:00.000Z' },
    ],
    cost: null,
  });
});

test('what only tickets need is not shown', () => {
  expect(JSON.stringify(resultDocument(outcome))).not.toContain('secret');
});

test('what the store did is part of it', () => {
  const applied = [{ option: 'outputFormat', asked: 'png', sent: 'jpeg', because: 'converted' }];
  const warnings = [{ code: 'sidecar', message: 'not written' }];
  const store = { applied, warnings, files: new Map() } as unknown as FileImageStore;
  expect(resultDocument(outcome, store)).toMatchObject({ applied, warnings });
});

test('a failure has the same shape, and an error', () => {
  const document = failureDocument(error, 'a boat');
  expect(Object.keys(document).sort()).toEqual([...keys, 'error'].sort());
  expect(document).toMatchObject({
    images: [],
    error: { code: 'server' },
    errors: [{ code: 'server' }],
    prompt: { original: 'a boat', sent: 'a boat' },
    cost: [],
  });
});

test('a plan has the same shape, a plan and no error', () => {
  const plan: Plan = {
    model: 'paint/paint-1',
    operation: 'generate',
    region: 'world',
    host: 'paint.example',
    mode: 'call',
    calls: [{ n: 1 }],
    applied: [],
    warnings: [],
    estimate: { amount: 1, currency: 'USD', estimated: true },
  };
  const document = planDocument(plan, 'a boat');
  expect(Object.keys(document).sort()).toEqual([...keys, 'plan'].sort());
  expect(document).toMatchObject({ plan: { calls: [{ n: 1 }] }, cost: [{ amount: 1 }] });
  expect(planDocument({ ...plan, estimate: null }, 'x').cost).toBeNull();
});

test('several are one: an error only if nothing was made', () => {
  const failed = failureDocument(error);
  expect(joinDocuments([resultDocument(outcome), failed])).toMatchObject({
    images: [{}],
    errors: [{}, {}],
    cost: null,
  });
  expect(joinDocuments([resultDocument(outcome), failed])).not.toHaveProperty('error');
  expect(joinDocuments([failed, failed])).toMatchObject({ error: { code: 'server' }, errors: [{}, {}] });
  expect(Object.keys(joinDocuments([])).sort()).toEqual(keys);
});
