import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { type LibraryOptions, openLibrary } from './library.ts';
import { pageQuery, prepareIndex } from './library-index.ts';
import type { Sidecar } from './sidecar.ts';
import { openDatabase } from './sqlite.ts';

const run = promisify(execFile);
let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
});

function sidecar(prompt: string, second: number, more: Partial<Sidecar> = {}): Sidecar {
  return {
    anyimage: 1,
    prompt: { original: prompt, sent: prompt },
    model: 'paint/paint-1',
    seed: second,
    cost: [{ amount: 0.06, currency: 'CNY', estimated: true }],
    createdAt: new Date(Date.UTC(2026, 10, 20, 0, 0, second)).toISOString(),
    width: 8,
    height: 4,
    mediaType: 'image/png',
    bytes: 100,
    sha256: `hash-${second}`,
    ...more,
  };
}

/** A picture with its sidecar, on disk. */
async function keep(name: string, facts: Sidecar) {
  const path = join(folder, `${name}.png`);
  await writeFile(path, name);
  await writeFile(`${path}.json`, JSON.stringify(facts));
  return { path, sidecar: facts };
}

async function withLibrary<T>(work: (library: ReturnType<typeof openLibrary>) => Promise<T>, options?: LibraryOptions) {
  const library = openLibrary(home, options);
  try {
    return await work(library);
  } finally {
    await library.close();
  }
}

const find = (words: string) =>
  withLibrary(async (library) => (await library.list({ words })).map(({ prompt }) => prompt));

test('pictures are listed newest first, page by page', async () => {
  await withLibrary(async (library) => {
    for (const second of [3, 1, 2]) await library.add([await keep(`p${second}`, sidecar(`picture ${second}`, second))]);
    const first = await library.list({ limit: 2 });
    expect(first.map(({ prompt }) => prompt)).toEqual(['picture 3', 'picture 2']);
    const second = await library.list({ limit: 2, before: first[1]!.id });
    expect(second).toMatchObject([
      { prompt: 'picture 1', seed: 1, width: 8, model: 'paint/paint-1', sha256: 'hash-1' },
    ]);
    expect(second[0]!.cost).toEqual([{ amount: 0.06, currency: 'CNY', estimated: true }]);
    expect(await library.count()).toBe(3);
  });
});

test('pictures of one moment are all kept; a path that is written again is one picture', async () => {
  await withLibrary(async (library) => {
    await library.add([await keep('a', sidecar('old', 1)), await keep('b', sidecar('other', 1))]);
    await library.add([await keep('a', sidecar('new', 1))]);
    expect((await library.list()).map(({ prompt }) => prompt).sort()).toEqual(['new', 'other']);
  });
  expect(await find('old')).toEqual([]);
});

test('words are found by their beginning, in every case and order; Chinese, Japanese and Korean by any letters', async () => {
  await withLibrary(async (library) => {
    const prompts = ['A red Boat at dawn', '一只红色的小猫', '猫と船', '붉은 고양이', 'Über den Wolken'];
    for (const [index, prompt] of prompts.entries())
      await library.add([await keep(`${index}`, sidecar(prompt, index))]);
  });
  expect(await find('boat RED')).toEqual(['A red Boat at dawn']);
  expect(await find('oat')).toEqual([]);
  expect(await find('猫')).toEqual(['猫と船', '一只红色的小猫']);
  expect(await find('小猫')).toEqual(['一只红色的小猫']);
  expect(await find('猫小')).toEqual([]);
  expect(await find('고양')).toEqual(['붉은 고양이']);
  expect(await find('uber')).toEqual(['Über den Wolken']);
  expect(await find('paint-1')).toHaveLength(5);
  expect(await find('"boat" ( *')).toEqual(['A red Boat at dawn']);
  expect(await find('***')).toEqual([]);
});

