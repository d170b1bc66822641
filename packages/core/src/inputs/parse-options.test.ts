import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RequestOptions } from '../contract/request.ts';
import { parseOptions } from './parse-options.ts';

const refused = (request: object, message: string | RegExp) =>
  expect(() => parseOptions(request as RequestOptions)).toThrow(
    expect.objectContaining({ code: 'invalid-request', message: expect.stringMatching(message) }),
  );

test.each([0, 1.5, -3, 101, Number.NaN, '2'])('n of %s is refused with what is allowed', (n) => {
  refused({ n }, /^n must be a whole number from 1 to 100 \(got /);
});

test('any whole number from 1 to 100 is a number of pictures; 1 is usual', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), (n) => parseOptions({ n }).n === n));
  expect(parseOptions({}).n).toBe(1);
});

test('sizes have two sides in px, without leading zeros', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 1, max: 99_999 }), (width, height) => {
      expect(parseOptions({ size: `${width}x${height}` }).size).toBe(`${width}x${height}`);
    }),
  );
  for (const size of ['1024', '1024×768', '0x512', '10x', 'big', '1024x768px'])
    refused({ size }, /^size must be WIDTHxHEIGHT/);
});

test('size excludes aspectRatio and resolution', () => {
  refused({ size: '1024x1024', aspectRatio: '1:1' }, 'size .* and aspectRatio .* exclude each other');
  refused({ size: '1024x1024', resolution: '2K' }, 'size .* and resolution .* exclude each other');
});

test('a word that does not exist is refused with the nearest', () => {
  refused({ qualty: 'hd' }, /^qualty is no word of a request; nearest: quality/);
});

test('words that are for others are passed over, and nothing else is', () => {
  const given = JSON.parse('{ "prompt": "a boat", "signal": 1, "timeout": 2 }');
  expect(parseOptions(given, ['signal', 'timeout'])).toEqual({ prompt: 'a boat', n: 1 });
  refused(given, /^signal, timeout is no word of a request/);
  refused(JSON.parse('{ "__proto__": { "n": 2 } }'), /^__proto__ is no word of a request/);
});

test('of several words that are wrong, the first of the vocabulary is told of, and an unknown one last', () => {
  refused({ boat: 1, user: '', n: 0 }, /^n must be/);
  refused({ boat: 1, user: '' }, /^user must not be empty/);
});

test('a prompt is trimmed', () => {
  expect(parseOptions({ prompt: '  a boat\n' }).prompt).toBe('a boat');
});

test.each(['operation', 'resolution', 'quality', 'style', 'background', 'outputFormat', 'user'])(
  '%s that is given as empty text is refused in words',
  (option) => {
    refused({ [option]: '' }, new RegExp(`^${option} must not be empty \\(got ""\\)$`));
    refused({ [option]: 5 }, new RegExp(`^${option} must be text \\(got 5\\)$`));
  },
);
