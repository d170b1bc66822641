import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

const longest = 2 ** 31 - 1;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([0, 1, longest, longest + 1, 2 * longest, 2 * longest + 1000])(
  'a sleep of %d ms lasts that long',
  async (ms) => {
    let over = false;
    const slept = systemClock.sleep(ms).then(() => {
      over = true;
    });
    if (ms > 0) await vi.advanceTimersByTimeAsync(ms - 1);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await slept;
  },
);

test('a signal ends a sleep at once, also in its second stretch', async () => {
  const stop = new AbortController();
  const slept = expect(systemClock.sleep(2 * longest, stop.signal)).rejects.toThrow('enough');
  await vi.advanceTimersByTimeAsync(longest + 1);
  stop.abort(new Error('enough'));
  await slept;
  expect(vi.getTimerCount()).toBe(0);
  await expect(systemClock.sleep(1, stop.signal)).rejects.toThrow('enough');
});
