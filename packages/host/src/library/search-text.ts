// Text in the form in which the index keeps it and is searched: tokens with a space between two. What is a letter is decided here, and
// not by SQLite's table of Unicode, which knows neither the marks of Thai nor emoji.

/** Each of them is a token: what people see as one sign, whatever it is made of. Kept as it is: some are else taken for letters. */
const emoji = /(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u20e3)/u;

/** Accents and points, the stroke that makes Arabic words wider, and what cannot be seen. Not the marks that make another letter of kana. */
const ignored =
  /[\p{Default_Ignorable_Code_Point}\u0640]|(?![\u3099\u309a])(?=\p{M})[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}]/gu;

/** Between words. */
const separators = /[\p{P}\p{Z}\p{Cc}\p{Cs}]|(?=\p{ASCII})\p{S}/gu;

/**
 * Each of them is a token: letters and marks of scripts without spaces between words, where a word is a row of letters; signs; and what
 * Unicode did not know when this Node was made.
 */
const single =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Yi}\p{scx=Tangut}\p{scx=Nushu}\p{scx=Khitan_Small_Script}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}\p{scx=Tai_Le}\p{scx=New_Tai_Lue}\p{scx=Tai_Tham}\p{scx=Tai_Viet}\p{scx=Javanese}\p{scx=Balinese}\p{S}\p{Cn}]/gu;

/** The tokens of a text. Case, widths and accents are evened out: `Straße` and `STRASSE` are one. */
export function searchText(text: string): string {
  // At odd places of a split with a group is what the group found.
  const parts = text.split(emoji).map((part, at) => (at % 2 ? ` ${part} ` : tokens(part)));
  return parts.join('').replace(/\s+/g, ' ').trim();
}

function tokens(text: string): string {
  const plain = text.normalize('NFKD').replace(ignored, '');
  // There and back: ß becomes ss, and a capital ẞ first becomes ß.
  const folded = plain.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return folded.normalize('NFC').replace(separators, ' ').replace(single, ' $& ');
}

/**
 * The query that finds pictures with all words of `search`. A word is found by its beginning; emoji and scripts without spaces between
 * words by any signs in a row. `undefined` if there is nothing to look for.
 */
export function searchQuery(search: string): string | undefined {
  const phrases = search
    .split(/\s+/)
    .map(searchText)
    .filter(Boolean)
    .map((word) => `"${word}"*`);
  return phrases.length ? phrases.join(' ') : undefined;
}
