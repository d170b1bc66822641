// The man page, made of the commands as data.

import type { Command, Option } from 'commander';
import { examples, exitCodes, settings } from '../print/help-text.ts';
import type { Entry } from '../print/terminal/list-lines.ts';
import { examplesOf } from './examples.ts';

/** The page in roff, of section 1, without its last line break. */
export function manPage(program: Command, version: string): string {
  const { name, about } = { name: program.name(), about: program.description() };
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${version}"`,
    '.SH NAME',
    `${name} \\- ${escaped(about)}`,
    '.SH SYNOPSIS',
    `.B ${name}\n[options] prompt...`,
    '.br',
    `.B ${name}\ncommand [options] [arguments]`,
    '.SH DESCRIPTION',
    'Words that look like no command are a prompt. Paths of pictures go to stdout, everything else to stderr. Beside each picture lies a JSON file about it.',
    ...optionGroups(program),
    '.SH COMMANDS',
    ...program.commands.flatMap((command) => commandLines(command, [], sameFlags(program))),
    '.SH ENVIRONMENT',
    ...settings.flatMap(entryLines),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(entryLines),
    '.SH EXAMPLES',
    ...examples.flatMap(entryLines),
  ].join('\n');
}

/** The flags of making pictures are told once: who has them all is told as that. */
function sameFlags(program: Command): readonly (string | undefined)[] {
  return program.options.map(({ long, short }) => long ?? short);
}

function commandLines(command: Command, path: readonly string[], shared: readonly (string | undefined)[]): string[] {
  const below = [...path, command.name()];
  const own = visibleOptions(command).filter(({ long, short }) => long !== '--help' && !shared.includes(long ?? short));
  const hasShared =
    command.options.some(({ long }) => long === '--model') && command.options.some(({ long }) => long === '--size');
  return [
    `.SS ${escaped(`anyimage ${below.join(' ')} ${command.usage()}`)}`,
    escaped(`${command.description()}.`),
    ...(hasShared ? ['It has the options of making a picture, too.'] : []),
    ...command.registeredArguments.flatMap((argument) => item(argument.name(), argument.description)),
    ...own.flatMap((option) => item(option.flags, option.description)),
    ...examplesOf(below).flatMap(entryLines),
    ...command.commands.flatMap((one) => commandLines(one, below, shared)),
  ];
}

function optionGroups(program: Command): string[] {
  const groups = new Map<string, Option[]>();
  for (const option of visibleOptions(program)) {
    const group = option.helpGroupHeading ?? 'Options:';
    groups.set(group, [...(groups.get(group) ?? []), option]);
  }
  return [
    '.SH OPTIONS',
    ...[...groups].flatMap(([group, options]) => [
      `.SS ${escaped(group.replace(/:$/, ''))}`,
      ...options.flatMap((option) => item(option.flags, option.description)),
    ]),
  ];
}

function visibleOptions(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

function item(title: string, text: string): string[] {
  return ['.TP', `.B ${escaped(title)}`, escaped(text)];
}

function entryLines([title, text]: Entry): string[] {
  return text ? item(title, text) : ['.TP', `.B ${escaped(title)}`];
}

/** A text on one line that roff takes as it is. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replace(/^\./, '\\&.');
}
