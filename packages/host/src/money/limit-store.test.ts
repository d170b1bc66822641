import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../files/sqlite.ts';
import { fileLimitStore } from './limit-store.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
});

/** The words that run code in a process of its own, which has a limiter of one call at a time. */
function wordsFor(code: string): string[] {
  const module = JSON.stringify(new URL('./limit-store.ts', import.meta.url).href);
  const script = `import { fileLimitStore } from ${module};
    const limiter = fileLimitStore(${JSON.stringify(home)}).for('paint', { concurrent: 1 });
    const never = new AbortController().signal;
    ${code}`;
  return ['--conditions=anyimage-source', '--no-warnings', '--input-type=module', '--eval', script];
}

test('processes take turns', async () => {
  const log = join(home, 'log');
  await writeFile(log, '');
  const code = `import { appendFileSync } from 'node:fs';
    import { setImmediate } from 'node:timers/promises';
    for (let turn = 0; turn < 5; turn++) await limiter.run(async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ');
      for (let wait = 0; wait < 10; wait++) await setImmediate();
      appendFileSync(${JSON.stringify(log)}, 'out ');
    }, never);`;
  await Promise.all([0, 1, 2].map(() => run(process.execPath, wordsFor(code))));
  expect(await readFile(log, 'utf8')).toBe('in out '.repeat(15));
});

test('the place of a process that was killed is free', async () => {
  const code = `await limiter.run(() => { console.log('in'); return new Promise(() => setInterval(() => {}, 1000)); }, never);`;
  const child = spawn(process.execPath, wordsFor(code), { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const limiter = fileLimitStore(home).for('paint', { concurrent: 1 });
  await expect(limiter.run(async () => 'made', AbortSignal.timeout(50))).rejects.toThrow(/timeout/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await limiter.run(async () => 'made', never)).toBe('made');
});

test('limits of a newer version are told before anything is sent, and stay as they are', async () => {
  const path = join(home, 'limits.sqlite');
  const database = await openDatabase(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  const before = await readFile(path);
  let ran = 0;
  const limiter = fileLimitStore(home).for('paint', { concurrent: 1 });
  await expect(limiter.run(async () => void ran++, never)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/limits\.sqlite was made by a newer version/),
  });
  expect([ran, await readFile(path)]).toEqual([0, before]);
});
