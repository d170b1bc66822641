import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepModelList, readModelLists } from './model-lists.ts';

const folder = () => mkdtemp(join(tmpdir(), 'anyimage-'));

test('a list is kept and read again, the newest alone', async () => {
  const home = await folder();
  expect(await readModelLists(home)).toEqual(new Map());
  const list = {
    baseURL: 'http://127.0.0.1:1/v1',
    at: 1,
    models: [{ id: 'a/b', label: 'AB', retires: '2027-01-01' as const }],
  };
  await keepModelList(home, 'box', { ...list, at: 0 });
  await keepModelList(home, 'box', list);
  expect(await readModelLists(home)).toEqual(new Map([['box', list]]));
});

test('what is no list is none', async () => {
  const home = await folder();
  await mkdir(join(home, 'models'));
  const write = (name: string, text: string) => writeFile(join(home, 'models', name), text);
  await write('a.json', 'no json');
  await write('b.json', '{"models":[{"id":"x"}]}');
  await write('c.json', '{"baseURL":"http://x","at":1,"models":[{"id":1},{"id":"x","label":2,"retires":"soon"}]}');
  await write('d.txt', '');
  expect(await readModelLists(home)).toEqual(new Map([['c', { baseURL: 'http://x', at: 1, models: [{ id: 'x' }] }]]));
});
