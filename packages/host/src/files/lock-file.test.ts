import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { withLock } from './lock-file.ts';
import { ownMark } from './process-mark.ts';

const run = promisify(execFile);
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  path = join(folder, 'count.json');
});

/** A process of its own that knows the lock as `withLock`. Resolves with its id when it has ended. */
async function inProcess(code: string): Promise<number> {
  const module = JSON.stringify(new URL('./lock-file.ts', import.meta.url).href);
  const script = `import { withLock } from ${module};
    import { readFile, writeFile } from 'node:fs/promises';
    const path = ${JSON.stringify(path)};
    console.log(process.pid);
    ${code}`;
  const words = ['--conditions=anyimage-source', '--no-warnings', '--input-type=module', '--eval', script];
  return Number((await run(process.execPath, words)).stdout);
}

const holder = (pid: number, host = hostname()) => JSON.stringify({ host, pid });
const aDeadProcess = () => inProcess('');
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

test('processes that change a file at the same time lose no change', async () => {
  await writeFile(path, '0');
  const code = `for (let turn = 0; turn < 20; turn++)
    await withLock(path, async () => writeFile(path, String(Number(await readFile(path, 'utf8')) + 1)), 60_000);`;
  await Promise.all(Array.from({ length: 4 }, () => inProcess(code)));
  expect(await readFile(path, 'utf8')).toBe('80');
  expect(await readdir(folder)).toEqual(['count.json']);
});

test('what is done under the lock gives its result or its error, and the lock goes', async () => {
  expect(await withLock(path, async () => 7)).toBe(7);
  await expect(withLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await readdir(folder)).toEqual([]);
});

test('the lock of a process that was killed is taken over, by one of those who wait', async () => {
  await writeFile(path, '0');
  await inProcess(`await withLock(path, () => process.kill(process.pid, 'SIGKILL'))`).catch(() => {});
  expect(await readdir(folder)).toContain('count.json.lock');
  const code = `await withLock(path, async () => writeFile(path, String(Number(await readFile(path, 'utf8')) + 1)));`;
  await Promise.all(Array.from({ length: 4 }, () => inProcess(code)));
  expect(await readFile(path, 'utf8')).toBe('4');
  expect(await readdir(folder)).toEqual(['count.json']);
});

const busy = () => ({
  code: 'storage',
  message: expect.stringContaining(path),
  hint: expect.stringContaining(`${path}.lock`),
});

const nobodys = ['', 'no JSON', '7', 'null', '{"pid":"x"}', holder(0.5), holder(1e99), holder(1, 'another-machine')];
test.each(nobodys)(
  'a lock that may be in use is waited for, then named; an old one is taken over: %j',
  async (text) => {
    await writeFile(`${path}.lock`, text);
    await expect(withLock(path, async () => 7, 50)).rejects.toMatchObject(busy());
    expect(await readFile(`${path}.lock`, 'utf8')).toBe(text);
    await utimes(`${path}.lock`, minutesAgo(2), minutesAgo(2));
    expect(await withLock(path, async () => 7, 50)).toBe(7);
  },
);

test('a lock of a living process of this machine is never taken over, however old it is', async () => {
  await writeFile(`${path}.lock`, holder(process.pid));
  await utimes(`${path}.lock`, minutesAgo(2), minutesAgo(2));
  await expect(withLock(path, async () => 7, 50)).rejects.toMatchObject(busy());
  expect(await readFile(`${path}.lock`, 'utf8')).toBe(holder(process.pid));
});

test('a lock of a process whose id another has by now is taken over', async () => {
  const mark = ownMark();
  await writeFile(`${path}.lock`, JSON.stringify(mark));
  await expect(withLock(path, async () => 7, 50)).rejects.toMatchObject(busy());
  await writeFile(`${path}.lock`, JSON.stringify({ ...mark, start: mark.start - 1 }));
  expect(await withLock(path, async () => 7, 50)).toBe(7);
});

test('a lock that was left is taken over even at the end of the patience', async () => {
  await writeFile(`${path}.lock`, holder(await aDeadProcess()));
  expect(await withLock(path, async () => 7, -1)).toBe(7);
  expect(await readdir(folder)).toEqual([]);
});

/** The right to remove a lock with this text. */
const rightTo = (lock: string, text: string) =>
  `${lock}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;

test('who was killed while taking over, or while taking over from such a one, keeps nobody from it', async () => {
  const dead = [await aDeadProcess(), 2 ** 22 + 1, 2 ** 22 + 2].map((pid) => holder(pid));
  let lock = `${path}.lock`;
  for (const text of dead) {
    await writeFile(lock, text);
    lock = rightTo(lock, text);
  }
  expect(await withLock(path, async () => 7, 0)).toBe(7);
  expect(await readdir(folder)).toEqual([]);
});

test('who is taking over is waited for', async () => {
  const text = holder(2 ** 22 + 1);
  await writeFile(`${path}.lock`, text);
  await writeFile(rightTo(`${path}.lock`, text), holder(process.pid));
  await expect(withLock(path, async () => 7, 50)).rejects.toMatchObject({ code: 'storage' });
  expect(await readFile(`${path}.lock`, 'utf8')).toBe(text);
});

test('a lock that another took over meanwhile is left to it', async () => {
  const theirs = holder(process.pid);
  await withLock(path, () => writeFile(`${path}.lock`, theirs));
  expect(await readFile(`${path}.lock`, 'utf8')).toBe(theirs);
});

test('the folder is made for this person alone; where there can be no lock, the system says why', async () => {
  path = join(folder, 'home', 'count.json');
  await withLock(path, async () => {});
  expect((await stat(join(folder, 'home'))).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700);
  await writeFile(path, '');
  const beyond = withLock(join(path, 'home', 'count.json'), async () => {});
  await expect(beyond).rejects.toMatchObject({ code: 'ENOTDIR' });
});
