// The help of all commands. It loads no table.

import type { Command, Option } from 'commander';
import { helpText } from '../print/help-text.ts';
import { operationText } from '../print/operation-text.ts';

/** Written in by build.mjs, as JSON. */
declare const SHIPPED_OPERATIONS: string | undefined;

/** The parser's part of the help of all: what is in it, not how it is laid out. */
export interface RecordedHelp {
  readonly usage: string;
  readonly description: string;
  /** Each entry: what is typed, what it is, and choices and defaults behind that. */
  readonly lists: readonly { readonly title: string; readonly items: readonly (readonly [string, string, string])[] }[];
  /** Columns of the longest of what is typed. */
  readonly terms: number;
}

/** Takes down the help of all, in English. */
export function recordHelp(program: Command, operations: readonly NamedOperation[]): RecordedHelp {
  nameOperations(program, operations);
  const help = program.configureHelp({}).createHelp();
  const described = ({ description }: { readonly description: string }, term: string, whole: string) =>
    [term, description, whole.slice(description.length)] as const;
  const options = help.groupItems([...program.options], help.visibleOptions(program), groupOf);
  return {
    usage: help.commandUsage(program),
    description: program.description(),
    lists: [
      {
        title: 'Arguments:',
        items: help
          .visibleArguments(program)
          .map((one) => described(one, help.argumentTerm(one), help.argumentDescription(one))),
      },
      ...[...options].map(([title, group]) => ({
        title,
        items: group.map((one) => described(one, help.optionTerm(one), help.optionDescription(one))),
      })),
      {
        title: 'Commands:',
        items: help
          .visibleCommands(program)
          .map((one) => [help.subcommandTerm(one), help.subcommandDescription(one), ''] as const),
      },
    ],
    terms: help.padWidth(program, help),
  };
}

function groupOf({ helpGroupHeading }: Option): string {
  return helpGroupHeading ?? 'Options:';
}

/** Adds the operations, examples, and where settings come from. */
export function addHelpOfAll(program: Command, operations = shippedOperations()): void {
  nameOperations(program, operations);
  program.addHelpText('after', helpText());
}

/**
 * Adds the names of the operations of the tables that come with anyimage to what
 * the help lists. They are commands only once `addOperations` added them.
 */
export function nameOperations(program: Command, operations = shippedOperations()): void {
  const taken = program.commands.map((command) => command.name());
  for (const { name, command } of operations) {
    if (!taken.includes(command)) program.command(`${command} <picture> [prompt...]`).description(operationText(name));
  }
}

/** An operation of models, and the command that does it. */
interface NamedOperation {
  readonly name: string;
  readonly command: string;
}

function shippedOperations(): readonly NamedOperation[] {
  return typeof SHIPPED_OPERATIONS === 'undefined' ? [] : JSON.parse(SHIPPED_OPERATIONS);
}
