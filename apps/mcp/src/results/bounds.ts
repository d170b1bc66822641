// The last look at every answer: no client takes more than a million bytes, and no argument comes back at length.

import { isRecord, type Json, omit, shortened } from '@anyimage/core';
import type { Content, Document, ToolResult } from './tool-result.ts';

/** Longest answer, bytes of JSON; the message around it has room in the million. */
const mostBytes = 950_000;
const leftOut = 'Some of the answer was left out: it would be too long for the client.';

/** Longest echo of an argument, characters. */
const longestEcho = 80;

/** What of the structure stays, however much is left out. */
const essential = ['warnings', 'errors', 'pending', 'next'];

/**
 * The answer within a million bytes: without its previews if need be, the last ones first, then with shorter texts and lists, at last with no
 * more than what warns, failed, is not over and comes next.
 */
export function boundedResult(result: ToolResult): ToolResult {
  if (bytesOf(result) <= mostBytes) return result;
  const bare = withoutPreviews(result);
  if (bytesOf(bare) <= mostBytes) return bare;
  for (const [texts, items] of [
    [20_000, 200],
    [2000, 100],
    [500, 50],
    [200, 10],
  ] as const) {
    const short = shorter(bare, texts, items);
    if (bytesOf(short) <= mostBytes) return short;
  }
  const { structuredContent = {} } = bare;
  const kept = Object.entries(structuredContent).filter(([name]) => essential.includes(name));
  const least = shorter({ ...bare, structuredContent: Object.fromEntries(kept) }, 200, 10);
  if (bytesOf(least) <= mostBytes) return least;
  return { ...result, content: [{ type: 'text', text: leftOut }], structuredContent: { warnings: [leftOut] } };
}

function withoutPreviews(result: ToolResult): ToolResult {
  let content = result.content;
  while (bytesOf({ ...result, content }) > mostBytes) {
    const last = content.findLastIndex(({ type }) => type === 'image');
    if (last === -1) break;
    content = content.toSpliced(last, 1);
  }
  return { ...result, content: [...content, { type: 'text', text: 'Previews were left out: they are too large.' }] };
}

/** Least that stays of a text of the content, characters: its ends tell what was made, and what comes next. */
const leastText = 4000;

function shorter(result: ToolResult, texts: number, items: number): ToolResult {
  const content = result.content
    .slice(0, items)
    .map(
      (one): Content => (one.type === 'text' ? { ...one, text: endsOf(one.text, Math.max(texts, leastText)) } : one),
    );
  const visit = (value: Json): Json => {
    if (typeof value === 'string') return shortened(value, texts);
    if (Array.isArray(value)) return value.slice(0, items).map(visit);
    if (!isRecord(value)) return value;
    const entries = Object.entries(value as Document).slice(0, items);
    return Object.fromEntries(entries.map(([name, one]) => [shortened(name, texts), visit(one)]));
  };
  const { structuredContent } = result;
  if (!structuredContent) return { ...result, content: [...content, note] };
  const { warnings, ...rest } = visit(structuredContent) as Document;
  const warned = [...(Array.isArray(warnings) ? warnings : []), leftOut];
  return { ...result, content: [...content, note], structuredContent: { ...rest, warnings: warned } };
}

const note: Content = { type: 'text', text: leftOut };

/** A text without its middle. */
function endsOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)} … (${text.length - 2 * half} characters left out) … ${text.slice(-half)}`.toWellFormed();
}

function bytesOf({ content, structuredContent }: ToolResult): number {
  return Buffer.byteLength(JSON.stringify({ content, structuredContent }));
}

/** Arguments that an answer to what was done may show: what was to be drawn, and where pictures lie. */
const shownWords = ['prompt', 'negativePrompt', 'id', 'images', 'mask'];

/** The answer in which no argument stands at length: what of one is longer than 80 characters is cut off. */
export function withoutEchoes(result: ToolResult, given: unknown): ToolResult {
  const echoes = echoesOf(result.isError || !isRecord(given) ? given : omit(given, ...shownWords));
  if (echoes.size === 0) return result;
  const visit = (value: Json): Json => {
    if (typeof value === 'string') return withoutEcho(value, echoes);
    if (Array.isArray(value)) return value.map(visit);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value as Document).map(([name, one]) => [name, visit(one)]));
  };
  const { content, structuredContent } = result;
  return {
    ...result,
    content: content.map((one) => (one.type === 'text' ? { ...one, text: withoutEcho(one.text, echoes) } : one)),
    ...(structuredContent && { structuredContent: visit(structuredContent) as Document }),
  };
}

/** The same of one text. */
export function textWithoutEchoes(text: string, given: unknown): string {
  return withoutEcho(text, echoesOf(given));
}

/** Of a longer argument, only this is looked for: an echo begins at its beginning. */
const longestSought = 4000;
/** Of many arguments, these: more are no call of any tool. */
const mostSought = 100;

/** All pieces, one character longer than an echo may be, of the names and texts that were given. */
function echoesOf(given: unknown): ReadonlySet<string> {
  const pieces = new Set<string>();
  let sought = 0;
  const add = (text: string) => {
    if (text.length <= longestEcho || sought++ >= mostSought) return;
    const head = text.slice(0, longestSought);
    // As it is, and as it stands in JSON.
    for (const form of new Set([head, JSON.stringify(head).slice(1, -1)])) {
      for (let at = 0; at + longestEcho < form.length; at++) pieces.add(form.slice(at, at + longestEcho + 1));
    }
  };
  const visit = (value: unknown, levels: number): void => {
    if (typeof value === 'string') add(value);
    if (typeof value !== 'object' || value === null || levels === 0) return;
    for (const [name, one] of Object.entries(value).slice(0, mostSought)) {
      add(name);
      visit(one, levels - 1);
    }
  };
  visit(given, 5);
  return pieces;
}

/** How much of an echo stays, so that the agent knows which argument is meant. */
const keptOfEcho = 40;

function withoutEcho(text: string, echoes: ReadonlySet<string>): string {
  const length = longestEcho + 1;
  let kept = '';
  let from = 0;
  for (let at = 0; at + length <= text.length; at++) {
    if (!echoes.has(text.slice(at, at + length))) continue;
    let last = at;
    while (echoes.has(text.slice(last + 1, last + 1 + length))) last++;
    kept += `${text.slice(from, at + keptOfEcho)}…`;
    from = last + length;
    at = from - 1;
  }
  return kept + text.slice(from);
}
