import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lanes } from './lanes.ts';

test('each lane does as much at a time as it may, all of it once, and none waits for another', async () => {
  const work = fc.record({ lane: fc.constantFrom('a', 'b', 'c'), weight: fc.integer({ min: 1, max: 5 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), async (works, most) => {
      const lanes = new Lanes({ most: () => most, room: 8 });
      const busy: Record<string, number> = { a: 0, b: 0, c: 0 };
      const done: number[] = [];
      for (const [index, { lane, weight }] of works.entries()) {
        await lanes.add(lane, weight, async () => {
          busy[lane]! += weight;
          // Work that is too large for its lane is done alone.
          expect(busy[lane]).toBeLessThanOrEqual(Math.max(most, weight));
          await new Promise<void>((resolve) => setImmediate(resolve));
          busy[lane]! -= weight;
          done.push(index);
        });
      }
      await lanes.idle();
      expect(done.sort((a, b) => a - b)).toEqual(works.map((_, index) => index));
    }),
    { numRuns: 60 },
  );
});

test('a lane that stands still does not hold up the others', async () => {
  const lanes = new Lanes({ most: () => 1, room: 4 });
  const held = Promise.withResolvers<void>();
  await lanes.add('slow', 1, () => held.promise);
  await lanes.add('slow', 1, () => held.promise);
  const quick = Promise.withResolvers<void>();
  await lanes.add('quick', 1, async () => quick.resolve());
  await quick.promise;
  held.resolve();
  await lanes.idle();
});