test('a page and a search read the index in its order, without sorting or reading all', async () => {
  const database = await openDatabase(':memory:');
  prepareIndex(database);
  const plan = (query: string | undefined, ...values: (string | number)[]) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${pageQuery(query)}`)
      .all(...values)
      .map(({ detail }) => String(detail))
      .join('\n');
  expect(plan(undefined, 1, 20)).toMatch(/SEARCH pictures USING INTEGER PRIMARY KEY/);
  const search = plan('x', '"猫"*', 1, 20);
  expect(search).toMatch(/VIRTUAL TABLE INDEX/);
  expect(search).toMatch(/SEARCH pictures USING INTEGER PRIMARY KEY/);
  expect(search).not.toMatch(/TEMP B-TREE/);
  database.close();
});

test('a damaged index is made anew from the sidecars, and it is said', async () => {
  await withLibrary(async (library) => library.add([await keep('a', sidecar('a boat', 1))]));
  await writeFile(join(home, 'library.sqlite'), 'this is no database, and long enough to be looked at'.repeat(100));
  const said: string[] = [];
  const steps: number[][] = [];
  const options = {
    onRebuild: (reason: string) => said.push(reason),
    onProgress: (...step: number[]) => steps.push(step),
  };
  await withLibrary(async (library) => {
    expect(await library.list({ words: 'boat' })).toHaveLength(1);
    expect(await library.list()).toHaveLength(1);
  }, options);
  expect(said).toEqual(['was damaged']);
  expect(steps).toEqual([
    [0, 1],
    [1, 1],
  ]);
  expect((await readdir(home)).sort()).toEqual(['folders.jsonl', 'library.sqlite', 'library.sqlite.damaged']);
});

test('a missing index is made anew; nothing is said where there was nothing', async () => {
  const said: string[] = [];
  const options = { onRebuild: (reason: string) => said.push(reason) };
  await withLibrary(async (library) => {
    expect(await library.list()).toEqual([]);
    await library.add([await keep('a', sidecar('a boat', 1))]);
  }, options);
  expect(said).toEqual([]);
  await rm(join(home, 'library.sqlite'));
  await withLibrary(async (library) => expect(await library.count()).toBe(1), options);
  expect(said).toEqual(['was missing']);
});

test('rebuilding finds what is there, forgets what is gone and passes over what is no sidecar', async () => {
  await withLibrary(async (library) => {
    await library.add([await keep('a', sidecar('stays', 1)), await keep('b', sidecar('goes', 2))]);
    await unlink(join(folder, 'b.png'));
    await keep('c', sidecar('comes', 3));
    await writeFile(join(folder, 'notes.json'), '{"anyimage": 1}');
    await writeFile(join(folder, 'd.png'), '');
    await writeFile(join(folder, 'd.png.json'), '{"mine": true}');
    expect(await library.rebuild()).toBe(2);
    expect((await library.list()).map(({ prompt }) => prompt)).toEqual(['comes', 'stays']);
  });
});

test('a folder that is new to the library can be named', async () => {
  await keep('a', sidecar('from elsewhere', 1));
  await withLibrary(async (library) => {
    expect(await library.rebuild()).toBe(0);
    expect(await library.rebuild([folder])).toBe(1);
    expect(await library.rebuild()).toBe(1);
  });
});

test('a picture that was moved is found by its bytes', async () => {
  const { path, sidecar: facts } = await keep('a', sidecar('a boat', 1));
  await withLibrary(async (library) => {
    await library.add([{ path, sidecar: facts }]);
    await rename(path, join(folder, 'moved.png'));
    expect(await library.findBytes('hash-1')).toMatchObject([{ path }]);
    expect(await library.findBytes('hash-2')).toEqual([]);
  });
});

test('several processes that write one library lose nothing', async () => {
  const script = `
    import { openLibrary } from ${JSON.stringify(new URL('./library.ts', import.meta.url).href)};
    const [home, folder, sidecar] = process.argv.slice(1);
    const library = openLibrary(home);
    for (let index = 0; index < 25; index++) {
      await library.add([{ path: folder + '/' + process.pid + '-' + index + '.png', sidecar: JSON.parse(sidecar) }]);
    }
    await library.close();`;
  const args = ['--conditions=anyimage-source', '--input-type=module', '-e', script, home, folder];
  const facts = JSON.stringify(sidecar('a boat', 1));
  const ended = await Promise.all([0, 1, 2].map(() => run(process.execPath, [...args, facts])));
  expect(ended.map(({ stderr }) => stderr)).toEqual(['', '', '']);
  await withLibrary(async (library) => expect(await library.count()).toBe(75));
});

test('a home that takes no files is one clear error', async () => {
  const blocked = join(home, 'file');
  await writeFile(blocked, '');
  const library = openLibrary(join(blocked, 'home'));
  await expect(library.list()).rejects.toMatchObject({ code: 'storage', message: expect.stringContaining('index') });
  const add = library.add([{ path: join(folder, 'a.png'), sidecar: sidecar('a', 1) }]);
  await expect(add).rejects.toMatchObject({ code: 'storage' });
});
