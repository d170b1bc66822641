// Questions at the terminal. They go to stderr, so that stdout holds results only.

import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { ImageError } from '@anyimage/core';

/** Whether there is a person to ask. */
export function canAsk(): boolean {
  return !!process.stdin.isTTY && !!process.stderr.isTTY;
}

/** Asks at the terminal; only y or yes is one. Ctrl-C and Ctrl-D are a no. */
export async function askYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const left = new Promise<string>((resolve) => {
      terminal.once('SIGINT', () => terminal.close()).once('close', () => resolve(''));
    });
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), left]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** What is typed without being shown, or what comes on stdin. Throws `aborted` on Ctrl-C. */
export async function askSecret(question: string): Promise<string> {
  if (!canAsk()) return (await text(process.stdin)).trim();
  process.stderr.write(question);
  process.stdin.setRawMode(true);
  let typed = '';
  try {
    for await (const chunk of process.stdin) {
      for (const letter of String(chunk)) {
        if (letter === '\r' || letter === '\n' || letter === '\u0004') return typed.trim();
        if (letter === '\u0003') throw new ImageError('aborted', 'nothing was stored', { hint: 'Ask again.' });
        typed = letter === '\u007f' || letter === '\b' ? typed.slice(0, -1) : typed + letter;
      }
    }
    return typed.trim();
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stderr.write('\n');
  }
}
