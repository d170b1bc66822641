// Questions at the terminal. They go to stderr, so that stdout holds results only.

import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { note } from '../print/terminal/output.ts';
import { translated } from '../print/words/translated.ts';

/** Whether there is a person to ask. */
export function canAsk(): boolean {
  return !!process.stdin.isTTY && !!process.stderr.isTTY;
}

/** Ctrl-C at a question, which ends the command. It is no refusal, so that nobody on the way tells it or goes on after it. */
export class QuestionInterrupted extends Error {}

/** Asks at the terminal; only y or yes is one. Ctrl-D is a no. Throws `QuestionInterrupted` on Ctrl-C. */
export async function askYes(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await askLine(`${question} [y/N] `)) ?? '');
}

/** Asks at the terminal for one line, trimmed. `undefined` for Ctrl-D. Throws `QuestionInterrupted` on Ctrl-C. */
export async function askLine(question: string): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const left = new Promise<undefined>((resolve, reject) => {
      terminal.once('SIGINT', () => reject(new QuestionInterrupted())).once('close', () => resolve(undefined));
    });
    const answer = await Promise.race([terminal.question(question), left]);
    if (answer === undefined) process.stderr.write('\n');
    return answer?.trim();
  } catch (error) {
    process.stderr.write('\n');
    throw error;
  } finally {
    terminal.close();
  }
}

/** How long a pipe may say nothing before it is told that something is waited for, ms. */
const silentMs = 2000;

/** What is typed without being shown, or what comes on stdin. Throws `QuestionInterrupted` on Ctrl-C. */
export async function askSecret(question: string): Promise<string> {
  if (!canAsk()) {
    const waiting = setTimeout(() => note(translated('a key is waited for on stdin; Ctrl-C ends this')), silentMs);
    return (await text(process.stdin).finally(() => clearTimeout(waiting))).trim();
  }
  // Before the question: who types or pastes as soon as it is there would see the key.
  process.stdin.setRawMode(true);
  try {
    process.stderr.write(question);
    return (await typedLine(process.stdin)).trim();
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stderr.write('\n');
  }
}

/** The letters until Enter. What is asked afterwards finds the stream as it was. */
function typedLine(stdin: NodeJS.ReadStream): Promise<string> {
  let typed = '';
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const take = (chunk: Buffer | string) => {
    for (const letter of String(chunk)) {
      if (letter === '\r' || letter === '\n' || letter === '\u0004') return resolve(typed);
      if (letter === '\u0003') return reject(new QuestionInterrupted());
      typed = letter === '\u007f' || letter === '\b' ? typed.slice(0, -1) : typed + letter;
    }
  };
  const end = () => resolve(typed);
  // A question before this one left it paused.
  stdin.on('data', take).on('end', end).resume();
  return promise.finally(() => stdin.off('data', take).off('end', end));
}
