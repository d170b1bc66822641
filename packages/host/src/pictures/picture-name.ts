// File names that people recognise, made of what they asked for. Letters and digits only: a prompt may hold anything.

const mostWords = 6;
const mostBytes = 60;
const articles: ReadonlySet<string> = new Set(['a', 'an', 'the']);

/**
 * A name without ending: `"A paper boat at dawn!"` and `"7f3a"` give `paper-boat-at-dawn-7f3a`. At most 60 bytes and the
 * suffix; legal on every system; letters of all scripts stay. A prompt without letters gives `picture-7f3a`.
 */
export function pictureName(prompt: string, suffix: string): string {
  return `${wordsForName(prompt) || 'picture'}-${suffix}`;
}

/** The first words of a text as a part of such a name, at most 60 bytes; empty if it has none. */
export function wordsForName(text: string): string {
  const words =
    text
      .slice(0, 1000)
      .normalize('NFC')
      .toLowerCase()
      .normalize('NFC')
      .replace(/['’]/g, '')
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  if (words.length > 1 && articles.has(words[0]!)) words.shift();
  let name = '';
  for (const word of words.slice(0, mostWords)) {
    const longer = name ? `${name}-${word}` : cut(word);
    if (Buffer.byteLength(longer) > mostBytes) break;
    name = longer;
  }
  return name;
}

/** The longest beginning that fits: scripts without spaces make one long word of a sentence. */
function cut(word: string): string {
  let bytes = 0;
  let kept = '';
  for (const letter of word) {
    bytes += Buffer.byteLength(letter);
    if (bytes > mostBytes) break;
    kept += letter;
  }
  return kept;
}
