import { expect, test } from 'vitest';
import { ImageError } from './errors.ts';

test('an error is plain JSON, with neither stack nor cause', () => {
  const error = new ImageError('quota', 'empty', {
    status: 429,
    serviceCode: '1113',
    hint: 'Top up.',
    cause: new Error('secret'),
  });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'quota',
    message: 'empty',
    hint: 'Top up.',
    status: 429,
    serviceCode: '1113',
    retryable: false,
    mayHaveBeenBilled: false,
  });
});

test('an error of another installed copy is recognised', () => {
  const other = Object.assign(new Error('x'), { [Symbol.for('anyimage.error')]: true });
  expect(ImageError.isInstance(other)).toBe(true);
  expect(ImageError.isInstance(new Error('x'))).toBe(false);
  expect(ImageError.isInstance(null)).toBe(false);
});

test('facts are added without losing the others, the cause or the stack', () => {
  const cause = new Error('why');
  const error = new ImageError('network', 'cut', { retryable: true, cause });
  const more = error.with({ model: 'a/b', mayHaveBeenBilled: true });
  expect(more).toMatchObject({
    code: 'network',
    message: 'cut',
    model: 'a/b',
    retryable: true,
    mayHaveBeenBilled: true,
    cause,
  });
  expect(more.stack).toBe(error.stack);
  expect(more).toBeInstanceOf(ImageError);
});

test('facts that are not known are not there, so that an error prints short', () => {
  expect(Object.keys(new ImageError('server', 'x'))).toEqual(['name', 'code', 'retryable', 'mayHaveBeenBilled']);
});
