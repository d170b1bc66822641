// anyimage help models update, anyimage help json models update

import { didYouMean, ImageError, nearest } from '@anyimage/core';
import type { Command } from 'commander';
import { addExamples } from '../learn/examples.ts';
import { print } from '../print/terminal/output.ts';
import { printDocument } from '../print/terminal/print-document.ts';
import { addHelpOfAll, nameOperations } from './help-of-all.ts';
import { pathOf } from './words/command-path.ts';

/** Prints the help of the command that `words` name, and returns the exit code. Throws `not-found` where there is none. */
export async function showHelp(program: Command, words: readonly string[]): Promise<number> {
  if (words[0] === 'json') return showSchema(program, words.slice(1));
  const command = words.reduce(subcommand, program);
  if (command === program) addHelpOfAll(program);
  else addExamples(program);
  command.outputHelp();
  return 0;
}

/** Prints the man page of all commands, and returns the exit code. */
export async function printManPage(program: Command): Promise<number> {
  const { manPage } = await import('../learn/man-page.ts');
  nameOperations(program);
  print(manPage(program, program.version() ?? ''));
  return 0;
}

/** Prints the JSON Schema of what a command prints with `--json`, or of what all print. */
async function showSchema(program: Command, words: readonly string[]): Promise<number> {
  const { documentJSONSchema, documentsJSONSchema } = await import('../documents/json-schema.ts');
  const command = words.reduce(subcommand, program);
  const takesJSON = command.options.some(({ long }) => long === '--json');
  const name = pathOf(command).replace(/^anyimage /, '');
  printDocument(words.length === 0 ? documentsJSONSchema() : documentJSONSchema(name, takesJSON));
  return 0;
}

function subcommand(parent: Command, word: string): Command {
  const found = parent.commands.find((command) => command.name() === word);
  if (found) return found;
  const names = parent.commands.map((command) => command.name());
  const path = pathOf(parent);
  throw new ImageError('not-found', `there is no command ${JSON.stringify(word)} of ${path}`, {
    details: { asked: word },
    hint: didYouMean(nearest(word, names, 1), `${path} --help shows what there is.`),
  });
}
