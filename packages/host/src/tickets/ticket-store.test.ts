import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Ticket } from '@anyimage/core';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ownMark, type ProcessMark } from '../files/process-mark.ts';
import { noticeText } from '../text/notice.ts';
import { fileTicketStore } from './ticket-store.ts';

const run = promisify(execFile);
const oneHourMs = 3_600_000;
/** An id above all that systems give. */
const noProcess = 2 ** 22 + 1;
let folder: string;
let told: string[];
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'anyimage-')), 'tickets');
  told = [];
});

/** Each is another user of the tickets. */
function openStore(now = Date.now) {
  const store = fileTicketStore(folder, { now, onNotice: (notice) => told.push(noticeText(notice).text) });
  onTestFinished(() => store.close());
  return store;
}

function ticket(id: string, facts: Partial<Ticket> = {}): Ticket {
  return {
    id,
    provider: 'paint',
    model: 'paint-1',
    host: 'paint.example',
    region: 'world',
    at: 1,
    intent: `intent-${id}`,
    keyPrint: 'abc',
    state: 'delivered',
    request: { prompt: 'a boat', sent: 'a boat', n: 1 },
    outputs: [{ url: 'https://paint.example/1.png' }],
    ...facts,
  };
}

const intended = (id: string) => ticket(id, { state: 'intended', mode: 'call' });
const journals = async () => (await readdir(folder)).filter((name) => name.endsWith('.journal'));

/** Runs code in a process of its own, which has `store` and `ticket`. Resolves when it has ended, however it ended. */
async function inProcess(code: string, shell = ''): Promise<string> {
  const module = JSON.stringify(new URL('./ticket-store.ts', import.meta.url).href);
  const script = `import { fileTicketStore } from ${module};
    const store = fileTicketStore(${JSON.stringify(folder)});
    const ticket = (id, facts) => ({ ...${JSON.stringify(ticket('t-x'))}, id, intent: 'intent-' + id, ...facts });
    ${code}`;
  const words = ['--conditions=anyimage-source', '--no-warnings', '--input-type=module', '--eval', script];
  const command = ['-c', `${shell} exec "$0" "$@"`, process.execPath, ...words];
  return run('/bin/sh', command).then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  );
}

