import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { isGone, ownMark, type ProcessMark } from './process-mark.ts';

const own = ownMark();
const far = { host: 'far-away', boot: typeof own.boot === 'string' ? 'its own' : 1 };

test.each<[string, Partial<ProcessMark>, boolean | undefined]>([
  ['this process', {}, false],
  ['an earlier one of its id', { start: own.start - 1 }, true],
  ['one of this machine before it was started anew', { boot: typeof own.boot === 'string' ? 'before' : 1 }, true],
  ['one of another machine', far, undefined],
  ['one whose ids cannot be seen from here', { space: 'pid:[1]' }, undefined],
  ['one that never was', { pid: 2 ** 22 + 1 }, true],
])('whether a process has ended: %s', (_, facts, expected) => {
  expect(isGone({ ...own, ...facts })).toBe(expected);
});

test('a mark of an earlier version is of any process of its id', () => {
  expect(isGone({ host: hostname(), pid: process.pid })).toBe(false);
  expect(isGone({ host: hostname(), pid: 2 ** 22 + 1 })).toBe(true);
  expect(isGone({ host: 'far-away', pid: process.pid })).toBeUndefined();
});

test.runIf(process.platform === 'linux')('this machine has another name by now', () => {
  expect(isGone({ ...own, host: 'a-name-of-yesterday' })).toBe(false);
  expect(isGone({ ...own, host: 'a-name-of-yesterday', pid: 2 ** 22 + 1 })).toBe(true);
});

test.runIf(process.platform === 'linux')(
  'a process that has ended and that nobody has asked after has ended',
  async () => {
    // A shell that starts a process and becomes one that never asks after it.
    const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [text] = await once(parent.stdout, 'data');
      const { start: _, ...mark } = { ...own, pid: Number(text) };
      await expect.poll(() => isGone(mark)).toBe(true);
    } finally {
      parent.kill('SIGKILL');
    }
  },
);
