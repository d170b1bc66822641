import { execFile, spawnSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { ownMark } from '../files/process-mark.ts';
import { openDatabase } from '../files/sqlite.ts';
import type { Notice } from '../text/notice.ts';
import { type History, type HistoryOptions, openHistory } from './history.ts';
import {
  addPictures,
  countPictures,
  filterPart,
  indexVersion,
  otherWordsVersion,
  pageQuery,
  prepareIndex,
  type Query,
} from './picture-index.ts';
import { addUp } from './picture-sums.ts';
import type { Sidecar } from './sidecar.ts';

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

/** Keeps why the index was made anew. */
const rebuildsTo = (said: string[]) => (notice: Notice) => {
  if (notice.kind === 'index-rebuilt') said.push(notice.reason);
};

async function withHistory<T>(work: (history: History) => Promise<T>, options?: HistoryOptions) {
  const history = openHistory(home, options);
  try {
    return await work(history);
  } finally {
    await history.close();
  }
}

const find = (search: string) =>
  withHistory(async (history) => (await history.list({ search })).map(({ prompt }) => prompt));

test('pictures are listed newest first, page by page', async () => {
  await withHistory(async (history) => {
    for (const second of [3, 1, 2]) await history.add([await keep(`p${second}`, sidecar(`picture ${second}`, second))]);
    const first = await history.list({ limit: 2 });
    expect(first.map(({ prompt }) => prompt)).toEqual(['picture 3', 'picture 2']);
    const second = await history.list({ limit: 2, before: first[1]!.id });
    expect(second).toMatchObject([
      { prompt: 'picture 1', seed: 1, width: 8, model: 'paint/paint-1', sha256: 'hash-1' },
    ]);
    expect(second[0]!.cost).toEqual([{ amount: 0.06, currency: 'CNY', estimated: true }]);
    expect(await history.count()).toBe(3);
  });
});

test('pictures of one moment are all kept; a path that is written again is one picture', async () => {
  await withHistory(async (history) => {
    await history.add([await keep('a', sidecar('old', 1)), await keep('b', sidecar('other', 1))]);
    await history.add([await keep('a', sidecar('new', 1))]);
    expect((await history.list()).map(({ prompt }) => prompt).sort()).toEqual(['new', 'other']);
  });
  expect(await find('old')).toEqual([]);
});

test('words are found by their beginning, in every case and order; Chinese, Japanese and Korean by any letters', async () => {
  await withHistory(async (history) => {
    const prompts = ['A red Boat at dawn', '一只红色的小猫', '猫と船', '붉은 고양이', 'Über den Wolken'];
    for (const [index, prompt] of prompts.entries())
      await history.add([await keep(`${index}`, sidecar(prompt, index))]);
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
  const plan = (query: Query) => {
    const part = filterPart(query)!;
    const rows = database.prepare(`EXPLAIN QUERY PLAN ${pageQuery(part)}`).all(...part.values, 20);
    return rows.map(({ detail }) => String(detail)).join('\n');
  };
  const filter = { model: 'paint', since: 1, until: 2, minCost: { amount: 1, currency: 'USD' } };
  for (const query of [{}, filter]) {
    expect(plan(query)).toMatch(/SEARCH pictures USING INTEGER PRIMARY KEY/);
    expect(plan(query)).not.toMatch(/TEMP B-TREE/);
    const search = plan({ ...query, search: '猫' });
    expect(search).toMatch(/VIRTUAL TABLE INDEX/);
    expect(search).toMatch(/SEARCH pictures USING INTEGER PRIMARY KEY/);
    expect(search).not.toMatch(/TEMP B-TREE/);
  }
  database.close();
});

test('a damaged index is made anew from the sidecars, and it is said', async () => {
  await withHistory(async (history) => history.add([await keep('a', sidecar('a boat', 1))]));
  await writeFile(join(home, 'library.sqlite'), 'this is no database, and long enough to be looked at'.repeat(100));
  const said: string[] = [];
  const steps: number[][] = [];
  const options = {
    onNotice: rebuildsTo(said),
    onProgress: (...step: number[]) => steps.push(step),
  };
  await withHistory(async (history) => {
    expect(await history.list({ search: 'boat' })).toHaveLength(1);
    expect(await history.list()).toHaveLength(1);
  }, options);
  expect(said).toEqual(['was damaged']);
  expect(steps).toEqual([
    [0, 1],
    [1, 1],
  ]);
  expect((await readdir(home)).sort()).toEqual(['folders.jsonl', 'library.sqlite', 'library.sqlite.damaged']);
});

test('a damaged index is said also where no folder is known', async () => {
  await writeFile(join(home, 'library.sqlite'), 'this is no database, and long enough to be looked at'.repeat(100));
  const said: string[] = [];
  const options = { onNotice: rebuildsTo(said) };
  await withHistory(async (history) => expect(await history.count()).toBe(0), options);
  expect(said).toEqual(['was damaged']);
});

test('a missing index is made anew; nothing is said where there was nothing', async () => {
  const said: string[] = [];
  const options = { onNotice: rebuildsTo(said) };
  await withHistory(async (history) => {
    expect(await history.list()).toEqual([]);
    await history.add([await keep('a', sidecar('a boat', 1))]);
  }, options);
  expect(said).toEqual([]);
  await rm(join(home, 'library.sqlite'));
  await withHistory(async (history) => expect(await history.count()).toBe(1), options);
  expect(said).toEqual(['was missing']);
});

test('rebuilding finds what is there, forgets what is gone and passes over what is no sidecar', async () => {
  await withHistory(async (history) => {
    await history.add([await keep('a', sidecar('stays', 1)), await keep('b', sidecar('goes', 2))]);
    await unlink(join(folder, 'b.png'));
    await keep('c', sidecar('comes', 3));
    await writeFile(join(folder, 'notes.json'), '{"anyimage": 1}');
    await writeFile(join(folder, 'd.png'), '');
    await writeFile(join(folder, 'd.png.json'), '{"mine": true}');
    expect(await history.rebuild()).toBe(2);
    expect((await history.list()).map(({ prompt }) => prompt)).toEqual(['comes', 'stays']);
  });
});

test('what another process adds or writes again while the folders are read is kept', async () => {
  const a = await keep('a', sidecar('old', 1));
  await withHistory((history) => history.add([a]));
  const other = await openDatabase(join(home, 'library.sqlite'));
  const onProgress = (done: number, total: number) => {
    if (done < total) return;
    addPictures(other, [{ path: a.path, sidecar: sidecar('new', 2) }]);
    addPictures(other, [{ path: join(folder, 'b.png'), sidecar: sidecar('added', 3) }]);
  };
  await withHistory(
    async (history) => {
      expect(await history.rebuild()).toBe(2);
      expect((await history.list()).map(({ prompt }) => prompt)).toEqual(['added', 'new']);
    },
    { onProgress },
  );
  other.close();
});

test('a folder that is new to the history can be named', async () => {
  await keep('a', sidecar('from elsewhere', 1));
  await withHistory(async (history) => {
    expect(await history.rebuild()).toBe(0);
    expect(await history.rebuild([folder])).toBe(1);
    expect(await history.rebuild()).toBe(1);
  });
});

test('a picture that was moved is found by its bytes', async () => {
  const { path, sidecar: facts } = await keep('a', sidecar('a boat', 1));
  await withHistory(async (history) => {
    await history.add([{ path, sidecar: facts }]);
    await rename(path, join(folder, 'moved.png'));
    expect(await history.findBytes('hash-1')).toMatchObject([{ path }]);
    expect(await history.findBytes('hash-2')).toEqual([]);
  });
});

/** Runs a script that has `openHistory`, `home` and `folder` in a process of its own. */
function inProcess(script: string, options: { readonly uid?: number } = {}) {
  const begin = `
    import { openHistory } from ${JSON.stringify(new URL('./history.ts', import.meta.url).href)};
    const [home, folder] = process.argv.slice(1);`;
  const args = ['--conditions=anyimage-source', '--input-type=module', '-e', begin + script, home, folder];
  return run(process.execPath, args, options);
}

test('several processes that write one history lose nothing', async () => {
  const script = `
    const history = openHistory(home);
    const sidecar = ${JSON.stringify(sidecar('a boat', 1))};
    for (let index = 0; index < 25; index++) {
      await history.add([{ path: folder + '/' + process.pid + '-' + index + '.png', sidecar }]);
    }
    await history.close();`;
  const ended = await Promise.all([0, 1, 2].map(() => inProcess(script)));
  expect(ended.map(({ stderr }) => stderr)).toEqual(['', '', '']);
  await withHistory(async (history) => expect(await history.count()).toBe(75));
});

/** Pictures that a history knows, whose index is gone. */
async function keepWithoutIndex(count: number) {
  const pictures = await Promise.all(
    Array.from({ length: count }, (_, at) => keep(`${at}`, sidecar(`boat ${at}`, at))),
  );
  await withHistory((history) => history.add(pictures));
  await rm(join(home, 'library.sqlite'));
}

test('an index whose making was stopped is made anew', async () => {
  await keepWithoutIndex(3);
  const script = `
    const onProgress = (done) => done > 0 && process.kill(process.pid, 'SIGKILL');
    await openHistory(home, { onProgress }).list();`;
  await expect(inProcess(script)).rejects.toMatchObject({ signal: 'SIGKILL' });
  const said: string[] = [];
  const options = { onNotice: rebuildsTo(said) };
  await withHistory(async (history) => expect(await history.count()).toBe(3), options);
  expect(said).toEqual(['was not complete']);
});

test('an empty file is no index', async () => {
  await keepWithoutIndex(1);
  await writeFile(join(home, 'library.sqlite'), '');
  expect(await find('boat')).toEqual(['boat 0']);
});

test('an index of a version that could be half made is made anew', async () => {
  await keepWithoutIndex(1);
  const database = await openDatabase(join(home, 'library.sqlite'));
  prepareIndex(database);
  database.exec('PRAGMA user_version = 1');
  database.close();
  expect(await find('boat')).toEqual(['boat 0']);
});

test('an index of the version before gets words that are found, and keeps pictures whose sidecars are gone', async () => {
  const [there, gone] = [await keep('a', sidecar('eine Straße', 1)), await keep('b', sidecar('แมวสีแดง 🚀', 2))];
  const sent = { ...there.sidecar, prompt: { original: 'eine Straße', sent: 'a road' } };
  await writeFile(`${there.path}.json`, JSON.stringify(sent));
  await withHistory((history) => history.add([{ ...there, sidecar: sent }, gone]));
  const database = await openDatabase(join(home, 'library.sqlite'));
  database.exec(`DELETE FROM words; PRAGMA user_version = ${otherWordsVersion}`);
  database.close();
  await unlink(`${gone.path}.json`);
  const said: string[] = [];
  const options = { onNotice: rebuildsTo(said) };
  await withHistory(async (history) => expect(await history.list({ search: 'strasse road' })).toHaveLength(1), options);
  expect(said).toEqual(['is of an earlier version']);
  expect(await find('สีแดง 🚀')).toEqual(['แมวสีแดง 🚀']);
});

test('an index of a newer version stays as it is; its pictures, and what is made meanwhile, are in it later', async () => {
  await keepWithoutIndex(1);
  expect(await find('boat')).toEqual(['boat 0']);
  const path = join(home, 'library.sqlite');
  const setVersion = async (version: number) => {
    const database = await openDatabase(path);
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
  };
  await setVersion(99);
  const before = await readFile(path);
  const isNewer = { code: 'storage', message: expect.stringMatching(/library\.sqlite was made by a newer version/) };
  await expect(find('boat')).rejects.toMatchObject(isNewer);
  const made = await keep('tree', sidecar('a tree', 7));
  await expect(withHistory((history) => history.add([made]))).rejects.toMatchObject(isNewer);
  expect(await readFile(path)).toEqual(before);
  await setVersion(indexVersion);
  expect(await find('tree')).toEqual(['a tree']);
});

test('processes that start while the index is missing all show all pictures, and one makes it', async () => {
  await keepWithoutIndex(200);
  const script = `
    const history = openHistory(home, { onNotice: ({ kind }) => kind === 'index-rebuilt' && console.log('made') });
    console.log(await history.count());
    await history.close();`;
  const ended = await Promise.all([0, 1, 2].map(() => inProcess(script)));
  const lines = ended.flatMap(({ stdout }) => stdout.trim().split('\n'));
  expect(lines.sort()).toEqual(['200', '200', '200', 'made']);
});

test('who comes while another process makes the index waits, says so, and loses nothing', async () => {
  await keepWithoutIndex(1);
  const other = await openDatabase(join(home, 'library.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  const said: string[] = [];
  let finish = () => {};
  const waits = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const options = {
    onNotice(notice: Notice) {
      if (notice.kind === 'index-busy') finish();
      rebuildsTo(said)(notice);
    },
  };
  await withHistory(async (history) => {
    const added = history.add([await keep('new', sidecar('a tree', 9))]);
    await waits;
    prepareIndex(other);
    addPictures(other, [{ path: join(folder, '0.png'), sidecar: sidecar('boat 0', 0) }]);
    other.exec('COMMIT');
    await added;
    expect((await history.list()).map(({ prompt }) => prompt)).toEqual(['a tree', 'boat 0']);
  }, options);
  other.close();
  expect(said).toEqual([]);
});

test('the sidecars are read without keeping others from the index, and what they make meanwhile is kept', async () => {
  const { path } = await keep('a', sidecar('old', 1));
  await withHistory((history) => history.add([{ path, sidecar: sidecar('old', 1) }]));
  await rm(join(home, 'library.sqlite'));
  let other: Awaited<ReturnType<typeof openDatabase>> | undefined;
  const said: string[] = [];
  const options = {
    onProgress: (done: number, total: number) => {
      if (done < total) return;
      other!.exec('PRAGMA busy_timeout = 0');
      prepareIndex(other!);
      addPictures(other!, [{ path, sidecar: sidecar('new', 2) }]);
    },
    onNotice: rebuildsTo(said),
  };
  other = await openDatabase(join(home, 'library.sqlite'));
  await withHistory(async (history) => expect(await history.list()).toMatchObject([{ prompt: 'new', path }]), options);
  other.close();
  expect(said).toEqual([]);
});

test('a picture that was made waits shortly for the index; who reads the history next adds it', async () => {
  await withHistory(async (history) => history.add([await keep('a', sidecar('a boat', 1))]));
  const elsewhere = await mkdtemp(join(tmpdir(), 'anyimage-'));
  const other = await openDatabase(join(home, 'library.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  folder = elsewhere;
  const late = await keep('late', sidecar('a tree', 2));
  await withHistory(
    async (history) => {
      await expect(history.add([late])).rejects.toMatchObject({
        code: 'storage',
        message: expect.stringContaining('the next anyimage history adds the picture'),
      });
      // Shown without it rather than not at all.
      expect(await history.count()).toBe(1);
    },
    { addPatience: 50 },
  );
  other.exec('ROLLBACK');
  other.close();
  await writeFile(`${late.path}.json`, JSON.stringify(sidecar('a tall tree', 2)));
  expect(await find('tree')).toEqual(['a tall tree']);
  expect((await readdir(home)).sort()).toEqual(['folders.jsonl', 'library.sqlite']);
  await rm(join(home, 'library.sqlite'));
  await withHistory(async (history) => expect(await history.count()).toBe(2));
});

test('pictures that are gathered are in one note, which stays while its process lives; who reads the history meanwhile has them', async () => {
  const notes = async () => (await readdir(home)).filter((name) => name.startsWith('late-'));
  const options = { gather: 3_600_000, addPatience: 3_600_000 };
  await withHistory(async (history) => {
    await history.add([await keep('a', sidecar('a boat', 1))]);
    const later = [await keep('b', sidecar('a red tree', 2)), await keep('c', sidecar('a green tree', 3))];
    const adding = Promise.all(later.map((picture) => history.add([picture])));
    expect(await notes()).toEqual([expect.stringMatching(/jsonl$/)]);
    expect(await find('tree')).toEqual(['a green tree', 'a red tree']);
    expect(await notes()).toHaveLength(1);
    history.stopGathering();
    await adding;
    expect(await notes()).toEqual([]);
    await history.add([await keep('d', sidecar('a blue tree', 4))]);
    expect(await history.count()).toBe(4);
  }, options);
});

test('what a killed process had gathered is in the history; a line that was cut off is nothing', async () => {
  const { path } = await keep('a', sidecar('a boat', 1));
  const { pid } = spawnSync(process.execPath, ['--version']);
  const lines = [JSON.stringify({ ...ownMark(), pid }), JSON.stringify(path), '"/pictures/cu'];
  await writeFile(join(home, 'late-0123456789abcdef.jsonl'), lines.join('\n'));
  expect(await find('boat')).toEqual(['a boat']);
  expect((await readdir(home)).sort()).toEqual(['folders.jsonl', 'library.sqlite']);
});

describe.skipIf(process.platform === 'win32')('what cannot be read now is not forgotten', () => {
  const note = () => join(home, 'late-0123456789abcdef.json');

  test('a note', async () => {
    await withHistory(async (history) => history.add([await keep('a', sidecar('a boat', 1))]));
    const { path } = await keep('late', sidecar('a tree', 2));
    await writeFile(join(home, 'late-fedcba9876543210.json'), JSON.stringify([join(folder, 'a.png')]));
    await symlink(note(), note());
    expect(await find('tree')).toEqual([]);
    expect((await readdir(home)).filter((name) => name.startsWith('late-'))).toEqual([basename(note())]);
    await unlink(note());
    await writeFile(note(), JSON.stringify([path]));
    expect(await find('tree')).toEqual(['a tree']);
    expect((await readdir(home)).filter((name) => name.startsWith('late-'))).toEqual([]);
  });

  test('the sidecar of a picture that a note names', async () => {
    const one = await keep('one', sidecar('a boat', 1));
    const other = await keep('other', sidecar('a tree', 2));
    await writeFile(note(), JSON.stringify([one.path, other.path, join(folder, 'gone.png')]));
    await unlink(`${other.path}.json`);
    await symlink(`${other.path}.json`, `${other.path}.json`);
    await withHistory(async (history) => expect(await history.count()).toBe(1));
    await unlink(`${other.path}.json`);
    await writeFile(`${other.path}.json`, JSON.stringify(other.sidecar));
    await withHistory(async (history) => expect(await history.count()).toBe(2));
    expect((await readdir(home)).filter((name) => name.startsWith('late-'))).toEqual([]);
  });
});

test.each([
  { limit: 0 },
  { limit: -1 },
  { limit: 1.5 },
  { limit: 1e300 },
  { limit: Number.NaN },
  { limit: Number.POSITIVE_INFINITY },
  { before: 1e300 },
  { before: Number.NaN },
])('a page of %j is refused as that, and nothing is said of the index', async (query) => {
  const [name] = Object.keys(query);
  await withHistory(async (history) => {
    await expect(history.list(query)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(`${name} must be a whole number from 1 to`),
    });
  });
});

test('a search that is too long is refused, whatever its words are', async () => {
  await withHistory(async (history) => {
    await expect(history.list({ search: 'a '.repeat(1500) })).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'the search has 3000 characters; at most 2000 are searched for',
    });
  });
});

test('closing ends what still waits for the index', async () => {
  await keepWithoutIndex(1);
  const other = await openDatabase(join(home, 'library.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  let tell = () => {};
  const waits = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const history = openHistory(home, { onNotice: ({ kind }) => kind === 'index-busy' && tell() });
  const listed = expect(history.list()).rejects.toMatchObject({ code: 'storage' });
  const added = expect(history.add([await keep('b', sidecar('b', 2))])).rejects.toMatchObject({ code: 'storage' });
  await waits;
  await history.close();
  await Promise.all([listed, added]);
  other.close();
});

test.skipIf(process.platform === 'win32')(
  'a sidecar that is a pipe is passed over',
  async () => {
    await keep('a', sidecar('a boat', 1));
    await writeFile(join(folder, 'b.png'), '');
    await run('mkfifo', [join(folder, 'b.png.json')]);
    await withHistory(async (history) => expect(await history.rebuild([folder])).toBe(1));
  },
  10_000,
);

test.each(['missing', 'there'])(
  'a picture of who waits is found although its process is stopped: index %s',
  async (state) => {
    await keepWithoutIndex(1);
    if (state === 'there') expect(await find('boat')).toHaveLength(1);
    const elsewhere = folder;
    folder = join(folder, 'other');
    await mkdir(folder);
    const { path, sidecar: facts } = await keep('new', sidecar('a tree', 9));
    const other = await openDatabase(join(home, 'library.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    const script = `
    const history = openHistory(home, { onNotice: ({ kind }) => kind === 'index-busy' && process.kill(process.pid, 'SIGKILL') });
    await history.add([${JSON.stringify({ path, sidecar: facts })}]);`;
    await expect(inProcess(script)).rejects.toMatchObject({ signal: 'SIGKILL' });
    other.close();
    folder = elsewhere;
    await withHistory(async (history) => expect(await history.count()).toBe(2));
  },
);

test('a process whose index another one put aside goes on with the new one', async () => {
  await withHistory(async (history) => {
    await history.add([await keep('a', sidecar('a boat', 1))]);
    await rename(join(home, 'library.sqlite'), join(home, 'library.sqlite.damaged'));
    const b = await keep('b', sidecar('a tree', 2));
    await Promise.all([history.add([b]), history.list(), history.count()]);
    expect(await history.count()).toBe(2);
  });
  expect(await find('tree')).toEqual(['a tree']);
});

test('work that meets damage together makes the index anew once', async () => {
  await withHistory(async (history) => history.add([await keep('a', sidecar('a boat', 1))]));
  const said: string[] = [];
  const options = { onNotice: rebuildsTo(said) };
  await withHistory(async (history) => {
    await history.count();
    await writeFile(join(home, 'library.sqlite'), 'this is no database, and long enough to be looked at'.repeat(100));
    expect(await Promise.all([history.count(), history.count(), history.list()])).toMatchObject([1, 1, [{}]]);
  }, options);
  expect(said).toEqual(['was damaged']);
});

test('a sidecar with odd facts is found all the same, without them', async () => {
  await keep('a', { ...sidecar('a boat', 1), seed: 8.5, width: 128.5, createdAt: '+275760-09-13T00:00:00.000Z' });
  await keep('b', { ...sidecar('a tree', 2), createdAt: 12 as never });
  await withHistory(async (history) => {
    expect(await history.rebuild([folder])).toBe(2);
    const found = await history.list();
    expect(found.map(({ prompt, seed, width, createdAt }) => [prompt, seed, width, createdAt]).sort()).toEqual([
      ['a boat', null, 0, 0],
      ['a tree', 2, 8, 0],
    ]);
  });
});

test('many pictures without a time keep their order, each once', async () => {
  const database = await openDatabase(':memory:');
  prepareIndex(database);
  const { createdAt: _, ...timeless } = sidecar('a boat', 1);
  addPictures(
    database,
    Array.from({ length: 1000 }, (_, at) => ({ path: `/${at}.png`, sidecar: timeless })),
  );
  expect(countPictures(database)).toBe(1000);
  const last = database.prepare('SELECT path FROM pictures ORDER BY id DESC LIMIT 1').get();
  expect(last).toMatchObject({ path: '/999.png' });
  database.close();
});

test('a picture that the index cannot hold is named, and the others are there', async () => {
  await keep('odd', sidecar('odd', 1));
  await keep('whole', sidecar('whole', 2));
  const skipped: unknown[] = [];
  await withHistory(
    async (history) => {
      await history.count();
      const database = await openDatabase(join(home, 'library.sqlite'));
      database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON pictures WHEN new.prompt = 'odd'
        BEGIN SELECT RAISE(ABORT, 'it is odd'); END`);
      database.close();
      expect(await history.rebuild([folder])).toBe(1);
      const add = history.add([{ path: join(folder, 'odd.png'), sidecar: sidecar('odd', 1) }]);
      await expect(add).rejects.toMatchObject({ code: 'storage', message: expect.stringContaining('odd.png') });
      expect((await history.list()).map(({ prompt }) => prompt)).toEqual(['whole']);
    },
    { onNotice: (notice) => skipped.push(notice) },
  );
  expect(skipped).toEqual([{ kind: 'picture-skipped', path: join(folder, 'odd.png'), reason: 'it is odd' }]);
});

test('a folder that is not there is an error that names it', async () => {
  await keep('a', sidecar('a boat', 1));
  await withHistory(async (history) => {
    const none = join(folder, 'none');
    await expect(history.rebuild([folder, none])).rejects.toMatchObject({
      code: 'not-found',
      message: `there is no folder ${none}`,
    });
    const file = join(folder, 'a.png');
    await expect(history.rebuild([file])).rejects.toMatchObject({ code: 'not-found', message: `${file} is no folder` });
    expect(await history.rebuild()).toBe(0);
  });
});

/** Who runs as root may write everywhere: another person then, who may enter the folder of the tests. */
async function someReader(): Promise<{ readonly uid?: number }> {
  if (process.getuid?.() !== 0) return {};
  await chmod(tmpdir(), (await stat(tmpdir())).mode | 0o011);
  return { uid: 65_534 };
}

test.skipIf(process.platform === 'win32')(
  'a home that may only be read shows its history, and says what to do',
  async () => {
    const a = await keep('a', sidecar('a boat', 1));
    await withHistory((history) => history.add([a]));
    const index = join(home, 'library.sqlite');
    await chmod(index, 0o444);
    await chmod(home, 0o555);
    const script = `
    const history = openHistory(home);
    const found = [await history.list({ search: 'boat' }), await history.findBytes('hash-1'), await history.count()];
    const error = await history.add([{ path: folder + '/a.png', sidecar: ${JSON.stringify(a.sidecar)} }]).catch((one) => one);
    console.log(JSON.stringify({ found, code: error.code, hint: error.hint }));`;
    const { stdout } = await inProcess(script, await someReader());
    await chmod(home, 0o700);
    expect(JSON.parse(stdout)).toMatchObject({
      found: [[{ prompt: 'a boat' }], [{ prompt: 'a boat' }], 1],
      code: 'storage',
      hint: 'Set ANYIMAGE_HOME to a folder that you may write to and try again.',
    });
  },
);

test('a home that takes no files is one clear error', async () => {
  const blocked = join(home, 'file');
  await writeFile(blocked, '');
  const history = openHistory(join(blocked, 'home'));
  await expect(history.list()).rejects.toMatchObject({ code: 'storage', message: expect.stringContaining('index') });
  const add = history.add([{ path: join(folder, 'a.png'), sidecar: sidecar('a', 1) }]);
  await expect(add).rejects.toMatchObject({ code: 'storage' });
});

describe('pictures by what is known of them', () => {
  const usd = (amount: number) => [{ amount, currency: 'USD', estimated: true }];
  const at = (text: string) => new Date(text).getTime();
  const facts = {
    'a red boat': { model: 'paint/paint-1', createdAt: '2026-09-30T12:00:00.000Z', cost: usd(0.1) },
    'a green boat': { model: 'paint/paint-2', createdAt: '2026-10-31T12:00:00.000Z', cost: usd(0.2) },
    'a tree': { model: 'Ink/ink-1', createdAt: '2026-10-31T13:00:00.000Z', cost: null },
    'a house': { model: 'paint/paint-2', createdAt: '2026-11-15T12:00:00.000Z', cost: [] },
    'a cat': {
      model: 'paint/paint-2',
      createdAt: '2026-11-16T12:00:00.000Z',
      cost: [...usd(0.1), { amount: 2, currency: 'CNY', estimated: false }],
    },
  } as const;
  const made = Object.entries(facts).map(([prompt, more], second) => ({
    path: `/nowhere/${second}.png`,
    sidecar: sidecar(prompt, second, more),
  }));
  const found = (query: Query) =>
    withHistory(async (history) => {
      await history.add(made);
      return (await history.list(query)).map(({ prompt }) => prompt);
    });

  test.each([
    [{}, ['a cat', 'a house', 'a tree', 'a green boat', 'a red boat']],
    [{ model: 'INK' }, ['a tree']],
    [{ model: 'paint-2', search: 'boat' }, ['a green boat']],
    [{ since: at('2026-10-31T12:00:00.000Z'), until: at('2026-11-15T12:00:00.000Z') }, ['a tree', 'a green boat']],
    [{ minCost: { amount: 0.2, currency: 'USD' } }, ['a green boat']],
    [{ minCost: { amount: 1, currency: 'CNY' } }, ['a cat']],
    [{ search: 'boat', limit: 1 }, ['a green boat']],
    [{ until: 0 }, []],
    [{ model: "'; DROP TABLE pictures; --" }, []],
  ])('%j finds %j', async (query, prompts) => {
    expect(await found(query)).toEqual(prompts);
  });

  test('are counted and added up by month and model, each currency apart and unknown prices told', async () => {
    await found({});
    const sums = await withHistory((history) => history.sums());
    expect(sums).toEqual([
      { month: '2026-09', model: 'paint/paint-1', pictures: 1, unknown: 0, cost: usd(0.1) },
      { month: '2026-10', model: 'Ink/ink-1', pictures: 1, unknown: 1, cost: [] },
      { month: '2026-10', model: 'paint/paint-2', pictures: 1, unknown: 0, cost: usd(0.2) },
      {
        month: '2026-11',
        model: 'paint/paint-2',
        pictures: 2,
        unknown: 0,
        cost: [{ amount: 2, currency: 'CNY', estimated: false }, ...usd(0.1)],
      },
    ]);
    expect(addUp(sums)).toEqual({
      pictures: 5,
      unknown: 1,
      cost: [{ amount: 2, currency: 'CNY', estimated: false }, ...usd(0.4)],
    });
    expect(await withHistory((history) => history.sums({ search: 'boat', model: 'paint-1' }))).toHaveLength(1);
  });

  test('that lie in two folders count once', async () => {
    await found({});
    await withHistory((history) =>
      history.add(made.map(({ sidecar }, index) => ({ path: `/copy/${index}.png`, sidecar }))),
    );
    expect(addUp(await withHistory((history) => history.sums()))).toMatchObject({ pictures: 5 });
  });

  test('are forgotten by their paths', async () => {
    await found({});
    await withHistory((history) => history.forget(['/nowhere/0.png', '/nowhere/4.png', '/other.png']));
    expect(await withHistory((history) => history.count())).toBe(3);
    expect(await withHistory(async (history) => (await history.list({ search: 'red' })).length)).toBe(0);
  });
});
