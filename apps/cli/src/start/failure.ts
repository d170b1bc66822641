// Failures that reach the top: refusals of the parser and of core, and defects of ours.

import { cleanText, didYouMean, ImageError, nearest } from '@anyimage/core';
import { unexpected } from '@anyimage/host';
import { type Command, CommanderError } from 'commander';
import { failureDocument } from '../print/document.ts';
import { sayError } from '../print/say.ts';
import { note } from '../print/terminal/output.ts';
import { printDocument } from '../print/terminal/print-document.ts';
import { commandOf, pathOf } from './words/command-path.ts';

/** Says what went wrong, in the form that was asked for, and returns the exit code: 2, or 1 for a defect of ours. */
export function reportFailure(error: unknown, args: readonly string[]): number {
  const refused = refusalOf(error);
  const known = ImageError.isInstance(refused);
  const shown = known ? refused : unexpected(refused, { hint: 'Please report it, with what ANYIMAGE_DEBUG=1 shows.' });
  if (asksForJSON(args)) printDocument(failureDocument(shown));
  sayError(shown);
  if (process.env.ANYIMAGE_DEBUG && error instanceof Error && !(error instanceof CommanderError))
    note(cleanText(error.stack ?? ''));
  return known ? 2 : 1;
}

function refusalOf(error: unknown): unknown {
  if (error instanceof CommanderError) return usageError(error);
  return (error as NodeJS.ErrnoException | null)?.syscall === 'uv_cwd' ? noFolder(error) : error;
}

/** The folder that the command was started in was deleted since, which shows when its path is needed. */
function noFolder(cause: unknown): ImageError {
  const hint = 'Go to a folder that exists, such as with cd, and try again.';
  return new ImageError('storage', 'the current folder does not exist any more', { cause, hint });
}

/** What the parser refused. Its second line, if any, suggests what was meant. */
function usageError(error: CommanderError): ImageError {
  const command = commandOf(error);
  const unknown = command && unknownSubcommand(error, command);
  if (unknown) return unknown;
  const [message, suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion?.replace(/^\((.*)\)$/, '$1');
  return new ImageError('invalid-request', message!, { hint: [hint, helpHint(command)].filter(Boolean).join(' ') });
}

/** `anyimage jobs resum`: to the parser an argument too many, of the command that runs when none is named. */
function unknownSubcommand({ code }: CommanderError, { parent, args: [word] }: Command): ImageError | undefined {
  if (code !== 'commander.excessArguments' || !parent?.parent || word === undefined) return undefined;
  // It was named itself: what follows it is one argument too many.
  if (parent.args[0] !== word) return undefined;
  const names = parent.commands.map((command) => command.name());
  return new ImageError('invalid-request', `${pathOf(parent)} has no command ${JSON.stringify(word)}`, {
    details: { asked: word },
    hint: didYouMean(nearest(word, names, 2), `There are ${names.join(', ')}.`),
  });
}

function helpHint(command: Command | undefined): string {
  return `${command ? pathOf(command) : 'anyimage'} --help shows what there is.`;
}

function asksForJSON(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}
