// The language of what a person reads. An English text is its own key, so that code stays readable. Imports nothing: every start loads it.

/** A text in another language for each English one. `{name}` is a place, which both have. */
export type Catalogue = Readonly<Record<string, string>>;

let catalogue: Catalogue | undefined;

/** Whether an environment asks for Simplified Chinese. Traditional Chinese stays English. */
export function asksForChinese({ LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>): boolean {
  const locale = LC_ALL || LC_MESSAGES || LANG || '';
  return /^zh(?![a-z])/i.test(locale) && !/^zh[_-](tw|hk|mo|hant)/i.test(locale);
}

/** From here on `translated` speaks the language of an environment. Loads a catalogue only if it is not English. */
export async function useLanguageOf(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (asksForChinese(env)) speak((await import('./zh.ts')).zh);
}

/** From here on `translated` speaks what a catalogue says; English without one. */
export function speak(words: Catalogue | undefined): void {
  catalogue = words;
}

/** A text in the language of the person, with its places filled; in English where the catalogue has none. */
export function translated(text: string, places?: Readonly<Record<string, string | number>>): string {
  const found = catalogue && Object.hasOwn(catalogue, text) ? catalogue[text]! : text;
  if (!places) return found;
  return found.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(places, name) ? String(places[name]) : whole,
  );
}

/** Words within prices, amounts and times, which other packages put together. */
const amountWords =
  /\b(?:to|price unknown|known only afterwards|unknown|free|about|per further megapixel|per megapixel|per picture given|per megapixel given)\b/g;

/** `about 0.06 CNY`, `free`, `0.03 USD per megapixel`, `0.1 s to 2.0 s`, with its words in the language of the person. */
export function translatedAmount(text: string): string {
  return catalogue ? text.replace(amountWords, (word) => translated(word)) : text;
}

/** `1 picture`, `2 pictures`. */
export function translatedCount(count: number, word: string): string {
  return translated(count === 1 ? `{count} ${word}` : `{count} ${word}s`, { count });
}
