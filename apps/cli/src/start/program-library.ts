// The commands on pictures that were made.

import type { Command } from 'commander';
import { count, makeFlags } from '../request/flags.ts';
import type { Exit } from '../session/exit-code.ts';

/** Adds history, info and again. */
export function addLibrary(program: Command, exit: Exit): void {
  program
    .command('history')
    .description('show the pictures that were made, newest first')
    .argument('[words...]', 'only those with these words in their prompt or model')
    .option('--limit <count>', 'how many (default: 20)', count)
    .option('--before <id>', 'the page after the one that ended with this id', count)
    .option('--rebuild', 'read all sidecars again')
    .option('--scan <folder>', 'take in the sidecars of another folder', collect)
    .option('--json', 'print JSON')
    .action(async (words: string[], flags) => {
      const { history } = await import('../commands/pictures/history.ts');
      exit(await history(words, flags));
    });
  program
    .command('info')
    .description('tell how a picture was made')
    .argument('<file>', 'the picture, or its sidecar')
    .option('--json', 'print JSON')
    .action(async (file: string, flags) => {
      const { info } = await import('../commands/pictures/info.ts');
      exit(await info(file, flags));
    });
  const again = program
    .command('again')
    .description('make a picture again, with what the flags change')
    .argument('<file>', 'the picture, or its sidecar')
    .action(async (file: string, flags) => {
      const { again } = await import('../commands/pictures/again.ts');
      exit(await again(file, flags));
    });
  for (const option of makeFlags()) again.addOption(option);
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
