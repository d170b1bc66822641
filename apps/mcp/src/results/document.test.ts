import { pathToFileURL } from 'node:url';
import { type GeneratedImage, ImageError, type Ticket } from '@anyimage/core';
import { emptyOutcome, type FileImageStore } from '@anyimage/host';
import { expect, test } from 'vitest';
import { type Answer, outcomeAnswer, pendingTicket } from './answer.ts';
import { answerDocument, failureDocument } from './document.ts';
import { resultSchema } from './result-schema.ts';
import { answerText } from './result-text.ts';

const path = '/pictures/a boat.png';
const image = {
  model: 'paint/paint-1',
  mediaType: 'image/png',
  width: 8,
  height: 4,
  byteLength: 99,
  path,
} as GeneratedImage;
const store = {
  files: new Map([[path, { path, sha256: '3f9a1c02b7de55' }]]),
  applied: [],
  warnings: [],
} as unknown as FileImageStore;
const ticket = {
  id: 't-1',
  provider: 'paint',
  model: 'paint-1',
  state: 'submitted',
  at: 0,
  request: { prompt: 'x' },
} as unknown as Ticket;

/** Every value in a document, with the way to it. */
function members(value: unknown, way = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[way, value]];
  const inner = Object.entries(value).flatMap(([name, one]) => members(one, `${way}.${name}`));
  return inner.length > 0 ? inner : [[way, value]];
}

test('of a call that is over: what was made, where it lies, what it cost, what changed', () => {
  const applied = [
    { option: 'size', asked: '9x4', sent: '8x4', because: 'the nearest' },
    { option: 'style', asked: 'hd', sent: null, because: 'it has none' },
  ];
  const outcome = {
    ...emptyOutcome('a boat'),
    images: [image],
    applied,
    cost: [{ amount: 0.06, currency: 'CNY', estimated: false }],
  };
  expect(answerDocument(outcomeAnswer(outcome, store))).toEqual({
    images: [
      {
        id: 'p-3f9a1c02b7de',
        path,
        uri: pathToFileURL(path).href,
        width: 8,
        height: 4,
        mediaType: 'image/png',
        bytes: 99,
        model: 'paint/paint-1',
      },
    ],
    cost: [{ amount: 0.06, currency: 'CNY' }],
    applied: [
      { option: 'size', asked: '9x4', sent: '8x4', because: 'the nearest' },
      { option: 'style', asked: 'hd', because: 'it has none' },
    ],
  });
});

test('a price that nobody knows is said, and so is a model that was tried in vain', () => {
  const error = new ImageError('unavailable', 'paint is down');
  const attempts = [
    { model: 'paint/paint-2', ms: 1, error },
    { model: 'paint/paint-1', ms: 1 },
  ];
  const document = answerDocument(
    outcomeAnswer({ ...emptyOutcome('a boat'), images: [image], cost: null, attempts }, store),
  );
  expect(document.warnings).toEqual(['What it cost is not known.', 'paint/paint-2: paint is down']);
});

test('an error stands in one place, once, with how often it happened', () => {
  const error = new ImageError('server', 'it broke', { hint: 'Ask again.', mayHaveBeenBilled: true, retryAfter: 500 });
  const outcome = { ...emptyOutcome('x'), errors: [error, error], error, attempts: [{ model: 'p/p', ms: 1, error }] };
  expect(answerDocument(outcomeAnswer(outcome))).toEqual({
    errors: [
      { code: 'server', message: 'it broke', hint: 'Ask again.', mayHaveBeenBilled: true, retryAfter: 500, count: 2 },
    ],
  });
  expect(failureDocument(new ImageError('config', 'no'))).toEqual({
    errors: [{ code: 'config', message: 'no', hint: expect.stringContaining('the person') }],
  });
  expect(failureDocument(new ImageError('server', 'no', { retryable: true })).errors).toMatchObject([
    { hint: expect.stringContaining('later') },
  ]);
});

test('what is not over is there with its state and with what comes next', () => {
  const pending = [pendingTicket({ ...ticket, uncertain: true, service: 7 }), pendingTicket(ticket)];
  const document = answerDocument({ pending });
  expect(document).toMatchObject({
    pending: [
      { id: 't-1', state: 'uncertain', phase: expect.stringContaining('may have been billed') },
      { id: 't-1', state: 'waiting', model: 'paint/paint-1', prompt: 'x', askedAt: '1970-01-01T00:00:00.000Z' },
    ],
    next: { tool: 'get_image', arguments: { id: 't-1' } },
  });
  const unsure = answerDocument({ pending: pending.slice(0, 1) }).next;
  expect(unsure).toEqual({ say: expect.stringContaining('the person') });
});

const answers: Readonly<Record<string, Answer>> = {
  made: outcomeAnswer({ ...emptyOutcome('a boat'), images: [{ ...image, seed: 0 }], cost: null }, store),
  failed: { errors: [new ImageError('auth', 'no key', { hint: 'Set TEST_KEY.' })], mayPay: true },
  pending: { pending: [pendingTicket({ ...ticket, cost: { amount: 1, currency: 'USD', estimated: true } })] },
  viewed: {
    images: [
      {
        id: 'p-3f9a1c02b7de',
        path,
        view: { path: '/pictures/views/a.webp', width: 4, height: 2, mediaType: 'image/webp', bytes: 9 },
      },
    ],
  },
  nothing: { next: { say: 'Make one.', tool: 'generate_image', arguments: {} } },
  changed: {
    applied: [{ option: 'prompt', asked: 'x'.repeat(5000), sent: null, because: 'why' }],
    warnings: ['careful'],
  },
};

test.each(Object.entries(answers))('%s: no empty member, and all that the schema names', (_, answer) => {
  const document = answerDocument(answer);
  for (const [way, value] of members(document)) {
    if (way !== '.next.arguments') expect([undefined, null, '', {}, []], way).not.toContainEqual(value);
  }
  const { properties } = resultSchema;
  for (const name of Object.keys(document)) expect(properties).toHaveProperty(name);
  expect(JSON.stringify(document).length).toBeLessThan(3000);
});

test.each(Object.entries(answers))('%s: the text says what the structure says', (_, answer) => {
  const text = answerText(answer);
  for (const [way, value] of members(answerDocument(answer))) {
    if (/uri|mediaType|bytes|width|height|askedAt|estimated|arguments$/.test(way)) continue;
    // Where a text says it in other words.
    if (value === 'What it cost is not known.' || typeof value === 'boolean') continue;
    expect(text, way).toContain(String(value));
  }
});

test('the schema is small, and has nothing that strict clients refuse', () => {
  const text = JSON.stringify(resultSchema);
  expect(text.length).toBeLessThan(1500);
  expect(text).not.toMatch(/anyOf|oneOf|\$ref|"format"|null/);
});
