import type { Outcome, Ticket } from '@anyimage/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type CallFacts, RunningCall } from './call.ts';
import { waitFor } from './wait.ts';

/** A call that is over when the test says so. */
function callInHand(facts: Partial<CallFacts> = {}) {
  const openStore = () => ({ files: new Map() }) as never;
  const call = new RunningCall('c-000000000000', { model: 'paint', prompt: 'a boat', n: 1, ...facts }, openStore);
  return { call, finish: () => call.end({} as Outcome) };
}

const forever = { seconds: 600, report: () => {} };
const asker = { ...forever, isAsker: true };

/** Waits as a client does that can take its request back. */
function client(call: RunningCall, options: typeof forever = asker) {
  const controller = new AbortController();
  return { waiting: waitFor(call, { ...options, signal: controller.signal }), controller };
}

test('waits until the call is over', async () => {
  const { call, finish } = callInHand();
  const messages: string[] = [];
  const { waiting } = client(call, { ...forever, report: (message: string) => messages.push(message) } as never);
  finish();
  await waiting;
  expect(messages).toEqual(['waiting for paint']);
});

const ticket = { id: 't-1', state: 'intended', mode: 'job', provider: 'paint' } as Ticket;

test('waits no longer than asked once services have the request, and leaves the call alone', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { call } = callInHand();
  let isOver = false;
  const { waiting } = client(call, { ...asker, seconds: 0 });
  void waiting.then(() => (isOver = true));
  call.note(ticket, undefined);
  await vi.advanceTimersByTimeAsync(10);
  expect(isOver).toBe(false);
  call.note({ ...ticket, state: 'submitted' }, undefined);
  await waiting;
  expect(call.isStopped).toBe(false);
});

test('does not wait long for a request to be sent', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { waiting } = client(callInHand().call, { ...asker, seconds: 1 });
  await vi.advanceTimersByTimeAsync(4000);
  await waiting;
});

test('says at least every five seconds what goes on, for how long, and how long that usually takes', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { call } = callInHand({ usualMs: [5000, 20_000] });
  const messages: string[] = [];
  const { waiting } = client(call, { seconds: 14, report: (message: string) => messages.push(message) } as never);
  await vi.advanceTimersByTimeAsync(5000);
  expect(messages).toHaveLength(2);
  call.runOptions.onProgress({ phase: 'queued', position: 3 });
  await vi.advanceTimersByTimeAsync(10_000);
  await waiting;
  expect(messages).toEqual([
    'waiting for paint, usually 5–20 s',
    'waiting for paint, 4.0 s so far, usually 5–20 s',
    'number 3 in the queue, 5.0 s so far, usually 5–20 s',
    'number 3 in the queue, 8.0 s so far, usually 5–20 s',
    'number 3 in the queue, 12 s so far, usually 5–20 s',
  ]);
});

test.each(['the person changed their mind', undefined, 'McpError: MCP error -32001: Request timed out', 'timeout'])(
  'a client that says %j has nothing more sent, and what was sent goes on',
  async (reason) => {
    const { call } = callInHand();
    const { waiting, controller } = client(call);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(controller.signal.reason);
    expect([call.isStopped, call.stopSending.aborted, call.runOptions.signal.aborted]).toEqual([true, true, false]);
    // It may have said so while the call was being prepared.
    const late = callInHand().call;
    await expect(waitFor(late, { ...asker, signal: controller.signal })).rejects.toBe(controller.signal.reason);
    expect(late.isStopped).toBe(true);
  },
);

test('as long as somebody else waits, all of it is made', async () => {
  const { call, finish } = callInHand();
  const first = client(call);
  const second = client(call);
  first.controller.abort();
  await expect(first.waiting).rejects.toThrow();
  expect(call.isStopped).toBe(false);
  second.controller.abort();
  await expect(second.waiting).rejects.toThrow();
  expect(call.isStopped).toBe(true);
  finish();
});

test('who only looks ends nothing', async () => {
  const { call } = callInHand();
  const { waiting, controller } = client(call, forever);
  controller.abort('enough');
  await expect(waiting).rejects.toBe('enough');
  expect(call.isStopped).toBe(false);
});
