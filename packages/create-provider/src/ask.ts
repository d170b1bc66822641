// The questions, at a terminal.

import { createInterface } from 'node:readline/promises';
import { check, type Given, questions, Slip } from './answers.ts';

/** Where a person sits. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Asks for each answer that is not given, again if it is wrong. Throws where the person leaves; Ctrl-C aborts `interrupt`. */
export async function ask(given: Given, { input, output }: Terminal, interrupt: AbortController): Promise<Given> {
  const { signal } = interrupt;
  const lines = createInterface({ input, output });
  lines.once('SIGINT', () => interrupt.abort());
  const left = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new Slip('Nothing was written.')));
  });
  left.catch(() => {}); // looked at only while a question is open
  let answers = given;
  try {
    for (const { name, asks, usual } of questions) {
      while (answers[name] === undefined) {
        const preset = usual(answers);
        const shown = preset === undefined ? `${asks}: ` : `${asks} (${preset}): `;
        const answer = (await Promise.race([lines.question(shown, { signal }), left])).trim() || preset;
        try {
          answers = { ...answers, [name]: check(name, answer) };
        } catch (error) {
          if (!(error instanceof Slip)) throw error;
          output.write(`  ${error.message}\n`);
        }
      }
    }
    return answers;
  } finally {
    lines.close();
  }
}
