import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RowTable, rowFormatOf } from '@anyimage/host';
import { expect, test } from 'vitest';
import type { BatchFlags } from '../../../request/batch-flags.ts';
import { type BatchItem, itemsOf, nameOf } from './batch-rows.ts';
import { readSpec } from './batch-spec.ts';
import { Columns, checkColumns } from './columns.ts';

interface Told {
  readonly message: string;
  readonly hint: string;
}

async function read(name: string, text: string, flags: BatchFlags = {}) {
  const path = join(await mkdtemp(join(tmpdir(), 'anyimage-rows-')), name);
  await writeFile(path, text);
  const spec = readSpec(path, rowFormatOf(path), flags);
  const columns = new Columns();
  const items: BatchItem[] = [];
  const problems: string[] = [];
  for await (const item of itemsOf(spec, new RowTable(), columns)) {
    if ('error' in item) problems.push(`${item.line}: ${item.error.message}. ${item.error.hint}`);
    else items.push(item);
  }
  checkColumns(spec, columns);
  const names = items.map((item) => nameOf(item, spec, items.length));
  return { items, problems, columns, names, prompts: items.map(({ prompt }) => prompt) };
}

const refusal = (name: string, text: string, flags: BatchFlags = {}) =>
  read(name, text, flags).then(
    () => undefined,
    (error: Told) => `${error.message}. ${error.hint}`,
  );

test('each line is a picture, named by its number and prompt', async () => {
  const { prompts, names } = await read('a.txt', 'a boat\n\nthe red tram: 日\n');
  expect(prompts).toEqual(['a boat', 'the red tram: 日']);
  expect(names).toEqual(['0001-boat', '0002-red-tram-日']);
});

test('columns that are words are flags of their row, which win over the flags for all', async () => {
  const text =
    'prompt,Aspect Ratio,seed,model,output,option,notes\na,16:9,7,cogview,x.png,watermark=false,hm\nb,,,,,,\n';
  const { items, columns, names } = await read('a.csv', text, { size: '64x64', model: ['sketch'], n: 2 });
  expect(items.map(({ flags }) => flags)).toEqual([
    { aspectRatio: '16:9', seed: '7', model: ['cogview'], output: 'x.png', option: { watermark: 'false' }, n: 2 },
    { size: '64x64', model: ['sketch'], n: 2 },
  ]);
  expect(columns.unused).toEqual(['notes']);
  expect(names).toEqual(['x.png', '0002-b']);
});

test('members of objects are the same words', async () => {
  const rows = [
    { prompt: 'a', providerOptions: { watermark: false, style: 'x' }, images: ['b.png'], timeout: '90s', n: 3 },
    { prompt: 'b', model: ['cogview', 'openai'], size: null },
  ];
  const { items } = await read('a.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  expect(items.map(({ flags }) => flags)).toEqual([
    { option: { watermark: 'false', style: 'x' }, image: ['b.png'], timeout: 90_000, n: 3 },
    { model: ['cogview', 'openai'] },
  ]);
});

test('a template makes the prompts; its columns are no words then', async () => {
  const text = 'animal,style\ncat,ink\ndog,oil\n';
  const flags = { prompt: 'a {{animal}} in {{style}}', name: '{{animal}} {{n}}' };
  const { prompts, items, names } = await read('a.csv', text, flags);
  expect(prompts).toEqual(['a cat in ink', 'a dog in oil']);
  expect(items[0]!.flags).toEqual({});
  expect(names).toEqual(['cat 0001', 'dog 0002']);
});

test('variations multiply rows, in words and in places', async () => {
  const flags = { prompt: '{{prompt}} at {{light}}', vary: ['light=dawn,noon', 'seed=1..2'], name: '{{n}}.webp' };
  const { items, prompts, names } = await read('a.txt', 'a boat\na cat', flags);
  expect(prompts).toEqual(
    ['a boat', 'a cat'].flatMap((one) => [`${one} at dawn`, `${one} at dawn`, `${one} at noon`, `${one} at noon`]),
  );
  expect(items.map(({ flags: { seed } }) => seed)).toEqual(['1', '2', '1', '2', '1', '2', '1', '2']);
  expect(items[0]!.flags.output).toBe('x.webp');
  expect(names[7]).toBe('0008.webp');
  expect(new Set(items.map(({ key }) => key)).size).toBe(8);
});

test('names hold letters and digits of what rows say, and never lead elsewhere', async () => {
  const { names } = await read('a.csv', 'prompt,to\nx,../../etc/passwd\ny,\n', { name: '{{to}}' });
  expect(names).toEqual(['etc-passwd', '2']);
});

test('rows that cannot be made are told with their lines and the nearest name', async () => {
  const text = '{"animal":"cat"}\n{"anmial":"dog"}\n{"animal":{"a":1}}\n{"animal":"cat","prompt":"x"}\n[]\n';
  const { problems } = await read('a.jsonl', text, { prompt: 'a {{animal}}' });
  expect(problems).toEqual([
    expect.stringMatching(/^2: the row says nothing for {{animal}}. Did you mean anmial\?/),
    expect.stringMatching(/^3: animal is no text/),
    expect.stringMatching(/^4: the row has a prompt/),
    expect.stringMatching(/^5: it is no object/),
  ]);
});

test.each([
  ['a.csv', 'text,b\nx,y\n', {}, /no column prompt.*{{text}}/],
  ['a.csv', 'animal\ncat\n', { prompt: 'a {{anmial}}' }, /{{anmial}}.*Did you mean animal\?/],
  ['a.csv', 'prompt,sise\na,b\n', {}, /sise says nothing, and is nearly size/],
  ['a.txt', 'a\n', { name: '{{animal}}' }, /nothing is called animal/],
  ['a.txt', 'a\n', { name: '../{{n}}' }, /cannot hold/],
  ['a.txt', 'a\n', { vary: ['sede=1..4'] }, /sede is neither .*Did you mean seed\?/],
  ['a.txt', 'a\n', { vary: ['place=sea'] }, /place is neither/],
  ['a.txt', 'a\n', { vary: ['model=a,b'], model: ['c'] }, /model is given for all rows, too/],
])('%s %j %j is refused', async (name, text, flags, told) => {
  expect(await refusal(name, text, flags)).toMatch(told);
});

test('a prompt that has no place in the template is no accident', async () => {
  const { problems } = await read('a.txt', 'a\nb', { prompt: 'a {{prompt}} boat' });
  expect(problems).toEqual([]);
  expect(await refusal('a.csv', 'prompt,seed\na,1\n', { vary: ['seed=1..2'] })).toBeUndefined();
  expect((await read('a.csv', 'prompt,seed\na,1\n', { vary: ['seed=1..2'] })).problems).toHaveLength(2);
});

test.each([
  ['a.txt', 'a {{animal}}\n'],
  ['a.csv', 'prompt,animal\na {{animal}},cat\n'],
  ['a.jsonl', '{"prompt":"a {{animal}}"}\n'],
])('%s: a place in a prompt of a row is refused, and taken as it stands where --prompt says so', async (name, text) => {
  const { problems } = await read(name, text);
  expect(problems).toEqual([expect.stringMatching(/{{animal}}, that nothing fills.*--prompt "{{prompt}}"/)]);
  const { prompts } = await read(name, text, { prompt: '{{prompt}}' });
  expect(prompts).toEqual(['a {{animal}}']);
});
