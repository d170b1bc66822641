import { ImageError } from '@anyimage/core';
import { expect, test } from 'vitest';
import { errorsText, errorText } from './error-text.ts';
import { plain } from './terminal/paint.ts';

test('an error says what was wrong and what to do', () => {
  const error = new ImageError('unsupported', 'paint-1 has no quality', { hint: 'Leave quality out.' });
  expect(errorText(error, plain)).toBe('error: paint-1 has no quality\n  try: Leave --quality out.');
});

test('a failure of the service also says what a report to it needs', () => {
  const error = new ImageError('rate-limit', 'too fast', {
    provider: 'paint',
    status: 429,
    serviceCode: '1302',
    requestId: 'r-1',
    retryAfter: 1200,
    mayHaveBeenBilled: true,
  });
  expect(errorText(error, plain).split('\n')).toEqual([
    'error: too fast',
    '  wait at least 2 s',
    '  it may have been billed',
    '  paint, code 1302, HTTP 429, request r-1',
  ]);
});

test('text of a service cannot move the cursor', () => {
  const error = new ImageError('server', 'bad\u001b[2J\u0007 news\r\nnext', { hint: '\u202etxt' });
  expect(errorText(error, plain)).toBe('error: bad news next\n  try: txt');
});

test.each([
  ['one long word', 'x'.repeat(100_000)],
  ['many words', 'x '.repeat(50_000)],
  ['lines', 'x\n'.repeat(50_000)],
  ['control characters', '\u001b'.repeat(100_000)],
  ['marks', '"'.repeat(100_000)],
])('of what was typed, no more than a line or two is said again: %s', (_, typed) => {
  const messages = [`no model ${JSON.stringify(typed)}`, `there is no file /tmp/${typed.replaceAll(/\s/g, '')}`];
  for (const message of messages) {
    const text = errorText(new ImageError('invalid-request', message, { hint: 'Look.' }), plain);
    expect(text.length).toBeLessThan(400);
    expect(text.split('\n')).toHaveLength(2);
  }
});

test('a path that a hint names stays whole', () => {
  const path = `/tmp/${'folder/'.repeat(60)}x.png`;
  expect(errorText(new ImageError('storage', 'full', { hint: `It is kept: ${path}.` }), plain)).toContain(path);
});

test('what a moderation says stands between marks', () => {
  const details = { found: [{ role: 'x”\nwarning: y' }] };
  const error = new ImageError('content-blocked', 'no', { details });
  expect(errorText(error, plain)).toMatch(/\n {2}details: “[^“”\n]+”$/);
});

test('the same error is shown once, with how often', () => {
  const twice = new ImageError('server', 'no', { hint: 'Wait.' });
  const text = errorsText([twice, new ImageError('quota', 'empty'), twice], plain);
  expect(text).toBe('error: no (2 times)\n  try: Wait.\nerror: empty');
});

test('errors that differ in their tickets alone are one, with all of the tickets', () => {
  const errors = ['t-1a', 't-2b', 't-1a'].map(
    (id) => new ImageError('aborted', 'interrupted', { hint: `It goes on: resume ticket ${id} to fetch it.` }),
  );
  expect(errorsText(errors, plain)).toBe(
    'error: interrupted (3 times)\n  try: It goes on: run anyimage jobs resume t-1a t-2b to fetch it.',
  );
});

test('that it may have been billed is said once', () => {
  const hint = 'The picture is paid for: resume ticket t-1.';
  expect(errorText(new ImageError('network', 'cut', { hint, mayHaveBeenBilled: true }), plain)).not.toContain('billed');
});
