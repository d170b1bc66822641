// Rows on a real terminal emulator: what a person sees at each moment.

import { Writable } from 'node:stream';
import { Terminal } from '@xterm/headless';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hasManySigns, type Live, startLive } from './live.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  vi.stubEnv('TERM', 'xterm-256color');
});
let live: Live | undefined;
afterEach(() => {
  live?.stop();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** A terminal, and the stream that leads to it. */
function open(columns: number, rows: number) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  const stream = Object.assign(
    new Writable({
      decodeStrings: false,
      write(text, _, done) {
        terminal.write(text);
        done();
      },
    }),
    { isTTY: true, columns, rows },
  ) as unknown as NodeJS.WriteStream;
  return {
    stream,
    async resize(columns: number, rows: number) {
      await new Promise<void>((resolve) => terminal.write('', resolve));
      terminal.resize(columns, rows);
      Object.assign(stream, { columns, rows });
      stream.emit('resize');
    },
    /** All lines, those that went off the top too. */
    async lines(): Promise<string[]> {
      await new Promise<void>((resolve) => terminal.write('', resolve));
      const { active } = terminal.buffer;
      const all = Array.from({ length: active.length }, (_, y) => active.getLine(y)!.translateToString(true));
      return all.slice(0, all.findLastIndex((line) => line !== '') + 1);
    },
    async isCursorSeen(): Promise<boolean> {
      await new Promise<void>((resolve) => terminal.write('', resolve));
      return !(terminal as unknown as { _core: { coreService: { isCursorHidden: boolean } } })._core.coreService
        .isCursorHidden;
    },
  };
}

test('rows move in their place, and are gone at the end', async () => {
  const { stream, lines, isCursorSeen } = open(40, 10);
  let count = 0;
  stream.write('$ anyimage\n');
  live = startLive(stream, () => ['first', `drawn ${++count}`]);
  vi.advanceTimersByTime(1000);
  expect(await lines()).toEqual(['$ anyimage', 'first', 'drawn 11']);
  expect(await isCursorSeen()).toBe(false);
  live.stop();
  live.stop();
  stream.write('done\n');
  expect(await lines()).toEqual(['$ anyimage', 'done']);
  expect(await isCursorSeen()).toBe(true);
});

test('what is printed meanwhile stands above them, untorn', async () => {
  const { stream, lines } = open(40, 10);
  live = startLive(stream, () => ['one', 'two']);
  stream.write('  warning: that\n');
  stream.write('a.png\n');
  expect(await lines()).toEqual(['  warning: that', 'a.png', 'one', 'two']);
});

test('they wait for a line that others began', async () => {
  const { stream, lines } = open(40, 10);
  live = startLive(stream, () => ['row']);
  stream.write('Really? ');
  vi.advanceTimersByTime(500);
  expect(await lines()).toEqual(['Really? ']);
  stream.write('yes\n');
  expect(await lines()).toEqual(['Really? yes', 'row']);
});

test('fewer rows than before leave nothing behind, and more push up what is above', async () => {
  const { stream, lines } = open(20, 5);
  const rows = ['1'];
  stream.write('$ anyimage\n');
  live = startLive(stream, () => rows);
  rows.push('2', '3');
  vi.advanceTimersByTime(100);
  expect(await lines()).toEqual(['$ anyimage', '1', '2', '3']);
  rows.splice(1);
  vi.advanceTimersByTime(100);
  expect(await lines()).toEqual(['$ anyimage', '1']);
});

test('no more rows are shown than the window has room for', async () => {
  const { stream, lines } = open(20, 6);
  live = startLive(stream, ({ rows }) => [`${rows}`, 'b', 'c', 'd', 'e', 'f', 'g']);
  vi.advanceTimersByTime(300);
  expect(await lines()).toEqual(['4', 'b', 'c', 'd']);
});

test.each([
  ['wide letters', '画'.repeat(30)],
  ['emoji', '👩‍👩‍👧🎨'.repeat(9)],
  ['colours', `\u001b[31m${'x'.repeat(60)}\u001b[39m`],
])('a row of %s that is too long is cut, and breaks into no second line', async (_, row) => {
  const { stream, lines } = open(21, 6);
  live = startLive(stream, () => [row, 'below']);
  vi.advanceTimersByTime(300);
  expect(await lines()).toEqual([expect.any(String), 'below']);
});

test('a window that becomes narrower or wider tears nothing', async () => {
  const { stream, resize, lines } = open(60, 10);
  stream.write('$ anyimage\n');
  live = startLive(stream, ({ columns }) => [`${columns} `.padEnd(columns, '-'), 'below']);
  await resize(25, 10);
  expect(await lines()).toEqual(['$ anyimage', '25 '.padEnd(25, '-'), 'below']);
  await resize(50, 10);
  expect(await lines()).toEqual(['$ anyimage', '50 '.padEnd(50, '-'), 'below']);
  live.stop();
  expect(await lines()).toEqual(['$ anyimage']);
});

test('where nobody looks, and where the cursor cannot move, nothing is written', async () => {
  const piped = open(40, 10);
  piped.stream.isTTY = false;
  startLive(piped.stream, () => ['row']).stop();
  expect(await piped.lines()).toEqual([]);
  vi.stubEnv('TERM', 'dumb');
  const dumb = open(40, 10);
  startLive(dumb.stream, () => ['row']).stop();
  expect(await dumb.lines()).toEqual([]);
});

test('others that want rows meanwhile are silent', async () => {
  const { stream, lines } = open(40, 10);
  live = startLive(stream, () => ['row']);
  startLive(stream, () => ['another']).stop();
  vi.advanceTimersByTime(100);
  expect(await lines()).toEqual(['row']);
});

test.each([
  ['linux', { TERM: 'linux' }, false],
  ['linux', { TERM: 'xterm' }, true],
  ['win32', {}, false],
  ['win32', { WT_SESSION: '1' }, true],
] as const)('on %s with %j the spinner has dots: %s', (platform, env, expected) => {
  expect(hasManySigns({ platform, env })).toBe(expected);
});

test('a picture stands below the rows, makes way for what is printed, and is gone at the end', async () => {
  const { stream, lines } = open(40, 10);
  const pictures = [
    { text: '####\n####', rows: 2, columns: 4 },
    { text: '@@@@\n@@@@', rows: 2, columns: 4 },
    { text: '@@@@@@', rows: 1, columns: 6 },
  ];
  let written = '';
  let below = pictures[0];
  stream.write('1\n2\n3\n4\n5\n6\n');
  live = startLive(stream, () => ['row'], { below: ({ rows }) => (rows > 3 ? below : undefined) });
  const { write } = stream;
  stream.write = ((text: string) => {
    written += text;
    return write.call(stream, text);
  }) as typeof stream.write;
  expect(await lines()).toEqual(['1', '2', '3', '4', '5', '6', 'row', '####', '####']);
  vi.advanceTimersByTime(300);
  expect(written).not.toContain('#');
  below = pictures[1];
  vi.advanceTimersByTime(100);
  expect((await lines()).slice(6)).toEqual(['row', '@@@@', '@@@@']);
  stream.write('printed\n');
  expect((await lines()).slice(6)).toEqual(['printed', 'row', '@@@@', '@@@@']);
  below = pictures[2];
  vi.advanceTimersByTime(100);
  expect((await lines()).slice(6)).toEqual(['printed', 'row', '@@@@@@']);
  live.stop();
  stream.write('done\n');
  expect((await lines()).slice(6)).toEqual(['printed', 'done']);
});

test.each([
  ['narrower', 12, 10],
  ['wider', 60, 10],
  ['lower', 30, 6],
])('a picture below the rows tears nothing in a window that becomes %s', async (_, columns, rows) => {
  const { stream, lines, resize } = open(30, 10);
  stream.write('$ anyimage\n');
  live = startLive(stream, (frame) => ['row '.padEnd(frame.columns, '-'), 'last'], {
    below: ({ columns }) => ({ text: '#'.repeat(columns / 3), rows: 1, columns: columns / 3 }),
  });
  await resize(columns, rows);
  expect(await lines()).toEqual(['$ anyimage', 'row '.padEnd(columns, '-'), 'last', '#'.repeat(columns / 3)]);
  live.stop();
  expect(await lines()).toEqual(['$ anyimage']);
});

test('what takes a picture away is sent when it goes, and not before', () => {
  const { stream } = open(40, 10);
  let written = '';
  const { write } = stream;
  stream.write = ((text: string) => {
    written += text;
    return write.call(stream, text);
  }) as typeof stream.write;
  const below = { text: 'picture', rows: 2, columns: 4, remove: '\u001b_Ga=d\u001b\\' };
  live = startLive(stream, () => ['row'], { below: () => below });
  vi.advanceTimersByTime(500);
  expect(written).not.toContain(below.remove);
  live.stop();
  expect(written.match(/a=d/g)).toHaveLength(1);
});
