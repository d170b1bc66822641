import { join } from 'node:path';
import { type GeneratedImage, ImageError, type OutcomeFacts, type Ticket } from '@anyimage/core';
import { expect, test } from 'vitest';
import { outcomeText, shownPath } from './outcome-text.ts';
import { plain } from './terminal/paint.ts';

const image = {
  model: 'paint/paint-1',
  mediaType: 'image/png',
  width: 8,
  height: 4,
  byteLength: 2000,
  path: '/pictures/boat.png',
} as GeneratedImage;
const nothing: OutcomeFacts = {
  images: [],
  errors: [],
  pending: [],
  applied: [],
  warnings: [],
  prompt: { original: 'a boat', sent: 'a boat' },
  attempts: [],
  cost: [],
  timings: { totalMs: 1234 },
  sent: false,
};

test('each picture has a line, the last also time and cost', () => {
  const cost = [{ amount: 0.06, currency: 'CNY', estimated: false }];
  expect(outcomeText({ ...nothing, images: [image, { ...image, seed: 0 }], cost }, plain).split('\n')).toEqual([
    '  8x4 png, 2 kB · paint/paint-1',
    '  8x4 png, 2 kB · paint/paint-1 · seed 0 · 1.2 s · 0.06 CNY',
  ]);
});

test('every change and warning is told in flags', () => {
  const applied = [
    { option: 'size', asked: '10x10', sent: '64x64', because: 'too small' },
    { option: 'seed', asked: 7, sent: null, because: 'it has no seed' },
  ];
  const warnings = [{ code: 'unsure' as const, message: 'it may be refused' }];
  expect(outcomeText({ ...nothing, applied, warnings }, plain).split('\n')).toEqual([
    '  changed: --size 10x10 to 64x64 (too small)',
    '  changed: --seed 7 left out (it has no seed)',
    '  warning: it may be refused',
  ]);
});

test('what a text model wrote stands on one line between marks', () => {
  const applied = [{ option: 'prompt', asked: 'a boat', sent: 'x”\nwarning: y', because: 'enhance was asked for' }];
  expect(outcomeText({ ...nothing, applied }, plain)).toMatch(
    / “a boat” to “x" warning: y” \(enhance was asked for\)$/,
  );
});

test('of a list of models those that failed are told, before the picture of the next or before the error', () => {
  const refused = new ImageError('rate-limit', 'too many requests');
  const attempts = [{ model: 'paint/quick', ms: 1, error: refused }];
  const applied = [{ option: 'model', asked: 'paint/quick', sent: 'paint/paint-1', because: 'rate limit' }];
  const made = { ...nothing, images: [image], applied, attempts: [...attempts, { model: 'paint/paint-1', ms: 1 }] };
  expect(outcomeText(made, plain)).toContain('\n  changed: paint/quick: rate limit, so paint/paint-1');
  const none = {
    ...nothing,
    attempts: [...attempts, { model: 'ink/ink-1', ms: 1, error: refused }],
    errors: [refused],
  };
  expect(outcomeText(none, plain)).toMatch(/^ {2}tried: paint\/quick: too many requests\nerror: too many requests/);
});

test('a style that became words was not left out', () => {
  const because = 'comic is a style of anyimage: its words were added to the prompt';
  const applied = [
    { option: 'style', asked: 'comic', sent: null, because },
    { option: 'style', asked: 'noir', sent: null, because: 'it has no style' },
  ];
  expect(outcomeText({ ...nothing, applied }, plain).split('\n')).toEqual([
    `  note: ${because}`,
    '  changed: --style noir left out (it has no style)',
  ]);
});

const ticket = { id: 't-1', provider: 'paint', model: 'paint-1', state: 'submitted' } as Ticket;

test('what nobody can decide sends to the account, not to a resume that cannot be', () => {
  const uncertain: Ticket = { ...ticket, state: 'intended', uncertain: true };
  const { service: _, ...unknown } = uncertain;
  expect(outcomeText({ ...nothing, pending: [unknown] }, plain)).toContain('look at the account');
  expect(outcomeText({ ...nothing, pending: [{ ...uncertain, service: { id: '1' } }] }, plain)).toContain(
    'jobs resume',
  );
  expect(outcomeText({ ...nothing, pending: [{ ...ticket, uncertain: true, service: { id: '1' } }] }, plain)).toContain(
    'look at the account',
  );
});

test('what is pending is named with the way to get it, once', () => {
  const pending = [{ ...ticket, expiresAt: new Date(2026, 11, 20, 15).getTime() }];
  expect(outcomeText({ ...nothing, pending }, plain)).toBe(
    '  pending: t-1, paint/paint-1, being made, to be fetched before 2026-12-20 15:00\n  try: anyimage jobs resume t-1',
  );
  const errors = [new ImageError('aborted', 'cancelled', { hint: 'It goes on: resume ticket t-1 to fetch it.' })];
  const text = outcomeText({ ...nothing, pending, errors }, plain);
  expect(text.match(/anyimage jobs resume t-1/g)).toHaveLength(1);
});

test('what is pending in the same way is named together, and many are resumed at once', () => {
  const all = Array.from({ length: 7 }, (_, index): Ticket => ({ ...ticket, id: `t-${index}` }));
  expect(outcomeText({ ...nothing, pending: all.slice(0, 2) }, plain)).toBe(
    '  pending: t-0 t-1, paint/paint-1, being made\n  try: anyimage jobs resume t-0 t-1',
  );
  expect(outcomeText({ ...nothing, pending: all }, plain)).toBe(
    '  pending: t-0 t-1 t-2 t-3 t-4 and 2 more, paint/paint-1, being made\n  try: anyimage jobs resume all',
  );
});

test('nothing to say is said with nothing', () => {
  expect(outcomeText(nothing, plain)).toBe('');
});

test('a path below the folder is shown as one would type it, any other whole', () => {
  expect(shownPath(join('/work', 'a', 'boat.png'), '/work')).toBe(join('a', 'boat.png'));
  expect(shownPath('/other/boat.png', '/work')).toBe('/other/boat.png');
  expect(shownPath('/here/..boat.png', '/here')).toBe('..boat.png');
});
