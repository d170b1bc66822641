// The language of a prompt, where its letters alone do not tell. A wrong guess costs a translation that nobody needs, so only a clear
// answer counts: short prompts, names, and what might as well be English are left alone.

import { detectScript } from '@anyimage/core';
import { countSigns } from './language-signs.ts';

/** The answer must be this much surer than English (scores go from 0 to 1). */
const clear = 0.1;
/** Where no small word and no letter speaks for another language, the text must be this long, in words, and the answer this sure. */
const unsigned = { words: 8, clear: 0.3 } as const;
const fewestWords = 3;
/** A text's beginning tells its language. The search for quotations may read what follows once for each quotation mark. */
const enough = 4000;
/** Scores nearer than this are a tie. */
const tie = 0.02;

/** ISO 639-1, or `undefined` if it is not clear. The detector is loaded on first use. */
export async function detectLanguage(text: string): Promise<string | undefined> {
  const prompt = text.slice(0, enough).replace(/"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」/g, ' ');
  const script = detectScript(prompt);
  if (script) return script;
  const words = prompt.match(/\p{L}[\p{L}\p{M}]+/gu) ?? [];
  const isLatin = words.every((word) => /\p{Script=Latin}/u.test(word));
  if ((isLatin ? words : (prompt.match(/\p{L}+/gu) ?? [])).length < fewestWords) return undefined;
  const signs = isLatin ? countSigns(words) : undefined;
  if (signs && signs.foreign <= signs.english && signs.english > 0) return undefined;
  const { eld } = await import('eld/extrasmall');
  const result = eld.detect(prompt);
  const scores = result.getScores();
  const best = scores[result.language] ?? 0;
  const ahead = best - (scores.en ?? 0);
  if (!result.isReliable() || ahead < clear) return undefined;
  if (signs?.foreign === 0 && (signs.words < unsigned.words || ahead < unsigned.clear)) return undefined;
  // Russian and its neighbours share most short words; the most widely written is the likeliest.
  return best - (scores.ru ?? 0) < tie ? 'ru' : result.language;
}
