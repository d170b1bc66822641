// Flags in front of a command: `anyimage -m cogview edit a.png` means what it means with them behind it.

import { ImageError } from '@anyimage/core';
import type { Command } from 'commander';

/**
 * Hands the flags that were typed before a command on to it. Throws `invalid-request` for one that the command does not have: it would be
 * ignored without a word.
 */
export function handOn(program: Command, command: Command): void {
  for (const option of program.options) {
    const name = option.attributeName();
    if (program.getOptionValueSource(name) !== 'cli') continue;
    if (command.options.some((one) => one.attributeName() === name)) {
      command.setOptionValueWithSource(name, program.getOptionValue(name), 'cli');
    } else if (command.commands.length === 0) {
      throw new ImageError(
        'invalid-request',
        `${option.long ?? option.short} is no flag of anyimage ${command.name()}`,
        {
          details: { option: name },
          hint: `anyimage ${command.name()} --help shows what it takes.`,
        },
      );
    }
  }
}
