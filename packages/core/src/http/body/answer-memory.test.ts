import { expect, test } from 'vitest';
import { AnswerMemory } from './answer-memory.ts';

const mebibyte = 2 ** 20;
const never = new AbortController().signal;

/** Whether something has come to its end once all that can run has run. */
async function isSettled(work: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => {
    settled = true;
  };
  work.then(note, note);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

test('long answers come in a few at a time, in their order; the next when one has ended', async () => {
  const calls = Array.from({ length: 6 }, () => new AnswerMemory());
  const waits = calls.map((call) => call.wait(10 * mebibyte, never));
  const settled = () => Promise.all(waits.map(isSettled));
  expect(await settled()).toEqual([true, true, false, false, false, false]);
  calls[0]!.end(false);
  expect(await settled()).toEqual([true, true, true, false, false, false]);
  calls[1]!.end(false);
  calls[2]!.end(false);
  expect(await settled()).toEqual([true, true, true, true, true, false]);
  for (const call of calls.slice(3)) call.end(false);
  expect(await settled()).toEqual(Array(6).fill(true));
  calls[5]!.end(false);
});

test('an answer longer than all there is comes in alone, and a call that has some waits no more', async () => {
  const [large, other] = [new AnswerMemory(), new AnswerMemory()];
  await large.wait(200 * mebibyte, never);
  await large.wait(200 * mebibyte, never);
  const wait = other.wait(1, never);
  expect(await isSettled(wait)).toBe(false);
  large.end(false);
  await wait;
  other.end(false);
});

test('a wait ends with its signal', async () => {
  const [first, second, third] = [new AnswerMemory(), new AnswerMemory(), new AnswerMemory()];
  await first.wait(undefined, never);
  await second.wait(20 * mebibyte, never);
  const controller = new AbortController();
  const wait = third.wait(undefined, controller.signal);
  controller.abort();
  await expect(wait).rejects.toMatchObject({ code: 'aborted' });
  for (const call of [first, second, third]) call.end(false);
});

test('memory is given back at the end if nobody needs it any more, and stays if somebody does', () => {
  const [kept, released] = [new AnswerMemory(), new AnswerMemory()];
  const bytes = [kept, released].map((memory) => memory.allocate(100).fill(7));
  kept.end(false);
  released.end(true);
  expect(bytes.map(({ length }) => length)).toEqual([100, 0]);
});
