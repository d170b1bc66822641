import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBatchJournal } from './batch-journal.ts';
import type { BatchRow } from './batch-row.ts';
import { checkReport, writeReport } from './report.ts';

const picture = { width: 64, height: 32, mediaType: 'image/png', bytes: 7, seed: 5 };
const hostile = '<script>alert(1)</script> "x" & \u202eyb';

async function reportOf(rows: readonly BatchRow[]) {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-report-'));
  const journal = await openBatchJournal(folder);
  await journal.begin({ at: 1, home: folder, words: {} });
  for (const row of rows) journal.add(`row-${row.n}`, row);
  const order = rows.map(({ n }) => journal.rows.placeOf(`row-${n}`)).reverse();
  const path = await writeReport({ folder, home: folder, journal, order, title: 'a & b.csv', facts: ['2 of 3 made'] });
  await journal.close();
  const list = await readFile(join(folder, 'report.jsonl'), 'utf8');
  return {
    page: await readFile(path, 'utf8'),
    lines: list
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

test('a report shows every picture by a relative link, and texts as texts', async () => {
  const { page, lines } = await reportOf([
    { n: 1, line: 2, prompt: hostile, state: 'done', pictures: [{ ...picture, path: "sub/a b#'.png" }], at: 0 },
    {
      n: 2,
      line: 3,
      prompt: 'b',
      state: 'refused',
      pictures: [],
      error: { code: 'content-blocked', message: '<b>' },
      at: 0,
    },
  ]);
  expect(page).toContain('<title>a &amp; b.csv</title>');
  expect(page).toContain('src="sub/a%20b%23&#39;.png" width="64" height="32"');
  expect(page).toContain('loading="lazy"');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;x&quot; &amp; yb');
  expect(page).toContain('<b>refused</b> &lt;b&gt;');
  expect(page).not.toMatch(/<script|javascript:|https?:/);
  expect(page.indexOf('row-2')).toBeLessThan(page.indexOf('row-1'));
  expect(lines).toEqual([
    expect.objectContaining({ n: 2, state: 'refused', at: '1970-01-01T00:00:00.000Z' }),
    expect.objectContaining({ n: 1, prompt: hostile, pictures: [expect.objectContaining({ path: "sub/a b#'.png" })] }),
  ]);
  expect(Object.keys(lines[0])).not.toContain('row');
});

test('a page has no more rows than a browser bears; the list has all', async () => {
  const many = Array.from({ length: 5001 }, (_, at): BatchRow => {
    return { n: at + 1, line: at + 1, prompt: 'a', state: 'done', pictures: [], at: 0 };
  });
  const { page, lines } = await reportOf(many);
  expect(page.match(/<figure/g)).toHaveLength(5000);
  expect(page).toContain('The first 5000 of 5001 rows');
  expect(lines).toHaveLength(5001);
});

test('a file that is no report is not replaced by one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-report-'));
  await checkReport(folder, { isNew: true });
  await mkdir(join(folder, 'other'));
  await writeFile(join(folder, 'report.html'), 'mine');
  await expect(checkReport(folder, { isNew: true })).rejects.toMatchObject({ code: 'storage' });
  await checkReport(folder, { isNew: false });
});
