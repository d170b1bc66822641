// From words on the command line to an exit code. The only place that catches.

import { CommanderError } from 'commander';
import { quietPipes } from '../print/terminal/output.ts';
import { createProgram } from './program.ts';

/** Runs the command line and leaves its result in `process.exitCode`. Never rejects. */
export async function main(words: readonly string[]): Promise<void> {
  quietPipes();
  try {
    const program = await createProgram(words, (code) => {
      process.exitCode = code;
    });
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return; // --help and --version
    const { reportFailure } = await import('./failure.ts');
    process.exitCode = reportFailure(error, words);
  }
}
