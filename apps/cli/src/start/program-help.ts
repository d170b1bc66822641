// The commands on the command line itself.

import type { Command } from 'commander';
import { print } from '../print/terminal/output.ts';

/** Adds help and version. */
export function addHelp(program: Command, version: string): void {
  program
    .command('help')
    .description('show the help of a command, or this')
    .argument('[command...]', 'such as models, or models update')
    .action(async (words: readonly string[]) => {
      const { showHelp } = await import('./show-help.ts');
      process.exitCode = await showHelp(program, words);
    });
  program
    .command('version')
    .description('show the version')
    .action(() => print(version));
}
