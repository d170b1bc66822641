// Text in the form in which the index keeps it and is searched.

/** Scripts without spaces between words: each letter is a word, and a word is a row of letters. */
const letters = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}々ー]/gu;

/** The text with spaces around Chinese, Japanese and Korean letters, widths and case evened out. */
export function searchText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(letters, ' $& ').replace(/\s+/g, ' ').trim();
}

/**
 * The query that finds pictures with all words of `search`. A word is found by its beginning; Chinese, Japanese and Korean by any
 * letters in a row. `undefined` if there is nothing to look for.
 */
export function searchQuery(search: string): string | undefined {
  const phrases = search
    .split(/\s+/)
    .map(searchText)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => `"${word.replaceAll('"', '""')}"*`);
  return phrases.length ? phrases.join(' ') : undefined;
}
