// A flag that takes one value and is given two is a slip: neither is meant more than the other.

import { isDeepStrictEqual } from 'node:util';
import { type Command, InvalidArgumentError, type Option } from 'commander';

/** Has each flag of a command, and of those below it, refused that is given again with another value. Those that collect stay as they are. */
export function refuseRepeats(command: Command): void {
  for (const option of command.options) {
    if (takesOne(option)) refuseRepeat(command, option);
    if (option.negate) refuseBesideItself(command, option);
  }
  for (const below of command.commands) refuseRepeats(below);
}

/** A parser that is handed the value before it adds to that. */
function takesOne({ required, optional, variadic, parseArg, argChoices }: Option): boolean {
  if (!(required || optional) || variadic) return false;
  return argChoices !== undefined || (parseArg?.length ?? 0) < 2;
}

function refuseRepeat(command: Command, option: Option): void {
  const name = option.attributeName();
  const parse = option.parseArg;
  option.argParser((value, before) => {
    const read = parse ? parse(value, undefined) : value;
    // Denied before: refused below, in words of its own.
    if (command.getOptionValueSource(name) !== 'cli' || before === false || isDeepStrictEqual(read, before))
      return read;
    throw new InvalidArgumentError(`It is ${JSON.stringify(before)} already: give it once.`);
  });
}

/** `--no-preview` beside `--preview kitty`: the parser itself would take the last one. */
function refuseBesideItself(command: Command, negative: Option): void {
  const other = command.options.find(({ negate, long }) => !negate && long === `--${negative.name().slice(3)}`);
  if (!other) return;
  let isSaid = false;
  let isDenied = false;
  const check = () => {
    if (!isSaid || !isDenied) return;
    const message = `error: option '${negative.flags}' cannot be used with option '${other.flags}'`;
    command.error(message, { code: 'commander.conflictingOption' });
  };
  command.on(`option:${other.name()}`, () => {
    isSaid = true;
    check();
  });
  command.on(`option:${negative.name()}`, () => {
    isDenied = true;
    check();
  });
}
