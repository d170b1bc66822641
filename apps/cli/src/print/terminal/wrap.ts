// Lines that fit a terminal: broken at spaces, and between the letters of scripts that have no spaces.

import { stripVTControlCharacters } from 'node:util';

/** Signs that take two columns: East Asian letters and emoji. */
const wideSigns = [
  String.raw`\u1100-\u115f`, // Hangul, as parts of a syllable
  String.raw`\u2e80-\ua4cf`, // Chinese, Japanese and their marks
  String.raw`\uac00-\ud7a3`, // Hangul
  String.raw`\uf900-\ufaff`, // more Chinese
  String.raw`\ufe30-\ufe6f\uff00-\uff60`, // marks and Latin letters of that width
  String.raw`\u{20000}-\u{3fffd}`, // rare Chinese
  String.raw`\p{Emoji_Presentation}`,
];
const wide = `[${wideSigns.join('')}]`;
/** East Asian marks that begin no line, and those that end none. */
const closing = '，。、；：！？）」』】》〉］｝';
const opening = '（「『【《〈［｛';
/** What belongs to the sign before it: accents, and what joins or colours emoji. */
const joined = String.raw`[\p{M}\u200d\u{1f3fb}-\u{1f3ff}]*`;

/** Signs of one column each that nothing breaks: most texts have no others, and the help of a start is made of them. */
const plainText = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2013-\u201d\u2026]*$/;
const isWide = new RegExp(`^${wide}$`, 'u');
const isZero = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
// A lone ~ or * is a mark of the word before it.
const spacedWords = / *[^ ]+(?: [~*](?= |$))*/gu;
const wideSign = `${wide}${joined}`;
const otherSigns = `(?!${wide})[^ ](?:(?!${wide})[^])*`;
/** What stays together within a word: a wide sign, or a run of others, with the marks that cling to it. */
const pieces = new RegExp(` *[${opening}]*(?:${wideSign}|${otherSigns})[${closing}]*`, 'gu');

/** A path or a URL, whatever its letters: one would copy half of it. It begins at a root, or ends as a file does. */
const rooted = String.raw`["'(]*(?:[a-z]+://|~?/|\.{1,2}[\\/]|[A-Za-z]:[\\/])[^ ${closing}]*`;
const named = String.raw`[^ ${closing}]*\.[A-Za-z0-9]{2,5}(?=$|[${closing}"')])["')]*`;
const place = new RegExp(`^ *(?:${rooted}|${named})[${closing}]*`, 'u');

/** How many columns a stream shows; `Infinity` where it is no terminal: what is piped is never broken. */
export function columnsOf({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number {
  return isTTY && columns ? columns : Number.POSITIVE_INFINITY;
}

/** Columns that a text takes on the screen. */
export function width(text: string): number {
  if (plainText.test(text)) return text.length;
  let sum = 0;
  for (const sign of stripVTControlCharacters(text)) sum += isWide.test(sign) ? 2 : isZero.test(sign) ? 0 : 1;
  return sum;
}

/** Filled up with spaces. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** Columns of the longest piece that `wrap` would not break. */
export function longestPiece(text: string): number {
  return Math.max(0, ...split(text).map((piece) => width(unspaced(piece))));
}

/** One text in lines of at most `columns`; a word that is longer has a line of its own. `indent` starts each line but the first. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  if (columns === Number.POSITIVE_INFINITY) return [text];
  const lines: string[] = [];
  let line: string | undefined;
  let used = 0;
  for (const piece of split(text)) {
    const length = width(piece);
    if (line !== undefined && used + length > columns) {
      lines.push(line);
      line = indent + unspaced(piece);
      used = width(line);
    } else {
      line = (line ?? '') + piece;
      used += length;
    }
  }
  return [...lines, line ?? ''];
}

/** Each line of a text wrapped, what goes on two columns deeper than the line. */
export function wrapLines(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const seen = stripVTControlCharacters(line);
      return wrap(line, columns, ' '.repeat(seen.length - unspaced(seen).length + 2));
    })
    .join('\n');
}

const escapeSign = '\u001b';
/** A colour, or one sign. */
const colourOrSign = new RegExp(String.raw`${escapeSign}\[[\d;]*m|.`, 'gsu');

/** At most `columns` of a text, with … in place of the rest. Colours that begin are ended. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let start = '';
  let colours = '';
  let used = 1;
  for (const [part] of text.matchAll(colourOrSign)) {
    used += width(part);
    if (used <= columns) start += part;
    else if (part.startsWith('\u001b[')) colours += part;
  }
  return columns < 1 ? '' : `${start.trimEnd()}…${colours}`;
}

/** What stays together, each with the spaces before it. */
function split(text: string): string[] {
  const words = text.match(spacedWords) ?? [];
  return plainText.test(text) ? words : words.flatMap(splitWord);
}

function splitWord(word: string): string[] {
  const [whole = ''] = place.exec(word) ?? [];
  const rest = word.slice(whole.length);
  return [...(whole ? [whole] : []), ...(rest ? (rest.match(pieces) ?? [rest]) : [])];
}

function unspaced(text: string): string {
  return text.replace(/^ +/, '');
}
