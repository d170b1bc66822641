// anyimage __complete zsh "=--si" edit boat.png: what shells ask for while one types.

import { cleanText } from '@anyimage/core';
import type { Command } from 'commander';
import { type Candidate, complete } from '../learn/complete.ts';
import type { Shell } from '../learn/completion-script.ts';
import { wordsOf } from '../learn/shell-line.ts';
import { print } from '../print/terminal/output.ts';

/** Columns of what a candidate is. */
const aboutColumns = 60;

/** Prints what may be typed, a line each, as the shell wants it. Where that fails nothing is printed: the shell completes files. */
export async function completeWords(program: Command, [shell, ...typed]: readonly string[]): Promise<void> {
  const { words, current, breaks } = typedWords(shell, typed);
  const found = await complete(program, words, current, async () => {
    const { machineValues } = await import('../learn/values.ts');
    return machineValues();
  });
  const skipped = Math.max(-1, ...[...breaks].map((sign) => current.lastIndexOf(sign))) + 1;
  for (const one of found) print(shown(one, shell as Shell, skipped));
}

/** `breaks`: signs at which bash parts a word; it completes what follows the last of them alone. */
function typedWords(shell: string | undefined, typed: readonly string[]) {
  if (shell === 'bash') return { ...wordsOf(typed[0] ?? ''), breaks: (typed[1] ?? '').replace(/[^=:@]/g, '') };
  const [current = '=', ...words] = typed;
  return { words, current: current.slice(1), breaks: '' };
}

function shown({ value, about }: Candidate, shell: Shell, skipped: number): string {
  if (shell === 'bash') return value.slice(skipped);
  const text = about === undefined ? '' : [...cleanText(about).replaceAll(/\s+/g, ' ')].slice(0, aboutColumns).join('');
  if (shell === 'zsh') return text ? `${value.replaceAll(':', '\\:')}:${text}` : value.replaceAll(':', '\\:');
  return text ? `${value}\t${text}` : value;
}
