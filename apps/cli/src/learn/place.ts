// Where in a command line one is, by the commands as data.

import type { Argument, Command, Option } from 'commander';

/** What may stand at the end of a command line that is being typed. */
export interface Place {
  readonly command: Command;
  /** Without the program: `['models', 'update']`. */
  readonly path: readonly string[];
  /** What was typed for the arguments of the command. */
  readonly operands: readonly string[];
  /** What was typed for flags, by the name of their value in code. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** The flag whose value is next. */
  readonly option?: Option;
  /** After a `--` there are no flags. */
  readonly isMarked: boolean;
}

/** Follows `words`, which are complete, through the commands. */
export function placeAfter(program: Command, words: readonly string[]): Place {
  let command = program;
  let option: Option | undefined;
  let isMarked = false;
  const path: string[] = [];
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  const note = (one: Option, value: string) =>
    given.set(one.attributeName(), [...(given.get(one.attributeName()) ?? []), value]);
  for (const word of words) {
    if (option) {
      note(option, word);
      option = undefined;
      continue;
    }
    if (!isMarked && word === '--') isMarked = true;
    else if (!isMarked && /^-./.test(word)) {
      const [name = '', value] = word.split(/=(.*)/s);
      const found = findOption(command, program, name);
      if (found && value === undefined && found.required) option = found;
      else if (found) note(found, value ?? '');
    } else {
      const below = operands.length === 0 && !isMarked ? subcommand(command, word) : undefined;
      if (below) {
        command = below;
        path.push(word);
      } else operands.push(word);
    }
  }
  return { command, path, operands, given, isMarked, ...(option && { option }) };
}

/** A flag of the command, or one that may stand beside any, which the program itself has. */
export function findOption(command: Command, program: Command, name: string): Option | undefined {
  const isIt = (option: Option) => option.long === name || option.short === name;
  return command.options.find(isIt) ?? program.options.find((option) => isIt(option) && isOfAll(option));
}

/** Whether a flag may stand beside any command. */
export function isOfAll({ long }: Option): boolean {
  return long === '--profile' || long === '--verbose' || long === '--log-file';
}

/** The argument that is typed next; the last one, if that takes any number. */
export function nextArgument({ command, operands }: Place): Argument | undefined {
  const { registeredArguments: all } = command;
  const last = all.at(-1);
  return all[operands.length] ?? (last?.variadic ? last : undefined);
}

function subcommand(command: Command, word: string): Command | undefined {
  return command.commands.find((one) => one.name() === word || one.aliases().includes(word));
}
