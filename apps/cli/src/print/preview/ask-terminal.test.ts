import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { askTerminal } from './ask-terminal.ts';

/** A terminal that answers so when it is asked, and notes in what state it was left. */
function terminal(answers: readonly string[], { isTTY = true, isRaw = false } = {}) {
  const states: string[] = [];
  const input = Object.assign(new EventEmitter(), {
    isTTY,
    isRaw,
    setRawMode: (raw: boolean) => void states.push(raw ? 'raw' : 'cooked'),
    resume: () => void states.push('reading'),
    pause: () => void states.push('paused'),
  });
  const asked: string[] = [];
  const output = {
    write(text: string) {
      asked.push(text);
      for (const answer of answers) input.emit('data', Buffer.from(answer));
      return true;
    },
  };
  const ends = { input, output } as unknown as NonNullable<Parameters<typeof askTerminal>[0]>;
  return { ends, states, asked, listeners: () => input.listenerCount('data') };
}

test.each([
  [['\u001b[6;20;10t\u001b[?62;4;6;22c'], { sixel: true, cell: { width: 10, height: 20 } }],
  [['\u001b[?6', '2;4c'], { sixel: true }],
  [['\u001b[?64;1;2;22c'], { sixel: false }],
  [['\u001b[6;0;0t\u001b[?4c'], { sixel: false }],
  [['\u001b[6;9999;1t\u001b[?1;4c'], { sixel: true }],
  [['\u001b[?6;14;40c'], { sixel: false }],
])('%j', async (answers, expected) => {
  const { ends, states, listeners } = terminal(answers);
  expect(await askTerminal(ends)).toEqual(expected);
  expect(states).toEqual(['raw', 'reading', 'paused', 'cooked']);
  expect(listeners()).toBe(0);
});

test('who does not answer is waited for shortly, and knows nothing', async () => {
  const { ends, states } = terminal([]);
  expect(await askTerminal(ends)).toEqual({ sixel: false });
  expect(states.at(-1)).toBe('cooked');
});

test('where stdin is something else, or is read by another, nobody is asked', async () => {
  for (const how of [{ isTTY: false }, { isRaw: true }]) {
    const { ends, asked, states } = terminal(['\u001b[?62;4c'], how);
    expect(await askTerminal(ends)).toEqual({ sixel: false });
    expect([asked, states]).toEqual([[], []]);
  }
});

test('Ctrl-C that is typed meanwhile is one', async () => {
  const heard = new Promise((resolve) => process.once('SIGINT', resolve));
  await askTerminal(terminal(['\u0003', '\u001b[?62c']).ends);
  expect(await heard).toBe('SIGINT');
});
