import { afterEach, expect, test, vi } from 'vitest';
import { findProtocol } from './protocol.ts';

afterEach(() => vi.unstubAllEnvs());

type Environment = Readonly<Record<string, string>>;

/** What is found where the environment holds these variables alone, and the terminal answers so. */
async function found(env: Environment, { depth = 24, word = 'auto', sixel = false, isTTY = true } = {}) {
  // The library that knows the terminals looks at the environment of the process.
  for (const name of Object.keys(process.env)) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const asked: true[] = [];
  const ask = async () => {
    asked.push(true);
    return { sixel, ...(sixel && { cell: { width: 10, height: 20 } }) };
  };
  const protocol = await findProtocol(word as 'auto', { isTTY, getColorDepth: () => depth }, { env, ask });
  return { ...protocol, asked: asked.length };
}

const xterm = { TERM: 'xterm-256color' };
const code = { ...xterm, TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.99.0' };

test.each<[what: string, env: Environment, name: string | undefined, asked: number]>([
  ['Kitty', { TERM: 'xterm-kitty', KITTY_WINDOW_ID: '1' }, 'kitty', 0],
  ['Ghostty', { TERM: 'xterm-ghostty' }, 'kitty', 0],
  ['WezTerm', { ...xterm, TERM_PROGRAM: 'WezTerm' }, 'kitty', 0],
  ['iTerm2', { ...xterm, TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.0' }, 'iterm', 0],
  ['mintty', { ...xterm, TERM_PROGRAM: 'mintty' }, 'iterm', 0],
  ['foot', { TERM: 'foot' }, 'sixel', 1],
  ['foot on another machine, where nobody is asked', { TERM: 'foot', SSH_TTY: '/dev/pts/1' }, 'sixel', 0],
  ['VS Code without pictures', code, 'blocks', 1],
  ['Windows Terminal of old', { WT_SESSION: '1' }, 'blocks', 1],
  ['xterm', xterm, 'blocks', 1],
  ['xterm on another machine', { ...xterm, SSH_CONNECTION: '1' }, 'blocks', 0],
  ['Terminal of macOS', { ...xterm, TERM_PROGRAM: 'Apple_Terminal' }, 'blocks', 0],
  ['the console of Linux', { TERM: 'linux' }, 'blocks', 0],
  ['tmux in Kitty', { TERM: 'tmux-256color', TMUX: '/tmp/1', KITTY_WINDOW_ID: '1' }, 'blocks', 0],
  ['screen', { TERM: 'screen-256color', STY: '1' }, 'blocks', 0],
  ['one that can nothing', { TERM: 'dumb' }, undefined, 0],
  ['no colours, as asked for', { ...xterm, NO_COLOR: '1', KITTY_WINDOW_ID: '1' }, undefined, 0],
  ['a machine that builds', { ...xterm, CI: 'true' }, undefined, 0],
])('%s', async (_, env, name, asked) => {
  expect(await found(env)).toEqual(name ? { name, colours: 16_777_216, asked } : { asked });
});

test('a terminal that says that it shows sixel pictures is believed, with the size of its letters', async () => {
  const cell = { width: 10, height: 20 };
  expect(await found({ WT_SESSION: '1' }, { sixel: true })).toMatchObject({ name: 'sixel', cell });
  expect(await found(xterm, { sixel: true })).toMatchObject({ name: 'sixel', cell });
  expect(await found(code, { sixel: true })).toMatchObject({ name: 'iterm' });
});

test('blocks have as many colours as the terminal, and with fewer than 256 there are none', async () => {
  expect(await found({ TERM: 'linux' }, { depth: 8 })).toMatchObject({ name: 'blocks', colours: 256 });
  expect(await found({ TERM: 'linux' }, { depth: 4 })).toEqual({ asked: 0 });
});

test('what is named is taken, and only where there is no terminal it is nothing', async () => {
  const tmux = { TERM: 'tmux-256color', TMUX: '/tmp/1' };
  expect(await found(tmux, { word: 'kitty' })).toMatchObject({ name: 'kitty' });
  expect(await found({ ...xterm, NO_COLOR: '1' }, { word: 'blocks' })).toMatchObject({ name: 'blocks' });
  expect(await found({ KITTY_WINDOW_ID: '1' }, { word: 'none' })).toEqual({ asked: 0 });
  expect(await found({ KITTY_WINDOW_ID: '1' }, { word: 'kitty', isTTY: false })).toEqual({ asked: 0 });
});
