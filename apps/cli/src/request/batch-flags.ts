// The flags of a batch, as data: those of a picture, which hold for all rows, and its own.

import { type NumberRange, parseNumber, rangeText } from '@anyimage/host/numbers';
import { InvalidArgumentError, Option } from 'commander';
import { type MakeFlags, makeFlags, money } from './flags.ts';

/** What the flags of a batch hold after parsing, as far as they were given. */
export interface BatchFlags extends Omit<MakeFlags, 'force'> {
  /** A template of prompts. */
  readonly prompt?: string;
  readonly vary?: readonly string[];
  /** A template of names. */
  readonly name?: string;
  readonly inputFormat?: 'txt' | 'csv' | 'jsonl';
  readonly atOnce?: number;
  readonly budget?: { readonly amount: number; readonly currency: string };
  readonly retryUncertain?: true;
  readonly retryRefused?: true;
}

const atOnceRange: NumberRange = { least: 1, most: 1000, whole: true, example: '8' };

/** Flags of a picture that mean something else here. */
const others: ReadonlySet<string> = new Set([
  'output',
  'force',
  'json',
  'dryRun',
  'yes',
  'preview',
  'partials',
  'open',
  'embed',
  'quiet',
]);

/** In the order of the help. A new call makes new options: they collect values. */
export function batchFlags(): Option[] {
  const rows = 'The rows:';
  const run = 'The run:';
  const own = [
    flag(rows, '--prompt <template>', 'the prompt of each row, such as "a {{animal}} in {{place}}"'),
    flag(rows, '--vary <name=values>', 'make each row in several ways: model=a,b,seed=1..4').argParser(collect),
    flag(rows, '--input-format <name>', 'txt, csv or jsonl; default: as the file is named, else txt').choices([
      'txt',
      'csv',
      'jsonl',
    ]),
    flag(
      rows,
      '-o, --output <folder>',
      'where pictures, journal and report go; default: a folder called like the file',
    ),
    flag(rows, '--name <template>', 'names of pictures, such as "{{n}}-{{animal}}"; default: number and prompt'),
    flag(run, '--dry-run', 'show what would be made, what it costs and what is refused; send nothing'),
    flag(run, '--budget <price>', 'the most that this run may cost, such as 5USD').argParser(money),
    flag(run, '--at-once <count>', 'how many calls run at a time; default: what each account bears').argParser(atOnce),
    flag(run, '--retry-refused', 'ask again for rows that the service refused'),
    flag(run, '--retry-uncertain', 'ask again for rows of which nobody knows: they may be billed twice'),
    flag(run, '-y, --yes', 'do not ask before money is spent'),
    flag(run, '--json', 'print one JSON document: a member for each row, then the sums'),
  ];
  return [...own, ...makeFlags().filter((option) => !others.has(option.attributeName()))];
}

function flag(group: string, flags: string, about: string): Option {
  return new Option(flags, about).helpGroup(group);
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function atOnce(value: string): number {
  const read = parseNumber(value, atOnceRange);
  if (read !== undefined) return read;
  throw new InvalidArgumentError(`Give ${rangeText(atOnceRange)}.`);
}
