// Which command an error of the parser is about. Every start loads this file: it imports nothing but types.

import type { Command, CommanderError } from 'commander';

const commands = new WeakMap<CommanderError, Command>();

/** Has each command, and those below it, note that an error of the parser is its own. */
export function noteCommands(command: Command): void {
  command.exitOverride((error) => {
    commands.set(error, command);
    throw error;
  });
  for (const one of command.commands) noteCommands(one);
}

/** The command whose words were refused. */
export function commandOf(error: CommanderError): Command | undefined {
  return commands.get(error);
}

/** As it is typed: `anyimage models update`. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
