// What the flags of a batch say of its rows, before the file is read.

import { ImageError } from '@anyimage/core';
import { formatOfPath, type RowFormat, readTemplate, readVariations, type Template, waysOf } from '@anyimage/host';
import type { BatchFlags } from '../../../request/batch-flags.ts';
import type { MakeFlags } from '../../../request/flags.ts';
import { checkVaried, wordOfColumn } from '../../../request/row-words.ts';

/** A way in which each row is made: what is varied, and what it is here. */
export type Way = ReadonlyMap<string, string>;

/** What a batch is made of. */
export interface BatchSpec {
  readonly path: string;
  readonly format: RowFormat;
  readonly prompt: Template | undefined;
  readonly name: Template;
  /** With its dot, where the names say in which format the pictures are wanted. */
  readonly ending: string;
  readonly ways: readonly Way[];
  /** What all rows have in common. */
  readonly flags: MakeFlags;
}

/** Flags that say nothing of a row's picture. */
const ofTheRun = ['prompt', 'vary', 'name', 'inputFormat', 'atOnce', 'budget', 'output'] as const;
const alsoOfTheRun = ['retryUncertain', 'retryRefused', 'yes', 'json', 'dryRun'] as const;

/** Throws `invalid-request`. */
export function readSpec(path: string, format: RowFormat, flags: BatchFlags): BatchSpec {
  const { prompt, vary = [], name = '{{n}}-{{prompt}}' } = flags;
  const template = prompt === undefined ? undefined : readTemplate(prompt, 'prompt');
  const [stem, ending] = partsOfName(name);
  const names = readTemplate(stem, 'name');
  refuseSigns(names, name);
  const variations = readVariations(vary);
  const places = [...(template?.names ?? []), ...names.names];
  for (const one of variations) {
    checkVaried(one.name, places);
    refuseTwice(one.name, flags, template);
  }
  const own: ReadonlySet<string> = new Set([...ofTheRun, ...alsoOfTheRun]);
  const all = Object.fromEntries(Object.entries(flags).filter(([flag]) => !own.has(flag)));
  return { path, format, prompt: template, name: names, ending, ways: waysOf(variations), flags: all };
}

/** `{{n}}.png` asks for PNG. */
function partsOfName(name: string): readonly [stem: string, ending: string] {
  const ending = /\.[a-z]+$/i.exec(name)?.[0] ?? '';
  return formatOfPath(`x${ending}`) ? [name.slice(0, -ending.length), ending] : [name, ''];
}

/** What no system takes in names of files. */
function refuseSigns({ fill }: Template, asked: string): void {
  const sign = [...fill(() => '')].find((one) => '\\/:*?"<>|.'.includes(one) || one < ' ');
  if (sign === undefined) return;
  throw new ImageError('invalid-request', `name: the name of a picture cannot hold ${JSON.stringify(sign)}`, {
    details: { option: 'name', asked },
    hint: 'Write such as --name "{{n}}-{{prompt}}", or --name "{{n}}.png"; -o names the folder.',
  });
}

/** What is varied is not said for all rows, too. */
function refuseTwice(varied: string, flags: BatchFlags, template: Template | undefined): void {
  const word = template?.names.includes(varied) ? undefined : wordOfColumn(varied);
  if (word === undefined || !Object.hasOwn(flags, word)) return;
  throw new ImageError('invalid-request', `vary: ${word} is given for all rows, too`, {
    details: { option: 'vary', asked: varied },
    hint: 'Leave one of the two out.',
  });
}
