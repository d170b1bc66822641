// How the help of commands looks: in the language of the person, in lines that fit the terminal.

import { type Argument, type Command, Help, type Option } from 'commander';
import { aboutText, helpColumns, listText } from './help-text.ts';
import { width, wrap, wrapLines } from './terminal/wrap.ts';
import { translated } from './words/translated.ts';

/** For the parser's own part of the help. */
export function helpStyle(columns = helpColumns(process.stdout)): Partial<Help> {
  const usual = Help.prototype;
  return {
    helpWidth: columns,
    displayWidth: width,
    styleTitle: (title) => translated(title),
    boxWrap: (text, room) => wrapLines(text, room),
    commandUsage: (command) => wrap(usual.commandUsage(command), columns - 8, '  ').join('\n'),
    commandDescription: (command) => translated(usual.commandDescription(command)),
    subcommandDescription: (command: Command) => translated(usual.subcommandDescription(command)),
    optionDescription: (option: Option) => aboutText(option.description, usual.optionDescription(option)),
    argumentDescription: (argument: Argument) => aboutText(argument.description, usual.argumentDescription(argument)),
    formatItem: (term, terms, text) => listText([[term, text ?? '']], columns, terms),
  };
}
