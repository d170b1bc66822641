// What two pictures have not in common, for a person.

import { cleanText, isRecord, type Json } from '@anyimage/core';
import { duration, money, pictureText, type Sidecar, valueText } from '@anyimage/host';
import { diffArrays } from 'diff';
import { shownPath } from '../outcome-text.ts';
import { type Entry, entryLines } from '../terminal/entries.ts';
import type { Paint } from '../terminal/paint.ts';
import { columnsOf, wrapLines } from '../terminal/wrap.ts';
import { translated } from '../words/translated.ts';

/** A word that differs; `null` where a picture has none. */
export interface Difference {
  readonly word: string;
  readonly a: Json;
  readonly b: Json;
}

/** One of two pictures. */
export interface Side {
  /** Absolute. */
  readonly path: string;
  /** Absent of a picture that nobody knows. */
  readonly sidecar?: Sidecar;
}

/** What holds for that run alone, or stands in a record by itself. */
const notCompared = new Set(['prompt', 'model', 'seed', 'output', 'timeout', 'intent', 'partials', 'n', 'applied']);

/** What was not asked for in these words, but came of it. */
const results = new Set(['picture', 'cost']);

/** The words in which two records differ, those that were asked for first. */
export function differencesOf(a: Sidecar, b: Sidecar): readonly Difference[] {
  const [first, second] = [factsOf(a), factsOf(b)];
  return [...new Set([...Object.keys(first), ...Object.keys(second)])]
    .sort((one, other) => Number(results.has(one)) - Number(results.has(other)))
    .map((word) => ({ word, a: first[word] ?? null, b: second[word] ?? null }))
    .filter((one) => JSON.stringify(one.a) !== JSON.stringify(one.b));
}

function factsOf({ prompt, revisedPrompt, model, seed, request, cost, width, height, mediaType }: Sidecar) {
  const asked = Object.entries(request ?? {}).filter(([word]) => !notCompared.has(word));
  const facts: Readonly<Record<string, Json | undefined>> = {
    prompt: prompt.original,
    'sent as': prompt.sent === prompt.original ? undefined : prompt.sent,
    'drawn from': revisedPrompt,
    model,
    seed,
    ...Object.fromEntries(asked.map(([word, value]) => [word, word === 'size' && width ? undefined : value])),
    picture:
      width === undefined
        ? undefined
        : pictureText({ width, ...(height && { height }), ...(mediaType && { mediaType }) }),
    cost: cost === undefined ? undefined : money(cost),
  };
  return facts as Readonly<Record<string, Json>>;
}

/** The share of pixels that look otherwise, 0 to 1; or why they cannot be compared. */
export type PixelFacts = { readonly changed: number } | { readonly problem: string };

/** Lines without a final line break. */
export function differenceText(
  sides: readonly [Side, Side],
  pixels: PixelFacts,
  paint: Paint,
  columns = columnsOf(process.stdout),
): string {
  const [a, b] = sides;
  const unknown = sides.filter(({ sidecar }) => !sidecar).map(({ path }) => shownPath(path));
  const differences = a.sidecar && b.sidecar ? differencesOf(a.sidecar, b.sidecar) : [];
  const entries: Entry[] = differences.map((one) => [translated(one.word), changeText(one, paint)]);
  if (entries.length === 0 && unknown.length === 0) entries.push([translated('words'), translated('the same')]);
  entries.push([translated('pixels'), pixelText(pixels)]);
  return [
    paint(
      'title',
      wrapLines(cleanText(translated('{a} and {b}', { a: shownPath(a.path), b: shownPath(b.path) })), columns),
    ),
    ...entryLines(entries, paint, undefined, columns),
    ...unknown.map((path) =>
      wrapLines(
        `  ${paint('quiet', translated('nothing is known of how {path} was made', { path: cleanText(path) }))}`,
        columns,
      ),
    ),
  ].join('\n');
}

function pixelText(pixels: PixelFacts): string {
  if ('problem' in pixels) return translated('not compared: {reason}', { reason: pixels.problem });
  if (pixels.changed === 0) return translated('all look the same');
  return translated('{share} look otherwise', { share: percentText(pixels.changed) });
}

/** `12 %`; never 0 % of what is there, nor 100 % of what is not all. */
export function percentText(share: number): string {
  if (share > 0 && share < 0.001) return translated('less than {share}', { share: '0.1 %' });
  const percent = share * 100;
  const shown = percent < 10 || percent > 99 ? Math.floor(percent * 10) / 10 : Math.round(percent);
  return `${shown} %`;
}

/** What a person wrote, or a model. */
const sentences = new Set(['prompt', 'sent as', 'drawn from', 'negativePrompt']);

function changeText({ word, a, b }: Difference, paint: Paint): string {
  if (sentences.has(word) && typeof a === 'string' && typeof b === 'string') return wordsText(a, b, paint);
  return `${shown(a)} → ${shown(b)}`;
}

function shown(value: Json): string {
  if (value === null) return translated('none');
  return cleanText(isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : valueText(value));
}

/** Texts as one: `a [-red-]{+green+} boat`. */
function wordsText(a: string, b: string, paint: Paint): string {
  const parts = diffArrays(wordsOf(a), wordsOf(b), { maxEditLength: mostEdits });
  if (!parts) return `${cleanText(a)} → ${cleanText(b)}`;
  return parts
    .map(({ value, added, removed }) => {
      const text = cleanText(value.join(''));
      if (added) return paint('good', `{+${text}+}`);
      return removed ? paint('error', `[-${text}-]`) : text;
    })
    .join('');
}

/** Two texts that differ in more have little in common. */
const mostEdits = 2000;

/** Also of scripts without spaces between words. */
function wordsOf(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].map(({ segment }) => segment);
}

/** How long a picture took, beside what it is. */
export function sideLabel({ path, sidecar }: Side): readonly [title: string, about: string] {
  if (!sidecar) return [shownPath(path), 'not known'];
  const { model, seed, timings } = sidecar;
  const about = [model, seed !== undefined && `seed ${seed}`, timings && duration(timings.totalMs)];
  return [shownPath(path), about.filter(Boolean).join(' · ')];
}
