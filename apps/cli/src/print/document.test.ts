import { type GeneratedImage, ImageError, type OutcomeFacts, type Plan } from '@anyimage/core';
import { emptyOutcome } from '@anyimage/host';
import { expect, test } from 'vitest';
import { failureDocument, joinDocuments, outcomeDocument, planDocument } from './document.ts';

const keys = ['applied', 'attempts', 'cost', 'errors', 'images', 'pending', 'prompt', 'timings', 'warnings'];
const error = new ImageError('server', 'no', { hint: 'Leave size out.' });
const outcome: OutcomeFacts = {
  ...emptyOutcome('a boat'),
  images: [{ model: 'paint/paint-1', mediaType: 'image/png', width: 8, height: 4, byteLength: 99 } as GeneratedImage],
  errors: [error],
  attempts: [{ model: 'paint/paint-1', ms: 12, error }],
  cost: null,
};

test('hints are in flags', () => {
  expect(outcomeDocument(outcome)).toMatchObject({
    errors: [{ code: 'server', hint: 'Leave --size out.' }],
    attempts: [{ error: { hint: 'Leave --size out.' } }],
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
  expect(joinDocuments([outcomeDocument(outcome), failed])).toMatchObject({
    images: [{}],
    errors: [{}, {}],
    cost: null,
  });
  expect(joinDocuments([outcomeDocument(outcome), failed])).not.toHaveProperty('error');
  expect(joinDocuments([failed, failed])).toMatchObject({ error: { code: 'server' }, errors: [{}, {}] });
  expect(Object.keys(joinDocuments([])).sort()).toEqual(keys);
});
