// What a caller should know of a picture: which things of the prompt it does not show.

import { type ProviderCall, quotedWord, type Warning } from '@anyimage/core';
import { subjectWords } from './data/subjects.ts';
import { isAboutWhatIsThere } from './edit/edit.ts';
import { readLooks } from './edit/looks.ts';
import { isUnread, undrawnIn } from './read/undrawn.ts';

/** So many things are named, and as many characters of each. */
const mostNamed = 4;
const longestNamed = 30;
const examples =
  'cats, dogs, pandas, horses, birds, boats, houses, castles, trees, flowers, cars, trains, rockets, robots, people';

/** What the picture of a call does not show of its prompt; none where nothing is drawn anew. */
export function warningsOf({ operation, prompt }: Pick<ProviderCall, 'operation' | 'prompt'>): readonly Warning[] {
  if (operation === 'upscale' || (operation === 'edit' && isAboutWhatIsThere(prompt))) return [];
  const undrawn = undrawnIn(prompt).filter((word) => operation !== 'edit' || readLooks(word).length === 0);
  const knows = `it knows ${Object.keys(subjectWords).length} things, such as ${examples}`;
  if (isUnread(prompt) && (operation !== 'edit' || readLooks(prompt).length === 0)) {
    return [{ code: 'prompt', message: `sketch understood no word of it; ${knows}` }];
  }
  if (undrawn.length === 0) return [];
  const named = undrawn
    .slice(0, mostNamed)
    .map((word) => (/^[\p{L} ]+$/u.test(word) ? word.slice(0, longestNamed) : quotedWord(word, longestNamed)));
  const more = undrawn.length > mostNamed ? ` and ${undrawn.length - mostNamed} more` : '';
  return [{ code: 'prompt', message: `sketch drew no: ${named.join(', ')}${more}; ${knows}` }];
}
