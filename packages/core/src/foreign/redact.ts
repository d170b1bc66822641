// A key in a text, in whatever form somebody wrote it there.

/** What must stand in no text: a key, or several secrets. */
export type Hidden = string | readonly string[] | undefined;

/** The text with every occurrence of a secret replaced by `***`: as it is, escaped (URL, JSON, HTML), in base64 and in hex. */
export function redact(text: string, hidden: Hidden): string {
  if (!hidden || text === '') return text;
  return typeof hidden === 'string' ? withoutKey(text, hidden) : hidden.reduce(withoutKey, text);
}

function withoutKey(text: string, key: string): string {
  if (key === '') return text;
  let forms = known.get(key);
  if (!forms) {
    if (known.size >= mostKnown) known.clear();
    forms = { begin: formsOf(key.slice(0, beginning)) };
    known.set(key, forms);
  }
  if (text.search(forms.begin) < 0) return text;
  forms.pieces ??= piecesOf(key).map(formsOf);
  return withoutRanges(text, rangesOf(text, forms.pieces));
}

/** Keys shorter than this have no encoding that a text would not hold by chance, bytes. */
const shortest = 6;

/** Few texts hold a key: in what its first characters are not, all of it is not, which is found out at a small part of the cost. */
const beginning = 24;

/** A key that expires may have thousands of characters, and an expression of so many parts overflows: they are looked for in pieces. */
const pieceLength = 96;

/** Pieces share so many characters, since neighbours decide the signs at both ends of what is encoded. */
const shared = 8;

/** How a key may be written: how that begins, and each piece of it, once they were needed. */
interface Forms {
  readonly begin: RegExp;
  pieces?: readonly RegExp[];
}

/** The forms of the keys that were asked for last: a program has few. */
const known = new Map<string, Forms>();
const mostKnown = 16;

/** The key in pieces of the same length that overlap; the last one ends with it. */
function piecesOf(key: string): string[] {
  const last = Math.max(0, key.length - pieceLength);
  const count = Math.ceil(last / (pieceLength - shared)) + 1;
  const starts = Array.from({ length: count }, (_, index) => Math.min(last, index * (pieceLength - shared)));
  return starts.map((start) => key.slice(start, start + pieceLength));
}

type Range = readonly [from: number, to: number];

/** Where the pieces stand, in the order of the text. */
function rangesOf(text: string, pieces: readonly RegExp[]): Range[] {
  return pieces.flatMap((piece) => [...placesOf(text, piece)]).sort(([one], [other]) => one - other);
}

/** All places of a piece. In a key that repeats itself they overlap. */
function* placesOf(text: string, piece: RegExp): Generator<Range> {
  piece.lastIndex = 0;
  for (let match = piece.exec(text); match; match = piece.exec(text)) {
    yield [match.index, match.index + match[0].length];
    piece.lastIndex = match.index + 1;
  }
}

function withoutRanges(text: string, ranges: readonly Range[]): string {
  let shown = '';
  let end = 0;
  for (const [from, to] of ranges) {
    if (from >= end) shown += `${text.slice(end, from)}***`;
    end = Math.max(end, to);
  }
  return shown + text.slice(end);
}

function formsOf(key: string): RegExp {
  const bytes = Buffer.from(key);
  const whole = [...key].map(spellings);
  if (bytes.length < shortest) return new RegExp(`${first}${whole.join(behind)}`, 'g');
  const encoded = [0, 1, 2].map((offset) => inBase64(bytes, offset));
  const hex = [...bytes].map(hexOf);
  const forms = [whole, ...encoded, hex].map((signs) => signs.join(`${between}${behind}`));
  // Names of hosts have lost their case.
  return new RegExp(`${first}(?:${forms.join('|')})`, 'gi');
}

/** What may stand before a sign: before the first, no more than one backslash, or a text of them would be read once from each. */
const first = '\\\\?';
const behind = '\\\\*';

/** A long text may have been broken into lines. */
const between = '\\s*';

/** A character as it is, or escaped for a URL (once or more often), for JSON, for JavaScript or for HTML, without backslashes. */
function spellings(character: string): string {
  const escapes = [...Buffer.from(character)].map((byte) => `%(?:25)*${hexOf(byte)}`).join('');
  const unit = character.charCodeAt(0).toString(16).padStart(4, '0');
  const point = character.codePointAt(0)!;
  const hex = point.toString(16);
  const entity = `&#(?:0*${point}|x0*${hex});?`;
  return `(?:${literal(character)}|${escapes}|u${unit}|u\\{0*${hex}\\}|x${hex.padStart(2, '0')}|${entity})`;
}

/** What base64 has of the bytes wherever they stand, `offset` bytes behind a multiple of three: neighbours decide the signs at the ends. */
function inBase64(bytes: Uint8Array, offset: number): string[] {
  const text = Buffer.concat([new Uint8Array(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const whole = text.slice(offset && offset + 1, (offset + bytes.length) % 3 === 0 ? undefined : -1);
  const others: { readonly [sign: string]: string } = { '+': '-', '/': '_' };
  return [...whole].map((sign) => (others[sign] ? `(?:${spellings(sign)}|${others[sign]})` : sign));
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
