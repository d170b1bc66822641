// The commands on the command line itself.

import type { Command } from 'commander';
import { print } from '../print/terminal/output.ts';

/** Adds help and version. */
export function addHelp(program: Command, version: string): void {
  program
    .command('help')
    .description('show the help of a command, or this')
    .argument(
      '[command...]',
      'such as models, or models update; json [command...]: the JSON Schema of what --json prints',
    )
    .action(async (words: readonly string[]) => {
      const { showHelp } = await import('./show-help.ts');
      process.exitCode = await showHelp(program, words);
    });
  program
    .command('version')
    .description('show the version')
    .option('--json', 'print JSON')
    .action(async ({ json }: { readonly json?: true }) => {
      if (!json) return print(version);
      const { printDocument } = await import('../print/terminal/print-document.ts');
      printDocument({ version, node: process.versions.node });
    });
}
