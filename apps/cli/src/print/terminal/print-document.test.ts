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
