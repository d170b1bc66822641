import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { printDocument, printList } from './print-document.ts';

afterEach(() => vi.restoreAllMocks());

/** What a work prints on stdout. */
async function printed(work: () => unknown): Promise<string> {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await work();
  return text;
}

async function* each(items: readonly unknown[]) {
  yield* items;
}

test('a list that is printed while it comes is the same document', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), fc.option(fc.integer()), async (items, next) => {
      const whole = await printed(() => printDocument({ pictures: items, next }));
      expect(await printed(() => printList('pictures', each(items), () => ({ next })))).toBe(whole);
    }),
    { numRuns: 50 },
  );
});

test('of a list whose reader has left, nothing more is asked for', async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const isGone = vi.spyOn(process.stdout, 'destroyed', 'get').mockReturnValue(false);
  let asked = 0;
  async function* items() {
    for (; asked < 100; asked++) {
      if (asked === 3) isGone.mockReturnValue(true);
      yield asked;
    }
  }
  await printList('pictures', items(), () => ({}));
  expect(asked).toBe(3);
});
