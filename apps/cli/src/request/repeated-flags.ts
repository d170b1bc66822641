// A flag that takes one value and is given two is a slip: neither is meant more than the other.

import { isDeepStrictEqual } from 'node:util';
import { type Command, InvalidArgumentError, type Option } from 'commander';

/** Has each flag of a command, and of those below it, refused that is given again with another value. Those that collect stay as they are. */
export function refuseRepeats(command: Command): void {
  for (const option of command.options) if (takesOne(option)) refuseRepeat(command, option);
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
    if (command.getOptionValueSource(name) !== 'cli' || isDeepStrictEqual(read, before)) return read;
    throw new InvalidArgumentError(`It is ${JSON.stringify(before)} already: give it once.`);
  });
}
