// The commands on pictures that were made.

import type { Command } from 'commander';
import { makeFlags, money, pageSize, pictureId } from '../request/flags.ts';
import { timeSpan } from '../request/history/time-span.ts';
import { lazily } from './lazily.ts';
import { addOptions } from './words/meant-command.ts';

/** Adds edit, again, compare, and what tells of pictures that were made. */
export function addPictures(program: Command): void {
  const edit = program
    .command('edit')
    .description('change a picture as the words say')
    .argument('<picture>', pictureText)
    .argument('[prompt...]', 'how it is to be changed; - reads it from stdin')
    .addHelpText('after', editHelp)
    .action(lazily(async () => (await import('../commands/pictures/edit.ts')).editAsAsked));
  addOptions(edit, makeFlags);
  addRecords(program);
  const again = program
    .command('again')
    .description('make a picture again, with what the flags change')
    .argument('<picture>', 'its path or that of its sidecar, last, or an id of the history')
    .action(lazily(async () => (await import('../commands/pictures/again.ts')).again));
  addOptions(again, makeFlags);
  const compare = program
    .command('compare')
    .description('ask several models for the same, and lay their pictures side by side')
    .argument('<prompt...>', 'what to draw; - reads it from stdin')
    .addHelpText('after', compareHelp)
    .action(lazily(async () => (await import('../commands/pictures/compare.ts')).compare));
  addOptions(compare, makeFlags);
}

const openHelp = `
Examples:
  anyimage open last
  anyimage open boat.png night.png
  anyimage "a paper boat" --open   opens it as soon as it is made`;

/** Adds history, info, open, diff, stats and rm. */
function addRecords(program: Command): void {
  const history = program
    .command('history')
    .description('show the pictures that were made, newest first')
    .argument('[words...]', 'only those with these words in their prompt or model');
  addFilter(history)
    .option('--limit <count>', 'how many (default: 20)', pageSize)
    .option('--before <id>', 'the page after the one that ended with this number', pictureId)
    .option('--preview', 'show them in the terminal, too, each above its id')
    .option('--rebuild', 'read all sidecars again')
    .option('--scan <folder>', 'take in the sidecars of another folder; may be given again', collect)
    .option('--json', 'print JSON')
    .addHelpText('after', historyHelp)
    .action(lazily(async () => (await import('../commands/pictures/history.ts')).history));
  program
    .command('info')
    .description('tell how a picture was made')
    .argument('<picture>', 'its path or that of its sidecar, last, or an id of the history')
    .option('--embed <file>', 'write that into a copy of the picture: png, jpeg or webp')
    .option('--force', 'replace an existing file')
    .option('--json', 'print JSON')
    .addHelpText('after', infoHelp)
    .action(lazily(async () => (await import('../commands/pictures/info.ts')).info));
  program
    .command('open')
    .description('open pictures in the viewer of this machine')
    .argument('<picture...>', 'path, last, or an id of the history')
    .option('--json', 'print JSON')
    .addHelpText('after', openHelp)
    .action(lazily(async () => (await import('../commands/pictures/open.ts')).open));
  program
    .command('diff')
    .description('tell what two pictures have not in common: words, seed, model, and how many pixels')
    .argument('<a>', 'a path, last, or an id of the history')
    .argument('<b>', 'the other')
    .option('-o, --output <file>', 'a png with both beside each other, and what differs')
    .option('--force', 'replace an existing file')
    .option('--json', 'print JSON')
    .addHelpText('after', diffHelp)
    .action(lazily(async () => (await import('../commands/pictures/diff.ts')).diff));
  const stats = program
    .command('stats')
    .description('show how many pictures were made and what they cost, by month and model')
    .argument('[words...]', 'only those with these words in their prompt or model');
  addFilter(stats)
    .option('--json', 'print JSON')
    .addHelpText('after', statsHelp)
    .action(lazily(async () => (await import('../commands/pictures/stats.ts')).stats));
  program
    .command('rm')
    .description('remove pictures, with their sidecars and their places in the history')
    .argument('<picture...>', 'paths, last, or ids of the history')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', removeHelp)
    .action(lazily(async () => (await import('../commands/pictures/remove.ts')).removePictures));
}

/** Adds the flags that say which pictures of the history are meant. */
function addFilter(command: Command): Command {
  return command
    .option('-m, --model <name>', 'only those of a model, or of a part of its name')
    .option('--since <day>', 'made that day or later: 2026-11-20, 2026-11, today, yesterday, 7d, 12h', (text) =>
      timeSpan(text),
    )
    .option('--until <day>', 'made up to the end of that day', (text) => timeSpan(text))
    .option('--min-cost <price>', 'that cost at least this, such as 0.05USD', (text) => money(text));
}

const historyHelp = `
The id of a picture stands for its bytes. info, edit, again, diff and rm take it, or the beginning of it, and last or last:2. A picture
that was moved is looked for in the folders that pictures were put in, in the current one, and right below them.

--json prints { pictures: [{ id, picture, path, exists, movedTo, model, prompt, seed, width, height, mediaType, bytes, sha256, cost, createdAt }], next }.
id is a number for --before, picture the id. cost is a list of { amount, currency, estimated }, or null if nobody knows it.`;

const infoHelp = `
--embed writes prompt, model, seed, date and version into a copy, as XMP and EXIF, which viewers read, with IPTC's mark of AI-made pictures.
The pixels are the same, and the picture itself stays as it is. One that is signed (C2PA) is refused: its signature would break.
info reads such a copy anywhere, and says that its file alone tells it.

It says, too, whether the file carries a C2PA manifest, with which a service signs its pictures, and what is named in it as its maker. Whether
that holds is not verified.

--json prints { path, … } with all that the sidecar holds: prompt { original, sent }, model, seed, request, applied, cost, timings, createdAt,
width, height, mediaType, bytes, sha256 …, c2pa { present, generator, verified: false }, embedded (the copy), inFile { software, verified: false } where the file alone tells it, and gone, changed or foundAt where the picture is not beside its sidecar.`;

const diffHelp = `
A prompt is shown with what is only in the first as [-…-], and what is only in the second as {+…+}. Pixels are compared where both
pictures have the same size.

--json prints { a, b, words: [{ word, a, b }], pixels: { width, height, changed }, sheet }: changed is a share, 0 to 1; words is null where
nothing is known of one of them. Where pixels cannot be compared it is { problem }.

Examples:
  anyimage diff last:2 last
  anyimage diff boat.png p-3f9a1c02 -o both.png`;

const statsHelp = `
What calls cost that made no picture is not in it: the history knows pictures. Months are those of this machine's clock.

--json prints { pictures, unknown, cost, months: [{ month, model, pictures, unknown, cost }] }: cost is a list of { amount, currency,
estimated }, one for each currency; unknown counts the pictures of which nobody knows the price.

Examples:
  anyimage stats
  anyimage stats --since 2026-11 -m openai`;

const removeHelp = `
A file is removed only if it has the bytes that were made: one that was changed stays. Tickets and what was counted as spent stay, too.

--json prints { removed: [{ path, files }], errors: [{ code, message, hint }] }.

Examples:
  anyimage rm boat.png
  anyimage rm last p-3f9a1c02 --yes`;

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
