import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RowFormat, readRows, rowFormatOf } from './row-file.ts';

async function fileOf(content: string | Uint8Array, name = 'prompts.txt'): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'anyimage-rows-')), name);
  await writeFile(path, content);
  return path;
}

/** `[line, values]` of each row, `[line, problem]` of one that is none. */
async function read(content: string | Uint8Array, format: RowFormat = 'txt') {
  const rows: unknown[] = [];
  for await (const row of readRows(await fileOf(content), format)) {
    rows.push([row.line, 'error' in row ? row.error.message : Object.fromEntries(row.values)]);
  }
  return rows;
}

const refusal = async (content: string | Uint8Array, format: RowFormat = 'txt') =>
  read(content, format).then(
    () => undefined,
    (error: { readonly code: string; readonly message: string; readonly hint: string }) => error,
  );

test('a prompt stands on each line that is neither blank nor a comment', async () => {
  expect(await read('a boat\r\n\n# later\n  a red tram \nend')).toEqual([
    [1, { prompt: 'a boat' }],
    [4, { prompt: 'a red tram' }],
    [5, { prompt: 'end' }],
  ]);
  expect(await read('')).toEqual([]);
});

test('the mark at the beginning of a text is no part of it, and says which UTF it is', async () => {
  const prompts = [
    [1, { prompt: 'ein Boot für 日' }],
    [2, { prompt: 'x' }],
  ];
  const text = '\ufeffein Boot für 日\r\nx';
  expect(await read(text)).toEqual(prompts);
  const little = Buffer.from(text, 'utf16le');
  expect(await read(little)).toEqual(prompts);
  expect(await read(Buffer.from(little).swap16())).toEqual(prompts);
});

test('what is no text is refused', async () => {
  expect(await refusal(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]))).toMatchObject({ code: 'invalid-request' });
  expect(await refusal(Buffer.from('für', 'latin1'))).toMatchObject({ message: expect.stringMatching(/UTF-8/) });
  expect(await refusal(Buffer.from('a boat\n', 'utf16le'))).toMatchObject({ message: expect.stringMatching(/UTF-8/) });
  expect(await refusal('{"prompt":"a boat"}\n')).toMatchObject({ hint: expect.stringMatching(/jsonl/) });
});

test.each(['txt', 'csv', 'jsonl'] as const)(
  'a row of ten million characters is refused with its line: %s',
  async (format) => {
    const long = `prompt,size\n"a",b\n${'x'.repeat(10_000_000)},1\n`;
    const text = format === 'jsonl' ? `{}\n{}\n${long.slice(18)}` : long;
    expect(await refusal(text, format)).toMatchObject({ message: expect.stringMatching(/line 3 .*longer/) });
  },
);

test('a CSV has its names in the header; cells may hold commas, quotation marks and line breaks', async () => {
  const text = '\ufeffprompt, size ,seed\r\n"a boat, red","1024x1024",7\r\n"a ""b""\nc",,\r\n\r\n,,\r\n';
  expect(await read(text, 'csv')).toEqual([
    [2, { prompt: 'a boat, red', size: '1024x1024', seed: '7' }],
    [4, { prompt: 'a "b"\nc', size: '', seed: '' }],
  ]);
  expect(await read('a;b\n1,5;2', 'csv')).toEqual([[2, { a: '1,5', b: '2' }]]);
  expect(await read('a\tb\n1, 5\t2', 'csv')).toEqual([[2, { a: '1, 5', b: '2' }]]);
  expect(await read('"a;b;c",d\n1,2', 'csv')).toEqual([[2, { 'a;b;c': '1', d: '2' }]]);
});

test('ragged rows of a CSV are told with their lines, and what cannot be read ends the reading', async () => {
  expect(await read('a,b\n1\n1,2\n1,2,3\n', 'csv')).toEqual([
    [2, 'it has 1 column, and the header names 2'],
    [3, { a: '1', b: '2' }],
    [4, 'it has 3 columns, and the header names 2'],
  ]);
  expect(await refusal('a,b\n1,"2\n3,4', 'csv')).toMatchObject({ message: expect.stringMatching(/line 2: .*closed/) });
  expect(await refusal('a,b\n"1"x,2', 'csv')).toMatchObject({ message: expect.stringMatching(/line 2: .*wrong/) });
  expect(await refusal('a,a\n1,2', 'csv')).toMatchObject({ message: expect.stringMatching(/"a" twice/) });
});

test('an object a line says what its members are called', async () => {
  const text = '{"prompt":"a boat","n":2,"style":null,"__proto__":"x"}\n\n[1]\n{"prompt"\n';
  const [first, ...others] = await read(text, 'jsonl');
  expect(first).toEqual([1, expect.objectContaining({ prompt: 'a boat', n: 2 })]);
  expect(others).toEqual([
    [3, 'it is no object'],
    [4, 'it is no JSON'],
  ]);
});

test('what is no file is refused at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-rows-'));
  for (const path of [folder, join(folder, 'none.txt'), '/dev/zero', '/proc/self/mem']) {
    await expect(readRows(path, 'txt').next()).rejects.toMatchObject({ message: expect.stringContaining(path) });
  }
});

test('the ending of a file says its format', () => {
  const names = ['a.csv', 'a.TSV', 'a.tab', 'a.jsonl', 'a.ndjson', 'a.txt', 'a', 'a.2026-11-30', '/dev/fd/63'];
  expect(names.map(rowFormatOf)).toEqual(['csv', 'csv', 'csv', 'jsonl', 'jsonl', 'txt', 'txt', 'txt', 'txt']);
});

test.each(['a.json', 'a.md', 'a.yaml', 'a.xlsx', 'a.html', 'a.png', 'a.py'])('what rows %s has is asked', (name) => {
  expect(() => rowFormatOf(name)).toThrow(
    expect.objectContaining({ code: 'invalid-request', hint: expect.stringContaining('--input-format') }),
  );
});

test.each(['{"prompt": "a boat"}\n', '[{"prompt": "a boat"}]', '[\n  {\n', '{\n  "rows": [\n', '["a boat", "a cat"]'])(
  'JSON is not taken for prompts: %j',
  async (text) => {
    const path = join(await mkdtemp(join(tmpdir(), 'anyimage-rows-')), 'rows.txt');
    await writeFile(path, text);
    await expect(readRows(path, 'txt').next()).rejects.toMatchObject({ message: expect.stringContaining('JSON') });
  },
);

test('any cells come back from a CSV as they were written', async () => {
  const cell = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !text.includes('\0'));
  const line = fc.tuple(cell, cell, cell);
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
      const text = ['"a","b","c"', ...lines.map((cells) => cells.map(quoted).join(','))].join('\n');
      const expected = lines
        .map((cells) => cells.map((one) => one.trim()))
        .filter((cells) => cells.some(Boolean))
        .map(([a, b, c]) => ({ a, b, c }));
      const rows = (await read(Buffer.from(text), 'csv')) as [number, object][];
      expect(rows.map(([, values]) => values)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
