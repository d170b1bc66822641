import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter, type LongLine } from './lines.ts';

function split(chunks: readonly Buffer[], mostBytes: number): (string | LongLine)[] {
  const seen: (string | LongLine)[] = [];
  const splitter = new LineSplitter(mostBytes, {
    onLine: (line) => seen.push(line.toString()),
    onLongLine: (line) => seen.push(line),
  });
  for (const chunk of chunks) splitter.push(chunk);
  return seen;
}

test('lines come whole however they are cut into chunks, and a long one does not harm its neighbours', () => {
  const lines = fc.array(fc.stringMatching(/^[^\n]{0,40}$/), { maxLength: 12 });
  const cuts = fc.array(fc.nat(400), { maxLength: 12 });
  fc.assert(
    fc.property(lines, cuts, fc.integer({ min: 1, max: 60 }), (given, places, most) => {
      const bytes = Buffer.from(given.map((line) => `${line}\n`).join(''));
      const at = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      const seen = split(chunks, most);
      expect(seen).toHaveLength(given.length);
      for (const [index, line] of given.entries()) {
        const length = Buffer.byteLength(line);
        if (length <= most) expect(seen[index]).toBe(line);
        else expect(seen[index]).toMatchObject({ bytes: length });
      }
    }),
  );
});

test('of a line that is too long the ends are kept, and no more', () => {
  const [line] = split(
    [Buffer.from(`{"id":7,${'x'.repeat(50_000)}`), Buffer.from(`${'y'.repeat(50_000)}"id":8}\n`)],
    9000,
  );
  expect(line).toMatchObject({
    start: expect.stringMatching(/^\{"id":7,x+$/),
    end: expect.stringMatching(/y"id":8\}$/),
    bytes: 100_015,
  });
  expect((line as LongLine).start.length).toBeLessThan(9000);
  expect((line as LongLine).end.length).toBeLessThan(9000);
});

test('what comes in a few bytes at a time is copied once: the work grows as the length', () => {
  const chunk = Buffer.alloc(64, 'x');
  const chunks = Array.from({ length: 100_000 }, () => chunk);
  expect(split([...chunks, Buffer.from('\n')], 10 ** 8)[0]).toHaveLength(6_400_000);
});
