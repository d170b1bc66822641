// The language of a text as far as its script tells. Latin and Cyrillic letters serve many languages: those are left to a
// detector that knows words (see `PromptSettings.detect`).

const scripts: readonly (readonly [language: string, letters: RegExp])[] = [
  ['ja', /\p{Script=Hiragana}|\p{Script=Katakana}/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['ka', /\p{Script=Georgian}/gu],
  ['hy', /\p{Script=Armenian}/gu],
  ['ta', /\p{Script=Tamil}/gu],
  ['te', /\p{Script=Telugu}/gu],
  ['bn', /\p{Script=Bengali}/gu],
];

/** ISO 639-1 by script alone; `undefined` where a script serves several languages, or the text is mostly something else. */
export function detectScript(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  // Kana decides for Japanese even among many Han signs; any other script must make up half of the letters.
  for (const [language, pattern] of scripts) {
    const count = text.match(pattern)?.length ?? 0;
    if (count > 0 && count >= letters * (language === 'ja' ? 0.1 : 0.5)) return language;
  }
  return undefined;
}
