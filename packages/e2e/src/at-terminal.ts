// The built command line at a terminal of its own, as util-linux makes one.

import { spawn, spawnSync } from 'node:child_process';
import { type Person, program } from './run-cli.ts';

/** Whether a terminal can be made here. */
export const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** What was shown, and the exit code. */
export interface Shown {
  readonly code: number | null;
  readonly shown: string;
}

/** Runs to the end. Each of `answers` is typed, with Enter, once its question is shown; what comes before it no longer counts. */
export function atTerminal(
  { folder, env }: Person,
  answers: readonly (readonly [question: string, answer: string])[],
  ...words: readonly string[]
): Promise<Shown> {
  const command = [process.execPath, program, ...words].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder, env });
  const open = [...answers];
  let shown = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [question, answer] = open[0] ?? [];
    const at = question === undefined ? -1 : shown.indexOf(question, seen);
    if (at < 0) return;
    seen = at + question!.length;
    open.shift();
    child.stdin.write(`${answer}\r`);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, shown })));
}
