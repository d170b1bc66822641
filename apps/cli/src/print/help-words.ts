// How the help of commands looks: in the language of the person, in lines that fit the terminal.

import { type Argument, type Command, Help, type Option } from 'commander';
import { helpColumns, listText } from './help-text.ts';
import type { Entry } from './terminal/list-lines.ts';
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

/** `whole`: with the choices and the default behind the text. */
function aboutText(text: string, whole: string): string {
  const more = whole.slice(text.length).replace(/\b(choices|default): /g, (word) => translated(word));
  return translated(text) + more;
}

/** A piece of what stands below that: a paragraph, an indented line and what is said of it, or an empty line. */
type Piece = string | Entry;

/** What stands below that. `text`: lines as in code, broken anywhere. */
export function afterText(text: string, columns = helpColumns(process.stdout)): string {
  const lines: string[] = [];
  let entries: Entry[] = [];
  const listed = () => {
    if (entries.length > 0) lines.push(listText(entries, columns));
    entries = [];
  };
  for (const piece of helpPieces(text)) {
    if (typeof piece !== 'string') entries.push([piece[0], translated(piece[1])]);
    else {
      listed();
      lines.push(wrap(translated(piece), columns).join('\n'));
    }
  }
  listed();
  return lines.join('\n');
}

/** The pieces of such a text, which are what is translated. */
export function helpPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const line of text.split('\n')) {
    const before = pieces.at(-1);
    const [, title, about = ''] = /^ {2}(.+?)(?: {2,}(.*))?$/.exec(line) ?? [];
    if (title !== undefined) pieces.push([title, about]);
    else if (line !== '' && typeof before === 'string' && before !== '')
      pieces[pieces.length - 1] = `${before} ${line}`;
    else pieces.push(line);
  }
  return pieces;
}
