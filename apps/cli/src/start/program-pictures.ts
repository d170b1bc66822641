// The commands on pictures that were made.

import type { Command } from 'commander';
import { makeFlags, pageSize, pictureId } from '../request/flags.ts';
import { lazily } from './lazily.ts';

/** Adds edit, history, info, open, again and compare. */
export function addPictures(program: Command): void {
  const edit = program
    .command('edit')
    .description('change a picture as the words say')
    .argument('<picture>', pictureText)
    .argument('[prompt...]', 'how it is to be changed; - reads it from stdin')
    .addHelpText('after', editHelp)
    .action(lazily(async () => (await import('../commands/pictures/edit.ts')).editAsAsked));
  for (const option of makeFlags()) edit.addOption(option);
  program
    .command('history')
    .description('show the pictures that were made, newest first')
    .argument('[words...]', 'only those with these words in their prompt or model')
    .option('--limit <count>', 'how many (default: 20)', pageSize)
    .option('--before <id>', 'the page after the one that ended with this id', pictureId)
    .option('--rebuild', 'read all sidecars again')
    .option('--scan <folder>', 'take in the sidecars of another folder', collect)
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/pictures/history.ts')).history));
  program
    .command('info')
    .description('tell how a picture was made')
    .argument('<picture>', 'its path or that of its sidecar, last, or an id of the history')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/pictures/info.ts')).info));
  program
    .command('open')
    .description('open pictures in the viewer of this machine')
    .argument('<picture...>', 'path, last, or an id of the history')
    .option('--json', 'print JSON')
    .addHelpText('after', openHelp)
    .action(lazily(async () => (await import('../commands/pictures/open.ts')).open));
  const again = program
    .command('again')
    .description('make a picture again, with what the flags change')
    .argument('<picture>', 'its path or that of its sidecar, last, or an id of the history')
    .action(lazily(async () => (await import('../commands/pictures/again.ts')).again));
  for (const option of makeFlags()) again.addOption(option);
  const compare = program
    .command('compare')
    .description('ask several models for the same, and lay their pictures side by side')
    .argument('<prompt...>', 'what to draw; - reads it from stdin')
    .addHelpText('after', compareHelp)
    .action(lazily(async () => (await import('../commands/pictures/compare.ts')).compare));
  for (const option of makeFlags()) compare.addOption(option);
}

const openHelp = `
Examples:
  anyimage open last
  anyimage open boat.png night.png
  anyimage "a paper boat" --open   opens it as soon as it is made`;

const compareHelp = `
Each -m is a model to compare: here none stands in for another. Where one of them does not take the request, nothing is sent to any.
The pictures go to a folder of their own, with compare.png, which shows all of them with model, time and cost.

Examples:
  anyimage compare "a paper boat" -m sketch -m cogview -m google
  anyimage compare "a paper boat" -m cogview -m openai --size 1024x1024 --dry-run   what it would cost
  anyimage compare "make it night" -i boat.png -m google -m openai --adapt -o night/`;

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

const pictureText = 'path, URL, last, an id of the history, clipboard, or - for stdin';

const editHelp = `
With a mask, only what that marks is repainted: --mask-region, --mask-ellipse, or --mask with a picture. What else models
can do with a picture has commands of its own, such as anyimage upscale: anyimage --help lists them.

Examples:
  anyimage edit photo.jpg "make it winter"
  anyimage edit last "a red door" --mask-region 40%,50%,20%,50%
  anyimage edit clipboard "remove the text" -o clean.png
  cat boat.png | anyimage edit - "make it night" -o - | anyimage edit - "add a balloon" -o night.png`;
