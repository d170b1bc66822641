// Which characters of a text are shown: those that can be seen. What hides, moves or speaks to machines alone is taken out.

/** Most combining marks that one letter carries in any script's ordinary text. */
const mostMarks = 8;

/** Scripts in which a joiner changes how letters look. */
const scripts = ['Arabic', 'Syriac', 'Mongolian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil']
  .concat(['Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Tibetan'])
  .map((script) => `\\p{Script=${script}}`)
  .join('');
/** What can be seen of them: Mongolian has a separator that cannot. */
const joining = `[[${scripts}]--[\\p{Cf}\\p{Default_Ignorable_Code_Point}]]`;

/** Characters that are seen only in what stands around them: one joiner between such letters or emoji, one selector after an emoji. */
const seenInPlace = [
  `(?<=${joining}\\p{M}*)[\\u200C\\u200D](?=${joining})`,
  '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]\\uFE0F?)\\u200D(?=\\p{Extended_Pictographic})',
  '(?<=[\\p{Emoji}])[\\uFE0E\\uFE0F]',
].join('|');

/** Control, direction, zero-width, tag and other characters without a look of their own, and halves of characters. */
const unseen = '[[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}]--\\n]';

/** JSON text in which characters that hide or move others are escaped: it can be shown anywhere, and holds the same value. */
export function escapeUnseen(json: string): string {
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (found) => {
    const units = Array.from({ length: found.length }, (_, at) => found.charCodeAt(at).toString(16).padStart(4, '0'));
    return units.map((unit) => `\\u${unit}`).join('');
  });
}

/**
 * What a terminal obeys, with all that it takes for a part of it. No part goes on past the beginning of another one, so that a text of
 * beginnings is read once, and not once from each.
 */
const sequences = [
  String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)`, // titles, links, the clipboard
  String.raw`(?:\x1b\[|\x9b)[0-?]*[ -\/]*[@-~]`, // colours, the cursor
  String.raw`\x1b[ -\/]*[0-~]`, // all others
].join('|');

const isPlain = /^[\n\x20-\x7E]*$/;

/** Made when they are needed first: most texts are plain, and programs that start have none. */
let obeyed: RegExp | undefined;
let hidden: RegExp | undefined;
let piled: RegExp | undefined;

/**
 * The text as it can be shown anywhere: no control sequences, no characters that hide, reorder or cannot be seen, lines ended by `\n`.
 * What needs a joiner or a selector to look right (emoji, Persian, Hindi …) keeps it.
 */
export function cleanText(text: string): string {
  if (isPlain.test(text)) return text;
  obeyed ??= new RegExp(sequences, 'g');
  hidden ??= new RegExp(`(${seenInPlace})|${unseen}`, 'gv');
  piled ??= new RegExp(`(\\p{M}{${mostMarks}})\\p{M}+`, 'gu');
  return text
    .replace(obeyed, '')
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/[\t\v\f]/g, ' ')
    .replace(hidden, '$1')
    .replace(piled, '$1');
}
