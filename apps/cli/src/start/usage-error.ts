// What the parser refused, as an error that leads to the help of the command in question.

import { didYouMean, ImageError, nearest } from '@anyimage/core';
import type { Command, CommanderError } from 'commander';
import { commandOf, pathOf } from './words/command-path.ts';

/** Longest word that is said again. */
const mostEchoed = 100;

/** The refusal as `invalid-request`. `args` are the words that were typed. */
export function usageError(error: CommanderError, args: readonly string[]): ImageError {
  const command = meantCommand(commandOf(error), args);
  const help = `${command ? pathOf(command) : 'anyimage'} --help shows what there is.`;
  if (error.code === 'commander.excessArguments' && command) return excess(command, args, help);
  const [, message, suggestion] = /^(?:error: )?(.*?)(?:\n\((.*)\))?$/s.exec(error.message)!;
  return new ImageError('invalid-request', inBrief(message!, args), { hint: suggestion || help });
}

/** The command that was typed: a group that has one for when none is named is meant itself, unless that one is. */
function meantCommand(command: Command | undefined, args: readonly string[]): Command | undefined {
  return command?.parent && !args.includes(command.name()) && command.parent.parent ? command.parent : command;
}

function excess(command: Command, args: readonly string[], help: string): ImageError {
  const names = command.commands.map((below) => below.name());
  const typed = pathOf(command);
  const word = args.slice(args.indexOf(command.name()) + 1).find((one) => !one.startsWith('-'));
  if (names.length === 0 || word === undefined) {
    const takes = command.registeredArguments.length || 'no';
    const message = `too many words for ${typed}, which takes ${takes}${takes === 1 ? ' argument' : ' arguments'}`;
    return new ImageError('invalid-request', message, { hint: help });
  }
  const near = nearest(word.slice(0, mostEchoed), names);
  return new ImageError('invalid-request', `there is no command ${JSON.stringify(word)} of ${typed}`, {
    details: { option: 'command', asked: word, ...(near.length > 0 && { nearest: near }) },
    hint: didYouMean(near, help),
  });
}

/** Without the most of a long word of `args`. */
function inBrief(message: string, args: readonly string[]): string {
  const long = args.flatMap((word) => [word, word.replace(/^[^=]*=/, '')]).filter((word) => word.length > mostEchoed);
  return long.reduce((text, word) => text.replaceAll(word, `${word.slice(0, mostEchoed / 2)}…`), message);
}
