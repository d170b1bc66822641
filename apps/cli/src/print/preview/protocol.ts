// How pictures can be shown on a terminal: by what its environment says of it, and by what it says of itself.

import type { PreviewWord } from '@anyimage/host';
import { createSupportsTerminalGraphics } from 'supports-terminal-graphics';
import { type AskTerminal, askTerminal } from './ask-terminal.ts';

/** A way to show a picture. `blocks`: letters of half blocks, in colours. */
export interface Protocol {
  readonly name: 'kitty' | 'iterm' | 'sixel' | 'blocks';
  /** How many colours the letters can have. */
  readonly colours: 256 | 16_777_216;
  /** Of one letter on the screen, px, where the terminal says so. */
  readonly cell?: { readonly width: number; readonly height: number };
}

type Stream = Pick<NodeJS.WriteStream, 'isTTY'> & { getColorDepth?(): number };
type Environment = NodeJS.ProcessEnv;

/**
 * The best way that a terminal has, or the one that is named; `undefined` where nothing is to be shown. A terminal that may be able to
 * show pictures and does not say so in its environment is asked.
 */
export async function findProtocol(
  word: PreviewWord,
  stream: Stream,
  { env = process.env, ask = askTerminal }: { readonly env?: Environment; readonly ask?: AskTerminal } = {},
): Promise<Protocol | undefined> {
  if (word === 'none' || !stream.isTTY || env.TERM === 'dumb') return undefined;
  const depth = stream.getColorDepth?.() ?? 1;
  const colours = depth >= 24 ? 16_777_216 : 256;
  const named = (name: Protocol['name'], cell?: Protocol['cell']) =>
    ({ name, colours, ...(cell && { cell }) }) as const;
  if (word !== 'auto') return named(word, word === 'sixel' && mayBeAsked(env) ? (await ask()).cell : undefined);
  if (env.NO_COLOR || env.CI) return undefined;
  const known = knownBy(env, stream);
  if (known === 'kitty' || known === 'iterm') return named(known);
  if (known === 'sixel') return named(known, mayBeAsked(env) ? (await ask()).cell : undefined);
  if (known === 'perhaps' && mayBeAsked(env)) {
    const answer = await ask();
    if (answer.sixel) return isCode(env) ? named('iterm') : named('sixel', answer.cell);
  }
  // With fewer colours nobody would know the picture again.
  return depth >= 8 ? named('blocks') : undefined;
}

/** `perhaps`: it may be asked. What stands between, such as tmux, shows letters alone. */
function knownBy(env: Environment, stream: Stream): Protocol['name'] | 'perhaps' | undefined {
  if (env.TMUX || env.STY || /^(screen|tmux)/.test(env.TERM ?? '')) return undefined;
  // Its pictures can be turned off, which the environment does not tell.
  if (isCode(env)) return 'perhaps';
  const { kitty, iterm2, sixel } = createSupportsTerminalGraphics(
    stream as Parameters<typeof createSupportsTerminalGraphics>[0],
  );
  if (kitty) return 'kitty';
  if (iterm2) return 'iterm';
  if (sixel || /^(foot|mlterm|yaft)/.test(env.TERM ?? '') || env.TERMINAL_NAME === 'contour') return 'sixel';
  if (env.TERM_PROGRAM === 'Apple_Terminal') return undefined;
  return env.WT_SESSION || env.TERM?.startsWith('xterm') ? 'perhaps' : undefined;
}

function isCode({ TERM_PROGRAM }: Environment): boolean {
  return TERM_PROGRAM === 'vscode';
}

/** From afar an answer may come when nobody waits for it any more, and would be read as typed. */
function mayBeAsked({ SSH_CONNECTION, SSH_TTY, MOSH_CONNECTION }: Environment): boolean {
  return !SSH_CONNECTION && !SSH_TTY && !MOSH_CONNECTION;
}
