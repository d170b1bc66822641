// A key in a text, in whatever form somebody wrote it there.

/** The text with every occurrence of the key replaced by `***`: as it is, escaped (URL, JSON, HTML), in base64 and in hex. */
export function redact(text: string, key: string | undefined): string {
  if (!key || text === '') return text;
  if (last?.key !== key) last = { key, forms: formsOf(key) };
  return text.replace(last.forms, '***');
}

/** Keys shorter than this have no encoding that a text would not hold by chance, bytes. */
const shortest = 6;

/** The forms of the key that was asked for last: a program has few. */
let last: { readonly key: string; readonly forms: RegExp } | undefined;

function formsOf(key: string): RegExp {
  const bytes = Buffer.from(key);
  const encoded = bytes.length < shortest ? [] : [0, 1, 2].map((offset) => inBase64(bytes, offset));
  const hex = bytes.length < shortest ? [] : [[...bytes].map((byte) => anyCase(hexOf(byte))).join('')];
  return new RegExp([[...key].map(spellings).join(''), ...encoded, ...hex].join('|'), 'g');
}

/** A character as it is, or escaped for a URL (once or more often), for JSON or for HTML. */
function spellings(character: string): string {
  const escapes = [...Buffer.from(character)].map((byte) => `%(?:25)*${anyCase(hexOf(byte))}`).join('');
  const unit = anyCase(character.charCodeAt(0).toString(16).padStart(4, '0'));
  const point = character.codePointAt(0)!;
  const entity = `&#(?:0*${point}|[xX]0*${anyCase(point.toString(16))});?`;
  return `(?:\\\\*${literal(character)}|${escapes}|\\\\+u${unit}|${entity})`;
}

/** What base64 has of the bytes wherever they stand, `offset` bytes behind a multiple of three: neighbours decide the signs at the ends. */
function inBase64(bytes: Uint8Array, offset: number): string {
  const text = Buffer.concat([new Uint8Array(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const whole = text.slice(offset && offset + 1, (offset + bytes.length) % 3 === 0 ? undefined : -1);
  const signs: { readonly [sign: string]: string } = { '+': '(?:[-+]|%2[bB])', '/': '(?:[_/]|%2[fF]|\\\\/)' };
  return [...whole].map((sign) => signs[sign] ?? sign).join('');
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
