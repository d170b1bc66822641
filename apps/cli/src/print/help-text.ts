import { type Entry, listLines } from './terminal/list-lines.ts';
import { plain } from './terminal/paint.ts';
import { columnsOf, width, wrap } from './terminal/wrap.ts';
import { translated } from './words/translated.ts';

/** The second half of the help: examples, and where settings come from. In lines of any length. */
export function helpText(): string {
  const columns = Number.POSITIVE_INFINITY;
  return `
Examples:
${listText(examples, columns)}

Keys are read from the environment, else from where anyimage keys set PROVIDER put them. anyimage keys lists the variables of all services, and which are set.

Settings stay with anyimage config set KEY VALUE; the environment wins over them:
${listText(settings, columns)}

${streams}

Exit codes:
${listText(exitCodes, columns)}`;
}

/** The first things to try. */
export function examplesText(columns = helpColumns(process.stderr)): string {
  const entries = examples.map(([title, text]): Entry => [title, translated(text)]);
  return `${translated('Examples:')}\n${listText(entries, columns)}`;
}

// As in the READMEs.
export const examples: readonly Entry[] = [
  ['anyimage "a paper boat at dawn"', 'drawn on this machine: no key, no network'],
  ['anyimage "a red sailboat" --size 1344x768 -o boat.png', ''],
  ['anyimage "a cute kitten" -m cogview -n 4 -o kittens/', ''],
  ['anyimage "make it night" -i boat.png', 'change a picture'],
  ['anyimage "a red tram" --style film-photo', 'in a style; anyimage styles lists them'],
  ['anyimage init', 'set up a service: its key, a free test, what draws'],
  ['anyimage make list of birds', 'make, or --, draws words that look like a command'],
  ['anyimage history kitten', 'find what was made; info and again tell and repeat how'],
  ['anyimage models cogview', 'what a provider offers, and its prices'],
  ['anyimage jobs resume', 'fetch what is paid for and not here yet'],
  ['anyimage plugins add ./my-provider', 'add a provider that somebody else wrote'],
];

export const settings: readonly Entry[] = [
  ['ANYIMAGE_MODEL', 'the model when -m is not given; anyimage use PROVIDER keeps it'],
  ['ANYIMAGE_OUTPUT', 'the folder for pictures; default the current one'],
  ['ANYIMAGE_HOME', 'config, keys, history, tickets; default $XDG_DATA_HOME/anyimage or ~/.anyimage'],
  ['ANYIMAGE_PROFILE', 'the profile of your config to use; --profile NAME beside any command is stronger'],
  ['ANYIMAGE_MAX_IMAGE_BYTES', 'the largest picture that is taken; default 64 MiB'],
  ['ANYIMAGE_KEYCHAIN', 'off = stored keys are kept in a file, not in the keychain'],
  ['ANYIMAGE_VERBOSE=1', 'as --verbose beside every command'],
  ['ANYIMAGE_LOG_FILE', 'as --log-file beside every command'],
  ['HTTPS_PROXY, NO_PROXY, NO_COLOR, ANYIMAGE_DEBUG=1', ''],
];

const streams =
  'Paths of pictures go to stdout, everything else to stderr. Beside each picture lies a JSON file about it.';

export const exitCodes: readonly Entry[] = [
  ['0', 'all made'],
  ['3', 'some made'],
  ['1', 'none made though a service was asked'],
  ['2', 'no service was asked'],
  ['130', 'interrupted'],
];

/** As wide as commander is told to make the first half. */
export function helpColumns(stream: NodeJS.WriteStream): number {
  const columns = columnsOf(stream);
  return Number.isFinite(columns) ? Math.min(columns, 110) : 100;
}

/** Only titles that have a text beside them make the column. */
export function listText(entries: readonly Entry[], columns: number, titles = titlesOf(entries)): string {
  return listLines(entries, plain, titles, columns).join('\n');
}

function titlesOf(entries: readonly Entry[]): number {
  return Math.max(0, ...entries.filter(([, text]) => text).map(([title]) => width(title)));
}

/** `whole`: with the choices and the default behind the text. */
export function aboutText(text: string, whole: string): string {
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