/** Puts the journal of another process there. */
async function writeJournal(mark: Partial<ProcessMark>, records: readonly object[], name = 'other.journal') {
  await mkdir(folder, { recursive: true });
  const lines = [{ journal: 1, process: { ...ownMark(), ...mark } }, ...records];
  await writeFile(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const put = (one: Ticket, at = Date.now()) => ({ seq: 1, at, put: one, held: true });

test('nothing is written before there is a ticket, then one file that only this person can read', async () => {
  const store = openStore();
  expect([await store.list(), await store.get('t-a'), await store.claim('t-a')]).toEqual([[], undefined, false]);
  await store.release('t-a');
  await store.create(ticket('t-a'));
  await store.put(ticket('t-a', { uncertain: true }));
  await store.create(ticket('t-b'));
  const [name, ...more] = await journals();
  expect(more).toEqual([]);
  expect((await stat(join(folder, name!))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const lines = (await readFile(join(folder, name!), 'utf8')).split('\n');
  expect(lines).toHaveLength(5);
  expect(JSON.parse(lines[0]!)).toEqual({ journal: 1, process: ownMark() });
  expect(ownMark()).toMatchObject({ host: hostname(), pid: process.pid });
});

test('who ends with nothing open leaves nothing behind, with and without closing', async () => {
  const store = openStore();
  await store.create(ticket('t-0000000a'));
  await store.delete('t-0000000a');
  await store.close();
  expect(await readdir(folder)).toEqual([]);
  await inProcess(`await store.create(ticket('t-0000000a')); await store.delete('t-0000000a'); process.exit()`);
  expect(await readdir(folder)).toEqual([]);
});

test.each(['process.exit()', 'process.kill(process.pid, "SIGKILL")', 'throw new Error("broken")'])(
  'tickets outlive a process that ends by %s; what was about to be sent is uncertain',
  async (end) => {
    await inProcess(`await store.create(ticket('t-0000000a', { state: 'intended', mode: 'call' }));
      await store.create(ticket('t-b')); ${end}`);
    const store = openStore();
    const left = intended('t-0000000a');
    expect(await store.list()).toEqual([{ ...left, uncertain: true }, ticket('t-b')]);
    expect(await store.get('t-0000000a')).toMatchObject({ uncertain: true });
    expect([await store.claim('t-b'), await openStore().claim('t-b')]).toEqual([true, false]);
  },
);

test('a process that was given the id of the one that ended is another', async () => {
  await writeJournal({ start: ownMark().start - 1 }, [put(intended('t-a'))], 'before.journal');
  await writeJournal({ boot: 'another start of this machine' }, [put(intended('t-b'))], 'boot.journal');
  await writeJournal({}, [put(intended('t-c'))], 'living.journal');
  const store = openStore();
  expect((await store.list()).map(({ id, uncertain }) => [id, uncertain])).toEqual([
    ['t-a', true],
    ['t-b', true],
    ['t-c', undefined],
  ]);
  expect(await Promise.all(['t-a', 't-b', 't-c'].map((id) => store.claim(id)))).toEqual([true, true, false]);
});

test.each([
  ['another machine', { host: 'far-away', boot: 'its own' }],
  ['a container on this machine', { space: 'pid:[1]' }],
])('a process of %s holds a ticket for an hour after it last gave a sign of life', async (_, mark) => {
  await writeJournal(mark, [put(intended('t-a'), Date.now() - oneHourMs + 60_000)], 'one.journal');
  await writeJournal(mark, [put(intended('t-b'), Date.now() - oneHourMs - 60_000)], 'two.journal');
  const longAgo = new Date(Date.now() - oneHourMs - 60_000);
  await utimes(join(folder, 'two.journal'), longAgo, longAgo);
  // It has waited for days, and lives.
  await writeJournal(mark, [put(intended('t-c'), Date.now() - 50 * oneHourMs)], 'three.journal');
  const store = openStore();
  expect((await store.list()).map(({ id, uncertain }) => [id, uncertain])).toEqual(
    expect.arrayContaining([
      ['t-a', undefined],
      ['t-b', true],
      ['t-c', undefined],
    ]),
  );
  expect(await Promise.all(['t-a', 't-b', 't-c'].map((id) => store.claim(id)))).toEqual([false, true, false]);
  await store.close();
  expect(await journals()).toEqual(expect.arrayContaining(['one.journal', 'two.journal']));
  const yesterday = new Date(Date.now() - 25 * oneHourMs);
  await utimes(join(folder, 'one.journal'), yesterday, yesterday);
  const next = openStore();
  await next.create(ticket('t-0000000c'));
  await next.close();
  expect(await journals()).not.toContain('one.journal');
  expect(await journals()).toContain('two.journal');
  expect((await next.list()).map(({ id }) => id).sort()).toEqual(['t-0000000c', 't-a', 't-b', 't-c']);
});

test('a process gives signs of life as long as it holds a ticket, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = openStore();
  await store.create(ticket('t-a'));
  const [name] = await journals();
  const path = join(folder, name!);
  const isTouchedBy = async (ms: number) => {
    await utimes(path, 1, 1);
    vi.advanceTimersByTime(ms);
    return (await stat(path)).mtimeMs > 1000;
  };
  expect(await isTouchedBy(oneHourMs / 2)).toBe(true);
  expect(await isTouchedBy(oneHourMs / 2)).toBe(true);
  await store.release('t-a');
  expect(await isTouchedBy(oneHourMs)).toBe(false);
  await store.claim('t-a');
  expect(await isTouchedBy(oneHourMs / 2)).toBe(true);
  await store.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('the journals of ended processes are merged, and lose what is over', async () => {
  for (const id of ['t-a', 't-b', 't-c']) await writeJournal({ pid: noProcess }, [put(ticket(id))], `${id}.journal`);
  const store = openStore();
  await store.create(ticket('t-d', { state: 'done', expiresAt: Date.now() + oneHourMs }));
  expect((await store.list()).map(({ id }) => id)).toEqual(['t-a', 't-b', 't-c', 't-d']);
  await store.delete('t-b');
  await store.close();
  const next = openStore(() => Date.now() + 2 * oneHourMs);
  await next.create(ticket('t-0000000e'));
  await next.close();
  expect((await next.list()).map(({ id }) => id)).toEqual(['t-0000000e', 't-a', 't-c']);
  expect((await journals()).length).toBeLessThanOrEqual(3);
});

test('what was deleted stays deleted while the journal of its maker has it', async () => {
  const [maker, remover] = [openStore(), openStore()];
  await maker.create(ticket('t-a'));
  await maker.release('t-a');
  await remover.delete('t-a');
  await remover.close();
  for (const id of ['t-0000000b', 't-0000000c']) {
    const next = openStore();
    await next.create(ticket(id));
    await next.delete(id);
    await next.close();
    expect(await maker.list()).toEqual([]);
    expect(await journals()).toHaveLength(2);
  }
  await maker.close();
  expect(await openStore().list()).toEqual([]);
});

test('a long life leaves a short journal, and what is open stays in it', async () => {
  const [store, other] = [openStore(), openStore()];
  await store.create(ticket('t-open'));
  for (let index = 0; index < 1500; index++) {
    const id = `t-${String(index).padStart(8, '0')}`;
    await store.create(intended(id));
    await store.delete(id);
    if (index % 250 === 0) expect((await other.list()).map((one) => one.id)).toEqual(['t-open']);
  }
  await store.put(ticket('t-open', { model: 'paint-2' }));
  await expect.poll(journals).toHaveLength(1);
  const [name] = await journals();
  expect((await stat(join(folder, name!))).size).toBeLessThan(500_000);
  expect(await other.list()).toEqual([ticket('t-open', { model: 'paint-2' })]);
  expect(await other.claim('t-open')).toBe(false);
});

test('a line that was cut off is as if it had never been; other damage is told, and kept', async () => {
  await writeJournal({ pid: noProcess }, [put(ticket('t-a')), { seq: 2, at: 1 }, put(ticket('t-b'))]);
  const path = join(folder, 'other.journal');
  await writeFile(path, `${await readFile(path, 'utf8')}\0\0 no JSON\n{"seq":1,"at":1,"put":{"id":"t-c",`);
  const store = openStore();
  expect((await store.list()).map(({ id }) => id)).toEqual(['t-a', 't-b']);
  expect(told).toEqual([
    expect.stringMatching(/^line 3 of .*other\.journal tells of no ticket \(it tells of no ticket\)/),
    expect.stringMatching(/^line 5 of .*other\.journal .*not a JSON object/),
  ]);
  await store.create(ticket('t-0000000d'));
  await store.close();
  expect((await openStore().list()).map(({ id }) => id)).toEqual(['t-0000000d', 't-a', 't-b']);
  expect(told).toHaveLength(2);
  expect(await readdir(folder)).toContain('other.journal.damaged');
});

test('a journal of a newer version, and what is none, stay as they are and are told once', async () => {
  await mkdir(folder, { recursive: true });
  const texts = {
    'newer.journal': '{"journal":2,"process":"of another form"}\n{"sealed":"t-a"}\n',
    'none.journal': 'a diary\n{"seq":1}\n',
  };
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(join(folder, name), text);
    await utimes(join(folder, name), 1, 1);
  }
  const store = openStore();
  await store.create(ticket('t-0000000b'));
  expect(await store.list()).toEqual([ticket('t-0000000b')]);
  await store.close();
  expect(told.sort()).toEqual([
    expect.stringMatching(/newer\.journal was made by a newer version of anyimage; its tickets are not shown/),
    expect.stringMatching(/^line 1 of .*none\.journal/),
  ]);
  for (const [name, text] of Object.entries(texts)) expect(await readFile(join(folder, name), 'utf8')).toBe(text);
});

test('what begins a journal and is killed before its first word is cleared away later', async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'empty.journal'), '');
  const store = openStore();
  await store.create(ticket('t-0000000a'));
  await store.close();
  expect(await journals()).toContain('empty.journal');
  await utimes(join(folder, 'empty.journal'), 1, 1);
  const next = openStore();
  await next.create(ticket('t-0000000b'));
  await next.close();
  expect(await journals()).not.toContain('empty.journal');
  expect(told).toEqual([]);
});

test('a journal that was removed under its process is written again', async () => {
  const [store, other] = [openStore(), openStore()];
  await store.create(ticket('t-a'));
  for (const name of await journals()) await rm(join(folder, name));
  await store.create(ticket('t-b'));
  expect((await other.list()).map(({ id }) => id)).toEqual(['t-a', 't-b']);
  expect(await other.claim('t-a')).toBe(false);
});

test('on a full disk a ticket is there or refused, and the journal stays whole', async () => {
  const made = await inProcess(
    `let made = 0;
    try {
      for (; made < 1000; made++) await store.create(ticket('t-' + String(made).padStart(8, '0')));
    } catch (error) {
      console.log(made, error.code, error.hint);
      await store.delete('t-00000000').catch(() => {});
    }
    process.kill(process.pid, 'SIGKILL')`,
    'ulimit -f 20;',
  );
  const [, count, code] = /^(\d+) (\w+) \w/.exec(made)!;
  expect(code).toBe('storage');
  const left = await openStore().list();
  expect([Number(count), Number(count) - 1]).toContain(left.length);
  expect(told).toEqual([]);
});

test('a folder that cannot be is a storage error that says what to do', async () => {
  await mkdir(join(folder, '..'), { recursive: true });
  await writeFile(folder, 'a file where the folder should be');
  const store = openStore();
  for (const id of ['t-0000000a', 't-a']) {
    await expect(store.create(ticket(id))).rejects.toMatchObject({
      code: 'storage',
      hint: expect.stringMatching(/\.$/),
    });
  }
  await expect(store.put(ticket('t-a'))).rejects.toMatchObject({ code: 'storage' });
  await expect(store.list()).rejects.toMatchObject({ code: 'storage' });
});

/** What an earlier version wrote. */
async function writeOld(one: Ticket) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${one.id}.json`), `${JSON.stringify(one, null, 2)}\n`);
}

const oldTicket = async (id: string) => JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8'));

test('the files of earlier versions are tickets like any other, and stay files that those can read', async () => {
  const [store, other] = [openStore(), openStore()];
  await writeOld(ticket('t-a', { state: 'submitted' }));
  await writeOld(ticket('t-b', { state: 'intended', at: 2 }));
  await store.create(ticket('t-c', { at: 3 }));
  expect((await other.list()).map(({ id, uncertain }) => [id, uncertain])).toEqual([
    ['t-a', undefined],
    ['t-b', true],
    ['t-c', undefined],
  ]);
  expect(await other.get('t-b')).toMatchObject({ uncertain: true });
  expect([await store.create(ticket('t-a')), await other.claim('t-a'), await store.claim('t-a')]).toEqual([
    false,
    true,
    false,
  ]);
  await other.put(ticket('t-a'));
  expect([await oldTicket('t-a'), await store.get('t-a')]).toEqual([ticket('t-a'), ticket('t-a')]);
  await other.release('t-a');
  expect(await store.claim('t-a')).toBe(true);
  await store.delete('t-a');
  expect([await other.get('t-a'), await readdir(folder)]).toEqual([
    undefined,
    expect.not.arrayContaining(['t-a.json']),
  ]);
  await other.delete('t-b');
  expect((await store.list()).map(({ id }) => id)).toEqual(['t-c']);
  expect((await readdir(folder)).filter((name) => name.endsWith('.json'))).toEqual([]);
});

test('an earlier version that goes on with its ticket is followed', async () => {
  const store = openStore();
  await writeOld(ticket('t-a', { state: 'submitted' }));
  await inProcess(`await store.claim('t-a'); process.kill(process.pid, 'SIGKILL')`);
  await writeOld(ticket('t-a'));
  expect([await store.claim('t-a'), await store.get('t-a')]).toEqual([true, ticket('t-a')]);
  await rm(join(folder, 't-a.json'));
  expect([await store.get('t-a'), await store.list()]).toEqual([undefined, []]);
});

test.each([
  ['not JSON', '{"id": "t-x", "prov', /not JSON/],
  ['a list', '[]', /not a JSON object/],
  ['of another name', JSON.stringify(ticket('t-other')), /its id is "t-other"/],
  ['without a host', JSON.stringify({ ...ticket('t-x'), host: undefined }), /its host/],
  ['in an unknown state', JSON.stringify({ ...ticket('t-x'), state: 'lost' }), /its state/],
])('a file that is %s is reported, passed over and kept', async (_, text, reason) => {
  const store = openStore();
  await store.create(ticket('t-a'));
  await writeFile(join(folder, 't-x.json'), text);
  expect((await store.list()).map((one) => one.id)).toEqual(['t-a']);
  expect(await store.get('t-x')).toBeUndefined();
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(reason);
  expect(told[0]).toContain(join(folder, 't-x.json'));
  expect(await readdir(folder)).toContain('t-x.json');
});

test('an id that would lead out of the folder finds and deletes nothing', async () => {
  const store = openStore();
  await store.create(ticket('t-a'));
  await writeFile(join(folder, '..', 'outside.json'), JSON.stringify(ticket('../outside')));
  expect([await store.get('../outside'), await store.claim('../outside')]).toEqual([undefined, false]);
  await store.delete('../outside');
  expect(await readdir(join(folder, '..'))).toContain('outside.json');
  await expect(store.put(ticket('../outside'))).rejects.toThrow(TypeError);
  await expect(store.create(ticket('../outside'))).rejects.toThrow(TypeError);
});

test('few files that can be open at a time are enough for many tickets, in files and in journals', async () => {
  await mkdir(folder, { recursive: true });
  for (let at = 0; at < 300; at++) {
    const id = `t-${String(at).padStart(8, '0')}`;
    await writeFile(join(folder, `${id}.json`), JSON.stringify(ticket(id)));
  }
  const store = openStore();
  for (let at = 300; at < 400; at++) await store.create(ticket(`t-${String(at).padStart(8, '0')}`));
  const said = await inProcess(
    `const all = await store.list();
    for (const { id } of all.slice(0, 50)) if (await store.claim(id)) await store.delete(id);
    console.log(all.length, (await store.list()).length);`,
    'ulimit -n 40;',
  );
  expect(said).toBe('400 350\n');
});
