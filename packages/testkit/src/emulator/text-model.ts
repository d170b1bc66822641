// What emulated text models write. The same for every service, for the words are no part of its API.

/** Translations into English; `[[1]]` stands for words in quotation marks. */
const phrases = new Map([
  ['一只在海边的猫', 'A cat by the sea'],
  ['一艘红色的帆船', 'A red sailboat'],
  ['黎明时分的纸船', 'A paper boat at dawn'],
  ['黎明的纸船', 'A paper boat at dawn'],
  ['雪山', 'A snowy mountain'],
  ['Ein Papierboot bei Sonnenaufgang', 'A paper boat at sunrise'],
  ['Ein Schild mit der Aufschrift [[1]]', 'A sign that says [[1]]'],
]);

/**
 * What an emulated text model answers to `text`, told `system`. One that begins with `Translate` gives the English of a few phrases
 * and marks every other text with the language; after any other system text the words are kept and some are added. Never the same
 * text again, and marks such as `[[1]]` stay.
 */
export function writeText(system: string, text: string): string {
  const asked = text.trim();
  if (!/^\s*translate\b/i.test(system)) return `${asked}, in soft morning light`;
  const language = /\b(?:in)?to ([\p{L} ]+)/u.exec(system)?.[1]?.trim() || 'English';
  const known = language === 'English' ? phrases.get(asked) : undefined;
  return known ?? `[in ${language}] ${asked}`;
}
