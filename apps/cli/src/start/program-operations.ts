// A command for each operation that the tables of models name, plugins included. Loaded where one of them may be meant.

import { homeFolder, knownServices } from '@anyimage/host';
import type { Command } from 'commander';
import { operationText } from '../print/operation-text.ts';
import { priceText } from '../print/row-text.ts';
import { type MakeFlags, makeFlags } from '../request/flags.ts';
import { type KnownOperation, needsNoPrompt, needsOf, operationsOf, takesFlag } from '../request/operations.ts';
import { lazily } from './lazily.ts';

/** Adds the operations of this machine's models, less those whose name a command has. */
export async function addOperations(program: Command): Promise<void> {
  const { providers } = await knownServices(homeFolder());
  const taken = new Set(program.commands.flatMap((command) => [command.name(), ...command.aliases()]));
  for (const operation of operationsOf(providers)) {
    if (!taken.has(operation.command)) addOperation(program, operation);
  }
}

function addOperation(program: Command, operation: KnownOperation): void {
  const { name, command: typed } = operation;
  const command = program
    .command(typed)
    .description(operationText(name) || `does ${name} with a picture`)
    .argument('<picture>', 'path, URL, last, an id of the history, clipboard, or - for stdin')
    .argument('[prompt...]', needsNoPrompt(operation) ? 'not needed' : 'what is to be seen')
    .addHelpText('after', () => helpText(operation))
    .action(
      lazily(async () => {
        const { edit } = await import('../commands/pictures/edit.ts');
        return (picture: string, prompt: string[], flags: MakeFlags) => edit(picture, prompt, flags, name);
      }),
    );
  if (typed !== name) command.alias(name);
  for (const option of makeFlags())
    command.addOption(takesFlag(operation, option.attributeName()) ? option : option.hideHelp());
}

function helpText(operation: KnownOperation): string {
  const { command, models } = operation;
  const needs = needsOf(operation);
  const words = ['anyimage', command, 'photo.jpg', ...needs.map(({ example }) => example)];
  if (!needsNoPrompt(operation)) words.push('"…"');
  const width = Math.max(...models.map(({ name }) => name.length));
  return [
    ...(needs.length > 0 ? ['', 'Needed:', ...needs.map(({ flag, about }) => `  ${flag}  ${about}`)] : []),
    '',
    'Models that can (-m chooses one):',
    ...models.map(({ name, limits, region }) =>
      `  ${name.padEnd(width)}  ${priceText(limits.prices, region)}`.trimEnd(),
    ),
    '',
    'Example:',
    `  ${words.join(' ')}`,
  ].join('\n');
}
