import type { Outcome } from '@anyimage/core';
import { expect, test } from 'vitest';
import type { Call } from './call.ts';
import { waitFor } from './wait.ts';

/** A call that is over when the test says so. */
function callInHand() {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const aborted: unknown[] = [];
  const call = {
    phase: 'being drawn',
    done: promise,
    watch: () => () => {},
    abort: (reason?: unknown) => void aborted.push(reason),
  } as unknown as Call;
  return { call, aborted, finish: () => resolve({} as Outcome) };
}

const forever = { seconds: 600, report: () => {} };

test('waits until the call is over', async () => {
  const { call, finish } = callInHand();
  const messages: string[] = [];
  const waiting = waitFor(call, {
    ...forever,
    signal: new AbortController().signal,
    report: (message) => messages.push(message),
  });
  finish();
  await waiting;
  expect(messages).toEqual(['being drawn']);
});

test('waits no longer than asked, and leaves the call alone', async () => {
  const { call, aborted } = callInHand();
  await waitFor(call, { ...forever, seconds: 0, signal: new AbortController().signal, abortWithClient: true });
  expect(aborted).toEqual([]);
});

test.each([
  ['the person changed their mind', 1],
  [undefined, 1],
  ['McpError: MCP error -32001: Request timed out', 0],
  ['timeout', 0],
])('a client that says %j ends %d calls', async (reason, ended) => {
  const { call, aborted } = callInHand();
  const controller = new AbortController();
  const waiting = waitFor(call, { ...forever, signal: controller.signal, abortWithClient: true });
  controller.abort(reason);
  await expect(waiting).rejects.toBe(controller.signal.reason);
  expect(aborted).toHaveLength(ended);
  // It may have said so while the call was being prepared.
  await expect(waitFor(call, { ...forever, signal: controller.signal, abortWithClient: true })).rejects.toBe(
    controller.signal.reason,
  );
  expect(aborted).toHaveLength(2 * ended);
});

test('who only looks ends nothing', async () => {
  const { call, aborted } = callInHand();
  const controller = new AbortController();
  const waiting = waitFor(call, { ...forever, signal: controller.signal });
  controller.abort('enough');
  await expect(waiting).rejects.toBe('enough');
  expect(aborted).toEqual([]);
});
