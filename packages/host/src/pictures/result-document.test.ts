import { type GeneratedImage, ImageError, type OutcomeFacts, type Ticket } from '@anyimage/core';
import { expect, test } from 'vitest';
import { failedOutcome, resultDocument } from './result-document.ts';

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
const outcome: OutcomeFacts = {
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
        hint: 'Leave size out.',
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

test('the same error stands once, with how often it happened', () => {
  const other = new ImageError('timeout', 'too long', { hint: 'Wait.' });
  const { errors } = resultDocument({ ...outcome, errors: [error, other, error, error] });
  expect(errors).toMatchObject([{ code: 'server', count: 3 }, { code: 'timeout' }]);
  expect(errors[1]).not.toHaveProperty('count');
});

test('what only tickets need is not shown', () => {
  expect(JSON.stringify(resultDocument(outcome))).not.toContain('secret');
});

test('what the store did is part of it', () => {
  const applied = [{ option: 'outputFormat', asked: 'png', sent: 'jpeg', because: 'converted' }];
  const warnings = [{ code: 'sidecar' as const, message: 'not written' }];
  expect(resultDocument(outcome, { store: { applied, warnings } })).toMatchObject({ applied, warnings });
});

test('hints can be said in the words of an app, wherever an error stands', () => {
  const document = resultDocument({ ...outcome, error }, { hintText: (hint) => hint.toUpperCase() });
  const told = { hint: 'LEAVE SIZE OUT.' };
  expect(document).toMatchObject({ error: told, errors: [told], attempts: [{ error: told }] });
});

test('a failure has the same shape, and an error', () => {
  const document = resultDocument(failedOutcome(error, 'a boat'));
  expect(Object.keys(document).sort()).toEqual([...keys, 'error'].sort());
  expect(document).toMatchObject({
    images: [],
    error: { code: 'server' },
    errors: [{ code: 'server' }],
    prompt: { original: 'a boat', sent: 'a boat' },
    cost: [],
  });
});
