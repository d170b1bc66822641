// Texts from outside, of services and the models behind them: cleaned, without the key, bounded, and quoted among words of ours.

import type { Json } from '../contract/capabilities.ts';
import { isRecord } from '../contract/objects.ts';
import { cleanText } from './clean.ts';
import { type Hidden, redact } from './redact.ts';

/** Longest texts that are taken over, characters. */
export const longest = {
  /** A name, a code, an id. */
  word: 200,
  /** What is said in an error or a warning. */
  message: 1000,
  /** A URL that is shown. */
  url: 4096,
  /** A prompt that a service rewrote. */
  prompt: 4000,
} as const;

/** What facts in JSON may hold in all: characters of texts, values, and levels of nesting. */
const mostOfFacts = { characters: 4000, values: 500, levels: 8 } as const;

/** What is needed to take a text over. */
export interface Taking {
  /** What must not stand in it. */
  readonly key: Hidden;
  /** Characters. */
  readonly longest: number;
}

/** A text as it may be shown and kept; it may have several lines. Taken twice it stays as it is. */
export function foreignText(text: string, { key, longest }: Taking): string {
  return shortened(redact(cleanText(text).trim(), key), longest);
}

/** The same on one line. */
export function foreignLine(text: string, { key, longest }: Taking): string {
  return shortened(redact(oneLine(text), key), longest);
}

/** A line in which a text of a service was {@link quoted}: what is cut off within it still ends with its mark. */
export function foreignMessage(text: string, key: Hidden): string {
  const line = redact(oneLine(text), key);
  if (line.length <= longest.message) return line;
  const cut = shortened(line, longest.message - 1);
  const isOpen = cut.lastIndexOf('“') > cut.lastIndexOf('”');
  return isOpen ? `${cut}”` : cut;
}

/** Facts in JSON: their texts and names as {@link foreignText} takes them, and no more of them than a reader can use. */
export function foreignFacts(facts: Json, key: Hidden): Json {
  const left = { characters: mostOfFacts.characters as number, values: mostOfFacts.values as number };
  const take = (text: string) => {
    const taken = foreignText(text, { key, longest: Math.max(longest.word, left.characters) });
    left.characters -= taken.length;
    return taken;
  };
  const visit = (value: Json, levels: number): Json => {
    left.values--;
    if (typeof value === 'string') return take(value);
    if (typeof value !== 'object' || value === null) return value;
    if (levels === 0) return '…';
    const entries = Object.entries(value);
    const taken: [string, Json][] = [];
    for (const [name, one] of entries) {
      if (left.values <= 0 || left.characters <= 0) break;
      if (one !== undefined) taken.push([isRecord(value) ? take(name) : name, visit(one, levels - 1)]);
    }
    const rest = entries.length - taken.length;
    if (Array.isArray(value)) {
      return [...taken.map(([, one]) => one), ...(rest > 0 ? [`… (${rest} more)`] : [])];
    }
    return Object.fromEntries(rest > 0 ? [...taken, ['…', `${rest} more`]] : taken);
  };
  return visit(facts, mostOfFacts.levels);
}

/** The words of a service among words of ours: on one line between marks that cannot stand within. `most`: characters, default all. */
export function quoted(text: string, most = Number.POSITIVE_INFINITY): string {
  return `“${shortened(oneLine(text).replace(/[“”„‟❝❞〝〞〟＂]/g, '"'), most)}”`;
}

/** A code or name of a service among words of ours: quoted, unless it is a single plain word. */
export function quotedWord(text: string, most?: number): string {
  return /^[\w.:/-]{1,80}$/.test(text) ? text : quoted(text, most);
}

function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** At most `longest` characters, with how many were cut off, for which there must be room: 40 do. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cutOff = (kept: number) => `… (${text.length - kept} more characters)`;
  let kept = Math.max(0, longest - cutOff(0).length - 1);
  if (/[\uD800-\uDBFF]/.test(text[kept - 1] ?? '')) kept--;
  return `${text.slice(0, kept)}${cutOff(kept)}`;
}
