// No refusal repeats what it was given at length, whoever worded it: an agent pays for its own words a second time otherwise.

import { cleanText, isRecord, type Json, shortened } from '@anyimage/core';
import type { Document, ToolResult } from '../results/tool-result.ts';

/** Longest part of an argument that is repeated, characters. */
const mostRepeated = 80;
/** What tells that an argument is repeated: its beginning, characters. */
const headLength = 48;
/** Longest texts of a refusal, characters: all of its text, and each one of its structure. */
const longest = { text: 800, word: 450 } as const;
/** Nobody looks for more texts than these in arguments, nor deeper. */
const most = { texts: 100, levels: 12 } as const;

/** The answer of a call that failed, without long parts of its arguments. */
export function withoutEchoes(result: ToolResult, given: unknown): ToolResult {
  if (!result.isError) return result;
  const long = longTexts(given);
  const cut = (text: string, atMost: number) => shortened(long.reduce(withoutEcho, text), atMost);
  return {
    ...result,
    content: result.content.map((one) => (one.type === 'text' ? { ...one, text: cut(one.text, longest.text) } : one)),
    structuredContent: mapTexts(result.structuredContent, (text) => cut(text, longest.word)) as Document,
  };
}

/** The texts among arguments that are too long to be repeated, names of arguments among them, as errors write them. */
function longTexts(given: unknown): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, levels: number) => {
    if (found.length >= most.texts) return;
    if (typeof value === 'string' && value.length > mostRepeated) {
      const start = value.slice(0, 4 * longest.text);
      found.push(start, cleanText(start).replace(/\s+/g, ' ').trim(), JSON.stringify(start).slice(1, -1));
    }
    if (typeof value !== 'object' || value === null || levels === 0) return;
    for (const [name, one] of Object.entries(value)) {
      if (isRecord(value)) visit(name, 0);
      visit(one, levels - 1);
    }
  };
  visit(given, most.levels);
  return [...new Set(found)];
}

function withoutEcho(text: string, given: string): string {
  const [inText, inGiven] = [text.toLowerCase(), given.toLowerCase()];
  const at = inText.indexOf(inGiven.slice(0, headLength));
  if (at < 0) return text;
  let length = headLength;
  while (length < inGiven.length && inText[at + length] === inGiven[length]) length += 1;
  if (length <= mostRepeated) return text;
  return `${text.slice(0, at + headLength)}…${withoutEcho(text.slice(at + length), given)}`;
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapTexts(one as Json, change)]));
}
