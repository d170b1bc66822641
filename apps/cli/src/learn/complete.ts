// What may stand at the end of a command line: commands and flags, which are known, and values, which depend on the machine.

import type { Command, Option } from 'commander';
import { findOption, isOfAll, nextArgument, type Place, placeAfter } from './place.ts';

export interface Candidate {
  readonly value: string;
  /** What it is, a few words. */
  readonly about?: string;
}

/** The values of a flag or an argument of this machine. */
export interface Values {
  ofOption(option: Option, place: Place): Promise<readonly Candidate[]>;
  ofArgument(name: string, place: Place): Promise<readonly Candidate[]>;
}

/** More help nobody. */
const mostCandidates = 200;

/**
 * What may take the place of `current`, the word that is being typed after `words`. None where a file is wanted, or where nothing is known: the
 * shell completes files then. `loadValues` is called only if values are asked for.
 */
export async function complete(
  program: Command,
  words: readonly string[],
  current: string,
  loadValues: () => Promise<Values>,
): Promise<readonly Candidate[]> {
  const place = placeAfter(program, words);
  const found = await candidatesAt(place, program, current, loadValues);
  return found.filter(({ value }) => value.startsWith(current) && isPlain(value)).slice(0, mostCandidates);
}

/** What comes from outside, such as a model's id, is typed for the person only where no shell reads more into it. */
function isPlain(value: string): boolean {
  return /^[\p{L}\p{N}._/:@%+=,-]+$/u.test(value);
}

async function candidatesAt(
  place: Place,
  program: Command,
  current: string,
  loadValues: () => Promise<Values>,
): Promise<readonly Candidate[]> {
  const { command, option, isMarked, operands } = place;
  if (option) return valuesOf(option, place, loadValues);
  const [, name, typed] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined && typed !== undefined && !isMarked) {
    const found = findOption(command, program, name);
    const values = found ? await valuesOf(found, place, loadValues) : [];
    return values.map((one) => ({ ...one, value: `${name}=${one.value}` }));
  }
  if (current.startsWith('-') && !isMarked) return flagsOf(place, program);
  if (command.parent === program && command.name() === 'help') return commandsOf(placeAfter(program, operands).command);
  const commands = operands.length === 0 && !isMarked ? commandsOf(command) : [];
  const argument = command === program ? undefined : nextArgument(place);
  const { argChoices } = argument ?? {};
  if (argChoices) return [...commands, ...argChoices.map((value) => ({ value }))];
  const values = argument ? await (await loadValues()).ofArgument(argument.name(), place) : [];
  return [...commands, ...values];
}

async function valuesOf(
  option: Option,
  place: Place,
  loadValues: () => Promise<Values>,
): Promise<readonly Candidate[]> {
  if (option.argChoices) return option.argChoices.map((value) => ({ value }));
  return (await loadValues()).ofOption(option, place);
}

function commandsOf(command: Command): Candidate[] {
  return visible(command).map((one) => ({ value: one.name(), about: one.description() }));
}

function visible(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

/** A flag that takes one value and has it is not offered again. */
function flagsOf({ command, given }: Place, program: Command): Candidate[] {
  const own = command.createHelp().visibleOptions(command);
  const others = command === program ? [] : program.options.filter((option) => isOfAll(option));
  const all = [...own, ...others.filter(({ long }) => !own.some((option) => option.long === long))];
  const isOpen = (option: Option) => !given.has(option.attributeName()) || (option.parseArg?.length ?? 0) > 1;
  return all.filter(isOpen).map((option) => ({ value: option.long ?? option.short!, about: option.description }));
}
