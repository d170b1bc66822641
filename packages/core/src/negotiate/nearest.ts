// Words that were probably meant, and how they are told.

import type { Json } from '../contract/capabilities.ts';

/**
 * The candidates that `word` is probably a misprint or a shortened form of, best first: for "did you mean". Case, and
 * the signs between words (`-`, `_`, `.`, `/`, space), count for nothing. At most `max`, default 3; empty if nothing is
 * close.
 */
export function nearest(word: string, candidates: readonly string[], max = 3): string[] {
  const asked = plain(word);
  if (!asked) return [];
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, score: unlikeness(asked, plain(candidate)) }))
    .filter(({ score }) => score <= 0.4)
    .sort((a, b) => a.score - b.score)
    .slice(0, max)
    .map(({ candidate }) => candidate);
}

/** `; nearest: 1024x992, 992x992`, or nothing: the end of a message. */
export function nearestText(near: readonly Json[]): string {
  return near.length ? `; nearest: ${near.join(', ')}` : '';
}

/** As many names of a list that may be long are told: more help nobody, and fill the context of an agent. */
export const mostNamed = 12;

/** `a, b, c`; of a long list the first names, and how many more there are. */
export function shortList(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).join(', ');
  return names.length > mostNamed ? `${shown} and ${(names.length - mostNamed).toLocaleString('en')} more` : shown;
}

/** Asks whether the nearest names were meant, the first three of them, and goes on with `rest`: `Did you mean a or b? …` */
export function didYouMean(near: readonly string[], rest = ''): string {
  const question = near.length ? `Did you mean ${near.slice(0, 3).join(' or ')}?` : '';
  return [question, rest].filter(Boolean).join(' ');
}

/** 0 = equal; the share of letters that differ, less if one word begins with or holds the other. */
function unlikeness(asked: string, candidate: string): number {
  if (!candidate) return 1;
  const typed = editDistance(asked, candidate) / Math.max(asked.length, candidate.length);
  const [short, long] = asked.length < candidate.length ? [asked, candidate] : [candidate, asked];
  if (short.length < 2 || !long.includes(short)) return typed;
  const missing = 1 - short.length / long.length;
  return Math.min(typed, (long.startsWith(short) ? 0.2 : 0.3) * missing + 0.05);
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_./\s]+/g, '');
}

/** How many letters to add, drop, replace or swap with their neighbour to make `b` of `a` (Damerau-Levenshtein). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
