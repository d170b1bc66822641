import { expect, test } from 'vitest';
import { ImageError } from '../contract/errors.ts';
import { createDeadline } from './deadline.ts';

/** What a deadline says once the caller's own signal has ended. */
async function endOf(signal: AbortSignal): Promise<ImageError> {
  const deadline = createDeadline(60_000, signal, Date.now());
  if (!deadline.signal.aborted) {
    await new Promise((resolve) => deadline.signal.addEventListener('abort', resolve, { once: true }));
  }
  deadline.clear();
  return deadline.signal.reason;
}

const aborted = (reason?: unknown) => AbortSignal.abort(reason);
class LibraryTimeout extends Error {
  override readonly name = 'TimeoutError';
}

test.each<[string, () => AbortSignal]>([
  ['AbortSignal.timeout', () => AbortSignal.timeout(1)],
  ['one that is over already', () => aborted(new DOMException('late', 'TimeoutError'))],
  ['a timeout among others', () => AbortSignal.any([new AbortController().signal, AbortSignal.timeout(1)])],
  ['a timeout among others among others', () => AbortSignal.any([AbortSignal.any([AbortSignal.timeout(1)])])],
  ['the error of a library', () => aborted(new LibraryTimeout('late'))],
  ['a timeout of our own', () => aborted(new ImageError('timeout', 'late'))],
])('%s is a timeout', async (_, signal) => {
  const error = await endOf(signal());
  expect(error).toMatchObject({ code: 'timeout', retryable: true });
  expect(error.cause).toBeDefined();
  expect(error.hint).toContain('more time');
});

test.each<[string, () => AbortSignal]>([
  ['no reason', () => aborted()],
  ['a text', () => aborted('enough')],
  ['null', () => aborted(null)],
  ['an error', () => aborted(new Error('enough'))],
  ['an object', () => aborted({ name: 'Enough' })],
  ['an error of our own', () => aborted(new ImageError('budget', 'enough'))],
  ['one among timeouts', () => AbortSignal.any([AbortSignal.timeout(60_000), aborted('enough')])],
])('%s is a cancellation', async (_, signal) => {
  const given = signal();
  const error = await endOf(given);
  expect(error).toMatchObject({ code: 'aborted', retryable: false });
  expect(error.cause).toBe(given.reason);
});
