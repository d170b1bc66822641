import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchJournalPath, openBatchJournal } from './batch-journal.ts';
import type { BatchRow } from './batch-row.ts';
import { type KnownRow, RowKeys, RowTable, rowStates } from './row-table.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'anyimage-batch-'));
/** A key as those of rows are. */
const keyOf = (n: number) => createHash('sha256').update(`${n}`).digest('hex').slice(0, 20);
const run = { at: 1, home: '/home/mia', words: { size: '64x64' } };

function rowOf(n: number, state: BatchRow['state'] = 'done'): BatchRow {
  return { n, line: n, prompt: `boat ${n} 日`, state, pictures: [], at: n };
}

async function begun(folder: string) {
  const journal = await openBatchJournal(folder);
  await journal.begin(run);
  return journal;
}

test('a journal remembers what became of each row, and which run was last', async () => {
  const folder = await newFolder();
  const first = await begun(folder);
  expect(first).toMatchObject({ isNew: true });
  first.add('a', rowOf(1));
  first.add('b', rowOf(2, 'uncertain'));
  first.add('b', rowOf(2, 'refused'));
  await first.close();
  const second = await openBatchJournal(folder);
  expect(second).toMatchObject({ isNew: false, id: first.id, lastRun: run });
  const at = (key: string) => second.rows.at(second.rows.placeOf(key));
  expect([at('a').state, at('b').state, at('c').state]).toEqual(['done', 'refused', undefined]);
  expect([second.rows.count('done'), second.rows.count('uncertain'), second.rows.count('refused')]).toEqual([1, 0, 1]);
  await second.begin(run);
  expect(await second.read(second.rows.placeOf('b'))).toMatchObject(rowOf(2, 'refused'));
  expect(await second.read(second.rows.placeOf('c'))).toBeUndefined();
  await second.close();
});

test('what is asked anew has no state, and counts its tries', async () => {
  const folder = await newFolder();
  const first = await begun(folder);
  first.add('a', rowOf(1, 'uncertain'));
  await first.again('a');
  first.add('b', rowOf(2));
  await first.close();
  const second = await openBatchJournal(folder);
  expect(second.rows.at(second.rows.placeOf('a'))).toEqual({ state: undefined, tries: 1, offset: undefined });
  await second.begin(run);
  second.add('a', rowOf(1));
  expect(second.rows.at(second.rows.placeOf('a'))).toMatchObject({ state: 'done', tries: 1 });
  await second.close();
});

test('wherever a journal is cut off, the rows before are known, and it goes on', async () => {
  const folder = await newFolder();
  const whole = await begun(folder);
  const sizes: number[] = [];
  for (let n = 1; n <= 4; n++) {
    whole.add(`row-${n}`, rowOf(n));
    sizes.push((await readFile(whole.path)).length);
  }
  await whole.close();
  const bytes = await readFile(whole.path);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length }), async (length) => {
      await writeFile(whole.path, bytes.subarray(0, length));
      const cut = await openBatchJournal(folder);
      expect(cut.rows.count('done')).toBe(sizes.filter((size) => size <= length).length);
      await cut.begin(run);
      cut.add('next', rowOf(9));
      await cut.close();
      const after = await openBatchJournal(folder);
      expect(after.rows.count('done')).toBe(cut.rows.count('done'));
    }),
    { numRuns: 40 },
  );
});

test('a journal that is damaged, of another program or of a newer version is refused, and stays', async () => {
  const folder = await newFolder();
  const path = batchJournalPath(folder);
  const refusal = async (text: string) => {
    await writeFile(path, text);
    const error = await openBatchJournal(folder).catch((reason: unknown) => reason);
    expect(await readFile(path, 'utf8')).toBe(text);
    return error;
  };
  expect(await refusal('{"anyimageBatch":2,"id":"x"}\n')).toMatchObject({ message: expect.stringMatching(/newer/) });
  expect(await refusal('a boat\n')).toMatchObject({ code: 'storage', message: expect.stringMatching(/line 1/) });
  const head = '{"anyimageBatch":1,"id":"x"}\n';
  for (const line of ['{"row":"a"}', '{"row":"a","try":0,"state":"new"}', 'x', '[]']) {
    expect(await refusal(`${head}${line}\n`)).toMatchObject({ message: expect.stringMatching(/line 2 .*damaged/) });
  }
  await truncate(path);
  await appendFile(path, head);
  expect((await openBatchJournal(folder)).id).toBe('x');
});

test('a table knows every row of many by its key, whatever keys are, as a map would', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(fc.string(), fc.nat(3000).map(keyOf)), fc.constantFrom(undefined, ...rowStates))),
      (notes) => {
        const table = new RowTable();
        const map = new Map<string, KnownRow>();
        for (const [at, [key, state]] of notes.entries()) {
          const known = { state, tries: at, offset: at % 3 === 0 ? undefined : at * 2 ** 33 };
          table.note(key, known);
          map.set(key, known);
        }
        expect(table.size).toBe(map.size);
        for (const [key, known] of map) expect(table.at(table.placeOf(key))).toEqual(known);
        for (const state of rowStates) {
          expect(table.count(state)).toBe([...map.values()].filter((known) => known.state === state).length);
        }
      },
    ),
  );
  const table = new RowTable();
  for (let n = 0; n < 50_000; n++) expect(table.placeOf(keyOf(n))).toBe(n);
  for (let n = 0; n < 50_000; n += 7) expect(table.placeOf(keyOf(n))).toBe(n);
  expect(table.size).toBe(50_000);
});

test('rows are known by what they say, not by where they stand, and equal ones are told apart', () => {
  const table = new RowTable();
  const keys = (rows: readonly object[]) => {
    const reading = new RowKeys(table);
    return rows.map((row) => reading.next(row as Readonly<Record<string, unknown>>));
  };
  const [a, b, again] = keys([{ prompt: 'a', n: 1 }, { prompt: 'b' }, { n: 1, prompt: 'a' }]);
  expect(new Set([a, b, again]).size).toBe(3);
  expect(keys([{ prompt: 'c' }, { n: 1, prompt: 'a' }, { prompt: 'b' }])).toEqual([expect.any(String), a, b]);
  expect(
    keys([
      { prompt: 'a', n: 1 },
      { prompt: 'a', n: 1 },
    ]),
  ).toEqual([a, again]);
  expect(table.size).toBe(4);
});
