// Text in the form that the index keeps and is asked in.

/** Scripts without spaces between words: each letter is a word, and a word is a row of letters. */
const letters = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}々ー]/gu;

/** The text with spaces around Chinese, Japanese and Korean letters, widths and case evened out. */
export function searchText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(letters, ' $& ').replace(/\s+/g, ' ').trim();
}

/**
 * What to ask the index for: pictures with all words of `search`, each from its beginning; of Chinese, Japanese and Korean any row
 * of letters, also one. `undefined` if there is nothing to look for.
 */
export function searchQuery(search: string): string | undefined {
  const phrases = search
    .split(/\s+/)
    .map(searchText)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => `"${word.replaceAll('"', '""')}"*`);
  return phrases.length ? phrases.join(' ') : undefined;
}
