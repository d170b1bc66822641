// The commands on the command line itself.

import { Argument, type Command } from 'commander';
import type { Shell } from '../learn/completion-script.ts';
import { print } from '../print/terminal/output.ts';

/** Adds help, version and completion. */
export function addHelp(program: Command, version: string): void {
  program
    .command('help')
    .description('show the help of a command, or this')
    .argument(
      '[command...]',
      'such as models, or models update; json [command...]: the JSON Schema of what --json prints',
    )
    .option('--man', 'print all of it as a man page: anyimage help --man | man -l -')
    .action(async (words: readonly string[], { man }: { readonly man?: true }) => {
      const { showHelp, printManPage } = await import('./show-help.ts');
      process.exitCode = man ? await printManPage(program) : await showHelp(program, words);
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
  program
    .command('completion')
    .description(
      'print what makes a shell complete commands, flags, models, sizes, pictures and settings; powershell is untried',
    )
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish', 'powershell']))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../learn/completion-script.ts');
      print(completionScript(shell));
    });
}
